import Foundation
import Testing

@Suite("Control plane: what deletions mean in the local cluster")
struct ControlPlaneTests {
  private func apply(_ manifest: String, _ folder: URL) throws {
    let result = try Program.run("apply", "-f", "-", input: manifest, folder: folder)
    #expect(result.code == 0, "\(result.error)")
  }

  private func names(_ arguments: String..., in folder: URL) throws -> String {
    try Program.runAll(["get"] + arguments + ["-o", "name"], folder: folder).output
  }

  @Test("A namespace goes with everything in it")
  func namespace() throws {
    try Program.withFolder { folder in
      try apply(
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: team}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: team}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: team}, spec: {containers: [{name: c, image: i}]}}
        """, folder)
      let gone = try Program.run("delete", "namespace", "team", folder: folder)
      #expect(gone.code == 0 && gone.output == "namespace \"team\" deleted\n", "\(gone.error)")
      #expect(try !names("namespaces", in: folder).contains("team"))
      #expect(try names("cm", "-n", "team", in: folder) == "")
    }
  }

  @Test("A namespace that something holds says what, and by which finalizer")
  func heldNamespace() throws {
    try Program.withFolder { folder in
      try apply(
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: team}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a, namespace: team, finalizers: [example.com/hold]}
        """, folder)
      let held = try Program.run("delete", "ns", "team", folder: folder)
      #expect(held.code == 1)
      #expect(
        held.error.contains("Some resources are remaining: configmaps. has 1 resource instances"))
      #expect(held.error.contains("example.com/hold in 1 resource instances"))
      let told = try Program.run(
        "get", "ns/team", "-o", "jsonpath={.status.conditions[*].reason}", folder: folder)
      #expect(told.output.contains("SomeFinalizersRemain"))
      // Later, and in another process, the last step follows by itself.
      try apply(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: team, finalizers: null}}",
        folder)
      #expect(try !names("namespaces", in: folder).contains("team"))
    }
  }

  @Test("A definition goes with the objects of its kind")
  func definition() throws {
    try Program.withFolder { folder in
      let file = Program.root.appending(path: "manifests/crds/vlan.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      try apply(text, folder)
      try apply(
        "apiVersion: net.example.com/v1\nkind: VLAN\nmetadata: {name: blue}\nspec: {id: 7}\n",
        folder)
      let gone = try Program.run("delete", "crd", "vlans.net.example.com", folder: folder)
      #expect(gone.code == 0, "\(gone.error)")
      let unknown = try Program.run("get", "vlans", folder: folder)
      #expect(unknown.code == 2 && unknown.error.contains("vlans"))
      // The kind is new again: what there was before is gone.
      try apply(text, folder)
      #expect(try names("vlans", in: folder) == "")
    }
  }

  @Test("What an object owns goes with it")
  func owned() throws {
    try Program.withFolder { folder in
      try apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: owner}}", folder)
      let uid = try Program.run(
        "get", "cm/owner", "-o", "jsonpath={.metadata.uid}", folder: folder
      ).output.trimmingCharacters(in: .whitespacesAndNewlines)
      try apply(
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: owned
          ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: \(uid)}]
        """, folder)
      #expect(try names("secrets", in: folder) == "secret/owned\n")
      let gone = try Program.run("delete", "cm", "owner", folder: folder)
      #expect(gone.code == 0, "\(gone.error)")
      #expect(try names("secrets", in: folder) == "")
    }
  }

  @Test("A claim of a volume is held by the pod that uses it")
  func claims() throws {
    try Program.withFolder { folder in
      try apply(
        """
        {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          nodeName: node-1
          terminationGracePeriodSeconds: 0
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
        """, folder)
      let held = try Program.run("delete", "pvc", "data", folder: folder)
      #expect(held.code == 1 && held.error.contains("kubernetes.io/pvc-protection"))
      let pod = try Program.run("delete", "pod", "p", folder: folder)
      #expect(pod.code == 0, "\(pod.error)")
      #expect(try names("pvc", in: folder) == "")
    }
  }
}

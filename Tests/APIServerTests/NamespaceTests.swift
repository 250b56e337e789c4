import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 1.8: namespaces")
struct NamespaceTests {
  @Test("1.8: a new server has the four that every cluster has")
  func initial() throws {
    let bench = Bench()
    let names = bench.server.store.list(bench.kind("namespaces")).map(\.name)
    #expect(names == ["default", "kube-node-lease", "kube-public", "kube-system"])
    #expect(bench.revision == 4)
  }

  @Test("1.8: create adds the finalizer, the phase and the label of the name")
  func created() throws {
    var bench = Bench()
    let namespace = try bench.create(
      "namespaces", "a", body: ["spec": ["finalizers": ["x"]], "status": ["phase": "Odd"]])
    #expect(
      namespace.body
        == [
          "metadata": ["labels": ["kubernetes.io/metadata.name": "a"]],
          "spec": ["finalizers": ["x", "kubernetes"]], "status": ["phase": "Active"],
        ])
    let generated = try bench.create("namespaces", "", metadata: ["generateName": "g-"])
    #expect(generated.labels.map(\.value) == [generated.name])
  }

  @Test("1.8: the first DELETE marks; further ones return it unchanged while the spec holds it")
  func deleted() throws {
    var bench = Bench()
    let namespace = try bench.create("namespaces", "a")
    let deleting = try bench.delete(namespace)
    #expect(deleting.header.deletionTimestamp == bench.now)
    #expect(deleting.header.deletionGracePeriodSeconds == nil)
    #expect(deleting.header.generation == 0)
    #expect(deleting.body["status"] == ["phase": "Terminating"])
    #expect(try bench.delete(namespace) === deleting)
    #expect(bench.revision == deleting.resourceVersion)
  }

  @Test("1.8: spec.finalizers change through /finalize only")
  func finalizers() throws {
    var bench = Bench()
    let namespace = try bench.create("namespaces", "a")
    for subresource in [nil, Subresource.status] {
      let after = try bench.change(namespace, ["spec": ["finalizers": []]], subresource)
      #expect(after.body["spec"] == ["finalizers": ["kubernetes"]])
    }
    let bare = try bench.change(namespace, ["spec": .null, "metadata": ["labels": ["a": "b"]]])
    #expect(bare.body["spec"] == ["finalizers": ["kubernetes"]])
    #expect(bare.labels.map(\.key) == ["a", "kubernetes.io/metadata.name"])
    let after = try bench.change(
      namespace, ["spec": ["finalizers": []], "status": ["phase": "Odd"]], .finalize)
    #expect(after.body["spec"] == ["finalizers": []])
    #expect(after.body["status"] == ["phase": "Active"], "finalize leaves the status alone")
  }

  @Test("1.8: removed when both lists are empty, whichever is emptied last")
  func removed() throws {
    var bench = Bench()
    func namespace(_ bench: inout Bench, _ name: String) throws -> APIObject {
      let made = try bench.create(
        "namespaces", name, metadata: ["finalizers": ["example.com/a"]])
      return try bench.delete(made)
    }
    let specLast = try namespace(&bench, "a")
    try bench.change(specLast, ["metadata": ["finalizers": .null]])
    #expect(throws: Never.self) { try bench.get(specLast) }
    try bench.change(specLast, ["spec": ["finalizers": []]], .finalize)
    #expect(try bench.refusal { try $0.get(specLast) }.isNotFound)
    let metadataLast = try namespace(&bench, "b")
    try bench.change(metadataLast, ["spec": ["finalizers": []]], .finalize)
    #expect(throws: Never.self) { try bench.get(metadataLast) }
    try bench.change(metadataLast, ["metadata": ["finalizers": .null]])
    #expect(try bench.refusal { try $0.get(metadataLast) }.isNotFound)
    // Emptied while it lives, it goes with the second DELETE.
    let early = try bench.create("namespaces", "c")
    try bench.change(early, ["spec": ["finalizers": []]], .finalize)
    #expect(try bench.delete(early).isDeleting)
    try bench.delete(early)
    #expect(try bench.refusal { try $0.get(early) }.isNotFound)
  }

  @Test("1.8: no content in a namespace that goes: 403 with its cause; updates and deletes pass")
  func terminating() throws {
    var bench = Bench()
    let namespace = try bench.create("namespaces", "a")
    let inside = try bench.create("devicebindings", "in", metadata: ["namespace": "a"])
    try bench.delete(namespace)
    let table: [(String, Value, String)] = [
      ("new", ["namespace": "a"], "new"), ("in", ["namespace": "a"], "in"),
      ("", ["namespace": "a", "generateName": "new-"], "new-"),
    ]
    for (name, metadata, said) in table {
      let error = try bench.refusal { try $0.create("devicebindings", name, metadata: metadata) }
      #expect(error.code == 403 && error.reason == .forbidden)
      #expect(
        error.message
          == "devicebindings.drydock.dev \"\(said)\" is forbidden: unable to create new content in "
          + "namespace a because it is being terminated")
      #expect(
        error.causes == [
          StatusError.Cause(
            type: "NamespaceTerminating", message: "namespace a is being terminated",
            field: "metadata.namespace")
        ])
    }
    #expect(throws: Never.self) { try bench.change(inside, ["spec": 1]) }
    #expect(throws: Never.self) { try bench.delete(inside) }
  }

  @Test("1.8: a missing namespace is 404, before the object is looked at")
  func missing() throws {
    var bench = Bench()
    let error = try bench.refusal {
      try $0.create(
        "pods", "Bad Name", metadata: ["namespace": "none", "resourceVersion": "5"])
    }
    #expect(error == .notFound(bench.kind("namespaces"), "none"))
    #expect(error.message == "namespaces \"none\" not found")
  }

  @Test("1.8: default, kube-system and kube-public cannot be deleted")
  func immortal() throws {
    var bench = Bench()
    for name in ["default", "kube-system", "kube-public"] {
      let error = try bench.refusal { try $0.delete($0.object("namespaces", name)) }
      #expect(error.code == 403)
      #expect(
        error.message == "namespaces \"\(name)\" is forbidden: this namespace may not be deleted")
    }
    #expect(throws: Never.self) { try bench.delete(bench.object("namespaces", "kube-node-lease")) }
  }

  @Test("1.8: preconditions of a namespace have words of their own")
  func preconditions() throws {
    var bench = Bench()
    let namespace = try bench.create("namespaces", "a")
    let uid = UID(high: 1, low: 1)
    #expect(
      try bench.refusal { try $0.delete(namespace, DeleteOptions(uid: uid)) }.message
        == "Operation cannot be fulfilled on namespaces \"a\": Precondition failed: UID in "
        + "precondition: \(uid), UID in object meta: \(namespace.uid)")
    #expect(
      try bench.refusal { try $0.delete(namespace, DeleteOptions(resourceVersion: 1)) }.message
        == "Operation cannot be fulfilled on namespaces \"a\": Precondition failed: ResourceVersion "
        + "in precondition: 1, ResourceVersion in object meta: \(namespace.resourceVersion)")
  }
}

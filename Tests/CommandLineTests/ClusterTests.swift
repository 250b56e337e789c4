import Foundation
import Testing

@Suite("The local cluster: apply, get, describe, delete, holders, init")
struct ClusterTests {
  private static let quickstart = Program.root.appending(path: "manifests/quickstart")
    .path(percentEncoded: false)
  private static let definition = Program.root.appending(path: "manifests/crds/vlan.yaml")
    .path(percentEncoded: false)

  @Test(
    "The quick start is created, then unchanged without a new revision, and deleted without a trace"
  )
  func quickstart() throws {
    try Program.withFolder { folder in
      let first = try Program.run("apply", "-f", Self.quickstart, folder: folder)
      #expect(first.code == 0 && first.error.isEmpty)
      try expectGolden(first.output, "apply.txt")
      let holders = try Program.run("holders", folder: folder)
      try expectGolden(holders.output, "holders.txt")
      let before = try revisions(folder)
      let second = try Program.run("apply", "-f", Self.quickstart, folder: folder)
      #expect(second.code == 0)
      let words = second.output.split(separator: "\n").prefix { !$0.hasPrefix("NAME") }
      #expect(words.count == 12 && words.allSatisfy { $0.hasSuffix(" unchanged") })
      #expect(try revisions(folder) == before)
      let deleted = try Program.run("delete", "-f", Self.quickstart, folder: folder)
      #expect(deleted.code == 0)
      try expectGolden(deleted.output, "delete.txt")
      #expect(try Program.run("holders", folder: folder).error == "Nobody holds anything.\n")
    }
  }

  private func revisions(_ folder: URL) throws -> String {
    try Program.run(
      "get", "drydock", "-A", "-o",
      "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}\n{end}",
      folder: folder
    ).output
  }

  @Test("Objects are printed as kubectl prints them, and chosen by labels and fields")
  func output() throws {
    try Program.withFolder { folder in
      func get(_ arguments: String...) throws -> String {
        let process = try Program.runAll(["get"] + arguments, folder: folder)
        return process.output + process.error
      }
      let manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a, labels: {app: web, tier: front}}
        data: {k: v}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: b, labels: {app: db}}
        """
      let applied = try Program.run("apply", "-f", "-", input: manifest, folder: folder)
      #expect(applied.output == "configmap/a created\nconfigmap/b created\n")
      #expect(try get("cm", "-o", "name") == "configmap/a\nconfigmap/b\n")
      #expect(try get("cm", "-l", "app=web", "-o", "name") == "configmap/a\n")
      #expect(try get("cm", "-l", "app!=web", "-o", "name") == "configmap/b\n")
      #expect(try get("cm", "-l", "tier", "-o", "name") == "configmap/a\n")
      #expect(try get("cm", "--field-selector", "metadata.name=b", "-o", "name") == "configmap/b\n")
      #expect(try get("cm/a", "-o", "jsonpath={.data.k}") == "v\n")
      #expect(
        try get("cm", "-o", "custom-columns=N:.metadata.name,APP:.metadata.labels.app,X:.none")
          == "N   APP   X\na   web   <none>\nb   db    <none>\n")
      #expect(try get("cm", "--no-headers", "--show-labels").hasPrefix("a   1"))
      #expect(try get("cm", "-n", "other") == "No resources found in other namespace.\n")
      #expect(
        try get("cm", "zz")
          == "Error from server (NotFound): configmaps \"zz\" not found\n")
      #expect(try get("configmap/a", "-o", "yaml").contains("kind: ConfigMap\nmetadata:\n"))
      #expect(try get("cm", "-o", "json").contains("\"kind\": \"List\""))
    }
  }

  @Test("A kind that a manifest defines works at once, with defaults and bounds, and is remembered")
  func definition() throws {
    try Program.withFolder { folder in
      func vlan(_ name: String, _ spec: String) -> String {
        "apiVersion: net.example.com/v1\nkind: VLAN\nmetadata: {name: \(name)}\nspec: \(spec)\n"
      }
      try Data(vlan("blue", "{id: 7}").utf8)
        .write(to: folder.appending(path: "a-vlan.yaml"))
      try FileManager.default.copyItem(
        atPath: Self.definition, toPath: folder.appending(path: "z.yaml").path)
      let both = try Program.run("apply", "-f", ".", folder: folder)
      #expect(both.code == 0, "\(both.error)")
      #expect(both.output.contains("vlan.net.example.com/blue created"))
      // The default is there.
      let spec = try Program.run("get", "vl/blue", "-o", "jsonpath={.spec}", folder: folder)
      #expect(spec.output == "{\"id\":7,\"mode\":\"access\"}\n")
      let refused = try Program.run(
        "apply", "-f", "-", input: vlan("red", "{id: 5000}"), folder: folder)
      #expect(refused.code == 2)
      #expect(refused.error.contains("spec.id in body should be less than or equal to 4094"))
      let gone = try Program.run("delete", "crd", "vlans.net.example.com", folder: folder)
      #expect(gone.code == 0, "its objects go first, and then it: \(gone.error)")
      let unknown = try Program.run("get", "vlans", folder: folder)
      #expect(unknown.code == 2 && unknown.error.contains("vlans"))
    }
  }

  @Test("Pruning deletes what was applied, has the labels, and is gone from the manifests")
  func prune() throws {
    try Program.withFolder { folder in
      func map(_ name: String, _ app: String) -> String {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), labels: {app: \(app)}}\n"
      }
      let all = [map("a", "x"), map("b", "x"), map("c", "z")].joined(separator: "---\n")
      _ = try Program.run("apply", "-f", "-", input: all, folder: folder)
      let asked = try Program.run(
        "apply", "-f", "-", "--prune", "-l", "app=x", input: map("a", "x"), folder: folder)
      #expect(asked.code == 2 && asked.error.contains("--yes"))
      let pruned = try Program.run(
        "apply", "-f", "-", "--prune", "-l", "app=x", "--yes", input: map("a", "x"),
        folder: folder)
      #expect(pruned.output == "configmap/a unchanged\nconfigmap/b pruned\n")
      let left = try Program.run("get", "cm", "-o", "name", folder: folder)
      #expect(left.output == "configmap/a\nconfigmap/c\n")
    }
  }

  @Test("What init writes can be applied and run")
  func initialize() throws {
    try Program.withFolder { folder in
      #expect(try Program.run("init", "play", folder: folder).code == 0)
      #expect(try Program.run("apply", "-f", "play/manifests", folder: folder).code == 0)
      #expect(try Program.run("run", "play/scenario.yaml", folder: folder).code == 0)
      let again = try Program.run("init", "play", folder: folder)
      #expect(again.code == 2 && again.error.contains("exists already; nothing was written"))
    }
  }

  @Test("A pool cannot lose what is held, and no claim asks a pool of another kind")
  func pools() throws {
    try Program.withFolder { folder in
      func claim(_ kind: String, _ pool: String) -> String {
        "apiVersion: drydock.dev/v1alpha1\nkind: \(kind)\nmetadata: {name: x}\n"
          + "spec: {pool: \(pool)}\n"
      }
      _ = try Program.run("apply", "-f", Self.quickstart, folder: folder)
      let held = try Program.run("delete", "pool", "gpus", folder: folder)
      #expect(held.code == 1)
      #expect(held.error.contains("gpu-0 is held by DeviceBinding default/notebook and 4 more"))
      let wrong = try Program.run(
        "apply", "-f", "-", input: claim("IPClaim", "gpus"), folder: folder)
      #expect(wrong.code == 2)
      #expect(wrong.error.contains("pool \"gpus\" is of type gpu, not ip"))
      let empty = try Program.run("apply", "-f", "-", input: "# nothing\n", folder: folder)
      #expect(empty.code == 2 && empty.error.contains("no objects passed to apply"))
    }
  }

  @Test("One object that is stuck does not hold up the others")
  func stuckAmongOthers() throws {
    try Program.withFolder { folder in
      func binding(_ name: String, _ finalizers: String) -> String {
        "apiVersion: drydock.dev/v1alpha1\nkind: DeviceBinding\n"
          + "metadata: {name: \(name), finalizers: [\(finalizers)]}\nspec: {pool: p}\n---\n"
      }
      let pool =
        "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata: {name: p}\n"
        + "spec: {type: gpu, count: 4}\n---\n"
      _ = try Program.run(
        "apply", "-f", "-",
        input: pool + binding("a", "example.com/hold") + binding("b", "") + binding("c", ""),
        folder: folder)
      let deleted = try Program.run("delete", "db", "--all", folder: folder)
      #expect(deleted.code == 1)
      #expect(
        deleted.output == "devicebinding.drydock.dev \"b\" deleted\n"
          + "devicebinding.drydock.dev \"c\" deleted\n")
      #expect(
        deleted.error == "devicebinding.drydock.dev \"a\" waits for finalizer example.com/hold, "
          + "which no controller here takes off\n")
    }
  }

  @Test("What a stuck object waits for is said in a line")
  func stuck() throws {
    try Program.withFolder { folder in
      let manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: held, finalizers: [example.com/hold]}
        """
      _ = try Program.run("apply", "-f", "-", input: manifest, folder: folder)
      let deleted = try Program.run("delete", "cm/held", folder: folder)
      #expect(deleted.code == 1)
      #expect(
        deleted.error
          == "configmap \"held\" waits for finalizer example.com/hold, which no controller here "
          + "takes off\n")
    }
  }
}

import Foundation
import Testing

/// `Golden/malformed.txt` holds every message word for word.
@Suite(
  "Malformed input: exit 2, the place, the line with a caret, what was expected, and the state as it was"
)
struct MalformedInputTests {
  private static let pools = """
    apiVersion: drydock.dev/v1alpha1
    kind: Pool
    metadata: {name: gpus}
    spec: {type: gpu, count: 4}
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: Pool
    metadata: {name: ips}
    spec: {type: ip, cidrs: [10.0.0.0/28]}

    """

  private static let groups: [(String, [MalformedInput])] = [
    ("Syntax", MalformedInput.syntax), ("Identity", MalformedInput.identity),
    ("Metadata", MalformedInput.metadata), ("Content", MalformedInput.content),
    ("Definitions", MalformedInput.definitions), ("Scenarios and traces", MalformedInput.runs),
    ("Questions", MalformedInput.questions),
  ]

  @Test("Every message is the one that it was")
  func golden() throws {
    try Program.withFolder { folder in
      let made = try Program.run("apply", "-f", "-", input: Self.pools, folder: folder)
      #expect(made.code == 0, "\(made.error)")
      let database = folder.appending(path: ".drydock/cluster.db")
      let before = try Data(contentsOf: database)
      var text = ""
      for (title, inputs) in Self.groups {
        text += "# \(title)\n\n"
        for input in inputs {
          let file = folder.appending(path: input.file)
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(input.bytes).write(to: file)
          let run = try Program.runAll(input.arguments, folder: folder)
          try FileManager.default.removeItem(at: file)
          #expect(run.code == 2, "\(input.name): \(run.output)\(run.error)")
          #expect(run.output.isEmpty, "\(input.name)")
          let hasPlace = run.error.contains(#/^[a-z]+\.(yaml|json):\d+:\d+: error: /#)
          #expect(hasPlace != input.hasNoPlace, "\(input.name): \(run.error)")
          let hasLine = run.error.contains(#/\n +\d+ \| .*\n +\| +\^\n/#)
          #expect(hasLine != input.hasNoPlace, "\(input.name): \(run.error)")
          text += "## \(input.name)\n$ drydock \(input.arguments.joined(separator: " "))\n"
          text += run.error + "\n"
        }
      }
      #expect(try Data(contentsOf: database) == before, "the state was written to")
      #expect(Self.groups.reduce(0) { $0 + $1.1.count } >= 45)
      try expectGolden(text, "malformed.txt")
    }
  }

  @Test("What only the cluster can refuse exits with 1, all of it or, with --partial, that alone")
  func refused() throws {
    try Program.withFolder { folder in
      func map(_ name: String, _ namespace: String) -> String {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), namespace: \(namespace)}\n---\n"
      }
      let input = map("a", "default") + map("b", "missing")
      let refused = try Program.run("apply", "-f", "-", input: input, folder: folder)
      #expect(refused.code == 1)
      #expect(
        refused.error == "error: configmap/b: namespaces \"missing\" not found\n"
          + "nothing was applied; --partial applies what can be\n")
      let left = try Program.run("get", "cm", "-o", "name", folder: folder)
      #expect(left.output.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty)
      let partial = try Program.run(
        "apply", "--partial", "-f", "-", input: input, folder: folder)
      #expect(partial.code == 1)
      #expect(partial.output == "configmap/a created\n")
    }
  }

  @Test("With --partial what can be read is applied, and what cannot is told")
  func partial() throws {
    try Program.withFolder { folder in
      let good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n"
      let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad}\n"
      let run = try Program.run(
        "apply", "--partial", "-f", "-", input: bad + "---\n" + good, folder: folder)
      #expect(run.code == 2)
      #expect(run.output == "configmap/good created\n")
      #expect(run.error.hasPrefix("<stdin>:3:18: error: metadata.name: Invalid value: \"Bad\""))
    }
  }

  @Test("A field that nobody reads is dropped where that is asked for, and refused otherwise")
  func unknownFields() throws {
    try Program.withFolder { folder in
      let binding = """
        apiVersion: drydock.dev/v1alpha1
        kind: DeviceBinding
        metadata: {name: x}
        spec: {pool: gpus, selectr: {a: b}}
        """
      _ = try Program.run("apply", "-f", "-", input: Self.pools, folder: folder)
      let strict = try Program.run("apply", "-f", "-", input: binding, folder: folder)
      #expect(strict.code == 2 && strict.error.contains("did you mean \"selector\"?"))
      let ignoring = try Program.run(
        "apply", "--validate", "ignore", "-f", "-", input: binding, folder: folder)
      #expect(ignoring.code == 0, "\(ignoring.error)")
      let spec = try Program.run("get", "db/x", "-o", "jsonpath={.spec}", folder: folder)
      #expect(spec.output == "{\"pool\":\"gpus\"}\n")
    }
  }

  @Test("A manifest that says which namespace it is in is applied there, and nowhere else")
  func namespaces() throws {
    try Program.withFolder { folder in
      let here = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: kube-public}\n"
      #expect(try Program.run("apply", "-f", "-", input: here, folder: folder).code == 0)
      let same = try Program.run(
        "apply", "-n", "kube-public", "-f", "-", input: here, folder: folder)
      #expect(same.output == "configmap/x unchanged\n")
      for verb in ["apply", "delete"] {
        let other = try Program.run(
          verb, "-n", "default", "-f", "-", input: here, folder: folder)
        #expect(other.code == 2)
        #expect(
          other.error.contains(
            "the namespace from the provided object \"kube-public\" does not match the namespace "
              + "\"default\". You must pass '--namespace=kube-public' to perform this operation."))
      }
    }
  }
}

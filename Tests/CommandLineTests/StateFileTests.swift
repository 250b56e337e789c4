import Foundation
import Testing

@Suite("The state file: whole or not at all, and never overwritten when it is not ours")
struct StateFileTests {
  private static let quickstart = Program.root.appending(path: "manifests/quickstart")
    .path(percentEncoded: false)

  @Test("A command that is killed at any moment leaves the old state or the new one, whole")
  func killed() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededDelays(state: seed)
    try Program.withFolder { folder in
      var finished = 0
      for round in 0..<60 {
        let process = Process()
        process.executableURL = URL(filePath: Program.path)
        process.arguments =
          round.isMultiple(of: 2)
          ? ["apply", "-f", Self.quickstart]
          : ["delete", "--ignore-not-found", "-f", Self.quickstart]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        usleep(random.next(below: 120_000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .exit { finished += 1 }
        let after = try Program.run("get", "drydock", "-A", "-o", "name", folder: folder)
        let count = after.output.split(separator: "\n").count
        #expect(after.code == 0, "seed \(seed), round \(round): \(after.error)")
        #expect(count == 0 || count == 12, "seed \(seed), round \(round): \(count) objects")
        let held = try Program.run("holders", folder: folder)
        let grants = held.output.split(separator: "\n").count
        #expect(grants == (count == 0 ? 0 : 13), "seed \(seed), round \(round): \(held.output)")
      }
      #expect(finished < 60, "nothing was killed in time")
    }
  }

  @Test("Commands at the same time do not lose each other's work")
  func together() throws {
    try Program.withFolder { folder in
      var processes: [Process] = []
      for index in 0..<6 {
        let file = folder.appending(path: "\(index).yaml")
        try Data(
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-\(index)}\n".utf8
        ).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: Program.path)
        process.arguments = ["apply", "-f", file.path(percentEncoded: false)]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        processes.append(process)
      }
      for process in processes { try process.run() }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      let all = try Program.run("get", "cm", "-o", "name", folder: folder)
      #expect(all.output.split(separator: "\n").count == 6, "\(all.output)")
    }
  }

  @Test("A newer, a damaged and a foreign file are told apart and left alone")
  func notOurs() throws {
    try Program.withFolder { folder in
      _ = try Program.run("apply", "-f", Self.quickstart, folder: folder)
      let path = folder.appending(path: ".drydock/cluster.db")
      let good = try Data(contentsOf: path)
      var newer = good
      newer[63] = 99
      var damaged = good
      for place in stride(from: 4_200, to: good.count, by: 7) { damaged[place] ^= 0x5A }
      let cases: [(String, Data, String)] = [
        ("newer", newer, "written by a newer Drydock"), ("garbled", damaged, "damaged"),
        ("cut", good.prefix(good.count / 2), "damaged"),
        ("foreign", Data("hello, world\n".utf8), "not a Drydock state file"),
      ]
      for (name, bytes, words) in cases {
        let file = folder.appending(path: "\(name).db")
        try bytes.write(to: file)
        for arguments in [["get", "db"], ["apply", "-f", Self.quickstart]] {
          let run = try Program.runAll(
            arguments + ["--state", "\(name).db"], folder: folder)
          #expect(run.code == 2, "\(name): \(run.output)")
          #expect(run.error.contains(words), "\(name): \(run.error)")
          #expect(try Data(contentsOf: file) == bytes, "\(name) was written to")
        }
      }
    }
  }

  @Test(
    "A malformed manifest exits with 2 and leaves the state untouched", arguments: Malformed.all)
  func malformed(_ input: Malformed) throws {
    try Program.withFolder { folder in
      let good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\n"
      _ = try Program.run("apply", "-f", "-", input: good, folder: folder)
      let path = folder.appending(path: ".drydock/cluster.db")
      let before = try Data(contentsOf: path)
      let run = try Program.run(
        "apply", "-f", "-", input: good.replacing("good", with: "more") + input.text,
        folder: folder)
      #expect(run.code == input.code, "\(run.output)\(run.error)")
      #expect(run.error.contains(input.words), "\(run.error)")
      #expect(try Data(contentsOf: path) == before)
    }
  }

  /// An input that cannot be applied.
  struct Malformed: Sendable, CustomTestStringConvertible {
    let text: String
    let words: String
    var code: Int32 = 2
    var testDescription: String { words }

    static let all: [Malformed] = [
      Malformed(text: "a: [1,\n", words: "<stdin>:5"),
      Malformed(text: "a: 1\na: 2\n", words: "twice"),
      Malformed(text: "kind: Pool\n", words: "apiVersion"),
      Malformed(text: "apiVersion: v1\n", words: "kind"),
      Malformed(
        text: "apiVersion: v1\nkind: ConfgMap\nmetadata: {name: x}\n",
        words: "did you mean \"ConfigMap\""),
      Malformed(
        text: "apiVersion: v2\nkind: ConfigMap\nmetadata: {name: x}\n",
        words: "no matches for kind \"ConfigMap\" in version \"v2\""),
      Malformed(text: "apiVersion: v1\nkind: ConfigMap\n", words: "name or generateName"),
      Malformed(
        text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5}\n",
        words: "metadata.name: Invalid value: 5: must be a string"),
      Malformed(
        text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: [a]}\n",
        words: "metadata.labels"),
      Malformed(
        text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, finalizers: a}\n",
        words: "metadata.finalizers"),
      Malformed(text: "- 1\n", words: "an object must be a map"),
      Malformed(text: "x: \u{1}\n", words: "<stdin>:5"),
      Malformed(text: "x: *nothing\n", words: "nothing"),
      Malformed(
        text: "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, namespace: other}\n",
        words: "cluster-scoped"),
      Malformed(
        text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Upper}\n",
        words: "a lowercase RFC 1123 subdomain", code: 1),
      Malformed(
        text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: missing}\n",
        words: "namespaces \"missing\" not found", code: 1),
      Malformed(
        text: "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata: {name: p}\n"
          + "spec: {type: gpus}\n",
        words: "supported values: \"gpu\"", code: 1),
    ]
  }
}

/// Delays that a seed tells again.
private struct SeededDelays {
  var state: UInt64

  mutating func next(below bound: UInt32) -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 33) % bound
  }
}

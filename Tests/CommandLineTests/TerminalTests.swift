import Foundation
import Testing

@Suite("What a person sees: every verb on terminals of two widths, without colour, and in a pipe")
struct TerminalTests {
  /// What stands between the program and the person.
  enum Medium: String, CaseIterable, Sendable {
    case narrow = "80-colour"
    case narrowPlain = "80-plain"
    case wide = "120-colour"
    case widePlain = "120-plain"
    case pipe

    var columns: UInt16 { self == .narrow || self == .narrowPlain ? 80 : 120 }
    var environment: [String: String] {
      self == .narrowPlain || self == .widePlain ? ["NO_COLOR": "1"] : [:]
    }
  }

  /// Commands that are shown, and those that come before without being shown.
  struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    var before: [[String]] = []
    let commands: [[String]]
    /// Whether identities, times and ages differ from run to run.
    var isLive = false
    var testDescription: String { name }
  }

  private static let quickstart = ["apply", "-f", "manifests/quickstart"]
  private static let crash = ["run", "manifests/scenarios/naive-crash.yaml"]
  private static let verbs = [
    "init", "apply", "get", "describe", "delete", "holders", "serve", "run", "replay", "cel",
    "version",
  ]

  static let scenes = [
    Scene(name: "init", commands: [["init", "play"], ["init", "play"]]),
    Scene(
      name: "apply",
      commands: [
        quickstart, quickstart, ["apply", "-f", "nowhere.yaml"],
        ["apply", "-f", "impossible.yaml"],
      ], isLive: true),
    Scene(
      name: "get", before: [quickstart],
      commands: [
        ["get", "db"], ["get", "pools,gpuclaims,ipclaims", "-o", "wide"], ["get", "drydock", "-A"],
        ["get", "ipclaim/web", "-o", "yaml"], ["get", "gpuclaim/render", "-o", "json"],
        ["get", "drydock", "-o", "name"], ["get", "events", "--sort-by", ".message"],
        ["get", "db", "-o", "jsonpath={.items[*].metadata.name}"],
        ["get", "db", "-o", "custom-columns=NAME:.metadata.name,GPU:.status.devices[*].name"],
        ["get", "db", "--show-labels"], ["get", "cm"], ["get", "db", "nobody"],
        ["get", "devicebnding"], ["get", "db", "-o", "jsn"], ["get"],
      ], isLive: true),
    Scene(
      name: "describe", before: [quickstart],
      commands: [["describe", "db/train", "ipclaim/web"], ["describe", "pool", "ports"]],
      isLive: true),
    Scene(
      name: "delete", before: [quickstart],
      commands: [["delete", "pool", "gpus"], ["delete", "-f", "manifests/quickstart"]]),
    Scene(
      name: "holders", before: [quickstart],
      commands: [
        ["holders"], ["holders", "--free"], ["holders", "gpu-1"], ["holders", "db/train"],
        ["holders", "gpu-9"],
      ]),
    Scene(name: "run", commands: [crash, ["run", "-q", "manifests/scenarios/quickstart.yaml"]]),
    Scene(
      name: "replay", before: [crash],
      commands: [["replay", "naive-crash.trace.yaml"], ["replay", "nowhere.yaml"]]),
    Scene(
      name: "cel",
      commands: [
        ["cel", "1 + 2"], ["cel", "['a', 'b'].map(x, x + '!')", "-o", "json"], ["cel", "1 + "],
        ["cel", "1 / 0"],
      ]),
    Scene(
      name: "version",
      commands: [["version"], ["--version"], ["versoin"], ["run", "--sed", "1"]]),
    Scene(name: "help", commands: [["--help"]] + verbs.map { [$0, "--help"] }),
  ]

  @Test(
    "Each verb looks as it has been looked at", arguments: scenes, Medium.allCases)
  func looks(_ scene: Scene, _ medium: Medium) throws {
    try Program.withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "manifests"),
        withDestinationURL: Program.root.appending(path: "manifests"))
      try Data(Self.impossible.utf8).write(to: folder.appending(path: "impossible.yaml"))
      for command in scene.before { _ = try Program.runAll(command, folder: folder) }
      var text = ""
      for command in scene.commands {
        text += "$ drydock \(command.map(Self.quoted).joined(separator: " "))\n"
        text += try shown(command, medium, folder)
      }
      if scene.isLive { text = Self.settled(text) }
      // Escape sequences as something that can be read and compared in an editor.
      try expectGolden(
        text.replacing("\u{1B}", with: "␛"), "terminal/\(medium.rawValue)/\(scene.name).txt")
    }
  }

  private func shown(_ command: [String], _ medium: Medium, _ folder: URL) throws -> String {
    var text: String
    let code: Int32
    if medium == .pipe {
      let run = try Program.runAll(
        command, folder: folder, environment: ["COLUMNS": "", "TERM": "xterm-256color"])
      text = run.output + (run.error.isEmpty ? "" : "[standard error]\n\(run.error)")
      code = run.code
    } else {
      (text, code) = try Terminal(
        command, columns: medium.columns, folder: folder, environment: medium.environment
      ).finish()
    }
    if code != 0 { text += "[exit \(code)]\n" }
    return text + "\n"
  }

  /// A claim of too much, and one of nothing that there is.
  private static let impossible = """
    apiVersion: drydock.dev/v1alpha1
    kind: GPUClaim
    metadata:
      name: greedy
    spec: {pool: gpus, count: 500}
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: DeviceBinding
    metadata:
      name: lost
    spec: {pool: nowhere}

    """

  private static func quoted(_ word: String) -> String {
    word.contains(where: { " '{}[]*".contains($0) })
      ? "'\(word.replacing("'", with: "'\\''"))'" : word
  }

  /// The text without what differs from run to run, in as many columns.
  private static func settled(_ text: String) -> String {
    text
      .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "2026-01-01T00:00:00Z")
      .replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#) { match in
        String(match.output.0.map { $0 == "-" ? "-" : "0" })
      }
      .replacing(#/\b\ds\b/#, with: "0s")
  }

  @Test("Without colour nothing but line breaks is written that is no text")
  func plain() throws {
    for command in [Self.crash, ["run", "-q", "manifests/scenarios/quickstart.yaml"]] {
      let (text, _) = try Program.withFolder { folder in
        try FileManager.default.createSymbolicLink(
          at: folder.appending(path: "manifests"),
          withDestinationURL: Program.root.appending(path: "manifests"))
        return try Terminal(command, folder: folder, environment: ["TERM": "dumb"]).finish()
      }
      #expect(!text.contains("\u{1B}") && !text.contains("\r"))
    }
  }
}

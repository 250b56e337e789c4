import Foundation
import Testing

@Suite("drydock run and replay: what they print, and how they exit")
struct RunTests {
  private let scenarios = "manifests/scenarios"

  @Test("A scenario that holds exits with 0")
  func held() throws {
    let run = try Program.run("run", "\(scenarios)/quickstart.yaml")
    #expect(run.code == 0)
    #expect(run.error.isEmpty)
    try expectGolden(run.output, "quickstart.txt")
  }

  @Test("A violation exits with 1, tells it in a sentence, and replays to the bit")
  func violated() throws {
    try Program.withFolder { folder in
      let scenario = Program.root.appending(path: "\(scenarios)/naive-crash.yaml")
      let run = try Program.run("run", scenario.path(percentEncoded: false), folder: folder)
      #expect(run.code == 1)
      #expect(run.error.isEmpty)
      try expectGolden(run.output, "naive-crash.txt")
      let replay = try Program.run("replay", "naive-crash.trace.yaml", folder: folder)
      #expect(replay.code == 1)
      #expect(replay.error.isEmpty)
      try expectGolden(replay.output, "replay.txt")
    }
  }

  @Test("The better controller under the same crash exits with 0")
  func better() throws {
    let run = try Program.run("run", "\(scenarios)/reference-crash.yaml")
    #expect(run.code == 0)
    try expectGolden(run.output, "reference-crash.txt")
  }

  @Test("A pipe gets no colour, a terminal does, and NO_COLOR is obeyed there")
  func colour() throws {
    let escape = "\u{1B}["
    let plain = try Program.run("run", "-q", "\(scenarios)/quickstart.yaml")
    #expect(!plain.output.contains(escape))
    #expect(try terminal(["TERM": "xterm", "NO_COLOR": ""]).contains(escape))
    #expect(try !terminal(["TERM": "xterm", "NO_COLOR": "1"]).contains(escape))
    #expect(try !terminal(["TERM": "dumb", "NO_COLOR": ""]).contains(escape))
  }

  /// What the program writes to a terminal; `script` of util-linux makes one.
  private func terminal(_ environment: [String: String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.arguments = [
      "-qec", "'\(Program.path)' run -q \(scenarios)/quickstart.yaml", "/dev/null",
    ]
    process.currentDirectoryURL = Program.root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: text, as: UTF8.self)
  }

  @Test("Wrong calls exit with 2 and say what was meant")
  func wrongCalls() throws {
    let flag = try Program.run("run", "x.yaml", "--sed", "3")
    #expect(flag.code == 2)
    #expect(flag.output.isEmpty)
    #expect(flag.error.contains("Unknown option '--sed'. Did you mean '--seed'?"))
    for arguments in [
      ["runn"], ["run"], ["run", "x.yaml", "--seed", "-1"], ["run", "x.yaml", "--seeds", "9..1"],
      ["run", "x.yaml", "--lines", "-1"], ["run", "x.yaml", "--seeds", "1..2", "--seed", "1"],
    ] {
      let run = try run(arguments)
      #expect(run.code == 2, "\(arguments)")
      #expect(!run.error.isEmpty, "\(arguments)")
    }
  }

  private func run(_ arguments: [String]) throws -> Program.Result {
    switch arguments.count {
    case 1: try Program.run(arguments[0])
    case 4: try Program.run(arguments[0], arguments[1], arguments[2], arguments[3])
    default:
      try Program.run(
        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5])
    }
  }

  @Test("Help and version exit with 0")
  func help() throws {
    let help = try Program.run("--help")
    #expect(help.code == 0)
    #expect(help.output.contains("EXIT CODES"))
    let version = try Program.run("version")
    #expect(version.code == 0)
    #expect(version.output.hasPrefix("drydock "))
  }

  @Test("A file that is missing, or no scenario, exits with 2 and its name")
  func badFiles() throws {
    let missing = try Program.run("run", "nowhere.yaml")
    #expect(missing.code == 2)
    #expect(missing.error == "error: cannot read nowhere.yaml: No such file or directory\n")
    let folder = try Program.run("run", "manifests")
    #expect(folder.code == 2)
    #expect(folder.error == "error: cannot read manifests: Is a directory\n")
    let pool = try Program.run("run", "manifests/quickstart/pool.yaml")
    #expect(pool.code == 2)
    #expect(pool.error.contains("manifests/quickstart/pool.yaml:"))
    #expect(pool.error.contains("holds no Scenario"))
    #expect(try Program.run("replay", "nowhere.yaml").code == 2)
  }

  @Test("A minus stands for standard input; mistakes there have their line")
  func standardInput() throws {
    let text = try String(
      contentsOf: Program.root.appending(path: "\(scenarios)/quickstart.yaml"), encoding: .utf8
    ).replacing("../", with: "manifests/")
    let run = try Program.run("run", "-", "-q", input: text)
    #expect(run.code == 0)
    let wrong = try Program.run("run", "-", input: text.replacing("processes:", with: "process:"))
    #expect(wrong.code == 2)
    #expect(wrong.error.contains("unknown field \"spec.process\""))
    #expect(wrong.error.contains("^"))
  }

  @Test("A trace in another folder finds its scenario; one that was edited does not replay")
  func traces() throws {
    try Program.withFolder { folder in
      let trace = folder.appending(path: "deep/er/t.trace.yaml")
      try FileManager.default.createDirectory(
        at: trace.deletingLastPathComponent(), withIntermediateDirectories: true)
      let path = trace.path(percentEncoded: false)
      let scenario = "\(scenarios)/reference-random.yaml"
      let run = try Program.run("run", "-q", scenario, "--seed", "3", "--trace", path)
      #expect(run.code == 0)
      #expect(run.output.contains("drydock replay \(path)"))
      #expect(try Program.run("replay", "-q", path, folder: folder).code == 0)
      #expect(
        try Program.run(
          "replay", "-q", "er/t.trace.yaml",
          folder: folder.appending(path: "deep")
        ).code == 0)
      let text = try String(contentsOf: trace, encoding: .utf8)
      for (from, to, message) in [
        ("seed: \"3\"", "seed: \"4\"", "came out differently"),
        ("verdict: held", "verdict: leak", "came out differently"),
        ("digest: ", "digest: x", "expected a hexadecimal number"),
        ("scenarios/reference-random", "scenarios/naive-random", "has changed since"),
      ] {
        #expect(text.contains(from))
        try Data(text.replacing(from, with: to).utf8).write(to: trace)
        let replay = try Program.run("replay", "-q", path)
        #expect(replay.code == 2, "\(from)")
        #expect(replay.error.contains(message), "\(replay.error)")
      }
    }
  }

  @Test("Many seeds print a line each, the same ones as one by one")
  func manySeeds() throws {
    let scenario = "\(scenarios)/naive-random.yaml"
    let all = try Program.run("run", scenario, "--seeds", "1..40")
    let lines = all.output.split(separator: "\n")
    #expect(lines.count == 41)
    #expect(all.code == (lines.contains { $0.hasSuffix("leak") } ? 1 : 0))
    try Program.withFolder { folder in
      let path = Program.root.appending(path: scenario).path(percentEncoded: false)
      for seed in 1...5 {
        let one = try Program.run("run", "-q", path, "--seed", "\(seed)", folder: folder)
        let hash = lines[seed - 1].split(separator: " ")[1]
        #expect(one.output.contains("hash \(hash)"))
      }
    }
  }

  @Test("A scripted fault that never happens is told")
  func missedFault() throws {
    let text = try String(
      contentsOf: Program.root.appending(path: "\(scenarios)/naive-crash.yaml"), encoding: .utf8
    ).replacing("../", with: "manifests/").replacing("default/train}", with: "default/trian}")
    let run = try Program.run("run", "-", "-q", input: text)
    #expect(run.code == 0)
    #expect(
      run.output.contains(
        "NOTE  the scripted crash-after of allocate for default/trian never happened "
          + "(occurrence 1)."))
  }
}

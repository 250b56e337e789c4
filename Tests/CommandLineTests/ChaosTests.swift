import Foundation
import Testing

@Suite("drydock chaos, matrix and shrink: what they print, save and exit with")
struct ChaosTests {
  private func scenario(_ name: String) -> String {
    Program.root.appending(path: "manifests/scenarios/\(name).yaml").path(percentEncoded: false)
  }

  private func json(_ arguments: String..., in folder: URL) throws -> (Int32, [String: Any]) {
    let run = try Program.runAll(arguments + ["-o", "json"], folder: folder)
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return (run.code, try #require(value as? [String: Any]))
  }

  @Test("The naive controller's leak is found, made small, saved, and replays to the bit")
  func leak() throws {
    try Program.withFolder { folder in
      let chaos = try Program.run("chaos", scenario("naive-random"), folder: folder)
      #expect(chaos.code == 1 && chaos.error.isEmpty, "\(chaos.error)")
      #expect(chaos.output.contains("VIOLATED leak"))
      #expect(chaos.output.contains("1 is enough, and without it the failure is gone"))
      let replay = try Program.run("replay", "-q", "naive-random.trace.yaml", folder: folder)
      #expect(replay.code == 1 && replay.output.contains("Replayed to the bit"))
      // What is as small as it gets stays so.
      let trace = folder.appending(path: "naive-random.trace.yaml")
      let before = try Data(contentsOf: trace)
      let shrink = try Program.run("shrink", "naive-random.trace.yaml", folder: folder)
      #expect(shrink.code == 0 && shrink.output.contains("1 choices made 1"), "\(shrink.output)")
      #expect(try Data(contentsOf: trace) == before)
    }
  }

  @Test("With --runs the result is the same whatever the number of threads, and shards add up")
  func jobs() throws {
    try Program.withFolder { folder in
      let arguments = [
        "chaos", scenario("naive-random"), "--runs", "300", "--keep-going", "-o", "json",
      ]
      let one = try Program.runAll(arguments + ["--jobs", "1"], folder: folder)
      let four = try Program.runAll(arguments + ["--jobs", "4"], folder: folder)
      #expect(one.code == 1 && one.output == four.output)
      let first = try Program.runAll(
        ["chaos", scenario("naive-random"), "--jobs", "1", "-o", "json"], folder: folder)
      let again = try Program.runAll(
        ["chaos", scenario("naive-random"), "--jobs", "3", "-o", "json"], folder: folder)
      #expect(first.code == 1 && first.output == again.output)
      var runs = 0
      for shard in ["0/2", "1/2"] {
        let (_, report) = try json(
          "chaos", scenario("naive-random"), "--runs", "300", "--keep-going", "--shard", shard,
          in: folder)
        runs += try #require(report["runs"] as? Int)
      }
      #expect(runs == 300)
    }
  }

  @Test("The results of shards add up to that of the whole campaign")
  func merge() throws {
    try Program.withFolder { folder in
      let arguments = [
        "chaos", scenario("naive-random"), "--runs", "256", "--keep-going", "--shrink-time", "0",
        "-o", "json",
      ]
      let whole = try Program.runAll(arguments, folder: folder)
      for shard in ["0", "1"] {
        let part = try Program.runAll(arguments + ["--shard", "\(shard)/2"], folder: folder)
        try Data(part.output.utf8).write(to: folder.appending(path: "\(shard).json"))
      }
      let merged = try Program.runAll(["merge", "0.json", "1.json", "-o", "json"], folder: folder)
      #expect(merged.code == 1 && merged.error.isEmpty, "\(merged.error)")
      let one = try JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? [String: Any]
      let two = try JSONSerialization.jsonObject(with: Data(merged.output.utf8)) as? [String: Any]
      for key in ["runs", "violated", "schedules", "ends", "decisions", "faultyRuns"] {
        #expect(one?[key] as? Int == two?[key] as? Int && two?[key] is Int, "\(key)")
      }
      let text = try Program.run("merge", "0.json", "1.json", folder: folder)
      #expect(text.code == 1 && text.output.contains("VIOLATED  256 runs"), "\(text.output)")
      let damaged = try Program.run("merge", "0.json", scenario("naive-random"), folder: folder)
      #expect(damaged.code == 2 && damaged.error.contains("expected what drydock chaos --shard"))
    }
  }

  @Test("What must hold in some run and holds in none exits with 3; a mistake in it has its place")
  func sometimes() throws {
    try Program.withFolder { folder in
      func write(_ expression: String) throws {
        let text = """
          apiVersion: drydock.dev/v1alpha1
          kind: Scenario
          metadata: {name: never}
          spec:
            processes:
            - name: binder
              controllers: [{use: reference-binding}]
            properties:
            - name: exhausted
              sometimes: "\(expression)"
          ---
          apiVersion: drydock.dev/v1alpha1
          kind: Pool
          metadata: {name: gpus}
          spec: {type: gpu, count: 4}
          """
        try Data(text.utf8).write(to: folder.appending(path: "never.yaml"))
      }
      try write("pools.gpus.free == 0")
      let run = try Program.run("chaos", "never.yaml", "--runs", "20", folder: folder)
      #expect(run.code == 3 && run.output.contains("NEVER MET  exhausted"), "\(run.output)")
      try write("pools.gpus.free == 4")
      #expect(try Program.run("chaos", "never.yaml", "--runs", "20", folder: folder).code == 0)
      try write("pools.gpus.free ==")
      let wrong = try Program.run("chaos", "never.yaml", folder: folder)
      #expect(wrong.code == 2 && wrong.error.contains("never.yaml:10:"), "\(wrong.error)")
    }
  }

  @Test("With --keep-going each finding has a trace of its own; --oracles asks for more rules")
  func findings() throws {
    try Program.withFolder { folder in
      let chaos = try Program.run(
        "chaos", scenario("naive-random"), "--runs", "300", "--keep-going", "--oracles",
        "idempotence,order", folder: folder)
      #expect(chaos.code == 1 && chaos.error.isEmpty, "\(chaos.error)")
      #expect(chaos.output.contains("saved as naive-random-2.trace.yaml"), "\(chaos.output)")
      for trace in ["naive-random.trace.yaml", "naive-random-2.trace.yaml"] {
        let replay = try Program.run("replay", "-q", trace, folder: folder)
        #expect(replay.code == 1 && replay.output.contains("Replayed to the bit"), "\(trace)")
        let shrunk = try Program.run("shrink", trace, folder: folder)
        #expect(shrunk.code == 0 && shrunk.error.isEmpty, "\(trace): \(shrunk.error)")
      }
      let wrong = try Program.run(
        "chaos", scenario("naive-random"), "--oracles", "leeks", folder: folder)
      #expect(wrong.code == 2)
    }
  }

  @Test("A run by its number is the one that the campaign made", arguments: ["mixed", "guided"])
  func oneRun(strategy: String) throws {
    let (seed, lists) =
      strategy == "mixed" ? ("3", ["findings", "suspicions"]) : ("4", ["findings"])
    try Program.withFolder { folder in
      let common = [
        "chaos", scenario("naive-random"), "--strategy", strategy, "--seed", seed, "--oracles",
        "idempotence,differential",
      ]
      func found(_ arguments: [String], _ list: String) throws -> [[String: Any]] {
        let run = try Program.runAll(common + arguments + ["-o", "json"], folder: folder)
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        return try #require((report as? [String: Any])?[list] as? [[String: Any]])
      }
      let campaign = ["--runs", "90", "--keep-going", "--shrink-time", "0"]
      for list in lists {
        // The last one to be seen: behind other runs of its batch, or in a later batch.
        let finding = try #require(
          try found(campaign, list).max {
            $0["firstRun"] as? Int ?? 0 < $1["firstRun"] as? Int ?? 0
          })
        let number = try #require(finding["firstRun"] as? Int)
        let sentence = try #require(finding["sentence"] as? String)
        let again = try found(["--run", "\(number)"], list)
        #expect(number > 0 && again.contains { $0["sentence"] as? String == sentence }, "\(again)")
        let told = try Program.runAll(common + ["--run", "\(number)"], folder: folder)
        #expect(told.output.contains("Run \(number) of the campaign with strategy \(strategy)"))
        #expect(told.output.contains(sentence), "\(told.output)")
        let trace = "naive-random.run-\(number).trace.yaml"
        let replay = try Program.run("replay", "-q", trace, folder: folder)
        #expect(replay.code == told.code && replay.output.contains("Replayed to the bit"))
      }
      let hint = try Program.runAll(common, folder: folder)
      #expect(hint.output.contains(" --seed \(seed) --oracles idempotence,differential --run "))
      for wrong in [["--run=-1"], ["--run", "1", "--runs", "2"], ["--run", "1", "--keep-going"]] {
        #expect(try Program.runAll(common + wrong, folder: folder).code == 2, "\(wrong)")
      }
    }
  }

  @Test("A campaign that holds exits with 0 and says what it covered")
  func held() throws {
    try Program.withFolder { folder in
      let run = try Program.run(
        "chaos", scenario("reference-random"), "--runs", "100", "--strategy", "pct:2",
        folder: folder)
      #expect(run.code == 0 && run.output.contains("HELD  100 runs"), "\(run.output)")
      #expect(run.output.contains("different schedules"))
      #expect(run.output.contains("a bug of its depth would have been met with at least: depth 1"))
    }
  }

  @Test("JUnit has a case for each rule, and a failure for the one that was broken")
  func junit() throws {
    try Program.withFolder { folder in
      let run = try Program.run("chaos", scenario("naive-random"), "-o", "junit", folder: folder)
      #expect(run.code == 1)
      let document = try XMLShape(run.output)
      #expect(document.count(of: "testcase") >= 6 && document.count(of: "failure") == 1)
    }
  }

  @Test("The matrix is a grid; its cells are saved and replay")
  func matrix() throws {
    try Program.withFolder { folder in
      let run = try Program.run(
        "matrix", scenario("naive-random"), "--save", "cells", folder: folder)
      #expect(run.code == 1 && run.error.isEmpty, "\(run.error)")
      #expect(run.output.contains("LEAK 1") && run.output.contains("cells, "))
      let saved = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "cells").path(percentEncoded: false))
      #expect(!saved.isEmpty)
      for file in saved.prefix(3) {
        let replay = try Program.run("replay", "-q", "cells/\(file)", folder: folder)
        #expect(replay.code == 1 && replay.output.contains("Replayed to the bit"), "\(file)")
      }
    }
  }

  @Test("The matrix is of the run without faults, also where the scenario has some at fixed places")
  func faultFree() throws {
    try Program.withFolder { folder in
      let run = try Program.run("matrix", scenario("reference-crash"), folder: folder)
      #expect(run.code == 0 && run.output.contains(" 0 violated"), "\(run.output)")
      let naive = try Program.run("matrix", scenario("naive-crash"), folder: folder)
      #expect(naive.code == 1 && !naive.output.contains("Without any fault"))
      // Looking at a cache leaks nothing, unless something has leaked before.
      for line in naive.output.split(separator: "\n") where line.contains(" cached-get for ") {
        #expect(!line.contains(" LEAK "), "\(line)")
      }
    }
  }

  @Test("Wrong calls exit with 2 and say what was expected")
  func wrong() throws {
    try Program.withFolder { folder in
      for (arguments, words) in [
        (["--runs", "0"], "expected 1 or more"), (["--strategy", "luck"], "--strategy"),
        (["--jobs", "0"], "expected 1 to 1024"), (["--shard", "3/3"], "--shard"),
        (["--time", "soon"], "--time"),
      ] {
        let run = try Program.runAll(
          ["chaos", scenario("naive-random")] + arguments, folder: folder)
        #expect(run.code == 2 && run.error.contains(words), "\(arguments): \(run.error)")
      }
      let shrink = try Program.run("shrink", scenario("naive-random"), folder: folder)
      #expect(shrink.code == 2 && shrink.error.contains("is no trace"), "\(shrink.error)")
    }
  }
}

/// Counts the elements of a well-formed document.
private struct XMLShape {
  private var counts: [String: Int] = [:]

  init(_ text: String) throws {

    var open: [String] = []
    for match in text.matches(of: #/<(/?)([a-z]+)[^>]*?(/?)>/#) {
      let name = String(match.output.2)
      if match.output.1 == "/" {
        #expect(open.popLast() == name)
      } else {
        counts[name, default: 0] += 1
        if match.output.3 != "/" { open.append(name) }
      }
    }
    #expect(open.isEmpty)
  }

  func count(of name: String) -> Int { counts[name] ?? 0 }
}

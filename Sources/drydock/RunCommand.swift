import Allocation
import ArgumentParser
import Exploration
import Reporting
import Scenarios
import Simulation
import YAMLCoding

/// `drydock run`: one schedule, as a readable timeline.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run one schedule of a scenario and show what happens.",
    discussion: """
      Without --seed the default schedule runs, with the scenario's scripted faults. With --seed the schedule is
      drawn: other orders, and the faults that the scenario allows.

      A violated property is told in one sentence, and the run is saved as a trace that `drydock replay`
      reproduces.
      """)

  @Argument(help: "The scenario's file.")
  var scenario: String

  @Option(help: "Draw the schedule from this seed.")
  var seed: UInt64?

  @Option(help: "Save the trace here, also when nothing was violated.")
  var trace: String?

  @Flag(name: .shortAndLong, help: "Print the result only, without the timeline.")
  var quiet = false

  @Option(help: "The most lines of the timeline; faults and tables are always shown.")
  var lines = 200

  func validate() throws {
    guard lines >= 0 else { throw ValidationError("--lines is \(lines); expected 0 or more") }
  }

  func run() throws {
    try reportingMistakes {
      let scenario = try ScenarioReader().scenario(at: scenario, reading: Files.read)
      let result = try ScenarioRun.run(scenario, seed: seed)
      let report = RunReport(result, scenario, style: Console.style)
      var output = report.header
      if !quiet { output += report.timeline(linesMax: lines) }
      output += report.verdict + report.warnings
      var path = trace
      if path == nil, result.outcome == .violated { path = report.traceName }
      if let path {
        let saved = Trace(
          of: result, scenario: RelativePath.from(path, to: scenario.path),
          digest: scenario.digest, seed: seed ?? 0)
        try Files.write(YAMLEmitter().string(saved.value), to: path)
        output += report.next(trace: path)
      }
      Console.print(output)
      if result.outcome == .violated { throw ExitCode.violated }
    }
  }
}

/// Takes a scenario through one schedule.
enum ScenarioRun {
  static func run(_ scenario: Scenario, seed: UInt64?) throws -> RunResult {
    var plan = scenario.plan(seed: seed ?? 0)
    // One run can afford to look for state that reconciles hide.
    plan.checksRepetition = true
    if let seed {
      let source = RandomSource(seed: seed, budget: scenario.budget, script: scenario.script)
      return try Runner.run(plan, source, isTold: true, isNamed: true)
    }
    return try Runner.run(plan, DefaultSource(scenario.script), isTold: true, isNamed: true)
  }
}

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
    usage: "drydock run <scenario> [<options>]",
    discussion: """
      Without --seed the default schedule runs, with the scenario's scripted faults. With --seed the \
      schedule is drawn: other orders, and the faults that the scenario allows. With --seeds that is done \
      for each seed of a range, in one line each.

      A violated property is told in one sentence, and the run is saved as a trace that `drydock replay` \
      reproduces.

      EXAMPLES
        drydock run manifests/scenarios/quickstart.yaml
        drydock run manifests/scenarios/naive-crash.yaml
        drydock run --model manifests/models/reference.yaml
        drydock run -q manifests/scenarios/naive-random.yaml --seed 7
        drydock run manifests/scenarios/naive-random.yaml --seeds 1..2000
      """)

  @Argument(help: "The scenario's file.")
  var scenario: String?

  @Option(help: "Try the controller model of this file on a built-in workload instead.")
  var model: String?

  @Option(help: "Draw the schedule from this seed.")
  var seed: UInt64?

  @Option(help: "Run each seed of a range, such as 1..2000, and print a line for each.")
  var seeds: SeedRange?

  @Option(help: "Save the trace here, also when nothing was violated.")
  var trace: String?

  @Flag(name: .shortAndLong, help: "Print the result only, without the timeline.")
  var quiet = false

  @Option(help: "The most lines of the timeline; faults and tables are always shown.")
  var lines = 200

  func validate() throws {
    guard (scenario == nil) != (model == nil) else {
      throw ValidationError("name a scenario's file, or a model's with --model")
    }
    if seeds != nil, seed != nil || trace != nil {
      throw ValidationError("--seeds runs many schedules; it goes with neither --seed nor --trace")
    }
    guard lines >= 0 else { throw ValidationError("--lines is \(lines); expected 0 or more") }
  }

  func run() throws {
    try reportingMistakes {
      let scenario = try ScenarioReader().scenario(
        at: scenario ?? model ?? "", reading: Files.read)
      scenario.warn()
      if let seeds { return try run(seeds, of: scenario) }
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

  /// One line a seed: what became of it, and the hash of everything that happened.
  private func run(_ seeds: SeedRange, of scenario: Scenario) throws {
    var violatedCount = 0
    for seed in seeds.range {
      let source = RandomSource(seed: seed, budget: scenario.budget, script: scenario.script)
      let result = try Runner.run(scenario.plan(seed: seed), source)
      let verdict = result.violations.first?.oracle.rawValue ?? result.outcome.rawValue
      if result.outcome == .violated { violatedCount += 1 }
      Console.print(["\(seed)  \(Trace.hex(result.world.traceHash))  \(verdict)"])
    }
    Console.print(["\(seeds.range.count) runs, \(violatedCount) violated"])
    if violatedCount > 0 { throw ExitCode.violated }
  }
}

/// `FIRST..LAST`, both included.
struct SeedRange: ExpressibleByArgument {
  let range: ClosedRange<UInt64>

  init?(argument: String) {
    let ends = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let first = UInt64(ends[0]),
      let last = UInt64(ends[2]), first <= last, last - first < 1_000_000_000
    else { return nil }
    range = first...last
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

import ArgumentParser
import Exploration
import Reporting
import Scalars
import Scenarios
import Simulation
import YAMLCoding

/// `drydock shrink`: a saved failure, smaller.
struct ShrinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shrink",
    abstract: "Make a saved failure smaller: fewer choices, faults, user steps and objects.",
    usage: "drydock shrink <trace> [<options>]",
    discussion: """
      What is left cannot be made smaller by leaving out any one part: without any of the remaining choices \
      the failure is not there.

      EXAMPLES
        drydock shrink naive-random.trace.yaml
        drydock shrink naive-random.trace.yaml --output small.trace.yaml
      """)

  @Argument(help: "The trace's file.")
  var trace: String

  @Option(help: "The scenario's file, where it is not the one that the trace names.")
  var scenario: String?

  @Option(name: .shortAndLong, help: "Where the smaller trace goes; over the old one by default.")
  var output: String?

  @Option(name: .customLong("time"), help: "The most time for it.")
  var limit = TimeArgument(.seconds(60))

  func run() throws {
    try reportingMistakes {
      let saved = try SavedTrace.read(trace, scenario: scenario)
      guard let oracle = Violation.Oracle(rawValue: saved.trace.verdict) else {
        throw SourceDiagnostic(
          "\(trace): the run broke no rule", at: nil,
          expected: "the trace of a violation, as drydock chaos writes it")
      }
      Interrupts.note()
      let clock = Stopwatch()
      let duration = limit.duration
      let plan = saved.plan
      var shrinker = Shrinker(plan, oracle: oracle) {
        Interrupts.isWanted || clock.elapsed >= duration
      }
      guard let shrunk = try shrinker.shrink(saved.trace.deviations, from: saved.trace.reduction)
      else {
        throw SourceDiagnostic(
          "\(trace): the run does not break \(oracle.rawValue) any more", at: nil,
          expected: "the version of Drydock that recorded the trace")
      }
      let path = output ?? trace
      let smaller = Trace(
        of: shrunk.run, scenario: RelativePath.from(path, to: saved.scenario.path),
        digest: saved.scenario.digest, seed: saved.trace.seed, reduction: shrunk.reduction)
      try Files.write(YAMLEmitter().string(smaller.value), to: path)
      let report = RunReport(shrunk.run, saved.scenario, style: Console.style)
      let counterfactual = try shrunk.run.violations.first.map { violation in
        try Counterfactual(
          shrunk.reduction.applied(to: plan), smaller.deviations, violation,
          isInterrupted: { Interrupts.isWanted || clock.elapsed >= duration })
      }
      let story = StoryText(
        shrunk.run, counterfactual: counterfactual, style: Console.style, width: Console.width)
      Console.print(
        report.header + story.lines + [
          "",
          "\(saved.trace.deviations.count) choices made \(smaller.deviations.count), in "
            + "\(shrunk.runCount) runs"
            + (shrunk.isMinimal ? "; none of them can go." : "; there was no time for more."),
        ] + report.next(trace: path))
    }
  }
}

/// A trace with the scenario that it was recorded with.
struct SavedTrace {
  let trace: Trace
  let scenario: Scenario

  /// What the trace's world was made from.
  ///
  /// It is judged by the rule that the run broke even where only `--oracles` had asked for that; any other rule that was asked
  /// for found nothing before it.
  var plan: WorldPlan {
    var plan = scenario.plan(seed: trace.seed)
    if let oracle = Violation.Oracle(rawValue: trace.verdict) {
      plan.oracles.judged.insert(oracle)
    }
    return plan
  }

  /// Reads both, and refuses a scenario that has changed.
  static func read(_ path: String, scenario: String?) throws -> SavedTrace {
    let saved = try Trace(reading: YAMLSource(name: path, bytes: Files.read(path)))
    let place = scenario ?? RelativePath.beside(path, saved.scenario)
    let scenario = try ScenarioReader().scenario(at: place, reading: Files.read)
    guard scenario.digest == saved.digest else {
      throw SourceDiagnostic(
        "\(place) has changed since \(path) was recorded: its digest is "
          + "\(Trace.hex(scenario.digest)), the trace's is \(Trace.hex(saved.digest))",
        at: nil, expected: "the scenario as it was; or record the run again with drydock run")
    }
    return SavedTrace(trace: saved, scenario: scenario)
  }
}

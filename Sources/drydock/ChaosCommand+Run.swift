import ArgumentParser
import Exploration
import Reporting
import Scenarios
import Simulation
import ValueTree
import YAMLCoding

extension ChaosCommand {
  /// Runs one run of the campaign alone, and tells it as it was: nothing is left out of it.
  func show(run number: Int, of campaign: Campaign, _ scenario: Scenario) throws {
    let clock = Stopwatch()
    // Twice: what comes of comparing runs is known to the campaign, and what happens to the run.
    let tally = try campaign.run(number..<number + 1, stopsAtViolation: true)
    let result = try Runner.run(
      campaign.plan, campaign.source(ofRun: number), isTold: output == .text, isNamed: true)
    let path = trace ?? "\(scenario.name).run-\(number).trace.yaml"
    let saved = Trace(
      of: result, scenario: RelativePath.from(path, to: scenario.path), digest: scenario.digest,
      seed: 0)
    try Files.write(YAMLEmitter().string(saved.value), to: path)
    let summary = CampaignSummary(
      scenario: scenario.name, digest: Trace.hex(scenario.digest), campaign: campaign, tally: tally)
    var failures: [CampaignReport.Failure] = []
    if let finding = tally.firstFinding {
      failures.append(
        CampaignReport.Failure(
          run: number, finding: finding, deviationsBefore: result.deviations.count,
          deviations: result.deviations, runsOfShrinking: 0, isMinimal: false,
          leftOut: Reduction()))
    }
    let report = CampaignReport(summary, failures: failures)
    switch output {
    case .json: Console.print([JSONWriter(indent: 2).string(report.value)])
    case .junit: Console.print(report.junit(clock.elapsed))
    case .text:
      let style = Console.style
      let shown = RunReport(result, scenario, style: style)
      let count = result.deviations.count
      let which =
        "Run \(number) of the campaign with strategy \(strategy.strategy), seed \(options.seed): "
        + "\(count) \(count == 1 ? "choice" : "choices") of its own."
      Console.print(
        shown.header + [which, ""] + shown.timeline(linesMax: 200) + shown.verdict
          + summary.suspicionLines(style) + shown.warnings + shown.next(trace: path))
    }
    if tally.violatedCount > 0 { throw ExitCode.violated }
  }

  /// How a run of a campaign that has found something is seen as it was.
  func hint(_ tally: CampaignTally) -> [String] {
    guard let run = (tally.suspicions + tally.findings).map(\.firstRun).min() else { return [] }
    var words = [CommandLine.arguments.first ?? "drydock", "chaos", scenario]
    if strategy.strategy != .mixed { words += ["--strategy", "\(strategy.strategy)"] }
    if options.seed != CampaignOptions.seedDefault { words += ["--seed", "\(options.seed)"] }
    if let oracles {
      words += ["--oracles", oracles.oracles.map(\.rawValue).joined(separator: ",")]
    }
    words += ["--run", "\(run)"]
    return [
      "See a run as it was, by its number:",
      "    " + words.map { Shell.quoted($0) }.joined(separator: " "),
    ]
  }
}

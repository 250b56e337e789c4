import ArgumentParser
import Exploration
import Reporting
import Scalars
import Scenarios
import Simulation
import ValueTree
import YAMLCoding

/// `drydock chaos`: many seeded schedules of a scenario.
struct ChaosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Run a scenario on many seeded schedules, until one breaks a property.",
    usage: "drydock chaos <scenario> [<options>]",
    discussion: """
      Each run draws a schedule from the seed and its number: other orders, and the faults that the scenario \
      allows (every legal kind of fault where it says nothing). The first run that breaks a property is made as \
      small as it can be, told, and saved as a trace. With --runs the result is the same whatever the number \
      of threads.

      Strategies: weighted (rare faults and detours), swarm (fault kinds and rates drawn for each run), pct \
      and pct:DEPTH (random priorities), uniform.

      With --exec, the controller is a program of any language. It is started with KUBECONFIG pointing to a \
      server of its own, the scenario's user acts, and the server does to it what servers, networks and nodes \
      do: lost replies, conflicts, time-outs, watches that end, kill -9 before and after each write. The \
      scenario's own processes run inside the server. DRYDOCK_LEDGER is the address of the scenario's pools.

      EXAMPLES
        drydock chaos manifests/scenarios/naive-random.yaml
        drydock chaos manifests/scenarios/reference-random.yaml --runs 100000
        drydock chaos manifests/scenarios/reference-random.yaml --time 1m --strategy swarm
        drydock chaos --exec 'python3 operator.py' --matrix examples/operators/ports.yaml
      """)

  @Argument(help: "The scenario's file.")
  var scenario: String

  @Option(help: "The most runs.")
  var runs: Int?

  @Option(help: "Stop after this time, such as 30s.")
  var time: TimeArgument?

  @Option(help: "How schedules are drawn: weighted, swarm, pct, pct:DEPTH or uniform.")
  var strategy = StrategyArgument(.weighted)

  @Flag(help: "Go on after a violation, and count them all.")
  var keepGoing = false

  @Option(help: "The most time for making a violation smaller.")
  var shrinkTime = TimeArgument(.seconds(10))

  @Option(help: "Save the trace of a violation here.")
  var trace: String?

  @Option(name: .shortAndLong, help: "Print the result as text, json or junit.")
  var output = CampaignOutput.text

  @OptionGroup
  var options: CampaignOptions

  @Option(help: "Take one part of the runs, such as 0/16 for the first of sixteen.")
  var shard: Shard?

  @OptionGroup
  var external: ExternalOptions

  @OptionGroup
  var times: ExternalTimes

  func validate() throws {
    if external.exec != nil, external.attach {
      throw ValidationError(
        "--exec and --attach exclude each other: either Drydock starts it or you")
    }
    if !external.isAsked, external.matrix || external.faults != nil || external.keepAlive {
      throw ValidationError(
        "--matrix, --faults and --keep-alive are for --exec; drydock matrix is for a scenario's own"
      )
    }
    if let runs, runs < 1 { throw ValidationError("--runs is \(runs); expected 1 or more") }
    _ = try options.threads()
  }

  func run() throws {
    try reportingMistakes {
      let scenario = try ScenarioReader().scenario(at: scenario, reading: Files.read)
      if external.isAsked { return try runExternal(external.exec, scenario) }
      var campaign = Campaign(
        scenario.plan(seed: 0), strategy: strategy.strategy, budget: scenario.chaosBudget,
        script: scenario.script, seed: options.seed)
      try campaign.calibrate()
      Interrupts.note()
      let clock = Stopwatch()
      let deadline = time?.duration
      let threads = CampaignThreads(
        campaign, runsMax: runs ?? (time == nil ? Self.runsDefault : Int.max / 128),
        shard: shard ?? Shard.ofIndexedJob ?? Shard(index: 0, count: 1),
        stopsAtViolation: !keepGoing
      ) { Interrupts.isWanted || deadline.map { clock.elapsed >= $0 } ?? false }
      var progress = Progress()
      let tally = try threads.run(jobs: try options.threads()) { done in
        progress.tell(done, after: clock.elapsed)
      }
      let elapsed = clock.elapsed
      let failure = try smallest(tally, campaign)
      let report = CampaignReport(
        scenario: scenario.name, campaign: campaign, tally: tally,
        failure: failure?.report)
      try print(report, failure, scenario, elapsed)
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if tally.violatedCount > 0 { throw ExitCode.violated }
    }
  }

  private func runExternal(_ command: String?, _ scenario: Scenario) throws {
    #if DRYDOCK_SERVER
      try ExternalChaos(
        command: command, options: external, times: times, scenario: scenario,
        seed: options.seed, runsMax: runs ?? (time == nil ? Self.externalRunsDefault : 10_000),
        deadline: time?.duration, jobs: try options.threads(), keepsGoing: keepGoing,
        planPath: trace
      ).run()
    #else
      try ServerlessBuild.refuse()
    #endif
  }

  private static let runsDefault = 10_000
  private static let externalRunsDefault = 20

  /// The first violation, as small as it gets.
  private func smallest(
    _ tally: CampaignTally, _ campaign: Campaign
  ) throws -> Failure? {
    guard let finding = tally.firstFinding else { return nil }
    let found = try Runner.run(
      campaign.plan, campaign.source(ofRun: finding.firstRun), isNamed: true)
    let clock = Stopwatch()
    let limit = shrinkTime.duration
    var shrinker = Shrinker(campaign.plan, oracle: finding.oracle) {
      Interrupts.isWanted || clock.elapsed >= limit
    }
    guard let shrunk = try shrinker.shrink(found.deviations) else { return nil }
    return Failure(
      shrunk: shrunk,
      report: CampaignReport.Failure(
        run: finding.firstRun, deviationsBefore: found.deviations.count,
        deviations: shrunk.run.deviations, runsOfShrinking: shrunk.runCount,
        isMinimal: shrunk.isMinimal, leftOut: shrunk.reduction))
  }

  private struct Failure {
    let shrunk: Shrinker.Result
    let report: CampaignReport.Failure
  }

  private func print(
    _ report: CampaignReport, _ failure: Failure?, _ scenario: Scenario, _ elapsed: GoDuration
  ) throws {
    var lines: [String] = []
    var next: [String] = []
    if let failure {
      let shown = RunReport(failure.shrunk.run, scenario, style: Console.style)
      let path = trace ?? shown.traceName
      let saved = Trace(
        of: failure.shrunk.run, scenario: RelativePath.from(path, to: scenario.path),
        digest: scenario.digest, seed: 0, reduction: failure.shrunk.reduction)
      try Files.write(YAMLEmitter().string(saved.value), to: path)
      lines += shown.header + shown.timeline(linesMax: 200) + shown.verdict + [""]
      next = shown.next(trace: path)
    }
    switch output {
    case .json: Console.print([JSONWriter(indent: 2).string(report.value)])
    case .junit: Console.print(report.junit(elapsed))
    case .text:
      Console.print(lines + report.lines(Console.style, after: elapsed) + next)
    }
  }
}

/// How a campaign's result is printed.
enum CampaignOutput: String, ExpressibleByArgument, CaseIterable {
  case text, json, junit
}

extension Shard {
  /// The part that the pod of an Indexed Job takes: its completion index, where the number of completions is handed in
  /// beside it.
  static var ofIndexedJob: Shard? {
    guard let index = Environment.number("JOB_COMPLETION_INDEX"),
      let count = Environment.number("JOB_COMPLETIONS")
    else { return nil }
    return Shard(argument: "\(index)/\(count)")
  }
}

extension Progress {
  /// Says how many runs have been made, and how fast.
  mutating func tell(_ done: CampaignTally.Progress, after elapsed: GoDuration) {
    let rate = Double(done.runCount) / max(0.001, elapsed.seconds)
    tell(
      "chaos", done.runCount,
      "runs, \(Self.grouped(Int(rate)))/s, \(Self.grouped(done.faultCount)) faults, "
        + "\(Self.grouped(done.schedules.count)) schedules")
  }
}

extension Scenario {
  /// The faults of a campaign: those that the scenario allows; every legal kind, three a run, where it says nothing.
  var chaosBudget: FaultBudget { saysFaults ? budget : .every }
}

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

      What is no proof (suspicions) does not end a campaign and is listed at its end. A property that must \
      hold in some run, and did in none, exits with 3.

      Findings and suspicions say which run showed them first. With --run and the same scenario, seed, \
      strategy and --oracles that run is made again, alone and as it was, told step by step, and saved as a \
      trace that drydock shrink makes smaller. With guided, up to 63 runs before it are made again, too.

      Strategies: weighted (rare faults and detours), pct and pct:DEPTH (random priorities that change at \
      DEPTH - 1 places), mixed (one of these two for each run), swarm (fault kinds and rates drawn for each \
      run), guided (goes on from what was new), uniform.

      With --exec, the controller is a program of any language. It is started with KUBECONFIG pointing to a \
      server of its own, the scenario's user acts, and the server does to it what servers, networks and nodes \
      do: lost replies, conflicts, time-outs, watches that end, kill -9 before and after each write. The \
      scenario's own processes run inside the server. DRYDOCK_LEDGER is the address of the scenario's pools.

      EXAMPLES
        drydock chaos manifests/scenarios/naive-random.yaml
        drydock chaos manifests/scenarios/reference-random.yaml --runs 100000
        drydock chaos manifests/scenarios/reference-random.yaml --time 1m --strategy swarm
        drydock chaos manifests/scenarios/naive-random.yaml --run 17
        drydock chaos --exec 'python3 operator.py' --matrix examples/operators/ports.yaml
      """)

  @Argument(help: "The scenario's file.")
  var scenario: String

  @Option(help: "The most runs.")
  var runs: Int?

  @Option(
    name: .customLong("run"),
    help: "Show the run of this number, as the campaign makes it, and no other.")
  var number: Int?

  @Option(help: "Stop after this time, such as 30s.")
  var time: TimeArgument?

  @Option(
    help: "How schedules are drawn: mixed, weighted, swarm, pct, pct:DEPTH, guided or uniform.")
  var strategy = StrategyArgument(.mixed)

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

  @Option(
    help: "Judge these rules besides, such as idempotence,api-contract; all for every rule.")
  var oracles: OracleArguments?

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
    if external.isAsked, output != .text || shard != nil {
      throw ValidationError("a controller outside is told of as text, and not in shards")
    }
    if !external.isAsked, external.matrix || external.faults != nil || external.keepAlive {
      throw ValidationError(
        "--matrix, --faults and --keep-alive are for --exec; drydock matrix is for a scenario's own"
      )
    }
    if let number {
      if runs != nil || time != nil || keepGoing || shard != nil || external.isAsked {
        throw ValidationError(
          "--run is one run of a scenario's own controllers; it goes with none of --runs, --time, "
            + "--keep-going, --shard, --exec and --attach")
      }
      guard (0..<Self.runsMax).contains(number) else {
        throw ValidationError("--run is \(number); expected the number of a run, from 0")
      }
    }
    if let runs, runs < 1 { throw ValidationError("--runs is \(runs); expected 1 or more") }
    _ = try options.threads()
  }

  func run() throws {
    try reportingMistakes {
      let scenario = try ScenarioReader().scenario(at: scenario, reading: Files.read)
      scenario.warn()
      if external.isAsked { return try runExternal(external.exec, scenario) }
      var plan = scenario.plan(seed: 0)
      oracles?.add(to: &plan)
      var campaign = Campaign(
        plan, strategy: strategy.strategy, budget: scenario.chaosBudget,
        script: scenario.script, seed: options.seed)
      try campaign.calibrate()
      if let number { return try show(run: number, of: campaign, scenario) }
      Interrupts.note()
      let clock = Stopwatch()
      let deadline = time?.duration
      let threads = CampaignThreads(
        campaign, runsMax: runs ?? (time == nil ? Self.runsDefault : Self.runsMax),
        shard: shard ?? Shard.ofIndexedJob ?? Shard(index: 0, count: 1),
        stopsAtViolation: !keepGoing
      ) { Interrupts.isWanted || deadline.map { clock.elapsed >= $0 } ?? false }
      var progress = Progress()
      let tally = try threads.run(jobs: try options.threads()) { done in
        progress.tell(done, after: clock.elapsed)
      }
      let elapsed = clock.elapsed
      let summary = CampaignSummary(
        scenario: scenario.name, digest: Trace.hex(scenario.digest), campaign: campaign,
        tally: tally)
      try print(summary, try smallest(tally, campaign), scenario, elapsed, hint(tally))
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if tally.violatedCount > 0 { throw ExitCode.violated }
      if !summary.unmet.isEmpty { throw ExitCode.neverMet }
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
  private static let runsMax = Int.max / 128
  private static let externalRunsDefault = 20

  /// Each finding, as small as it gets, the first one first; they share the time.
  private func smallest(_ tally: CampaignTally, _ campaign: Campaign) throws -> [Failure] {
    let clock = Stopwatch()
    let limit = shrinkTime.duration
    var failures: [Failure] = []
    for finding in tally.findings.sorted(by: { $0.firstRun < $1.firstRun }) {
      func isOver() -> Bool { Interrupts.isWanted || clock.elapsed >= limit }
      if !failures.isEmpty, isOver() { break }
      let found = try Runner.run(
        campaign.plan, campaign.source(ofRun: finding.firstRun), isTold: true, isNamed: true)
      var shrinker = Shrinker(
        campaign.plan, oracle: finding.oracle, subject: finding.subject, isInterrupted: isOver)
      guard let shrunk = try shrinker.shrink(found.deviations, known: found),
        let violation = shrunk.run.violations.first
      else { continue }
      let counterfactual = try Counterfactual(
        shrunk.reduction.applied(to: campaign.plan), shrunk.run.deviations, violation,
        isInterrupted: isOver)
      failures.append(
        Failure(
          shrunk: shrunk, counterfactual: counterfactual,
          report: CampaignReport.Failure(
            run: finding.firstRun, finding: finding, deviationsBefore: found.deviations.count,
            deviations: shrunk.run.deviations,
            runsOfShrinking: shrunk.runCount + counterfactual.runCount,
            isMinimal: shrunk.isMinimal, leftOut: shrunk.reduction)))
    }
    return failures
  }

  private struct Failure {
    let shrunk: Shrinker.Result
    let counterfactual: Counterfactual
    var report: CampaignReport.Failure
  }

  private func print(
    _ summary: CampaignSummary, _ failures: [Failure], _ scenario: Scenario, _ elapsed: GoDuration,
    _ hint: [String]
  ) throws {
    var lines: [String] = []
    var next: [String] = []
    var reports: [CampaignReport.Failure] = []
    for (index, failure) in failures.enumerated() {
      let shown = RunReport(failure.shrunk.run, scenario, style: Console.style)
      let base = trace ?? shown.traceName
      let path = index == 0 ? base : Self.numbered(base, index + 1)
      let saved = Trace(
        of: failure.shrunk.run, scenario: RelativePath.from(path, to: scenario.path),
        digest: scenario.digest, seed: 0, reduction: failure.shrunk.reduction)
      try Files.write(YAMLEmitter().string(saved.value), to: path)
      var report = failure.report
      report.trace = path
      report.userSteps = failure.shrunk.run.world.plan.workload.count
      reports.append(report)
      guard index == 0 else { continue }
      lines += shown.header
      lines +=
        StoryText(
          failure.shrunk.run, counterfactual: failure.counterfactual, style: Console.style,
          width: Console.width
        ).lines + [""]
      next = shown.next(trace: path)
    }
    let isShard = shard != nil || Shard.ofIndexedJob != nil
    let report = CampaignReport(summary, failures: reports, isShard: isShard)
    switch output {
    case .json: Console.print([JSONWriter(indent: 2).string(report.value)])
    case .junit: Console.print(report.junit(elapsed))
    case .text:
      let end = next.isEmpty && !hint.isEmpty ? [""] : next
      Console.print(lines + report.lines(Console.style, after: elapsed) + end + hint)
    }
  }

  /// `run.trace.yaml` as `run-2.trace.yaml`.
  private static func numbered(_ path: String, _ number: Int) -> String {
    for ending in [".trace.yaml", ".yaml", ".yml"] where path.hasSuffix(ending) {
      return "\(path.dropLast(ending.count))-\(number)\(ending)"
    }
    return "\(path)-\(number)"
  }
}

/// Rules that are judged besides those of the scenario.
struct OracleArguments: ExpressibleByArgument {
  let oracles: [Violation.Oracle]

  init?(argument: String) {
    if argument == "all" {
      oracles = Violation.Oracle.allCases
      return
    }
    var oracles: [Violation.Oracle] = []
    for name in argument.split(separator: ",") {
      guard let oracle = Violation.Oracle(rawValue: String(name)) else { return nil }
      oracles.append(oracle)
    }
    if oracles.isEmpty { return nil }
    self.oracles = oracles
  }

  static var allValueStrings: [String] { ["all"] + Violation.Oracle.allCases.map(\.rawValue) }

  func add(to plan: inout WorldPlan) {
    for oracle in oracles { plan.oracles.judged.insert(oracle) }
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
        + "\(Self.grouped(done.schedules.count)) schedules, "
        + "\(Self.grouped(done.ends.count)) ends"
        + (done.runsAtLastEnd * 2 < done.runCount ? ", not growing" : ""))
  }
}

extension Scenario {
  /// The faults of a campaign: those that the scenario allows; every legal kind, three a run, where it says nothing.
  var chaosBudget: FaultBudget { saysFaults ? budget : .every }
}

import APIMachinery
import ControllerRuntime
public import Simulation

/// Many runs of one plan, each on a schedule of its own that is a function of the campaign's seed and its number.
public struct Campaign: Sendable {
  /// What worlds are made from.
  public var plan: WorldPlan
  /// How schedules are drawn.
  public var strategy: Strategy
  /// Which faults may be drawn.
  public var budget: FaultBudget
  /// Faults at fixed places, in each run.
  public var script: FaultScript
  /// What schedules are drawn from.
  public var seed: UInt64
  /// About how many decisions a run takes; what `calibrate` finds.
  public var length = 100

  /// A campaign.
  public init(
    _ plan: WorldPlan, strategy: Strategy = .weighted, budget: FaultBudget,
    script: FaultScript = FaultScript(), seed: UInt64 = 0
  ) {
    self.plan = plan
    self.strategy = strategy
    self.budget = budget
    self.script = script
    self.seed = seed
  }

  /// The schedule of the run of this number.
  public func source(ofRun number: Int) -> DrawnSource {
    strategy.source(
      seed: seed(ofRun: number), budget: budget, script: script, length: length)
  }

  /// What the schedule of a run is drawn from.
  public func seed(ofRun number: Int) -> UInt64 {
    var hash = StableHash(seed: seed)
    hash.combine(number)
    return hash.value
  }

  /// Takes the length of runs from one without faults.
  ///
  /// - Throws: `World.PlanError`, `Standstill`.
  public mutating func calibrate() throws {
    length = max(10, try Runner.run(plan, DefaultSource(script)).world.step)
  }

  /// Runs of these numbers, one after the other, on this thread.
  ///
  /// - Parameters:
  ///   - numbers: Which runs.
  ///   - stopsAtViolation: Whether the first violation ends the work.
  ///   - isInterrupted: Asked before each run.
  /// - Returns: what they came to.
  /// - Throws: `World.PlanError`, `Standstill`.
  public func run(
    _ numbers: Range<Int>, stopsAtViolation: Bool, isInterrupted: () -> Bool = { false }
  ) throws -> CampaignTally {
    // Every run begins as a copy of the same beginning.
    let start = try World(plan)
    var tally = CampaignTally()
    for number in numbers {
      if isInterrupted() { break }
      var world = start
      var source = source(ofRun: number)
      while let decision = try source.choose(in: world) { world.take(decision) }
      guard let outcome = world.outcome else { throw Standstill(step: world.step) }
      tally.note(world, run: number)
      if stopsAtViolation, outcome == .violated { break }
    }
    return tally
  }
}

/// What runs of a campaign came to; tallies of parts add up to that of the whole.
public struct CampaignTally: Sendable, Hashable {
  /// One kind of violation.
  public struct Finding: Sendable, Hashable {
    /// The rule that was broken.
    public let oracle: Violation.Oracle
    /// What the first run said.
    public var sentence: String
    /// The number of the first run.
    public var firstRun: Int
    /// How many runs broke the rule.
    public var count: Int
  }

  /// How often a kind of fault fired.
  public struct FaultCount: Sendable, Hashable {
    /// The kind, as scenarios name it.
    public let kind: String
    /// How often.
    public var count: Int
  }

  /// How many runs.
  public private(set) var runCount = 0
  /// How many decisions they took.
  public private(set) var decisionCount = 0
  /// The longest run, in decisions.
  public private(set) var decisionsMax = 0
  /// How many runs had a fault.
  public private(set) var faultyRunCount = 0
  /// How often each kind of fault fired, by name.
  public private(set) var faultCounts: [FaultCount] = []
  /// The hashes of the runs: as many schedules were different.
  public private(set) var schedules: Set<UInt64> = []
  /// The hashes of the worlds at the end of runs.
  public private(set) var ends: Set<UInt64> = []
  /// The rules that were broken, by name.
  public private(set) var findings: [Finding] = []

  /// Nothing yet.
  public init() {}

  /// How many runs broke a rule.
  public var violatedCount: Int { findings.reduce(0) { $0 + $1.count } }

  /// The first run that broke a rule.
  public var firstFinding: Finding? { findings.min { $0.firstRun < $1.firstRun } }

  /// Enters a run that is over.
  public mutating func note(_ world: World, run: Int) {
    runCount += 1
    decisionCount += world.step
    decisionsMax = max(decisionsMax, world.step)
    if world.faultCount > 0 { faultyRunCount += 1 }
    for fault in world.injectedFaults { note(FaultCount(kind: fault.kind, count: 1)) }
    schedules.insert(world.traceHash)
    ends.insert(world.stateHash)
    guard let violation = world.violations.first else { return }
    note(
      Finding(
        oracle: violation.oracle, sentence: violation.sentence, firstRun: run, count: 1))
  }

  private mutating func note(_ fault: FaultCount) {
    if let index = faultCounts.firstIndex(where: { $0.kind == fault.kind }) {
      faultCounts[index].count += fault.count
    } else {
      faultCounts.append(fault)
      faultCounts.sort { $0.kind < $1.kind }
    }
  }

  private mutating func note(_ finding: Finding) {
    guard let index = findings.firstIndex(where: { $0.oracle == finding.oracle }) else {
      findings.append(finding)
      findings.sort { $0.oracle.rawValue < $1.oracle.rawValue }
      return
    }
    findings[index].count += finding.count
    if finding.firstRun < findings[index].firstRun {
      findings[index].firstRun = finding.firstRun
      findings[index].sentence = finding.sentence
    }
  }

  /// Adds the tally of other runs of the same campaign.
  public mutating func add(_ other: CampaignTally) {
    runCount += other.runCount
    decisionCount += other.decisionCount
    decisionsMax = max(decisionsMax, other.decisionsMax)
    faultyRunCount += other.faultyRunCount
    for fault in other.faultCounts { note(fault) }
    schedules.formUnion(other.schedules)
    ends.formUnion(other.ends)
    for finding in other.findings { note(finding) }
  }
}

extension Campaign {
  /// With how much probability, at the least, runs by priorities have met a bug of this depth (Burckhardt et al., 2010).
  public func bound(depth: Int, _ tally: CampaignTally) -> Double {
    var actors = 1
    for process in plan.processes {
      var kinds: Set<Int> = []
      for controller in process.controllers {
        actors += controller.workers
        for watch in controller.watches { kinds.insert(watch.type.index) }
      }
      actors += kinds.count
    }
    var share = 1 / Double(actors)
    for _ in 1..<max(1, depth) { share /= Double(max(1, tally.decisionsMax)) }
    // 1 - (1 - p)^n, by squaring.
    var missed = 1.0
    var base = 1 - share
    var count = tally.runCount
    while count > 0 {
      if count & 1 == 1 { missed *= base }
      base *= base
      count >>= 1
    }
    return 1 - missed
  }
}

public import Simulation

/// What runs of a campaign came to; tallies of parts add up to that of the whole.
public struct CampaignTally: Sendable, Hashable {
  /// One finding: a rule, broken for the same kinds, finalizers and controllers.
  public struct Finding: Sendable, Hashable {
    /// The rule that was broken.
    public let oracle: Violation.Oracle
    /// The kinds, finalizers and controllers that it is about.
    public let subject: String
    /// The sort of bug.
    public let bugClass: Violation.BugClass
    /// Whether it is a hint and no proof.
    public let isSuspicion: Bool
    /// What the first run said.
    public var sentence: String
    /// The number of the first run.
    public var firstRun: Int
    /// How many runs it came up in.
    public var count: Int

    /// A finding.
    public init(
      oracle: Violation.Oracle, subject: String, bugClass: Violation.BugClass, isSuspicion: Bool,
      sentence: String, firstRun: Int, count: Int
    ) {
      self.oracle = oracle
      self.subject = subject
      self.bugClass = bugClass
      self.isSuspicion = isSuspicion
      self.sentence = sentence
      self.firstRun = firstRun
      self.count = count
    }

    /// Whether both are sights of one finding.
    public func isSame(as other: Finding) -> Bool {
      oracle == other.oracle && subject == other.subject && isSuspicion == other.isSuspicion
    }

    /// One finding, seen more often.
    public mutating func add(_ other: Finding) {
      count += other.count
      if other.firstRun < firstRun {
        firstRun = other.firstRun
        sentence = other.sentence
      }
    }

    fileprivate init(_ violation: Violation, run: Int, isSuspicion: Bool) {
      self.init(
        oracle: violation.oracle, subject: violation.subject, bugClass: violation.bugClass,
        isSuspicion: isSuspicion, sentence: violation.sentence, firstRun: run, count: 1)
    }
  }

  /// How often a kind of fault fired.
  public struct FaultCount: Sendable, Hashable {
    /// The kind, as scenarios name it.
    public let kind: String
    /// How often.
    public var count: Int

    /// A count.
    public init(kind: String, count: Int) {
      self.kind = kind
      self.count = count
    }
  }

  /// How many runs.
  public private(set) var runCount = 0
  /// How many runs broke a rule.
  public private(set) var violatedCount = 0
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
  /// The hashes of the worlds at the end of runs, each with the first run that came there.
  public private(set) var ends: [UInt64: Int] = [:]
  /// The rules that were broken, by name and subject.
  public private(set) var findings: [Finding] = []
  /// Hints that are no proof, likewise.
  public private(set) var suspicions: [Finding] = []
  /// The rules that had something to judge in some run.
  public private(set) var busy = OracleSet()
  /// By property of the plan: whether it held at some moment of some run.
  public private(set) var propertiesHeld: [Bool] = []
  /// How long releases took.
  public private(set) var releases = ReleaseTimes()

  /// Nothing yet.
  public init() {}

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
    let end = world.stateHash
    ends[end] = min(run, ends[end] ?? run)
    busy.formUnion(world.busyOracles)
    note(world.propertiesHeld)
    releases.note(world)
    for suspicion in world.suspicions {
      Self.note(Finding(suspicion, run: run, isSuspicion: true), in: &suspicions)
    }
    guard let violation = world.violations.first else { return }
    violatedCount += 1
    Self.note(Finding(violation, run: run, isSuspicion: false), in: &findings)
  }

  /// Enters a hint that came of comparing runs.
  public mutating func noteSuspicion(
    _ oracle: Violation.Oracle, subject: String, sentence: String, run: Int
  ) {
    Self.note(
      Finding(
        oracle: oracle, subject: subject, bugClass: .other, isSuspicion: true,
        sentence: sentence, firstRun: run, count: 1), in: &suspicions)
  }

  private mutating func note(_ held: [Bool]) {
    guard !held.isEmpty else { return }
    if propertiesHeld.isEmpty {
      propertiesHeld = held
    } else {
      for index in held.indices where held[index] { propertiesHeld[index] = true }
    }
  }

  private mutating func note(_ fault: FaultCount) {
    if let index = faultCounts.firstIndex(where: { $0.kind == fault.kind }) {
      faultCounts[index].count += fault.count
    } else {
      faultCounts.append(fault)
      faultCounts.sort { $0.kind < $1.kind }
    }
  }

  private static func note(_ finding: Finding, in findings: inout [Finding]) {
    if let index = findings.firstIndex(where: { $0.isSame(as: finding) }) {
      findings[index].add(finding)
    } else {
      findings.append(finding)
      findings.sort { ($0.oracle.rawValue, $0.subject) < ($1.oracle.rawValue, $1.subject) }
    }
  }

  /// Adds the tally of other runs of the same campaign.
  public mutating func add(_ other: CampaignTally) {
    runCount += other.runCount
    violatedCount += other.violatedCount
    decisionCount += other.decisionCount
    decisionsMax = max(decisionsMax, other.decisionsMax)
    faultyRunCount += other.faultyRunCount
    for fault in other.faultCounts { note(fault) }
    schedules.formUnion(other.schedules)
    ends.merge(other.ends) { min($0, $1) }
    busy.formUnion(other.busy)
    note(other.propertiesHeld)
    releases.add(other.releases)
    for finding in other.findings { Self.note(finding, in: &findings) }
    for finding in other.suspicions { Self.note(finding, in: &suspicions) }
  }
}

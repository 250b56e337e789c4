public import APIMachinery
public import Scalars
public import Simulation

/// Faults at fixed places: the n-th time that a worker is about to do something, or a time.
public struct FaultScript: Sendable {
  /// One fault.
  public struct Fault: Sendable, Hashable {
    /// What happens.
    public var kind: FaultKind
    /// The operation that it happens to or comes before, such as `ensure` or `update-status`; empty for one that comes
    /// at a time.
    public var operation: String
    /// The object that is reconciled, or that others reach; nil for any.
    public var object: ObjectKey?
    /// The process; nil for any.
    public var process: String?
    /// Which of the matching operations, from 1.
    public var occurrence: Int
    /// When it comes, after the start; nil for one that comes at an operation.
    public var time: GoDuration?
    /// The kind of the informer or of the object that others reach; nil for any.
    public var type: ResourceType?
    /// How long it lasts; nil for what is usual.
    public var duration: GoDuration?
    /// Which way, where there are several: how far back, or in which order; nil for the first.
    public var number: Int?

    /// What becomes of the effect; nil for a fault that hits none.
    public var outcome: Decision.Outcome? { kind.outcome }

    /// A fault that hits an effect.
    public init(
      _ outcome: Decision.Outcome, at operation: String, object: ObjectKey? = nil,
      process: String? = nil, occurrence: Int = 1
    ) {
      self.init(
        of: FaultKind(outcome) ?? .refused, at: operation, object: object, process: process,
        occurrence: occurrence)
    }

    /// A fault at an operation: of the effect, or before it.
    public init(
      of kind: FaultKind, at operation: String, object: ObjectKey? = nil,
      process: String? = nil, occurrence: Int = 1
    ) {
      self.kind = kind
      self.operation = operation
      self.object = object
      self.process = process
      self.occurrence = occurrence
    }

    /// A fault that comes at a time.
    public init(_ kind: FaultKind, after time: GoDuration, process: String? = nil) {
      self.init(of: kind, at: "", process: process)
      self.time = time
    }

    /// Whether the fault waits for what a worker is about to do.
    fileprivate func isAbout(_ turn: World.Turn) -> Bool {
      operation == turn.operation && (object == nil || type != nil || object == turn.request)
        && (process == nil || process == turn.process)
    }

    /// Whether the decision is this fault, acting process included.
    fileprivate func fits(_ decision: Decision, in world: World, actor: Int?) -> Bool {
      var rule = FaultRule(kind)
      rule.process = process
      rule.type = type
      rule.durations = duration.map { [$0] } ?? []
      if time != nil || type != nil { rule.object = object }
      guard rule.admits(decision, in: world) else { return false }
      guard case .inject(let fault) = decision else {
        if case .crash(let process) = decision { return actor == nil || actor == process }
        return true
      }
      if let number, fault.number != number { return false }
      // What happens to a process happens to the one that acts.
      if let actor, let hit = fault.process, hit != actor { return false }
      return true
    }
  }

  /// The faults.
  public let faults: [Fault]
  /// How often each has matched.
  private var seen: [Int]
  private var hasHappened: [Bool]
  private let hasTimes: Bool

  /// A script.
  public init(_ faults: [Fault] = []) {
    self.faults = faults
    seen = Array(repeating: 0, count: faults.count)
    hasHappened = Array(repeating: false, count: faults.count)
    hasTimes = faults.contains { $0.time != nil }
  }

  /// Faults that have not happened, in order: their place has not come up, or they cannot happen there.
  public var missed: [Fault] {
    faults.indices.filter { !hasHappened[$0] }.map { faults[$0] }
  }

  /// The times at which the world has to stop for a fault.
  public var times: [GoDuration] { faults.compactMap(\.time).sorted() }

  /// The decision, or the fault that the script has for it.
  mutating func applied(to decision: Decision, in world: World) -> Decision {
    guard !faults.isEmpty else { return decision }
    if hasTimes, let fault = timed(in: world) { return fault }
    guard case .proceed(let process, let controller, let worker, .normal) = decision,
      let turn = world.turn(process: process, controller: controller, worker: worker)
    else { return decision }
    // What comes before the effect leaves it to come up once more, and must not count it for the others.
    for (index, fault) in faults.enumerated()
    where fault.outcome == nil && !hasHappened[index] && fault.isAbout(turn) {
      guard seen[index] + 1 == fault.occurrence else { continue }
      guard let found = self.decision(for: fault, in: world, actor: process) else { continue }
      hasHappened[index] = true
      return found
    }
    var result = decision
    for (index, fault) in faults.enumerated() where fault.isAbout(turn) {
      seen[index] += 1
      guard seen[index] == fault.occurrence, result == decision, let outcome = fault.outcome else {
        continue
      }
      let faulty = Decision.proceed(
        process: process, controller: controller, worker: worker, outcome)
      if world.isEnabled(faulty) {
        result = faulty
        hasHappened[index] = true
      }
    }
    return result
  }

  /// A fault whose time has come.
  private mutating func timed(in world: World) -> Decision? {
    for (index, fault) in faults.enumerated() where !hasHappened[index] {
      guard let time = fault.time, world.plan.startTime + time <= world.now else { continue }
      guard let decision = decision(for: fault, in: world, actor: nil) else { continue }
      hasHappened[index] = true
      return decision
    }
    return nil
  }

  private func decision(for fault: Fault, in world: World, actor: Int?) -> Decision? {
    var decisions: [Decision] = []
    world.faultDecisions(fault.kind, into: &decisions)
    return decisions.first { fault.fits($0, in: world, actor: actor) }
  }
}

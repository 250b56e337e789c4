public import APIMachinery
public import Simulation

/// Faults at fixed places: the n-th time that a worker is about to do something.
public struct FaultScript: Sendable {
  /// One fault.
  public struct Fault: Sendable, Hashable {
    /// What happens.
    public var outcome: Decision.Outcome
    /// The operation that it happens to, such as `ensure` or `update-status`.
    public var operation: String
    /// The object that is reconciled; nil for any.
    public var object: ObjectKey?
    /// The process; nil for any.
    public var process: String?
    /// Which of the matching operations, from 1.
    public var occurrence: Int

    /// A fault.
    public init(
      _ outcome: Decision.Outcome, at operation: String, object: ObjectKey? = nil,
      process: String? = nil, occurrence: Int = 1
    ) {
      self.outcome = outcome
      self.operation = operation
      self.object = object
      self.process = process
      self.occurrence = occurrence
    }
  }

  /// The faults.
  public let faults: [Fault]
  /// How often each has matched.
  private var seen: [Int]
  private var hasHappened: [Bool]

  /// A script.
  public init(_ faults: [Fault] = []) {
    self.faults = faults
    seen = Array(repeating: 0, count: faults.count)
    hasHappened = Array(repeating: false, count: faults.count)
  }

  /// Faults that have not happened, in order: their place has not come up, or they cannot happen there.
  public var missed: [Fault] {
    faults.indices.filter { !hasHappened[$0] }.map { faults[$0] }
  }

  /// The decision, or the fault that the script has for it.
  mutating func applied(to decision: Decision, in world: World) -> Decision {
    guard !faults.isEmpty,
      case .proceed(let process, let controller, let worker, .normal) = decision,
      let turn = world.turn(process: process, controller: controller, worker: worker)
    else { return decision }
    var result = decision
    for (index, fault) in faults.enumerated() {
      guard fault.operation == turn.operation,
        fault.object == nil || fault.object == turn.request,
        fault.process == nil || fault.process == turn.process
      else { continue }
      seen[index] += 1
      guard seen[index] == fault.occurrence, result == decision else { continue }
      let faulty = Decision.proceed(
        process: process, controller: controller, worker: worker, fault.outcome)
      if world.isEnabled(faulty) {
        result = faulty
        hasHappened[index] = true
      }
    }
    return result
  }
}

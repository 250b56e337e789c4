public import APIMachinery
public import Scalars
public import Simulation

/// A kind of fault that may be drawn, and whom it may hit.
public struct FaultRule: Sendable, Hashable {
  /// The kind.
  public var kind: FaultKind
  /// The operation that is hit, for kinds that hit effects; nil for any.
  public var operation: String?
  /// The object that is reconciled, or that others reach; nil for any.
  public var object: ObjectKey?
  /// The process; nil for any.
  public var process: String?
  /// The kind of the informer or of the object that others reach; nil for any.
  public var type: ResourceType?
  /// The most faults by this rule in a run; nil for the budget's.
  public var count: Int?
  /// One chance in so many; nil for the budget's.
  public var odds: Int?
  /// How long faults by this rule last; empty for all that the world knows of the kind.
  public var durations: [GoDuration]

  /// A rule that allows a kind everywhere.
  public init(_ kind: FaultKind) {
    self.kind = kind
    durations = []
  }

  /// Whether the rule may hit the effect that a worker waits with.
  func admits(_ turn: @autoclosure () -> World.Turn?) -> Bool {
    if operation == nil, object == nil, process == nil { return true }
    guard let turn = turn() else { return false }
    return (operation == nil || operation == turn.operation)
      && (object == nil || object == turn.request) && (process == nil || process == turn.process)
  }

  /// Whether the rule may bring this decision, a fault of its kind.
  func admits(_ decision: Decision, in world: World) -> Bool {
    switch decision {
    case .crash(let index): return process == nil || process == world.processName(index)
    case .inject(let fault):
      if let process, fault.process.map(world.processName) != process { return false }
      if let type, fault.type?.index != type.index { return false }
      if let object, fault.key != object { return false }
      guard !durations.isEmpty, let duration = fault.duration else { return true }
      return durations.contains(duration)
    default: return false
    }
  }
}

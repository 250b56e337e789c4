/// A fault that was injected, by what it did to what.
public struct InjectedFault: Sendable, Hashable {
  /// What became of the effect; nil for a process that was stopped between two effects.
  public let outcome: Decision.Outcome?
  /// The operation that was hit, empty for a process that was stopped between two effects.
  public let operation: String

  /// The kind of fault, as scenarios name it.
  public var kind: String { outcome?.rawValue ?? "crash" }
}

extension World {
  /// The faults of the run so far, in order.
  public var injectedFaults: [InjectedFault] {
    faults.map { note in
      switch note.kind {
      case .outcome(let outcome, let operation, _):
        InjectedFault(outcome: outcome, operation: operation)
      case .killed: InjectedFault(outcome: nil, operation: "")
      }
    }
  }
}

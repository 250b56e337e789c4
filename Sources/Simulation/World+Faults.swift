import APIMachinery

/// A fault that was injected, by what it did to what.
public struct InjectedFault: Sendable, Hashable {
  /// What kind it is.
  public let faultKind: FaultKind
  /// The operation that was hit, empty for a fault that hit no effect.
  public let operation: String

  /// The kind of fault, as scenarios name it.
  public var kind: String { faultKind.rawValue }
  /// What became of the effect; nil for a fault that hit no effect.
  public var outcome: Decision.Outcome? { faultKind.outcome }
}

extension World {
  /// The place of a running process's informer of a kind, by `plural.group`; nil where it has none.
  public func informer(of kind: String, process: Int) -> Int? {
    for index in processes[process].informers.indices
    where processes[process].informers[index].type.qualifiedPlural == kind {
      return index
    }
    return nil
  }

  /// The name of a process.
  public func processName(_ index: Int) -> String { plan.processes[index].name }

  /// The faults of the run so far, in order.
  public var injectedFaults: [InjectedFault] {
    faults.map { note in
      switch note.kind {
      case .outcome(let outcome, let operation, _):
        InjectedFault(faultKind: FaultKind(outcome) ?? .refused, operation: operation)
      case .killed: InjectedFault(faultKind: .kill, operation: "")
      case .world(let kind): InjectedFault(faultKind: kind, operation: "")
      }
    }
  }
}

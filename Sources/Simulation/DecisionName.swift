import APIStore
import APIServer
public import APIMachinery
import ControllerRuntime

extension World {
  /// The symbolic name of a decision: who, what and on which object, without a number of its occurrence.
  ///
  /// It names what happens and not where in the run it happens, so that a schedule survives changes elsewhere.
  public func name(of decision: Decision) -> String {
    switch decision {
    case .deliver(let process, let index):
      let name = processes[process].plan.name
      guard processes[process].isRunning else { return "\(name) deliver" }
      let informer = processes[process].informers[index]
      guard informer.cache.isSynced,
        let event = server.store.nextEvent(informer.type, after: informer.cache.revision)
      else { return "\(name) list \(plural(informer.type, process))" }
      return "\(name) deliver \(plural(informer.type, process)) \(event.object.key)"
    case .start(let process, let controller, let worker):
      let key = processes[process].controllers[controller].queue.readyKeys.first
      return "\(actorName(process, controller, worker)) start \(key?.path ?? "")"
    case .proceed(let process, let controller, let worker, let outcome):
      let state = self.worker(process, controller, worker)
      let operation = state?.pending?.operation ?? "nothing"
      let request = state?.request?.path ?? ""
      let turn = "\(actorName(process, controller, worker)) \(operation) for \(request)"
      return outcome == .normal ? turn : "\(turn) !\(outcome.rawValue)"
    case .crash(let process): return "\(processes[process].plan.name) !kill"
    case .user: return "user step \(nextStep?.number ?? workloadPosition + 1)"
    case .wait: return "time"
    case .resync: return "resync"
    case .remove(let index):
      let removal = removals[index].removal
      return "server remove \(removal.type.plural) \(removal.key)"
    case .arrive(let index): return arrivalName(index)
    case .inject(let fault): return self.name(of: fault)
    }
  }
}

extension World {
  /// The kind's plural, with its group where the process watches two kinds of one plural.
  private func plural(_ type: ResourceType, _ process: Int) -> String {
    let isAmbiguous = processes[process].informers.contains {
      $0.type != type && $0.type.plural == type.plural
    }
    return isAmbiguous ? type.qualifiedPlural : type.plural
  }

  /// What a worker is about to do.
  public struct Turn: Sendable, Hashable {
    /// The process.
    public let process: String
    /// The operation that waits to be carried out.
    public let operation: String
    /// The key that is reconciled.
    public let request: ObjectKey
  }

  /// What a worker is about to do; nil for one that waits with nothing.
  public func turn(process: Int, controller: Int, worker: Int) -> Turn? {
    guard let state = self.worker(process, controller, worker), let effect = state.pending,
      let request = state.request
    else { return nil }
    return Turn(
      process: processes[process].plan.name, operation: effect.operation, request: request)
  }
}

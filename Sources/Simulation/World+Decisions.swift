import PersistentCollections
import APIStore
import APIServer
import APIMachinery
import Allocation
import ControllerRuntime
import Scalars

extension World {
  /// The decision of the default schedule: events first, then effects, then queued keys, then the user, then time.
  ///
  /// Nil once the run is over.
  ///
  /// - Complexity: O(actors).
  public var defaultDecision: Decision? {
    guard outcome == nil else { return nil }
    if isTimeDue { return .wait }
    if let turn { return turn }
    if canUserAct { return .user }
    if isQuiet { return resyncedAt == changes ? nil : .resync }
    return nextTimer == nil ? nil : .wait
  }

  /// Whether so much has been done at one moment that time passes all the same.
  ///
  /// Turns take no time. Two controllers that undo each other's work until an event comes would wait for it for ever;
  /// anywhere else their turns take milliseconds, and the event comes.
  public var isTimeDue: Bool {
    step - timeStep >= Self.stepsAtOnceMax && nextTimer != nil
  }

  static let stepsAtOnceMax = 5_000

  /// The first turn of server, informers and workers; nil where all of them wait.
  var turn: Decision? {
    if !removals.isEmpty { return .remove(0) }
    if impairments.isActive, let arrival { return .arrive(arrival) }
    for process in processes.indices where processes[process].isRunning {
      for informer in processes[process].informers.indices
      where canDeliver(process, informer) {
        return .deliver(process: process, informer: informer)
      }
    }
    for process in processes.indices where processes[process].isRunning {
      for controller in processes[process].controllers.indices {
        for worker in processes[process].controllers[controller].workers.indices
        where canProceed(process, controller, worker) {
          return .proceed(process: process, controller: controller, worker: worker, .normal)
        }
      }
    }
    for process in processes.indices where processes[process].isRunning {
      for controller in processes[process].controllers.indices {
        if let worker = idleWorker(process, controller) {
          return .start(process: process, controller: controller, worker: worker)
        }
      }
    }
    return nil
  }

  /// All turns that can be taken now, in canonical order; faults are not among them.
  public func enabledDecisions(into decisions: inout [Decision]) {
    decisions.removeAll(keepingCapacity: true)
    guard outcome == nil else { return }
    for process in processes.indices where processes[process].isRunning {
      for informer in processes[process].informers.indices
      where canDeliver(process, informer) {
        decisions.append(.deliver(process: process, informer: informer))
      }
      for controller in processes[process].controllers.indices {
        for worker in processes[process].controllers[controller].workers.indices
        where canProceed(process, controller, worker) {
          decisions.append(
            .proceed(process: process, controller: controller, worker: worker, .normal))
        }
        if let worker = idleWorker(process, controller) {
          decisions.append(.start(process: process, controller: controller, worker: worker))
        }
      }
    }
    for index in removals.indices { decisions.append(.remove(index)) }
    if impairments.isActive {
      for index in impairments.late.indices where canArrive(index) {
        decisions.append(.arrive(index))
      }
    }
    if canUserAct { decisions.append(.user) }
    if decisions.isEmpty, let decision = defaultDecision { decisions.append(decision) }
  }

  /// What can become of the effect that a worker waits with.
  public func outcomes(process: Int, controller: Int, worker: Int) -> [Decision.Outcome] {
    guard let effect = self.worker(process, controller, worker)?.pending else { return [] }
    // What has been answered can only be waited for, or not be lived to see.
    if impairments.isActive, impairments.hasReply(process, controller, worker) {
      return [.normal, .crashBefore]
    }
    return Decision.Outcome.allCases.filter { canEnd(effect, $0, process) }
  }

  private func canEnd(_ effect: Effect, _ outcome: Decision.Outcome, _ process: Int) -> Bool {
    switch outcome {
    case .normal, .crashBefore: return true
    case .refused: return isRemote(effect, process)
    case .lostReply: return effect.isWrite && isRemote(effect, process)
    case .crashAfter: return effect.isWrite
    case .conflict:
      // Who names no revision overwrites whatever came first.
      guard case .api(.update(let object, _, _)) = effect else { return false }
      return object.resourceVersion != 0
    case .lateSuccess: return effect.isWrite && isRemote(effect, process)
    case .sentTwice: return effect.isWrite && isRemote(effect, process) && !startsRemoval(effect)
    case .slowReply: return isRemote(effect, process) && !startsRemoval(effect)
    default: return effect.admits(outcome) ?? false && isRemote(effect, process)
    }
  }

  /// Whether there is a way between the process and who carries the effect out.
  private func isRemote(_ effect: Effect, _ process: Int) -> Bool {
    switch effect {
    case .api, .discover: true
    case .allocator(let call): processes[process].books.index(ofPool: call.pool) == nil
    default: false
    }
  }

  /// Whether the decision can be taken now.
  public func isEnabled(_ decision: Decision) -> Bool {
    guard outcome == nil else { return false }
    switch decision {
    case .deliver(let process, let informer):
      return processes.indices.contains(process) && processes[process].isRunning
        && processes[process].informers.indices.contains(informer)
        && canDeliver(process, informer)
    case .start(let process, let controller, let worker):
      guard hasWorker(process, controller, worker),
        !processes[process].controllers[controller].workers[worker].isBusy
      else { return false }
      return processes[process].controllers[controller].queue.hasReady
        && isOpen(process, controller)
    case .proceed(let process, let controller, let worker, let outcome):
      guard hasWorker(process, controller, worker), canProceed(process, controller, worker) else {
        return false
      }
      // Most turns are turns, and need no look at what they do.
      if outcome == .normal { return true }
      guard let effect = processes[process].controllers[controller].workers[worker].pending else {
        return false
      }
      if impairments.isActive, impairments.hasReply(process, controller, worker) {
        return outcome == .crashBefore
      }
      return canEnd(effect, outcome, process)
    case .crash(let process):
      return processes.indices.contains(process) && processes[process].isRunning
    case .user: return canUserAct
    case .wait: return nextTimer != nil
    case .resync: return true
    case .remove(let index): return removals.indices.contains(index)
    case .arrive(let index): return canArrive(index)
    case .inject(let fault): return canInject(fault)
    }
  }

  func worker(_ process: Int, _ controller: Int, _ worker: Int) -> WorkerState? {
    guard hasWorker(process, controller, worker) else { return nil }
    return processes[process].controllers[controller].workers[worker]
  }

  private func hasWorker(_ process: Int, _ controller: Int, _ worker: Int) -> Bool {
    // A process that has stopped has no controllers.
    processes.indices.contains(process)
      && processes[process].controllers.indices.contains(controller)
      && processes[process].controllers[controller].workers.indices.contains(worker)
  }

  private func canDeliver(_ process: Int, _ index: Int) -> Bool {
    // Field by field: this is asked for every informer before every decision, and a copy of the state counts
    // references to all of it.
    if impairments.isActive {
      let type = processes[process].informers[index].type
      if impairments.holdsInformer(of: type, process) { return false }
      if impairments.mustRelist(type, process) { return true }
    }
    guard processes[process].informers[index].cache.isSynced else { return true }
    let type = processes[process].informers[index].type
    let revision = processes[process].informers[index].cache.revision
    guard server.store.lastRevision(type) > revision else { return false }
    let lag = processes[process].informers[index].lag
    guard lag > .zero else { return true }
    if server.store.hasForgotten(type, after: revision) { return true }
    guard let event = server.store.nextEvent(type, after: revision) else { return false }
    return event.time + lag <= now
  }

  private func canProceed(_ process: Int, _ controller: Int, _ worker: Int) -> Bool {
    guard processes[process].controllers[controller].workers[worker].pending != nil else {
      return false
    }
    if impairments.isActive, impairments.holdsController(controller, process) { return false }
    guard let time = processes[process].controllers[controller].workers[worker].wakesAt else {
      return true
    }
    return time <= now
  }

  /// Whether the controller's workers may take keys.
  ///
  /// Most controllers may always: a process is copied to be asked.
  private func isOpen(_ process: Int, _ controller: Int) -> Bool {
    !processes[process].controllers[controller].isGated || processes[process].isOpen(controller)
  }

  private func idleWorker(_ process: Int, _ controller: Int) -> Int? {
    guard processes[process].controllers[controller].queue.hasReady, isOpen(process, controller)
    else { return nil }
    if impairments.isActive, impairments.holdsController(controller, process) { return nil }
    for worker in processes[process].controllers[controller].workers.indices
    where !processes[process].controllers[controller].workers[worker].isBusy {
      return worker
    }
    return nil
  }

  // MARK: User

  /// The next step of the workload.
  var nextStep: WorldPlan.Step? {
    workloadPosition < plan.workload.count ? plan.workload[workloadPosition] : nil
  }

  private var canUserAct: Bool {
    // The moment alone: a copy of the step counts references to what it does.
    guard workloadPosition < plan.workload.count else { return false }
    switch plan.workload[workloadPosition].moment {
    case .immediately: return true
    case .after(let delay): return plan.startTime + delay <= now
    case .settled: return isSettled
    // Who waits in vain goes on once nothing moves any more.
    case .when(let condition): return condition.holds(in: server) || isSettled
    }
  }

  // MARK: Rest

  /// Whether nothing can be done but to let time pass, and time brings nothing new (semantics 6.5).
  ///
  /// A timer that its own reconcile sets again is periodic; three of its periods without any change count as
  /// nothing new.
  var isQuiet: Bool {
    if !removals.isEmpty || impairments.isActive || nextAppointment != nil { return false }
    if case .after(let delay)? = nextStep?.moment, plan.startTime + delay > now { return false }
    for process in processes.indices where !isQuiet(process) { return false }
    return true
  }

  /// What says no most often and at the least cost comes first: this is asked after every decision.
  private func isQuiet(_ process: Int) -> Bool {
    if processes[process].restartsAt != nil { return false }
    for controller in processes[process].controllers.indices {
      if processes[process].controllers[controller].queue.hasReady, isOpen(process, controller) {
        return false
      }
      for worker in processes[process].controllers[controller].workers.indices
      where processes[process].controllers[controller].workers[worker].isBusy {
        return false
      }
    }
    for informer in processes[process].informers.indices {
      guard processes[process].informers[informer].cache.isSynced else { return false }
      let type = processes[process].informers[informer].type
      let revision = processes[process].informers[informer].cache.revision
      if server.store.lastRevision(type) > revision { return false }
    }
    for controller in processes[process].controllers.indices
    where processes[process].controllers[controller].queue.hasDelayed {
      for (key, _) in processes[process].controllers[controller].queue.delayedKeys {
        guard let repeats = processes[process].controllers[controller].quietRepeats[key],
          repeats.changes == changes, repeats.count >= Self.quietPeriods
        else { return false }
      }
    }
    return true
  }

  static let quietPeriods = 3

  /// Whether the world is quiet and stays so after every object has been looked at once more.
  public var isSettled: Bool { resyncedAt == changes && isQuiet }

  /// When the next timer fires; nil without one.
  var nextTimer: Timestamp? {
    var earliest: Timestamp?
    let isImpaired = impairments.isActive
    func consider(_ time: Timestamp?) {
      guard let time else { return }
      // What is held back has been due for some time.
      if isImpaired, time <= now { return }
      earliest = earliest.map { min($0, time) } ?? time
    }
    if case .after(let delay)? = nextStep?.moment { consider(plan.startTime + delay) }
    if isImpaired { consider(impairments.nextEnd(after: now)) }
    consider(nextAppointment)
    for process in processes {
      consider(process.restartsAt)
      for controller in process.controllers {
        consider(controller.queue.nextDue)
        for worker in controller.workers where worker.pending != nil { consider(worker.wakesAt) }
      }
      if process.isRunning, process.plan.hasLag {
        for informer in process.informers where informer.cache.isSynced && informer.lag > .zero {
          let event = server.store.nextEvent(informer.type, after: informer.cache.revision)
          consider(event.map { $0.time + informer.lag })
        }
      }
    }
    return earliest
  }
}

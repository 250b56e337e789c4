import APIServer
import PersistentCollections
import APIMachinery
import APIStore
import ControllerRuntime
import Scalars

extension World {
  /// Takes a decision.
  ///
  /// - Precondition: it is enabled.
  public mutating func take(_ decision: Decision) {
    precondition(
      isEnabled(decision), "\(decision) cannot be taken now; ask for the enabled decisions")
    step += 1
    mixTrace(decision.code)
    if decision.isFault { faultCount += 1 }
    switch decision {
    case .deliver(let process, let informer):
      deliver(process, informer)
      if let most = processes[process].plan.cacheMax { killIfTooLarge(process, most) }
    case .start(let process, let controller, let worker): start(process, controller, worker)
    case .proceed(let process, let controller, let worker, let outcome):
      proceed(process, controller, worker, outcome)
    case .crash(let process):
      faults.append(FaultNote(step: step, process: process, kind: .killed))
      crash(process, because: "when it is killed")
    case .user: takeUserStep()
    case .wait: advance()
    case .resync: resync()
    case .remove(let index): finishRemoval(index)
    case .arrive(let index): arrive(index)
    case .inject(let fault): inject(fault)
    }
    if !judges.properties.isEmpty { judgeProperties() }
    if !violations.isEmpty { explainViolations() }
    finishStep()
    if !violations.isEmpty { explainViolations() }
  }

  mutating func mixTrace(_ word: UInt64) {
    var hash = StableHash(seed: traceHash)
    hash.combine(word)
    traceHash = hash.value
  }

  private mutating func finishStep() {
    guard violations.isEmpty, !isOver else { return }
    if workloadPosition >= plan.workload.count, isSettled {
      judgeAtRest(isEnd: true)
      isOver = true
    } else if failsForTooLong {
      // Nothing has changed for hours, so what nobody records now is lost; it may be why a key goes on failing.
      violations += leaks()
      violations.append(neverSettled())
    } else if hasTakenTooMany {
      violations.append(neverSettled())
    }
  }

  /// Whether keys have gone on failing past the bound, with nothing to come that could mend them.
  ///
  /// Plain timers are not meant: three quiet periods of theirs are rest, however long they are.
  private var failsForTooLong: Bool {
    // Asked after every decision, most of which change something or take no time.
    guard now != lastProgress, now - lastProgress > plan.virtualTimeMax else { return false }
    if case .after? = nextStep?.moment { return false }
    return processes.contains { process in
      process.controllers.contains { controller in
        controller.queue.delayedKeys.contains { controller.queue.failures(of: $0.key) > 0 }
      }
    }
  }

  // MARK: Informers

  /// An informer takes its list, or the next event, in.
  mutating func deliver(_ process: Int, _ index: Int) {
    let type = processes[process].informers[index].type
    let revision = processes[process].informers[index].cache.revision
    let isSynced = processes[process].informers[index].cache.isSynced
    if impairments.isActive, relistIfLost(process, index) { return }
    if !isSynced || server.store.hasForgotten(type, after: revision) {
      let events = processes[process].informers[index].cache.replace(
        with: server.store.objects(type), revision: server.store.revision)
      mixTrace(server.store.revision)
      let reason = isSynced ? "is told that its revision is gone (410 Expired), and " : ""
      tell(.informer(process), "\(reason)lists \(type.plural): \(events.count)", isMinor: true)
      for event in events { queueKeys(of: event, type, process) }
      return
    }
    guard let event = server.store.nextEvent(type, after: revision) else { return }
    let seen = processes[process].informers[index].cache.apply(event.watchEvent)
    if judges.isTelling {
      judges.deliveries.append(
        Judges.DeliveryNote(
          step: step, time: now, uid: event.object.uid, isDeleting: event.object.isDeleting))
    }
    mixTrace(event.object.contentHash)
    tell(
      .informer(process),
      "sees \(type.definition.singular) \(event.object.key) \(event.kind.pastTense)",
      isMinor: true)
    queueKeys(of: seen, type, process)
  }

  mutating func queueKeys(
    of event: InformerEvent, _ type: ResourceType, _ process: Int
  ) {
    processes[process].graph?.note(event)
    for controller in processes[process].controllers.indices {
      if type.isCollected, let everyKind = processes[process].controllers[controller].everyKind,
        let graph = processes[process].graph
      {
        for key in everyKind.map(event, graph) {
          processes[process].controllers[controller].queue.add(key)
        }
      }
      // By place, for a copy of a watch counts references to its closures.
      for place in processes[process].controllers[controller].controller.watches.indices {
        let watched = processes[process].controllers[controller].controller.watches[place].type
        guard watched === type || watched == type else { continue }
        if processes[process].controllers[controller].controller.watches[place].isOwn {
          if let object = event.object {
            processes[process].controllers[controller].queue.add(object.key)
          }
          continue
        }
        let watch = processes[process].controllers[controller].controller.watches[place]
        guard let handle = watch.handle else {
          for key in watch.map(event) {
            processes[process].controllers[controller].queue.add(key)
          }
          continue
        }
        for order in handle(event, processes[process].clock(now), &processes[process].locals.memory)
        {
          processes[process].controllers[controller].queue.add(
            order.key, after: order.delay, at: now)
        }
      }
    }
  }

  private mutating func resync() {
    resyncedAt = changes
    judges.writesAtRest = []
    for process in processes.indices where processes[process].isRunning {
      for informer in processes[process].informers {
        for (_, object) in informer.cache.objects {
          queueKeys(of: InformerEvent(old: object, new: object), informer.type, process)
        }
      }
    }
    tell(.world, "is at rest; informers tell of every object once more (resync)")
  }

  // MARK: Time

  private mutating func advance() {
    guard let time = nextTimer else { return }
    let passed = time > now ? time - now : .zero
    if time > now { now = time }
    timeStep = step
    mixTrace(UInt64(bitPattern: now.seconds))
    mixTrace(UInt64(bitPattern: Int64(now.nanoseconds)))
    if passed > .zero { tell(.world, "\(passed) later") }
    fireTimers()
  }

  /// Lets everything go on whose time has come.
  mutating func fireTimers() {
    if impairments.isActive { heal() }
    for process in processes.indices {
      processes[process].locals.now = processes[process].clock(now)
      if let restart = processes[process].restartsAt, restart <= now {
        processes[process].start(seed: plan.seed, books: memoryPools, now: now, server)
        tell(.process(process), "starts again with empty memory")
      }
      for controller in processes[process].controllers.indices {
        let due = processes[process].controllers[controller].queue.addDue(at: now)
        for key in due {
          processes[process].controllers[controller].timerFired.updateValue(
            changes, forKey: key)
        }
      }
    }
  }

  // MARK: User

  private mutating func takeUserStep() {
    guard let next = nextStep else { return }
    judges.lastUserStep = step
    if next.moment == .settled {
      judgeAtRest(isEnd: false)
      guard violations.isEmpty else { return }
    }
    workloadPosition += 1
    if case .when(let condition) = next.moment, !condition.holds(in: server) {
      tell(.user, "has waited in vain until \(condition)")
      return
    }
    if keepsSnapshots { snapshots.append(server.store) }
    act(next.action)
  }

  /// Lets the user act.
  mutating func act(_ action: WorldPlan.UserAction) {
    switch action {
    case .look: tellHoldings()
    case .apply(let object): apply(server.identifyingOwners(of: object))
    case .patch(let type, let key, let patch):
      requestByUser(.mergePatch(type, key, patch), "changes \(type.definition.singular) \(key)")
    case .delete(let type, let key, let options):
      requestByUser(
        .delete(type, key, options),
        "deletes \(type.definition.singular) \(key)"
          + (options.propagationPolicy.map { " (\($0.rawValue))" } ?? ""))
    default: takeRareStep(action)
    }
    lastProgress = now
  }

  private mutating func apply(_ object: APIObject) {
    func subject() -> String { "\(object.type.definition.singular) \(object.key)" }
    guard server.store.object(object.type, object.key) == nil else {
      requestByUser(
        .mergePatch(object.type, object.key, object.body), "changes \(subject())")
      return
    }
    requestByUser(.create(object), "creates \(subject())")
  }

  /// Whether the server did what the user asked for.
  @discardableResult
  mutating func requestByUser(
    _ request: APIRequest, _ account: @autoclosure () -> String
  ) -> Bool {
    if let removal = pendingRemoval(request) {
      hold(removal, by: "user", for: nil)
      tell(.user, "\(account()): the server has begun")
      return true
    }
    switch send(request, by: "user") {
    case .success(let response):
      mixTrace(response.stableHash)
      tell(.user, account())
      return true
    case .failure(let error):
      mixTrace(UInt64(error.code))
      tell(.user, "\(account()): \(error)")
      return false
    }
  }
}

extension StoreEvent {
  /// The event as a watch tells it.
  var watchEvent: WatchEvent {
    switch kind {
    case .added: WatchEvent(.added, object)
    case .modified: WatchEvent(.modified, object)
    case .deleted: WatchEvent(.deleted, object)
    }
  }
}

extension StoreEvent.Kind {
  /// The word for what an informer saw.
  var pastTense: String {
    switch self {
    case .added: "added"
    case .modified: "changed"
    case .deleted: "gone"
    }
  }
}

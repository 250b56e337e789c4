import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars

/// What faults of the world do.
extension World {
  mutating func inject(_ fault: WorldFault) {
    mixTrace(fault.stableHash)
    faults.append(
      FaultNote(step: step, process: fault.process ?? -1, kind: .world(fault.kind)))
    lastProgress = now
    switch fault.kind {
    case .pause, .starve, .partition, .partitionReplies, .partitionAllocator, .noSpace, .watchBreak,
      .watchDelay, .relist:
      tellFault(fault)
      let lasting = Impairments.Lasting(
        kind: fault.kind, process: fault.process, controller: fault.controller, type: fault.type,
        ends: end(after: fault.duration ?? .zero))
      impairments.add(lasting)
    case .clockJump:
      guard let process = fault.process, let jump = fault.duration else { return }
      processes[process].clockSkew = GoDuration(
        nanoseconds: processes[process].clockSkew.nanoseconds + jump.nanoseconds)
      processes[process].locals.now = processes[process].clock(now)
      tellFault(fault)
    case .spurious:
      guard let process = fault.process, let controller = fault.controller, let key = fault.key
      else { return }
      tellFault(fault)
      processes[process].controllers[controller].queue.add(key)
    case .upgrade:
      guard let process = fault.process else { return }
      crash(process, because: "to be started in its other version")
      processes[process].changeVersion()
    case .coalesce, .timeTravel, .shuffle: disturbInformer(fault)
    case .compaction:
      tellFault(fault)
      forgetHistory()
    case .storeRestore:
      guard let number = fault.number, snapshots.indices.contains(number - 1) else { return }
      tellFault(fault)
      restoreSnapshot(snapshots[number - 1], bump: false)
    case .edit, .delete, .recreate, .editStatus, .stripFinalizers, .forceDelete, .corrupt:
      actAsForeigner(fault)
    case .releaseBehind, .steal: meddle(fault)
    default: preconditionFailure("\(fault.kind.rawValue) hits effects, and is an outcome")
    }
  }

  /// When something ends that begins now; nothing outlasts the horizon of faults.
  func end(after duration: GoDuration) -> Timestamp {
    let end = now + duration
    guard let until = plan.faults.until else { return end }
    return max(now, min(end, plan.startTime + until))
  }

  /// Says what the fault is, in the words that it is called by.
  func account(of fault: WorldFault) -> String {
    let words = name(of: fault).split(separator: " ").dropFirst(2).joined(separator: " ")
    return words.isEmpty ? fault.kind.summary : "\(fault.kind.summary) (\(words))"
  }

  private mutating func tellFault(_ fault: WorldFault) {
    guard timeline != nil else { return }
    let text = "\(fault.kind.rawValue.uppercased()): \(account(of: fault))"
    tell(fault.process.map { Actor.process($0) } ?? .world, text, isFault: true)
  }

  /// Ends what is over, and lets go on what it held back.
  mutating func heal() {
    for one in impairments.end(at: now) {
      healedCount += 1
      if one.kind == .exhausted, let pool = one.pool { wakeWaiters(of: pool) }
      guard timeline != nil else { continue }
      tell(one.process.map { Actor.process($0) } ?? .world, "\(one.kind.rawValue) is over")
    }
  }

  private mutating func wakeWaiters(of pool: String) {
    for waiter in waiters where waiter.pool == pool && processes[waiter.process].isRunning {
      processes[waiter.process].controllers[waiter.controller].queue.add(waiter.key)
    }
    waiters.removeAll { $0.pool == pool }
  }

  // MARK: Informers

  private mutating func disturbInformer(_ fault: WorldFault) {
    guard let process = fault.process, let type = fault.type,
      let index = processes[process].informers.firstIndex(where: { $0.type.index == type.index })
    else { return }
    tellFault(fault)
    switch fault.kind {
    case .coalesce: coalesce(process, index)
    case .timeTravel:
      let cache = processes[process].informers[index].cache
      let from = cache.isSynced ? cache.revision : server.store.revision
      guard let past = pastRevisions(type, before: from).first(where: { $0.back == fault.number }),
        let objects = server.store.objects(type, at: past.revision)
      else { return }
      let events = processes[process].informers[index].cache.replace(
        with: objects, revision: past.revision)
      mixTrace(past.revision)
      for event in events { queueKeys(of: event, type, process) }
    default:
      var events = processes[process].informers[index].cache.replace(
        with: server.store.objects(type), revision: server.store.revision)
      mixTrace(server.store.revision)
      if fault.number == 1 {
        events.reverse()
      } else {
        var random = SplitMix64(state: UInt64(fault.number ?? 0))
        for place in events.indices.dropFirst() {
          events.swapAt(place, random.next(below: place + 1))
        }
      }
      for event in events { queueKeys(of: event, type, process) }
    }
  }

  /// Hands all that a watch has to tell over at once, one change an object.
  private mutating func coalesce(_ process: Int, _ index: Int) {
    let type = processes[process].informers[index].type
    let revision = processes[process].informers[index].cache.revision
    var order: [ObjectKey] = []
    var first: [ObjectKey: APIObject] = [:]
    var last: [ObjectKey: InformerEvent] = [:]
    for event in server.store.events(type, after: revision) {
      let key = event.object.key
      if last[key] == nil {
        order.append(key)
        first[key] = processes[process].informers[index].cache.object(key)
      }
      last[key] = processes[process].informers[index].cache.apply(event.watchEvent)
      mixTrace(event.object.contentHash)
    }
    for key in order {
      guard let end = last[key] else { continue }
      // What came and went in between never was.
      if first[key] == nil, end.new == nil { continue }
      queueKeys(
        of: InformerEvent(
          old: end.new == nil ? end.old : first[key], new: end.new,
          isTombstone: end.isTombstone), type, process)
    }
  }

  /// Lets an informer list again whose watch was lost; whether it did.
  mutating func relistIfLost(_ process: Int, _ index: Int) -> Bool {
    let type = processes[process].informers[index].type
    guard impairments.mustRelist(type, process) else { return false }
    impairments.takeRelist(type, process)
    let events = processes[process].informers[index].cache.replace(
      with: server.store.objects(type), revision: server.store.revision)
    mixTrace(server.store.revision)
    tell(.informer(process), "has lost its watch, and lists \(type.plural): \(events.count)")
    for event in events { queueKeys(of: event, type, process) }
    return true
  }
}

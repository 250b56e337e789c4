import APIStore
import APIAllocation
import APIMachinery
import APIServer
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars

extension World {
  /// Carries an effect out and says what comes back.
  mutating func carryOut(
    _ effect: Effect, _ process: Int, _ controller: Int, _ worker: Int
  ) -> Reply {
    switch effect {
    case .cachedGet(let type, let key):
      let informer = informer(of: type, process)
      return .cached(processes[process].informers[informer].cache.object(key))
    case .cachedList(let type, let namespace):
      let informer = informer(of: type, process)
      let objects = processes[process].informers[informer].cache.objects
      return .cachedList(objects.objects(in: namespace))
    case .cachedObject(let uid):
      return .cached(ownerGraph(process).object(uid))
    case .cachedDependents(let uid):
      return .cachedList(ownerGraph(process).dependents(of: uid))
    case .discover(.everything):
      return .discovered(.success(server.registry.served))
    case .discover(.kind(let apiVersion, let kind)):
      let type = server.registry.type(apiVersion: apiVersion, kind: kind)
      return .discovered(.success(type.map { [$0] } ?? []))
    case .api(let request):
      return .api(send(request, by: actorName(process, controller, worker)))
    case .allocator(let call):
      return .allocator(perform(call, process, controller, worker))
    case .sleep: return .done
    case .random, .event, .readMemory, .writeMemory, .clock:
      preconditionFailure("\(effect.operation) is answered by the process")
    }
  }

  /// The process's informer of a kind; a kind that no controller watches gets one when it is first read.
  private mutating func informer(of type: ResourceType, _ process: Int) -> Int {
    for index in processes[process].informers.indices
    where processes[process].informers[index].type.index == type.index {
      return index
    }
    var informer = InformerState(type: type, lag: processes[process].plan.lag(of: type))
    _ = informer.cache.replace(
      with: server.store.objects(type), revision: server.store.revision)
    processes[process].informers.append(informer)
    return processes[process].informers.count - 1
  }

  /// Who owns whom, once all caches have been filled.
  private mutating func ownerGraph(_ process: Int) -> OwnerGraph {
    for informer in processes[process].informers.indices
    where !processes[process].informers[informer].cache.isSynced {
      deliver(process, informer)
    }
    guard let graph = processes[process].graph else {
      preconditionFailure("a controller that asks for owners watches every kind")
    }
    return graph
  }

  /// Sends a request to the server, and lets the oracles see what became of it.
  mutating func send(
    _ request: APIRequest, by actor: String
  ) -> Result<APIResponse, StatusError> {
    if let refusal = refusal(of: request) { return .failure(refusal) }
    if impairments.isActive, let refusal = spaceRefusal(of: request, by: actor) {
      return .failure(refusal)
    }
    return observing(request.type, by: actor) { world in
      do throws(StatusError) {
        return .success(try world.server.handle(request, at: world.now))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Lets the oracles see what the server writes of a kind, also where it failed in the middle of a deletion of many.
  mutating func observing(
    _ type: ResourceType, by actor: String,
    _ work: (inout World) -> Result<APIResponse, StatusError>
  ) -> Result<APIResponse, StatusError> {
    let before = server.store.revision
    let result = work(&self)
    guard server.store.revision > before else { return result }
    for process in processes.indices where processes[process].graph != nil {
      processes[process].follow(type, after: before)
    }
    // A lease that is renewed for ever is no change that anybody waits for (semantics 6.5).
    let progress = lastProgress
    noteWrites(of: type, after: before, by: actor)
    if plan.limitsHistory { trimHistory(of: type) }
    if type.kind == "Lease", type.definition.group == "coordination.k8s.io" {
      eventWrites &+= server.store.revision &- before
      lastProgress = progress
    }
    return result
  }

  private mutating func noteWrites(
    of type: ResourceType, after revision: UInt64, by actor: String
  ) {
    var seen = revision
    while let event = server.store.nextEvent(type, after: seen) {
      seen = event.revision
      followPools(event)
      judge(event, by: actor)
      noteWrite(event.object, isRemoval: event.kind == .deleted, by: actor)
    }
  }

  /// Carries out a call to an allocator, on the process's own books or on those that outlive it.
  private mutating func perform(
    _ call: AllocatorCall, _ process: Int, _ controller: Int, _ worker: Int
  ) -> Result<[Grant], AllocationError> {
    let answer: BookAnswer
    // Of few controllers there is one, and a process is copied to be asked.
    let pass =
      processes[process].controllers[controller].isGated
      ? processes[process].pass(of: controller) : nil
    let token = pass.flatMap { $0.isFencing ? $0.token : nil }
    if impairments.isActive, let refusal = exhaustion(of: call, process, as: token) {
      answer = BookAnswer(.failure(refusal))
    } else if let index = processes[process].books.index(ofPool: call.pool) {
      answer = processes[process].books[index].perform(call, as: token)
    } else if let index = books.index(ofPool: call.pool) {
      answer = books[index].perform(call, as: token)
    } else {
      answer = BookAnswer(.failure(.unknownPool(call.pool)))
    }
    if let pass, case .success = answer.result, call.isWrite,
      books.index(ofPool: call.pool) != nil
    {
      judgeFencing(call, pass.token, by: actorName(process, controller, worker))
    }
    if answer.changesNothing { return answer.result }
    let request = processes[process].controllers[controller].workers[worker].request
    for (grant, _) in answer.opened {
      guard let request else { break }
      grantStories.updateValue(
        GrantStory(step: step, process: process, request: request),
        forKey: GrantStory.Name(grant))
    }
    if isJudged(.order), let request {
      for (grant, holder) in answer.opened {
        judgeOrder(of: grant, holder: holder, for: request, process, controller)
      }
    }
    note(answer, by: actorName(process, controller, worker), for: request)
    if case .failure(.exhausted) = answer.result, let key = request {
      let waiter = Waiter(pool: call.pool, process: process, controller: controller, key: key)
      if !waiters.contains(waiter) { waiters.append(waiter) }
    }
    return answer.result
  }

  /// Enters what a call did in the ledger, and lets the oracles see it.
  mutating func note(_ answer: BookAnswer, by actor: String, for request: ObjectKey?) {
    for (grant, holder) in answer.opened { noteOpened(grant, holder: holder, by: actor) }
    for grant in answer.closing {
      ledger.noteClosing(grant, by: actor, at: now)
      if let violation = judgeClosing(grant, by: actor, for: request) { report(violation) }
    }
    let event: Ledger.Event = answer.wasBlind ? .freedBlindly : .closed
    noteClosed(answer.closed, event, by: actor, for: request)
  }

  private mutating func noteOpened(_ grant: Grant, holder: String, by actor: String) {
    lastProgress = now
    let others = ledger.noteOpened(grant, holder: holder, by: actor, at: now)
    if let violation = judgeOpened(grant, holder: holder, others) { report(violation) }
  }

  private mutating func noteClosed(
    _ grants: [Grant], _ event: Ledger.Event, by actor: String, for request: ObjectKey?
  ) {
    guard !grants.isEmpty else { return }
    lastProgress = now
    for grant in grants {
      ledger.noteClosed(grant, event, by: actor, at: now)
      if let violation = judgeClosed(grant, by: actor, for: request) { report(violation) }
    }
    wakeWaiters(for: grants, by: actor, for: request)
  }
}

extension World {
  /// Wakes those who were told that a pool has nothing left.
  ///
  /// But not whoever gives it back: who takes part of what it needs and lets go of it where the rest is not to be had
  /// would wake itself for ever, and knows of it anyway.
  private mutating func wakeWaiters(
    for grants: [Grant], by actor: String, for request: ObjectKey?
  ) {
    guard !waiters.isEmpty else { return }
    let pools = grants.map(\.pool)
    var left: [Waiter] = []
    for waiter in waiters {
      guard pools.contains(waiter.pool), !isActor(waiter, actor, request) else {
        left.append(waiter)
        continue
      }
      guard processes[waiter.process].isRunning else { continue }
      processes[waiter.process].controllers[waiter.controller].queue.add(waiter.key)
    }
    waiters = left
  }

  private func isActor(_ waiter: Waiter, _ actor: String, _ request: ObjectKey?) -> Bool {
    waiter.key == request && processes[waiter.process].isRunning
      && processes[waiter.process].controllers[waiter.controller].actors.contains(actor)
  }
}

extension [PoolBook] {
  /// Where the books of a pool are.
  ///
  /// By index, since a predicate would be handed a copy of the books, which counts references to all their parts.
  func index(ofPool name: String) -> Int? {
    for index in indices where self[index].name == name { return index }
    return nil
  }
}

extension Effect {
  /// What comes back when the effect was not carried out.
  var refusal: Reply {
    switch self {
    case .api(let request):
      .api(.failure(Self.unavailable(request.type, request.key?.name)))
    case .discover: .discovered(.failure(Self.unavailable()))
    case .allocator: .allocator(.failure(.unavailable))
    default: .done
    }
  }

  private static func unavailable(
    _ type: ResourceType? = nil, _ name: String? = nil
  ) -> StatusError {
    StatusError(
      .serviceUnavailable, "the server is currently unable to handle the request", type: type,
      name: name)
  }

  /// What comes back when another write came first.
  var forcedConflict: Reply {
    guard case .api(let request) = self else { return .done }
    return .api(
      .failure(
        .conflict(request.type, request.key?.name ?? "", StatusError.modifiedDetail)))
  }

  /// What comes back when the effect was carried out and the reply was lost.
  var lostReply: Reply {
    switch self {
    case .api(let request):
      .api(
        .failure(
          StatusError(
            .timeout, "the request timed out; it may have been carried out", type: request.type,
            name: request.key?.name)))
    case .allocator: .allocator(.failure(.timeout))
    default: .done
    }
  }
}

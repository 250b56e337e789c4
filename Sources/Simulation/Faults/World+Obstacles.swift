import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars

/// Effects in a world in which something is wrong.
extension World {
  /// How long a client waits for an answer that does not come.
  static let clientTimeout = GoDuration.seconds(10)

  /// Hands a reply over that was on its way, or lets the effect meet what stands in its way.
  ///
  /// - Returns: whether that is all that becomes of the effect now.
  mutating func meetsObstacle(
    _ effect: Effect, _ process: Int, _ controller: Int, _ worker: Int
  ) -> Bool {
    if let held = impairments.takeReply(process, controller, worker) {
      tell(
        .worker(process, controller, worker),
        "has the reply to \(effect.operation) \(effect.subject) at last")
      mixTrace(held.reply.stableHash)
      resume(process, controller, worker, effect, with: held.reply)
      return true
    }
    guard let obstacle = impairments.obstacle(to: effect, process) else { return false }
    if case .allocator(let call) = effect, books.index(ofPool: call.pool) == nil { return false }
    guard obstacle == .partitionReplies else {
      tell(
        .worker(process, controller, worker),
        "\(effect.operation) \(effect.subject): does not get through", isFault: true)
      hold(
        effect.refusal, to: effect, isApplied: false, for: Self.clientTimeout, process, controller,
        worker)
      return true
    }
    let reply = carryOut(effect, process, controller, worker)
    tell(
      .worker(process, controller, worker),
      "\(effect.operation) \(effect.subject): carried out, and the reply does not get through",
      isFault: true)
    hold(
      effect.isWrite ? effect.lostReply : effect.refusal, to: effect, isApplied: true,
      for: Self.clientTimeout, process, controller, worker)
    mixTrace(reply.stableHash)
    return true
  }

  /// What a pool says that has nothing left for a while; nil where the call wants nothing new of it.
  ///
  /// Who asks again for what it has been given gets it: that takes nothing out of the pool.
  func exhaustion(
    of call: AllocatorCall, _ process: Int, as token: FencingToken?
  ) -> AllocationError? {
    guard impairments.has(.exhausted, pool: call.pool) else { return nil }
    let wanted: Int
    switch call {
    case .ensure(let request), .takeRaw(let request): wanted = request.count
    default: return nil
    }
    var trial = allBooks.first { $0.name == call.pool }
    if let index = processes[process].books.index(ofPool: call.pool) {
      trial = processes[process].books[index]
    }
    guard let answer = trial?.perform(call, as: token), !answer.opened.isEmpty else { return nil }
    return .exhausted(pool: call.pool, wanted: wanted, free: 0)
  }

  /// Lets a worker wait for a reply.
  mutating func hold(
    _ reply: Reply, to effect: Effect, isApplied: Bool, for delay: GoDuration, _ process: Int,
    _ controller: Int, _ worker: Int
  ) {
    processes[process].controllers[controller].workers[worker].pending = effect
    processes[process].controllers[controller].workers[worker].wakesAt = now + delay
    impairments.hold(
      Impairments.HeldReply(
        process: process, controller: controller, worker: worker, reply: reply,
        isApplied: isApplied))
  }

  /// What comes back from an effect that a fault hits, where that is neither a crash nor the plain answer.
  ///
  /// - Returns: nil where the worker waits on.
  mutating func reply(
    to effect: Effect, _ outcome: Decision.Outcome, _ answer: Reply?, _ process: Int,
    _ controller: Int, _ worker: Int
  ) -> Reply? {
    switch outcome {
    case .slowReply:
      guard let answer else { return nil }
      mixTrace(answer.stableHash)
      hold(
        answer, to: effect, isApplied: true, for: plan.faults.duration(of: .slowReply), process,
        controller, worker)
      return nil
    case .sentTwice: return carryOut(effect, process, controller, worker)
    case .lateSuccess:
      let late = Impairments.LateEffect(
        effect: effect, actor: actorName(process, controller, worker), process: process,
        request: processes[process].controllers[controller].workers[worker].request,
        token: processes[process].pass(of: controller).flatMap { $0.isFencing ? $0.token : nil },
        due: now + plan.faults.duration(of: .lateSuccess))
      impairments.send(late)
      return effect.lostReply
    case .exhausted:
      guard case .allocator(let call) = effect else { return effect.refusal }
      if !impairments.has(.exhausted, pool: call.pool) {
        let lasting = Impairments.Lasting(
          kind: .exhausted, pool: call.pool,
          ends: end(after: plan.faults.duration(of: .exhausted)))
        impairments.add(lasting)
      }
      if let key = processes[process].controllers[controller].workers[worker].request {
        let waiter = Waiter(pool: call.pool, process: process, controller: controller, key: key)
        if !waiters.contains(waiter) { waiters.append(waiter) }
      }
      return effect.exhaustedReply
    default: return effect.reply(to: outcome, retryAfter: plan.faults.duration(of: .throttled))
    }
  }

  // MARK: What arrives late

  /// Whether a late effect can arrive now.
  func canArrive(_ index: Int) -> Bool {
    guard impairments.late.indices.contains(index) else { return false }
    guard impairments.late[index].waitsForRemoval else { return true }
    guard case .api(let request) = impairments.late[index].effect, let key = request.key else {
      return false
    }
    return server.store.object(request.type, key) == nil
  }

  /// The late effect whose time it is.
  var arrival: Int? {
    impairments.late.indices.first { index in
      (impairments.late[index].waitsForRemoval || impairments.late[index].due <= now)
        && canArrive(index)
    }
  }

  /// The name of an arrival, for schedules.
  func arrivalName(_ index: Int) -> String {
    let late = impairments.late[index]
    let request = late.request.map { " for \($0.path)" } ?? " \(late.effect.subject)"
    return "late \(late.actor) \(late.effect.operation)\(request)"
  }

  /// Carries out what its sender has given up.
  mutating func arrive(_ index: Int) {
    let late = impairments.takeLate(index)
    mixTrace(late.effect.stableHash)
    switch late.effect {
    case .api(let request):
      let result = send(request, by: late.actor)
      mixTrace(Reply.api(result).stableHash)
      tell(.world, "\(Self.account(of: late)): \(Self.word(result))", isFault: true)
    case .allocator(let call):
      guard let book = books.index(ofPool: call.pool) else { return }
      let answer = books[book].perform(call, as: late.token)
      mixTrace(Reply.allocator(answer.result).stableHash)
      tell(.world, Self.account(of: late), isFault: true)
      guard !answer.changesNothing else { return }
      if let process = late.process, let request = late.request {
        for (grant, _) in answer.opened {
          grantStories.updateValue(
            GrantStory(step: step, process: process, request: request),
            forKey: GrantStory.Name(grant))
        }
      }
      note(answer, by: late.actor, for: late.request)
    default: break
    }
  }

  private static func account(of late: Impairments.LateEffect) -> String {
    "\(late.actor)'s \(late.effect.operation) \(late.effect.subject) ARRIVES LATE"
  }

  private static func word(_ result: Result<APIResponse, StatusError>) -> String {
    switch result {
    case .success: "carried out"
    case .failure(let error): error.reason.rawValue
    }
  }

  // MARK: At the server's door

  /// Why the server takes no write of a controller now; nil where it does.
  func spaceRefusal(of request: APIRequest, by actor: String) -> StatusError? {
    guard actor != "user", impairments.has(.noSpace), request.isWrite else { return nil }
    if case .delete = request {
      var trial = server
      if case .removed? = try? trial.handle(request, at: now) { return nil }
    }
    return StatusError(.internalError, "etcdserver: mvcc: database space exceeded")
  }
}

extension Effect {
  /// What the fault answers in the place of whoever would have carried the effect out.
  fileprivate func reply(to outcome: Decision.Outcome, retryAfter: GoDuration) -> Reply {
    switch outcome {
    case .throttled:
      return failure(
        .tooManyRequests,
        "the server has received too many requests and has asked us to try again later",
        retryAfterSeconds: Int(max(1, retryAfter.wholeSeconds)))
    case .serverError:
      return failure(
        .internalError, "an error on the server has prevented the request from succeeding")
    case .rejected:
      return failure(
        .badRequest, "admission webhook \"policy.drydock.dev\" denied the request: not now")
    case .webhookTimeout:
      return failure(
        .internalError,
        "Internal error occurred: failed calling webhook \"policy.drydock.dev\": "
          + "context deadline exceeded")
    case .quota:
      guard case .api(let request) = self else { return .done }
      return .api(
        .failure(.forbidden(request.type, request.key?.name ?? "", "exceeded quota: objects")))
    case .notFound:
      guard case .allocator(let call) = self else { return .done }
      switch call {
      case .release(_, let item, _, _), .freeRaw(_, let item):
        return .allocator(.failure(.unknownItem(item)))
      default: return .allocator(.success([]))
      }
    default: return .done
    }
  }

  private func failure(
    _ reason: StatusError.Reason, _ message: String, retryAfterSeconds: Int? = nil
  ) -> Reply {
    switch self {
    case .api(let request):
      .api(
        .failure(
          StatusError(
            reason, message, type: request.type, name: request.key?.name,
            retryAfterSeconds: retryAfterSeconds)))
    case .discover:
      .discovered(
        .failure(StatusError(reason, message, retryAfterSeconds: retryAfterSeconds)))
    default: .done
    }
  }

  fileprivate var exhaustedReply: Reply {
    switch self {
    case .allocator(.ensure(let request)), .allocator(.takeRaw(let request)):
      .allocator(
        .failure(.exhausted(pool: request.pool, wanted: request.count, free: 0)))
    default: .done
    }
  }

  /// Whether the outcome makes sense for the effect, apart from where it is carried out; nil where others know.
  func admits(_ outcome: Decision.Outcome) -> Bool? {
    switch outcome {
    case .throttled, .serverError:
      switch self {
      case .api, .discover: return true
      default: return false
      }
    case .rejected, .webhookTimeout:
      switch self {
      case .api(.create), .api(.update(_, nil, _)),
        .api(.patch(_, _, _, nil, _)):
        return true
      default: return false
      }
    case .quota:
      if case .api(.create) = self { return true }
      return false
    case .exhausted:
      switch self {
      case .allocator(.ensure), .allocator(.takeRaw): return true
      default: return false
      }
    case .notFound:
      switch self {
      case .allocator(.held), .allocator(.outstanding), .allocator(.release), .allocator(.freeRaw):
        return true
      default: return false
      }
    default: return nil
    }
  }
}

import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// What is judged by what a worker has read in its reconcile: O11, O12, O13 and O17.
extension World {
  /// A worker takes a key, and has read nothing yet.
  mutating func beginThread(_ process: Int, _ controller: Int, _ worker: Int, _ key: ObjectKey) {
    judges.threads[Self.thread(process, controller, worker)] = ReconcileThread()
    guard judges.isTelling else { return }
    judges.turns.append(
      Judges.TurnNote(
        step: step, time: now, actor: actorName(process, controller, worker), key: key))
  }

  private static func thread(_ process: Int, _ controller: Int, _ worker: Int) -> Int {
    process << 32 | controller << 16 | worker
  }

  /// Before an effect is carried out: what the worker believes of the object that it writes.
  mutating func judgeIntent(
    _ effect: Effect, _ process: Int, _ controller: Int, _ worker: Int, isApplied: Bool
  ) {
    guard effect.isWrite,
      let request = processes[process].controllers[controller].workers[worker].request
    else { return }
    let place = Self.thread(process, controller, worker)
    let thread = judges.threads[place] ?? ReconcileThread()
    let actor = actorName(process, controller, worker)
    if judges.isTelling { noteBelief(effect, request, thread, actor, isApplied, process) }
    guard isApplied else { return }
    if case .api(let write) = effect {
      if resyncedAt == changes, isJudged(.idempotence), write.type.kind != "Lease" {
        judges.writesAtRest.append(
          Judges.WriteAtRest(actor: actor, operation: effect.operation, request: request))
      }
      judgeIncarnation(write, thread, actor)
      judgeContract(write, thread, actor)
      if let key = thread.backwards, isJudged(.session) {
        report(
          found(
            .session, "\(write.type.kind), \(Violation.controller(of: actor))",
            "\(actor) reads \(key) older than its process had read it before, and goes on to "
              + "\(effect.operation) \(effect.subject)."))
      }
    }
    if case .allocator(.freeRaw(let pool, let item)) = effect {
      judgeIncarnation(freeing: item, of: pool, request, thread, actor)
    }
  }

  /// O11: a write that destroys does not hit another object than the one that was read.
  private mutating func judgeIncarnation(
    _ write: APIRequest, _ thread: ReconcileThread, _ actor: String
  ) {
    guard isJudged(.wrongIncarnation), let key = write.key,
      let present = server.store.object(write.type, key),
      let read = thread.read(write.type, key)?.object
    else { return }
    judges.busy.insert(.wrongIncarnation)
    guard read.uid != present.uid, destroys(write, present) else { return }
    report(
      found(
        .wrongIncarnation, "\(write.type.kind), \(Violation.controller(of: actor))",
        "\(actor) has read \(write.type.kind) \(key) as \(read.uid) and sends \(write.verb), which "
          + "hits another object of the same name, \(present.uid)."))
  }

  private func destroys(_ write: APIRequest, _ present: APIObject) -> Bool {
    switch write {
    case .delete(_, _, let options):
      guard !options.isDryRun else { return false }
      if let uid = options.preconditions.uid, uid != present.uid { return false }
      if let revision = options.preconditions.resourceVersion {
        return revision == present.resourceVersion
      }
      return true
    case .patch:
      guard present.hasFinalizers else { return false }
      var trial = server
      guard let after = try? trial.handle(write, at: now).object else { return false }
      return after.finalizers.count < present.finalizers.count
    case .update(let object, _, _):
      return object.resourceVersion == 0 && object.finalizers.count < present.finalizers.count
    default: return false
    }
  }

  private mutating func judgeIncarnation(
    freeing item: String, of pool: String, _ request: ObjectKey, _ thread: ReconcileThread,
    _ actor: String
  ) {
    guard isJudged(.wrongIncarnation) else { return }
    for open in ledger.openGrants(pool: pool, item: item) {
      for read in thread.reads where read.key == request {
        guard let seen = read.object, seen.uid != open.grant.owner,
          let present = server.store.object(read.type, request), present.uid == open.grant.owner
        else { continue }
        report(
          found(
            .wrongIncarnation, "\(read.type.kind), \(Violation.controller(of: actor))",
            "\(actor) has read \(read.type.kind) \(request) as \(seen.uid) and frees \(item) of pool "
              + "\(pool), which is granted to another object of the same name, \(present.uid).",
            .prematureRelease))
      }
    }
  }

  /// O17: what the server drops without a word, or overwrites without a look.
  private mutating func judgeContract(
    _ write: APIRequest, _ thread: ReconcileThread, _ actor: String
  ) {
    guard isJudged(.apiContract), case .update(let object, let part, _) = write else { return }
    judges.busy.insert(.apiContract)
    let subject = "\(object.type.kind), \(Violation.controller(of: actor))"
    let read = thread.read(object.type, object.key)?.object
    if part == nil, object.type.definition.hasStatus, let read,
      object.body[Fields.status] != read.body[Fields.status]
    {
      report(
        found(
          .apiContract, subject,
          "\(actor) changes the status of \(object.type.kind) \(object.key) by an update of the "
            + "object, which the server drops; status is a resource of its own."))
    }
    if object.resourceVersion == 0, read != nil {
      report(
        found(
          .apiContract, subject,
          "\(actor) updates \(object.type.kind) \(object.key) after a read without its resource "
            + "version: whatever was written in between is lost."))
    }
  }

  /// After an effect has been answered: what the worker knows now.
  mutating func noteReply(
    _ effect: Effect, _ reply: Reply, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    let place = Self.thread(process, controller, worker)
    switch (effect, reply) {
    case (.cachedGet(let type, let key), .cached(let object)):
      note(type, key, object, isCached: true, process, place)
    case (.cachedList, .cachedList(let objects)), (.cachedDependents, .cachedList(let objects)):
      for object in objects {
        note(object.type, object.key, object, isCached: true, process, place)
      }
    case (.api(.get(let type, let key, _)), .api(let result)):
      note(type, key, try? result.get().object, isCached: false, process, place)
    case (.api(let request), .api(.success(let response))):
      if case .list(let list) = response {
        for object in list.objects {
          note(object.type, object.key, object, isCached: false, process, place)
        }
      } else if let object = response.object, request.isWrite {
        note(object.type, object.key, object, isCached: false, process, place)
      }
      judges.threads[place]?.conflict = nil
    case (.api(let request), .api(.failure(let error))):
      judges.threads[place]?.conflict =
        error.reason == .conflict && request.isWrite ? request.key : nil
    default: break
    }
  }

  private mutating func note(
    _ type: ResourceType, _ key: ObjectKey, _ object: APIObject?, isCached: Bool, _ process: Int,
    _ place: Int
  ) {
    judges.threads[place, default: ReconcileThread()].note(
      ReconcileThread.Read(type: type, key: key, object: object, isCached: isCached, step: step))
    guard isJudged(.session), let object else { return }
    judges.busy.insert(.session)
    let session = Judges.SessionPlace(process: process, type: type.index, key: key)
    let latest = judges.sessions[session] ?? 0
    if object.resourceVersion < latest {
      judges.threads[place]?.backwards = key
    } else {
      judges.sessions[session] = object.resourceVersion
    }
  }

  /// A reconcile is over: O6 and O17.
  mutating func endThread(
    _ result: Result<ReconcileResult, any Error>, _ process: Int, _ controller: Int, _ worker: Int,
    _ key: ObjectKey
  ) {
    let actor = actorName(process, controller, worker)
    let name = Violation.controller(of: actor)
    if case .success(.done) = result, isJudged(.apiContract),
      let conflict = judges.threads[Self.thread(process, controller, worker)]?.conflict
    {
      report(
        found(
          .apiContract, name,
          "\(actor) is told of a conflict on \(conflict) and ends as if it had written."))
    }
    guard isJudged(.boundedError) else { return }
    let place = Judges.FailurePlace(process: process, controller: controller, key: key)
    guard case .failure(let error) = result else {
      judges.failures[place] = nil
      return
    }
    judges.busy.insert(.boundedError)
    let text = "\(error)"
    var failure = judges.failures[place] ?? Judges.Failure(error: text, count: 0)
    if failure.error != text { failure = Judges.Failure(error: text, count: 0) }
    failure.count += 1
    judges.failures[place] = failure
    guard failure.count > plan.oracles.failuresMax else { return }
    report(
      found(
        .boundedError, name,
        "\(actor) has failed on \(key) \(failure.count) times in a row with the same error: "
          + "\(text)."))
  }

  /// O13, at rest: nobody has written when all was told once more.
  mutating func judgeIdempotence() {
    guard isJudged(.idempotence) else { return }
    judges.busy.insert(.idempotence)
    guard let write = judges.writesAtRest.first else { return }
    report(
      found(
        .idempotence, Violation.controller(of: write.actor),
        "\(write.actor) sends \(write.operation) for \(write.request) though nothing has changed "
          + "since its last reconcile of it."))
  }
}

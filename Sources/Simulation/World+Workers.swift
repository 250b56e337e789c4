import PersistentCollections
import APIMachinery
import APIServer
import Allocation
import ControllerRuntime
import Scalars

extension World {
  /// A worker takes a key and runs to its first effect.
  mutating func start(_ process: Int, _ controller: Int, _ worker: Int) {
    guard let key = processes[process].controllers[controller].take(for: worker) else { return }
    mixTrace(key)
    tell(.worker(process, controller, worker), "reconciles \(key)")
    if judges.isWatching { beginThread(process, controller, worker, key) }
    switch processes[process].controllers[controller].controller.program {
    case .reconciler(let reconciler):
      var locals = processes[process].locals
      locals.now = processes[process].clock(now)
      let live = LiveReconcile(executor: executor, locals: locals)
      processes[process].controllers[controller].workers[worker].startLocals = locals
      processes[process].controllers[controller].workers[worker].engine = .live(LiveHold(live))
      let next = live.start(reconciler, key)
      takeOver(from: live, process, controller, worker)
      settle(next, process, controller, worker)
    case .steps(let make):
      run(
        processes[process].controllers[controller].workers[worker].begin(key, make), process,
        controller, worker)
    }
  }

  /// What becomes of the effect that a worker waits with.
  mutating func proceed(
    _ process: Int, _ controller: Int, _ worker: Int, _ outcome: Decision.Outcome
  ) {
    // Not the whole state: a copy would share the machine, which then could not be changed where it lies.
    guard
      let effect = processes[process].controllers[controller].workers[worker].takePending()
    else { return }
    mixTrace(effect.stableHash)
    if impairments.isActive, outcome == .normal,
      meetsObstacle(effect, process, controller, worker)
    {
      return
    }
    if judges.isWatching {
      judgeIntent(effect, process, controller, worker, isApplied: outcome.isApplied)
    }
    if outcome == .normal, !startsRemoval(effect) {
      let reply = carryOut(effect, process, controller, worker)
      tellEffect(effect, reply, outcome, process, controller, worker)
      mixTrace(reply.stableHash)
      return resume(process, controller, worker, effect, with: reply)
    }
    if outcome != .normal,
      let request = processes[process].controllers[controller].workers[worker].request
    {
      faults.append(
        FaultNote(
          step: step, process: process, kind: .outcome(outcome, of: effect.operation, request)))
    }
    var reply: Reply?
    if outcome.isApplied, case .api(let write) = effect, let removal = pendingRemoval(write) {
      let life = processes[process].incarnation
      hold(
        removal, by: actorName(process, controller, worker),
        for: outcome != .normal
          ? nil
          : RemovalInFlight.Waiter(
            process: process, controller: controller, worker: worker, incarnation: life,
            effect: effect))
    } else if outcome.isApplied {
      reply = carryOut(effect, process, controller, worker)
    }
    tellEffect(effect, reply, outcome, process, controller, worker)
    switch outcome {
    case .normal: break
    case .refused: reply = effect.refusal
    case .conflict: reply = effect.forcedConflict
    case .lostReply: reply = effect.lostReply
    case .crashBefore: return crash(process, because: "before it sends \(effect.operation)")
    case .crashAfter:
      return crash(process, because: "before it has the reply to \(effect.operation)")
    default: reply = self.reply(to: effect, outcome, reply, process, controller, worker)
    }
    guard let reply else { return }
    mixTrace(reply.stableHash)
    resume(process, controller, worker, effect, with: reply)
  }

  /// Whether the effect may begin a deletion that others can come in between.
  func startsRemoval(_ effect: Effect) -> Bool {
    guard server.settings.deleteFinalizerRace == .legacy, case .api(.delete) = effect else {
      return false
    }
    return true
  }

  mutating func resume(
    _ process: Int, _ controller: Int, _ worker: Int, _ effect: Effect, with reply: Reply
  ) {
    if judges.isWatching { noteReply(effect, reply, process, controller, worker) }
    guard case .live(let held) = processes[process].controllers[controller].workers[worker].engine
    else { return runSteps(reply, process, controller, worker) }
    guard let live = restored(held, at: effect, process, controller, worker) else { return }
    let locals = processes[process].locals
    live.take(
      locals, at: processes[process].clock(now),
      &processes[process].controllers[controller].workers[worker].log)
    let next = live.resume(with: reply)
    takeOver(from: live, process, controller, worker)
    settle(next, process, controller, worker)
  }

  /// The task of a worker; made again from the log where a copy of this world has taken it further.
  private mutating func restored(
    _ held: LiveHold, at effect: Effect, _ process: Int, _ controller: Int, _ worker: Int
  ) -> LiveReconcile? {
    let position = processes[process].controllers[controller].workers[worker].log.count
    if held.reconcile.position == position { return held.reconcile }
    let state = processes[process].controllers[controller].workers[worker]
    guard
      case .reconciler(let reconciler) = processes[process].controllers[controller].controller
        .program,
      let request = state.request, let locals = state.startLocals
    else { return nil }
    let live = LiveReconcile(executor: executor, locals: locals)
    processes[process].controllers[controller].workers[worker].engine = .live(LiveHold(live))
    switch live.start(reconciler, request, replaying: state.log) {
    case .waiting(let asked) where asked.stableHash == effect.stableHash: return live
    case .waiting, .finished: report(live.divergence(), process, controller, worker)
    case .escaped(let escape): report(escape, process, controller, worker)
    }
    return nil
  }

  /// Runs a reconcile that has ended once more over its replies; nil when it does the same again.
  private func divergence(
    of result: Result<ReconcileResult, any Error>, _ process: Int, _ controller: Int, _ worker: Int
  ) -> EscapedReconcile? {
    guard plan.checksRepetition else { return nil }
    let state = processes[process].controllers[controller].workers[worker]
    guard
      case .reconciler(let reconciler) = processes[process].controllers[controller].controller
        .program,
      let request = state.request, let locals = state.startLocals
    else { return nil }
    let live = LiveReconcile(executor: executor, locals: locals)
    let hold = LiveHold(live)
    defer { withExtendedLifetime(hold) {} }
    switch live.start(reconciler, request, replaying: state.log) {
    case .finished(let again):
      switch (result, again) {
      case (.success(let first), .success(let second)) where first == second: return nil
      case (.failure, .failure): return nil
      default: return live.divergence()
      }
    case .waiting: return live.divergence()
    case .escaped(let escape): return escape
    }
  }

  private mutating func takeOver(
    from live: LiveReconcile, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    let own = live.giveBack(&processes[process].controllers[controller].workers[worker].log)
    processes[process].locals = own.locals
    for note in own.notes { hear(note, process, controller, worker) }
  }

  private mutating func settle(
    _ next: ReconcileState, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    switch next {
    case .waiting(let effect): wait(for: effect, process, controller, worker)
    case .finished(let result):
      if let escape = divergence(of: result, process, controller, worker) {
        return report(escape, process, controller, worker)
      }
      complete(result, process, controller, worker)
    case .escaped(let escape): report(escape, process, controller, worker)
    }
  }

  private mutating func runSteps(
    _ reply: Reply, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    run(next(reply, process, controller, worker), process, controller, worker)
  }

  /// Goes on with a machine from a step of it, up to where it waits or ends.
  private mutating func run(
    _ first: Step?, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    guard var step = first else { return }
    while true {
      switch step {
      case .effect(let effect):
        guard let answer = processes[process].locals.answer(effect) else {
          return wait(for: effect, process, controller, worker)
        }
        if case .event(let note) = effect { hear(note, process, controller, worker) }
        guard let further = next(answer, process, controller, worker) else { return }
        step = further
      case .finish(let result):
        return complete(.success(result), process, controller, worker)
      case .fail(let error): return complete(.failure(error), process, controller, worker)
      }
    }
  }

  /// Asked where it lies, so that the machine is changed and not copied.
  private mutating func next(
    _ reply: Reply, _ process: Int, _ controller: Int, _ worker: Int
  ) -> Step? {
    processes[process].controllers[controller].workers[worker].machine?.next(reply)
  }

  private mutating func wait(
    for effect: Effect, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    var time: Timestamp?
    if case .sleep(let duration) = effect { time = now + duration }
    processes[process].controllers[controller].workers[worker].wait(for: effect, until: time)
  }

  /// Does with the key what the result asks for (semantics 4.3), and gives the worker back.
  private mutating func complete(
    _ result: Result<ReconcileResult, any Error>, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    if judges.isWatching,
      let key = processes[process].controllers[controller].workers[worker].request
    {
      endThread(result, process, controller, worker, key)
    }
    guard let (key, wokenAt) = processes[process].controllers[controller].release(worker) else {
      return
    }
    var repeats = 0
    switch result {
    case .success(.done):
      mixTrace(1)
      return processes[process].controllers[controller].finish(key)
    case .success(.requeue(let delay)):
      mixTrace(2)
      if let wokenAt, wokenAt == changes {
        let known = processes[process].controllers[controller].quietRepeats[key]
        repeats = known?.changes == changes ? (known?.count ?? 0) + 1 : 1
      }
      processes[process].controllers[controller].queue.forget(key)
      processes[process].controllers[controller].queue.add(key, after: delay, at: now)
      tell(.worker(process, controller, worker), "asks to come back in \(delay)")
    case .success(.requeueWithBackoff):
      mixTrace(3)
      processes[process].controllers[controller].queue.addRateLimited(key, at: now)
    case .failure(let error):
      mixTrace(4)
      tell(.worker(process, controller, worker), "fails: \(error)")
      if error is ProcessExit { return crash(process, because: "by its own will") }
      judges.errors[Judges.FailurePlace(process: process, controller: controller, key: key)] = error
      if error is TerminalError {
        processes[process].controllers[controller].queue.forget(key)
      } else {
        processes[process].controllers[controller].queue.addRateLimited(key, at: now)
      }
    }
    let quiet = repeats > 0 ? QuietRepeats(count: repeats, changes: changes) : nil
    processes[process].controllers[controller].done(key, quiet)
  }

  /// Stops a process: its memory is gone, its effects in flight are not sent any more.
  mutating func crash(_ process: Int, because reason: String) {
    tell(.process(process), "CRASHES \(reason)", isFault: true)
    for book in processes[process].books {
      for grant in book.allGrants {
        ledger.noteClosed(grant, .forgotten, by: processes[process].plan.name, at: now)
      }
    }
    waiters.removeAll { $0.process == process }
    if impairments.isActive { impairments.forget(process) }
    // The queue that counted them is gone; the next process fails anew.
    if !judges.failures.isEmpty {
      judges.failures = judges.failures.filter { $0.key.process != process }
    }
    processes[process].stop(restartsAt: now + processes[process].plan.restartDelay)
  }

  private mutating func report(
    _ escape: EscapedReconcile, _ process: Int, _ controller: Int, _ worker: Int
  ) {
    let name = actorName(process, controller, worker)
    let request = processes[process].controllers[controller].workers[worker].request
    let place = request.map { "\(name) with \($0)" } ?? name
    violations.append(
      Violation(
        oracle: .escapedReconcile, sentence: "\(place): \(escape).", step: step, time: now,
        subject: Violation.controller(of: name)))
  }

  private mutating func mixTrace(_ key: ObjectKey) {
    var hash = StableHash(seed: traceHash)
    hash.combine(key.namespace)
    hash.combine(key.name)
    traceHash = hash.value
  }
}

import APIMachinery
import ControllerRuntime
import Scalars

/// An effect that has been answered, for running the reconcile again up to here.
struct RecordedEffect: Sendable, Hashable {
  /// What was asked; hashed only when somebody compares, for most reconciles are never run again.
  let effect: Effect
  let reply: Reply
  /// The time of the reply.
  let time: Timestamp

  /// Tells a re-execution that asks something else.
  var effectHash: UInt64 { effect.stableHash }

  /// Whether a re-execution that asks `other` does what was done before.
  func isReply(to other: Effect) -> Bool {
    // What is written to process memory has no stable hash.
    effectHash == other.stableHash && effect.written == other.written
  }
}

extension Effect {
  fileprivate var written: MemoryValue? {
    if case .writeMemory(_, let value) = self { return value }
    return nil
  }
}

/// What a reconcile has come to when it stops running for the moment.
enum ReconcileState {
  /// It waits for the reply to an effect.
  case waiting(Effect)
  /// It has returned or thrown.
  case finished(Result<ReconcileResult, any Error>)
  /// It has left the ways in which it can be repeated.
  case escaped(EscapedReconcile)
}

/// A reconcile that does what cannot be repeated.
public struct EscapedReconcile: Error, Sendable, Hashable, CustomStringConvertible {
  /// How it left the ways.
  public enum Reason: Error, Sendable, Hashable {
    /// It waits for something that is no effect.
    case waitsElsewhere
    /// It runs on without any effect.
    case runsAway
    /// Run again over the same replies, it asked something else.
    case asksDifferently
    /// It has more than one effect pending.
    case asksTwiceAtOnce
  }

  /// How it left the ways.
  public let reason: Reason
  /// The last effect before that.
  public let lastEffect: String

  public var description: String {
    let after = lastEffect.isEmpty ? "before its first effect" : "after \(lastEffect)"
    switch reason {
    case .waitsElsewhere:
      return "the reconcile waits for something outside its context, \(after); "
        + "use context.sleep, and no tasks or clocks of its own"
    case .runsAway:
      return "the reconcile runs on without any effect, \(after); it would never end"
    case .asksDifferently:
      return "run again over the same replies, the reconcile did something else \(after); "
        + "it depends on hidden state: keep state in context.memory"
    case .asksTwiceAtOnce:
      return "the reconcile asked for an effect while it waits for another, \(after); "
        + "a context is for one task"
    }
  }
}

/// A reconcile as a task that stands still at an effect.
///
/// It is not part of a world's state: a world keeps the recorded replies, and makes the task again from them where it
/// has none, or one that a copy of the world has taken further.
@safe final class LiveReconcile: ReconcileDriver, @unchecked Sendable {
  // Confined to the thread of its executor, like the world that holds it.

  private let executor: StepExecutor
  private var task: Task<Void, Never>?
  private var continuation: UnsafeContinuation<Reply, any Error>?
  private var pending: Effect?
  private var outcome: Result<ReconcileResult, any Error>?
  private var escape: EscapedReconcile.Reason?
  /// Whether what the reconcile does counts no more.
  private var isCrashed = false
  private var isAbandoned = false
  private var strikes = 0
  private var course: ReconcileCourse

  init(executor: StepExecutor, locals: ProcessLocals) {
    self.executor = executor
    course = ReconcileCourse(locals: locals)
  }

  var now: Timestamp { course.locals.now }

  /// How many replies the reconcile has had; -1 once it is of no use to anybody.
  var position: Int { course.position }

  /// Takes over what the process has of its own, and the log, which comes back empty, until the reconcile waits again.
  func take(
    _ locals: ProcessLocals, at now: Timestamp, _ log: inout ContiguousArray<RecordedEffect>
  ) {
    course.take(locals, at: now, &log)
  }

  /// Gives back what was taken over, and tells what the reconcile has told people since.
  func giveBack(
    _ log: inout ContiguousArray<RecordedEffect>
  ) -> (locals: ProcessLocals, notes: [EventNote]) {
    course.giveBack(&log)
  }

  // MARK: Running

  /// Starts the reconcile over recorded replies, and runs it to its next effect.
  func start(
    _ reconciler: any Reconciler, _ request: ReconcileRequest,
    replaying recorded: ContiguousArray<RecordedEffect> = []
  ) -> ReconcileState {
    executor.enter()
    course.replay = recorded
    // tidy: the one place where reconciles become tasks, on the world's own executor
    task = Task(executorPreference: executor) { [self] in
      do {
        finish(.success(try await reconciler.reconcile(request, ReconcileContext(self))))
      } catch {
        finish(.failure(error))
      }
    }
    return run()
  }

  /// Gives the reply to the pending effect, and runs to the next one.
  func resume(with reply: Reply) -> ReconcileState {
    guard let waiting = unsafe continuation, let effect = pending else {
      preconditionFailure("no effect is pending")
    }
    executor.enter()
    unsafe continuation = nil
    pending = nil
    course.goOn(effect, reply)
    unsafe waiting.resume(returning: reply)
    return run()
  }

  /// Stops the process under the reconcile: whatever it still does has no effect.
  ///
  /// A task that nobody holds any more would otherwise stand at its effect for ever.
  func crash() {
    guard !isAbandoned, outcome == nil else { return }
    isAbandoned = true
    isCrashed = true
    executor.enter()
    course.position = -1
    if let waiting = unsafe continuation {
      unsafe continuation = nil
      pending = nil
      unsafe waiting.resume(throwing: ProcessCrashed())
    }
    _ = executor.drain()
  }

  private func finish(_ result: Result<ReconcileResult, any Error>) { outcome = result }

  private func run() -> ReconcileState {
    let ended = executor.drain()
    if let escape { return .escaped(escaped(escape)) }
    if !ended { return .escaped(escaped(.runsAway)) }
    if let outcome {
      // A reconcile that ends before its recorded effects has taken another way than before.
      return course.isReplaying ? .escaped(escaped(.asksDifferently)) : .finished(outcome)
    }
    if let pending { return .waiting(pending) }
    return .escaped(escaped(.waitsElsewhere))
  }

  /// What it is that a reconcile did when, run again, it stopped at another effect or did not stop.
  func divergence() -> EscapedReconcile { escaped(.asksDifferently) }

  private func escaped(_ reason: EscapedReconcile.Reason) -> EscapedReconcile {
    course.position = -1
    isCrashed = true
    let last = course.lastEffect.map { "\($0.operation) \($0.subject)" }
    return EscapedReconcile(reason: reason, lastEffect: last ?? "")
  }

  // MARK: ReconcileDriver

  func answer(_ effect: Effect) throws -> Reply? {
    // Another thread, or a context that was kept for longer than its reconcile.
    guard executor.isEntered, outcome == nil else { throw ProcessCrashed() }
    if isCrashed { return try answerAfterCrash(effect) }
    do { return try course.answer(effect) } catch { throw leave(error) }
  }

  nonisolated(nonsending) func wait(_ effect: Effect) async throws -> Reply {
    if unsafe continuation != nil { throw leave(.asksTwiceAtOnce) }
    return try await unsafe withUnsafeThrowingContinuation { waiting in
      unsafe continuation = waiting
      pending = effect
    }
  }

  /// Nothing the reconcile does from here on counts.
  private func leave(_ reason: EscapedReconcile.Reason) -> ProcessCrashed {
    escape = reason
    isCrashed = true
    return ProcessCrashed()
  }

  /// After a crash every effect throws; code that swallows that is cancelled, and at last left standing.
  private func answerAfterCrash(_ effect: Effect) throws -> Reply? {
    strikes += 1
    if strikes == Self.strikesToCancel { task?.cancel() }
    // An effect that is always answered at once has no place to stand at.
    guard strikes >= Self.strikesToPark, !effect.isInline else { throw ProcessCrashed() }
    executor.parkedCount += 1
    return nil
  }

  static let strikesToCancel = 8
  static let strikesToPark = 64
}

/// The worlds' hold on a reconcile: when the last of them lets go, the process under it has stopped.
final class LiveHold {
  let reconcile: LiveReconcile

  init(_ reconcile: LiveReconcile) { self.reconcile = reconcile }

  deinit { reconcile.crash() }
}

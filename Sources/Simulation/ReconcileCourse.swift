import ControllerRuntime
import Scalars

/// How far a reconcile has come: what it has asked, what it was answered, and what it has of its process meanwhile.
///
/// In one piece, and no properties of the object that stands for the task: each look at one of those is checked at run
/// time, and there are several for every effect.
struct ReconcileCourse {
  /// The replies that are still to be given again before new effects count.
  var replay: ContiguousArray<RecordedEffect> = []
  /// What the process has of its own, while its reconcile runs.
  private(set) var locals: ProcessLocals
  /// How many replies the reconcile has had; -1 once it is of no use to anybody.
  var position = 0
  /// What was asked last.
  private(set) var lastEffect: Effect?
  /// What was answered: the log that a world hands over for as long as the reconcile runs, and takes back then.
  private var log: ContiguousArray<RecordedEffect> = []
  /// What the reconcile told people since this was last taken.
  private var notes: [EventNote] = []
  /// Effects that were answered at once since the reconcile last waited.
  private var inlineCount = 0

  /// Most reconciles have no more, so that their logs need not grow.
  private static let effectsExpected = 8

  init(locals: ProcessLocals) { self.locals = locals }

  /// Whether replies are still given again.
  var isReplaying: Bool { position < replay.count }

  mutating func take(
    _ locals: ProcessLocals, at now: Timestamp, _ log: inout ContiguousArray<RecordedEffect>
  ) {
    self.locals = locals
    self.locals.now = now
    // It grows where it is, and is copied only where a copy of the world has it too.
    swap(&self.log, &log)
  }

  mutating func giveBack(
    _ log: inout ContiguousArray<RecordedEffect>
  ) -> (locals: ProcessLocals, notes: [EventNote]) {
    swap(&self.log, &log)
    defer { if !notes.isEmpty { notes = [] } }
    return (locals, notes)
  }

  /// Answers an effect that was answered before, or that concerns nobody but the process; nil for any other.
  ///
  /// - Throws: why the reconcile cannot be repeated.
  mutating func answer(_ effect: Effect) throws(EscapedReconcile.Reason) -> Reply? {
    if isReplaying {
      let recorded = replay[position]
      guard recorded.isReply(to: effect) else { throw .asksDifferently }
      lastEffect = effect
      locals.now = recorded.time
      position += 1
      return recorded.reply
    }
    lastEffect = effect
    guard let reply = locals.answer(effect) else { return nil }
    inlineCount += 1
    if inlineCount > StepExecutor.jobsWithoutEffectMax { throw .runsAway }
    if case .event(let note) = effect { notes.append(note) }
    record(effect, reply)
    return reply
  }

  /// Takes the reply in to an effect that was waited for.
  mutating func goOn(_ effect: Effect, _ reply: Reply) {
    inlineCount = 0
    record(effect, reply)
  }

  private mutating func record(_ effect: Effect, _ reply: Reply) {
    position += 1
    if log.isEmpty { log.reserveCapacity(Self.effectsExpected) }
    log.append(RecordedEffect(effect: effect, reply: reply, time: locals.now))
  }
}

import APIMachinery
import Allocation

/// A fault that has happened, for telling what it led to.
struct FaultNote: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// What became of an effect of the reconcile of a key.
    case outcome(Decision.Outcome, of: String, ObjectKey)
    /// The process was stopped between two effects.
    case killed
    /// What came over a process, the server, or what others can reach.
    case world(FaultKind)
  }

  let step: Int
  let process: Int
  let kind: Kind

  private var stopsProcess: Bool {
    switch kind {
    case .outcome(let outcome, _, _): outcome.isCrash
    case .killed: true
    case .world(let kind): kind == .upgrade
    }
  }

  /// Whether the fault hit a reconcile of this key, or the process in which it may have been.
  func concerns(_ request: ObjectKey, in process: Int) -> Bool {
    if stopsProcess, self.process == process { return true }
    switch kind {
    case .outcome(_, _, let hit): return hit == request
    case .killed: return false
    // What hits others may be behind anything.
    case .world: return self.process < 0 || self.process == process
    }
  }
}

/// How a grant came about, for telling why it leaked.
struct GrantStory: Sendable, Hashable {
  /// The step that took it.
  let step: Int
  /// The process that took it.
  let process: Int
  /// The key for which it was taken.
  let request: ObjectKey
  /// The step that removed the record of it.
  var unrecordedAt: Int?

  /// Tells grants apart.
  struct Name: Sendable, Hashable, Comparable {
    let pool: String
    let item: String
    let generation: UInt32

    init(_ grant: Grant) {
      pool = grant.pool
      item = grant.item
      generation = grant.generation
    }

    static func < (left: Name, right: Name) -> Bool {
      (left.pool, left.item, left.generation) < (right.pool, right.item, right.generation)
    }
  }
}

extension World {
  /// The fault that most likely led to a grant's loss.
  ///
  /// That is the first one since it was taken, while nobody had recorded it; for one that was recorded, the last one
  /// before the record went.
  func fault(behind story: GrantStory) -> FaultNote? {
    let candidates = faults.filter {
      $0.step >= story.step && $0.concerns(story.request, in: story.process)
    }
    guard let end = story.unrecordedAt else { return candidates.first }
    return candidates.last { $0.step <= end }
  }

  /// What happened, in words that go on after a sentence about `process` and its work on `request`.
  func account(of fault: FaultNote, for request: ObjectKey, in process: Int) -> String {
    if case .world(let kind) = fault.kind {
      let place = fault.process < 0 ? "" : " at \(processes[fault.process].plan.name)"
      return "\(kind.rawValue)\(place) came in between"
    }
    let owner = fault.process == process ? "its" : "\(processes[fault.process].plan.name)'s"
    guard case .outcome(let outcome, let operation, let hit) = fault.kind else {
      return "\(owner) process was killed"
    }
    guard hit == request else { return "\(owner) process crashed" }
    switch outcome {
    case .crashAfter: return "\(owner) process crashed before it had the reply to \(operation)"
    case .crashBefore: return "\(owner) process crashed before it could send \(operation)"
    case .lostReply: return "the reply to \(owner) \(operation) was lost"
    case .refused: return "\(owner) \(operation) was refused"
    case .conflict: return "\(owner) \(operation) met a conflict"
    case .lateSuccess: return "\(owner) \(operation) timed out and was carried out later"
    case .sentTwice: return "\(owner) \(operation) was carried out twice"
    case .slowReply: return "the reply to \(owner) \(operation) took long"
    case .exhausted: return "the pool told \(owner) \(operation) that it was exhausted"
    case .notFound: return "\(owner) \(operation) was told that nothing is there"
    case .throttled, .serverError, .rejected, .webhookTimeout, .quota:
      return "\(owner) \(operation) was refused (\(outcome.rawValue))"
    case .normal: return "nothing went wrong"
    }
  }
}

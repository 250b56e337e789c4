/// One step of a world: who acts next, and what becomes of it.
public enum Decision: Sendable, Hashable {
  /// An informer takes its list, or the next watch event, in.
  case deliver(process: Int, informer: Int)
  /// A worker takes the next key of its controller's queue.
  case start(process: Int, controller: Int, worker: Int)
  /// A worker's effect is carried out, or not.
  case proceed(process: Int, controller: Int, worker: Int, Outcome)
  /// A process stops between two effects.
  case crash(process: Int)
  /// The user takes the next step of the workload.
  case user
  /// Time goes on to the next timer.
  case wait
  /// Every informer tells its handlers of every object once more.
  case resync
  /// The server takes an object out whose deletion it has begun before.
  case remove(Int)

  /// What becomes of an effect.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// It is carried out and answered.
    case normal
    /// It is not carried out, and an error says so.
    case refused
    /// It is not carried out, because another write came first (API writes).
    case conflict
    /// It is carried out, and a time-out is all that comes back.
    case lostReply = "lost-reply"
    /// The process stops before the effect is sent.
    case crashBefore = "crash-before"
    /// The effect is carried out, and the process stops before it has the reply.
    case crashAfter = "crash-after"

    /// Whether the effect is carried out.
    public var isApplied: Bool {
      switch self {
      case .normal, .lostReply, .crashAfter: true
      case .refused, .conflict, .crashBefore: false
      }
    }

    /// Whether the process stops.
    public var isCrash: Bool { self == .crashBefore || self == .crashAfter }
  }

  /// Whether this is a fault and not a turn.
  public var isFault: Bool {
    switch self {
    case .proceed(_, _, _, let outcome): outcome != .normal
    case .crash: true
    default: false
    }
  }

  /// A small number that stands for the decision in hashes.
  public var code: UInt64 {
    func pack(_ kind: UInt64, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0) -> UInt64 {
      kind | UInt64(a) << 4 | UInt64(b) << 16 | UInt64(c) << 28 | UInt64(d) << 40
    }
    switch self {
    case .deliver(let process, let informer): return pack(1, process, informer)
    case .start(let process, let controller, let worker):
      return pack(2, process, controller, worker)
    case .proceed(let process, let controller, let worker, let outcome):
      return pack(3, process, controller, worker, outcome.number)
    case .crash(let process): return pack(4, process)
    case .user: return 5
    case .wait: return 6
    case .resync: return 7
    case .remove(let index): return pack(8, index)
    }
  }
}

extension Decision.Outcome {
  fileprivate var number: Int {
    switch self {
    case .normal: 0
    case .refused: 1
    case .conflict: 2
    case .lostReply: 3
    case .crashBefore: 4
    case .crashAfter: 5
    }
  }
}

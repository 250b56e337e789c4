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
  /// A request or call arrives that its sender has given up.
  case arrive(Int)
  /// A fault comes over a process, an informer, the server, or what others can reach.
  indirect case inject(WorldFault)

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
    /// A time-out comes back, and it is carried out later.
    case lateSuccess = "late-success"
    /// It is carried out twice, and the second answer comes back.
    case sentTwice = "sent-twice"
    /// It is not carried out, for there are too many requests.
    case throttled
    /// It is not carried out, for the server has a problem of its own.
    case serverError = "server-error"
    /// It is carried out, and the reply takes its time.
    case slowReply = "slow-reply"
    /// An admission webhook denies it.
    case rejected
    /// An admission webhook that must agree does not answer.
    case webhookTimeout = "webhook-timeout"
    /// The quota of the namespace refuses it.
    case quota
    /// The pool says that it has nothing left.
    case exhausted
    /// The allocator does not know what is there.
    case notFound = "not-found"

    /// Whether the effect is carried out before anything comes back.
    public var isApplied: Bool {
      switch self {
      case .normal, .lostReply, .crashAfter, .sentTwice, .slowReply: true
      default: false
      }
    }

    /// Whether the process stops.
    public var isCrash: Bool { self == .crashBefore || self == .crashAfter }
  }

  /// Whether this is a fault and not a turn.
  public var isFault: Bool {
    switch self {
    case .proceed(_, _, _, let outcome): outcome != .normal
    case .crash, .inject: true
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
    case .arrive(let index): return pack(9, index)
    case .inject: return 10
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
    case .lateSuccess: 6
    case .sentTwice: 7
    case .throttled: 8
    case .serverError: 9
    case .slowReply: 10
    case .rejected: 11
    case .webhookTimeout: 12
    case .quota: 13
    case .exhausted: 14
    case .notFound: 15
    }
  }
}

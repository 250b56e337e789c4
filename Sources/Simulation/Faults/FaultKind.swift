import Scalars

/// The kinds of faults, as scenarios and traces name them.
public enum FaultKind: String, Sendable, Hashable, CaseIterable {
  // What becomes of an effect.
  case crashBefore = "crash-before"
  case crashAfter = "crash-after"
  case refused
  case lostReply = "lost-reply"
  case lateSuccess = "late-success"
  case sentTwice = "sent-twice"
  case conflict
  case throttled
  case serverError = "server-error"
  case slowReply = "slow-reply"
  case rejected
  case webhookTimeout = "webhook-timeout"
  case quota
  case exhausted
  case notFound = "not-found"
  // What happens to a process.
  case kill
  case pause
  case starve
  case clockJump = "clock-jump"
  case partition
  case partitionReplies = "partition-replies"
  case partitionAllocator = "partition-allocator"
  case spurious
  case upgrade
  // What happens to an informer.
  case watchBreak = "watch-break"
  case watchDelay = "watch-delay"
  case coalesce
  case relist
  case timeTravel = "time-travel"
  case shuffle
  // What happens to the server.
  case compaction
  case noSpace = "no-space"
  case storeRestore = "store-restore"
  // What others do.
  case edit
  case delete
  case recreate
  case editStatus = "edit-status"
  case stripFinalizers = "strip-finalizers"
  case forceDelete = "force-delete"
  case releaseBehind = "release-behind"
  case steal
  case corrupt

  /// What a fault asks of a controller.
  public enum Class: String, Sendable, Hashable, CaseIterable {
    /// A correct controller survives it.
    case legal
    /// A person breaks the contract; what comes of it is told with the person's deed.
    case override
    /// Nothing can be promised under it; never drawn unless it is named.
    case illegal
  }

  /// What the fault asks of a controller.
  public var faultClass: Class {
    switch self {
    case .editStatus, .stripFinalizers, .forceDelete, .releaseBehind, .steal: .override
    case .storeRestore, .corrupt: .illegal
    default: .legal
    }
  }

  /// What becomes of the effect that the fault hits; nil for what hits no effect.
  public var outcome: Decision.Outcome? { Decision.Outcome(rawValue: rawValue) }

  /// The kind of an outcome; nil for an effect that goes as it should.
  public init?(_ outcome: Decision.Outcome) {
    guard outcome != .normal else { return nil }
    self.init(rawValue: outcome.rawValue)
  }

  /// Every kind that a correct controller survives.
  public static let legal = allCases.filter { $0.faultClass == .legal }

  /// The fault's number in the reference of faults.
  public var id: String {
    switch self {
    case .crashBefore, .crashAfter, .kill: "F1"
    case .refused, .lostReply, .lateSuccess: "F2"
    case .conflict, .sentTwice: "F3"
    case .throttled, .serverError, .slowReply: "F4"
    case .watchBreak: "F5"
    case .coalesce: "F6"
    case .relist: "F7"
    case .watchDelay: "F8"
    case .timeTravel: "F9"
    case .shuffle: "F10"
    case .clockJump: "F11"
    case .pause: "F12"
    case .partition, .partitionReplies, .partitionAllocator: "F13"
    case .rejected, .webhookTimeout: "F14"
    case .compaction, .storeRestore: "F15"
    case .quota, .noSpace: "F16"
    case .exhausted, .notFound, .releaseBehind, .steal: "F17"
    case .edit, .delete, .recreate, .editStatus, .stripFinalizers, .forceDelete: "F18"
    case .spurious: "F19"
    case .upgrade: "F21"
    case .corrupt: "F22"
    case .starve: "F23"
    }
  }

  /// What happens, for the reference page and the schema.
  public var summary: String {
    switch self {
    case .crashBefore: "The process stops before it sends the request or call."
    case .crashAfter: "It is carried out, and the process stops before it has the reply."
    case .kill: "The process stops between two effects."
    case .refused: "It is not carried out, and the error says so (503)."
    case .lostReply: "It is carried out, and a time-out is all that comes back (504)."
    case .lateSuccess:
      "A time-out comes back, and it is carried out later: after the duration, or before, between retries."
    case .sentTwice:
      "The client's transport sends it twice, and the second reply comes back: AlreadyExists for a create, "
        + "NotFound for a delete, Conflict for an update; two items for an allocator call without a key."
    case .conflict: "It is not carried out, because another write came first (409)."
    case .throttled: "It is not carried out: too many requests, with Retry-After (429)."
    case .serverError: "It is not carried out: an internal error (500)."
    case .slowReply: "It is carried out, and the reply takes the duration."
    case .rejected: "An admission webhook denies the write (400)."
    case .webhookTimeout: "An admission webhook that must agree does not answer (500)."
    case .quota: "The namespace's quota refuses a create (403)."
    case .exhausted: "The pool says that it has nothing left, for the duration."
    case .notFound:
      "The allocator does not know what is there: an empty list, or an unknown item."
    case .pause:
      "The process stands still for the duration, with its requests in hand, and goes on as if nothing "
        + "had been: the way to two leaders."
    case .starve: "A controller of the process gets no turn for the duration."
    case .clockJump: "The process's clock jumps, forward or back, and stays so."
    case .partition: "Requests of the process do not reach the server for the duration."
    case .partitionReplies: "The server's replies do not reach the process for the duration."
    case .partitionAllocator: "Calls of the process do not reach allocators for the duration."
    case .spurious: "A key is queued though nothing has happened to it, or its object is long gone."
    case .upgrade:
      "The process stops and starts with the controllers of its other version (`upgrade`)."
    case .watchBreak: "A watch breaks and resumes after the duration; nothing is lost."
    case .watchDelay: "A watch brings nothing for the duration, while others are fresh."
    case .coalesce: "All that a watch has to tell comes at once: one change an object."
    case .relist:
      "A watch is lost for the duration, and the informer lists again: what was created and deleted in "
        + "between never shows, and what is gone comes as a tombstone of the last known state."
    case .timeTravel:
      "An informer is connected to an API replica that is behind: it sees the past once more."
    case .shuffle: "The first list of an informer comes in another order."
    case .compaction: "The server forgets its history: watches that are behind list again (410)."
    case .noSpace: "Controllers' creates and updates are refused for the duration; deletes work."
    case .storeRestore: "The store is set back to an earlier state; revisions are given again."
    case .edit: "Somebody adds an annotation to an object."
    case .delete: "Somebody deletes an object."
    case .recreate: "Somebody deletes an object and makes another one of its name, once it is gone."
    case .editStatus: "Somebody empties the status of an object."
    case .stripFinalizers: "Somebody takes all finalizers off an object."
    case .forceDelete: "Somebody deletes an object by force: without finalizers and grace."
    case .releaseBehind: "Somebody gives an item back that another one holds."
    case .steal: "Somebody takes an item of a pool for something else."
    case .corrupt:
      "A field that others depend on changes: an owner's UID, the labels, a finalizer's name."
    }
  }

  /// How long the fault lasts, unless the scenario says otherwise; empty for what lasts no time.
  var durations: [GoDuration] {
    switch self {
    case .watchBreak, .throttled, .lateSuccess: [.seconds(1)]
    case .slowReply: [.seconds(5)]
    case .watchDelay: [.seconds(5), .minutes(6)]
    case .relist: [.milliseconds(800), .seconds(30)]
    case .pause, .partition, .partitionReplies, .partitionAllocator: [.seconds(20)]
    case .starve, .noSpace, .exhausted: [.seconds(30)]
    case .clockJump: [.minutes(5), GoDuration(nanoseconds: -300_000_000_000)]
    default: []
    }
  }

  /// Whether scenarios can say how long the fault lasts.
  public var takesDuration: Bool { !durations.isEmpty }
}

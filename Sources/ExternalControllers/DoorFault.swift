import APIMachinery
import APIServerHTTP
import Scalars

/// What a server can do to a controller that it knows nothing of.
public enum DoorFault: String, Sendable, Hashable, CaseIterable {
  /// The request is carried out, and its connection ends without an answer.
  case lostReply = "lost-reply"
  /// The controller is killed once the request has been carried out, before it has the answer.
  case killAfter = "kill-after"
  /// The controller is killed before the request is carried out.
  case killBefore = "kill-before"
  /// The controller is killed once it has the answer, before it asks for anything else.
  case killReplied = "kill-replied"
  /// A time-out is told, and the request is carried out later all the same.
  case late
  /// 409: another write came first.
  case conflict
  /// 500: the request is not carried out.
  case refused
  /// 429 with a time after which to try again.
  case throttled
  /// The request is carried out, and answered, later.
  case slow
  /// A read is answered from what there was before the latest write to its kind.
  case stale
  /// 410: the list or the watch goes on from a revision that is forgotten.
  case expired
  /// Events from this one on are told later.
  case delayed
  /// The watch ends before this event, and is taken up again.
  case watchCut = "watch-cut"
  /// The watch ends before this event with 410, so that everything is listed anew.
  case watchExpired = "watch-expired"
  /// A second instance is started here, and both go on.
  case overlap
  /// The controller is stopped here for longer than its lease, while a second instance takes over; then it goes on.
  case pause

  /// What can become of a request.
  static func possible(for request: DoorRequest) -> [DoorFault] {
    if request.isWrite {
      var faults: [DoorFault] = [.lostReply, .killAfter, .killBefore, .killReplied, .late]
      if request.hasRevision { faults.append(.conflict) }
      return faults + [.refused, .throttled, .slow]
    }
    // Who names no revision is answered with the latest state, on real servers too.
    let stale: [DoorFault] = request.oldestRevision == nil ? [] : [.stale]
    switch request.verb {
    case "get": return stale + [.refused]
    case "list": return stale + [.refused, .expired]
    case "watch": return [.refused, .expired]
    case "grants": return [.refused]
    default: return []
    }
  }

  /// What can become of an event.
  static let possibleForEvents: [DoorFault] = [.delayed, .watchCut, .watchExpired]

  /// Whether the controller's process is what it happens to.
  public var concernsProcess: Bool {
    switch self {
    case .killBefore, .killAfter, .killReplied, .overlap, .pause: true
    default: false
    }
  }

  /// What happens, for people.
  public var sentence: String {
    switch self {
    case .lostReply: "its reply was lost"
    case .killAfter: "the controller was killed before it had the reply"
    case .killBefore: "the controller was killed before it was carried out"
    case .killReplied: "the controller was killed once it had the reply"
    case .late: "it timed out, and was carried out later"
    case .conflict: "it was told that another write came first (409)"
    case .refused: "it was refused (500)"
    case .throttled: "it was told to try again later (429)"
    case .slow: "it was slow"
    case .stale: "it was answered from an old state"
    case .expired: "it was told that its revision is gone (410)"
    case .delayed: "it came late"
    case .watchCut: "the watch ended before it"
    case .watchExpired: "the watch ended before it with 410"
    case .overlap: "a second instance was started"
    case .pause: "the controller was stopped, and a second instance started"
    }
  }
}

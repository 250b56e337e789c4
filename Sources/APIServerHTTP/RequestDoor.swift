public import APIMachinery
public import Scalars
import APIServer
import ValueTree

/// Who stands at a server's door: sees what comes in and goes out, and decides what becomes of it.
///
/// Everything is called on the server's event loop, in the order in which it happens.
public protocol RequestDoor: AnyObject, Sendable {
  /// What is to become of a request.
  func verdict(on request: DoorRequest) -> RequestVerdict
  /// Hears what a request was answered, or would have been.
  func note(_ request: DoorRequest, answered status: Int, _ message: String)
  /// What is to become of an event that a watch is about to tell.
  func verdict(on event: DoorEvent) -> EventVerdict
  /// Hears that an event was written to its watch.
  func noteTold(_ event: DoorEvent)
  /// What the ledger calls those who come through a port.
  func name(ofClient client: Int) -> String
}

/// A request as it stands at the door.
public struct DoorRequest: Sendable, Hashable {
  /// Through which of the server's ports it came; the first is 0.
  public let client: Int
  /// Kubernetes' verb; for pools what the ledger calls it; `read` for documents such as discovery.
  public let verb: String
  /// `deployments.apps`, `pool/gpus`, or the path of a document.
  public let resource: String
  /// `status` and the like; empty for the whole object.
  public let subresource: String
  /// The namespace; empty for none and for all.
  public let namespace: String
  /// The object's name, `prefix*` for one that the server is to make up, empty for a collection.
  public let name: String
  /// Whether it may change something.
  public let isWrite: Bool
  /// Whether it names the revision that it is based on; who names none overwrites whatever came first, and meets no
  /// conflict.
  public let hasRevision: Bool
  /// The revision that the answer to a read must not be older than; nil for a read that asks for the latest state, or for
  /// one state and no other, and where there is no older one to answer from.
  public internal(set) var oldestRevision: UInt64?
  /// Method, path and query, to tell one read from another.
  public let line: String
}

/// What becomes of a request.
public enum RequestVerdict: Sendable, Hashable {
  /// It is carried out and answered.
  case pass
  /// It is not carried out, and refused.
  case refuse(StatusError)
  /// It is not carried out, and its connection ends.
  case drop
  /// It is carried out, and its connection ends without an answer.
  case loseReply
  /// A time-out is told at once, and it is carried out this much later.
  case late(GoDuration)
  /// It is carried out, and answered, this much later.
  case slow(GoDuration)
  /// It is answered from what there was before the latest write to its kind.
  case stale
}

/// An event on its way to a watch.
public struct DoorEvent: Sendable, Hashable {
  /// Through which of the server's ports the watch came.
  public let client: Int
  /// `ADDED`, `MODIFIED` or `DELETED`.
  public let type: String
  /// `deployments.apps`.
  public let resource: String
  /// The namespace; empty for none.
  public let namespace: String
  /// The object's name.
  public let name: String
  /// The revision of the write.
  public let revision: UInt64
}

/// What becomes of an event.
public enum EventVerdict: Sendable, Hashable {
  /// It is told.
  case pass
  /// Neither it nor what comes after it is told before this much time has passed.
  case hold(GoDuration)
  /// The watch ends before it.
  case cut
  /// The watch ends before it, with the error that its revision is too old.
  case expired
}

extension DoorRequest {
  /// A question as the door sees it.
  init(_ question: HTTPQuestion, from client: Int, in directory: ResourceDirectory) {
    self.client = client
    line =
      "\(question.method.rawValue) \(question.path)\(question.query.isEmpty ? "" : "?\(question.query.text)")"
    let segments = question.segments
    let changes = ![.get, .head, .options].contains(question.method)
    hasRevision = changes && DoorRequest.namesRevision(question)
    oldestRevision = changes ? nil : DoorRequest.oldestRevision(question)
    if let ledger = LedgerPath(segments) {
      verb = ledger.verb
      resource = "pool/\(ledger.pool)"
      subresource = ""
      namespace = ""
      name = changes ? DoorRequest.body(question)["holder"]?.string ?? "" : ""
      isWrite = changes
      return
    }
    let isResource =
      segments.first == "api" && segments.count > 2
      || segments.first == "apis" && segments.count > 3
    guard isResource, let path = ResourcePath(segments) else {
      verb = "read"
      resource = String(question.path)
      subresource = ""
      namespace = ""
      name = ""
      isWrite = false
      return
    }
    resource = path.group.isEmpty ? path.plural : "\(path.plural).\(path.group)"
    subresource = path.subresource
    namespace = path.namespace
    switch question.method {
    case .post where path.name.isEmpty:
      verb = "create"
      let metadata: Value = DoorRequest.body(question)["metadata"] ?? .emptyMap
      name =
        metadata["name"]?.string ?? metadata["generateName"]?.string.map { "\($0)*" } ?? ""
    case .post:
      verb = "create"
      name = path.name
    case .put:
      verb = "update"
      name = path.name
    case .patch:
      verb = "patch"
      name = path.name
    case .delete:
      verb = path.name.isEmpty ? "deletecollection" : "delete"
      name = path.name
    default:
      verb = question.query.flag("watch") ? "watch" : path.name.isEmpty ? "list" : "get"
      name = path.name
    }
    // Reviews are asked by creating them, and change nothing.
    isWrite =
      changes
      && directory.type(group: path.group, version: path.version, plural: path.plural) != nil
  }

  private static func namesRevision(_ question: HTTPQuestion) -> Bool {
    switch question.method {
    case .put:
      return body(question)[FieldPath("metadata", "resourceVersion")]?.string?.isEmpty == false
    case .patch:
      var reader = JSONReader()
      guard let patch = try? reader.read(question.body) else { return false }
      // A test of a JSON patch that fails is told with 422, and is no conflict.
      if patch.isList { return false }
      return patch[FieldPath("metadata", "resourceVersion")]?.string?.isEmpty == false
    case .delete:
      return body(question)[FieldPath("preconditions", "resourceVersion")] != nil
    default: return false
    }
  }

  /// Who names no revision asks for the latest state; a page that is continued belongs to the state of the first.
  private static func oldestRevision(_ question: HTTPQuestion) -> UInt64? {
    let query = question.query
    let match = query["resourceVersionMatch"]
    guard query["continue"].isEmpty, match != "Exact",
      let revision = UInt64(query["resourceVersion"])
    else { return nil }
    // The first page of a list from a revision is of that one, unless it says otherwise.
    let isExact = !query["limit"].isEmpty && match.isEmpty && revision > 0
    return isExact ? nil : revision
  }

  private static func body(_ question: HTTPQuestion) -> Value {
    (try? BodyReader.value(question)) ?? .emptyMap
  }
}

public import ValueTree

/// What a watch asks for: the objects of a list, and how to tell of them.
public struct WatchOptions: Sendable, Hashable {
  /// Which objects, and from which revision on; a limit means nothing.
  public var list: ListOptions
  /// Whether the stream begins with what is there, and marks where that ends; nil for nothing said.
  public var sendInitialEvents: Bool?
  /// Whether bookmarks may come.
  public var allowsBookmarks: Bool
  /// After how long the stream ends; nil or 0 for never.
  public var timeoutSeconds: Int64?

  /// Options.
  public init(
    _ list: ListOptions = ListOptions(), sendInitialEvents: Bool? = nil,
    allowsBookmarks: Bool = false, timeoutSeconds: Int64? = nil
  ) {
    self.list = list
    self.sendInitialEvents = sendInitialEvents
    self.allowsBookmarks = allowsBookmarks
    self.timeoutSeconds = timeoutSeconds
  }

  /// Refuses options that contradict each other (semantics 2.6).
  public func check() throws(StatusError) {
    let match = list.resourceVersionMatch
    var problems: [FieldError] = []
    if sendInitialEvents != nil, match != ListOptions.Match.notOlderThan {
      problems.append(
        .match("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    }
    if !match.isEmpty {
      if sendInitialEvents == nil {
        problems.append(
          .match("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        )
      }
      if match != ListOptions.Match.notOlderThan {
        problems.append(
          .unsupportedMatch(match, supported: "\"\(ListOptions.Match.notOlderThan)\""))
      }
      if !list.continueToken.isEmpty { problems.append(.matchWithContinue) }
    }
    try problems.refuse("ListOptions")
  }
}

/// How far a watch has come: no object, but a revision from which it can go on.
public struct WatchBookmark: Sendable, Hashable {
  /// The kind that is watched.
  public let type: ResourceType
  /// Everything up to this revision has been told.
  public let revision: UInt64
  /// Whether what was there at the beginning ends here.
  public let isInitialEventsEnd: Bool

  /// A bookmark.
  public init(_ type: ResourceType, revision: UInt64, isInitialEventsEnd: Bool = false) {
    self.type = type
    self.revision = revision
    self.isInitialEventsEnd = isInitialEventsEnd
  }

  /// The object that a client is sent.
  public var value: Value {
    var metadata: [(Key, Value)] = [(Fields.resourceVersion, Value(String(revision)))]
    if isInitialEventsEnd {
      metadata.append((Fields.annotations, ["k8s.io/initial-events-end": "true"]))
    }
    return [
      Fields.kind: Value(type.kind), Fields.apiVersion: Value(type.apiVersion),
      Fields.metadata: Value(members: metadata),
    ]
  }
}

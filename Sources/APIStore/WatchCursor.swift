public import APIMachinery

/// A place in the log of a kind, from which a watcher goes on.
public struct WatchCursor: Sendable, Hashable {
  /// The kind.
  public let type: ResourceType
  /// The namespace, or nil for all.
  public let namespace: String?
  /// The last revision that was seen.
  public private(set) var revision: UInt64

  /// A cursor behind `revision`.
  public init(_ type: ResourceType, namespace: String? = nil, after revision: UInt64) {
    self.type = type
    self.namespace = namespace
    self.revision = revision
  }

  /// What a cursor finds.
  public enum Step: Sendable, Hashable {
    /// The next event.
    case event(StoreEvent)
    /// Nothing yet.
    case upToDate
    /// Events after the cursor have been compacted away: list again.
    case expired
  }

  /// Goes one event on.
  public mutating func next(in store: APIStore) -> Step {
    guard revision >= store.compactedRevision(type) else { return .expired }
    while let event = store.nextEvent(type, after: revision) {
      revision = event.revision
      if let namespace, event.object.namespace != namespace { continue }
      return .event(event)
    }
    return .upToDate
  }
}

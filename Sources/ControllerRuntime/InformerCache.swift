public import APIMachinery
public import PersistentCollections

/// What an informer tells its handlers.
public struct InformerEvent: Sendable, Hashable {
  /// The state before, as the cache had it; nil for an object that is new to it.
  ///
  /// Of an object that is gone: its final state where the watch told of it, the last known one where that was missed.
  public let old: APIObject?
  /// The state now; nil for an object that is gone.
  public let new: APIObject?

  /// Whether this tells of a removal that the watch missed: `DeletedFinalStateUnknown`.
  public let isTombstone: Bool

  /// An event.
  public init(old: APIObject?, new: APIObject?, isTombstone: Bool = false) {
    self.old = old
    self.new = new
    self.isTombstone = isTombstone
  }

  /// The object, as it is or as it last was.
  public var object: APIObject? { new ?? old }
}

/// A controller's local copy of all objects of a kind, fed by a list and then by watch events.
///
/// It may be behind the server and has no read-your-writes. The cache changes before a handler hears of it.
public struct InformerCache: Sendable {
  /// The objects by key.
  public private(set) var objects: PersistentMap<ObjectKey, APIObject>
  /// The revision up to which the cache knows.
  public private(set) var revision: UInt64
  /// Whether the first list has arrived.
  public private(set) var isSynced: Bool

  /// An empty cache that has not been filled.
  public init() {
    objects = PersistentMap()
    revision = 0
    isSynced = false
  }

  /// Fills the cache with a list, at the start or after the watch broke.
  ///
  /// - Returns: what has changed: new and changed objects in key order, then those that are gone.
  public mutating func replace(
    with list: PersistentMap<ObjectKey, APIObject>, revision: UInt64
  ) -> [InformerEvent] {
    var events: [InformerEvent] = []
    for (key, object) in list {
      events.append(InformerEvent(old: objects[key], new: object))
    }
    for (key, object) in objects where list[key] == nil {
      events.append(InformerEvent(old: object, new: nil, isTombstone: true))
    }
    objects = list
    self.revision = revision
    isSynced = true
    return events
  }

  /// Takes a watch event in.
  public mutating func apply(_ event: WatchEvent) -> InformerEvent {
    let key = event.object.key
    revision = event.object.resourceVersion
    switch event.kind {
    case .added, .modified:
      let old = objects.updateValue(event.object, forKey: key)
      return InformerEvent(old: old, new: event.object)
    case .deleted:
      objects.removeValue(forKey: key)
      return InformerEvent(old: event.object, new: nil)
    }
  }

  /// The object of this key, as the cache has it.
  public func object(_ key: ObjectKey) -> APIObject? { objects[key] }
}

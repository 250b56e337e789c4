public import APIMachinery
public import PersistentCollections

/// A multi-version store of API objects in memory.
///
/// - Guarantees: one revision counter for all kinds, and each write takes the next value. A copy of a store is a
///   snapshot: it costs nothing and stays as it is. Objects are in key order, events in revision order.
/// - Assumptions: whoever commits has checked the write; the store knows no rules of the API.
/// - Caveats: only writes of the last `historyLimit` of a kind can be watched or read back.
public struct APIStore: Sendable {
  private var tables: ContiguousArray<ResourceTable> = []
  /// The revision of the latest write.
  public private(set) var revision: UInt64 = 0
  /// Everything up to this revision may be forgotten in the log.
  public private(set) var compactedRevision: UInt64 = 0
  /// How many writes of one kind are kept for watchers.
  public let historyLimit: Int
  /// A stable hash of all objects, whatever the order in which they were written; revisions are no part of it.
  public private(set) var contentHash: UInt64 = 0

  /// An empty store.
  public init(historyLimit: Int = 100_000) { self.historyLimit = historyLimit }

  // MARK: Reading

  /// The object of this key.
  ///
  /// - Complexity: O(log objects of the kind).
  public func object(_ type: ResourceType, _ key: ObjectKey) -> APIObject? {
    type.index < tables.count ? tables[type.index].objects[key.path] : nil
  }

  /// All objects of a kind by `ObjectKey.path`, as a snapshot that costs nothing.
  public func objects(_ type: ResourceType) -> PersistentMap<String, APIObject> {
    type.index < tables.count ? tables[type.index].objects : PersistentMap()
  }

  /// The objects of a kind in key order, in one namespace or in all.
  ///
  /// - Complexity: O(log objects + objects listed); other namespaces are not looked at.
  public func list(_ type: ResourceType, namespace: String? = nil) -> [APIObject] {
    objects(type).objects(in: namespace)
  }

  /// The number of objects of a kind.
  public func count(_ type: ResourceType) -> Int {
    type.index < tables.count ? tables[type.index].objects.count : 0
  }

  /// The revision of the latest write to a kind.
  public func lastRevision(_ type: ResourceType) -> UInt64 {
    type.index < tables.count ? tables[type.index].lastRevision : 0
  }

  /// All objects of a kind as they were at `revision`; nil when that is compacted or still to come.
  ///
  /// - Complexity: O(log objects), times at most the few dozen writes to the nearest checkpoint.
  public func objects(
    _ type: ResourceType, at revision: UInt64
  ) -> PersistentMap<String, APIObject>? {
    guard revision >= compactedRevision, revision <= self.revision else { return nil }
    return type.index < tables.count ? tables[type.index].snapshot(at: revision) : PersistentMap()
  }

  // MARK: Events

  /// The first write to a kind after `revision`.
  ///
  /// - Complexity: O(log events).
  public func nextEvent(_ type: ResourceType, after revision: UInt64) -> StoreEvent? {
    guard type.index < tables.count, tables[type.index].lastRevision > revision else { return nil }
    return tables[type.index].log.elements(after: revision).first?.value
  }

  /// The writes to a kind after `revision`, in order.
  public func events(_ type: ResourceType, after revision: UInt64) -> [StoreEvent] {
    guard type.index < tables.count, tables[type.index].lastRevision > revision else { return [] }
    return tables[type.index].log.elements(after: revision).map(\.value)
  }

  // MARK: Names

  /// How many objects of this name have been and gone.
  public func incarnation(_ type: ResourceType, _ key: ObjectKey) -> UInt32 {
    type.index < tables.count ? tables[type.index].incarnations[key.path] ?? 0 : 0
  }

  /// Counts the names generated from a base; the first answer is 0.
  public mutating func nextGeneratedName(
    _ type: ResourceType, namespace: String, base: String
  ) -> UInt32 {
    makeRoom(for: type)
    let path = ObjectKey(namespace: namespace, name: base).path
    let index = tables[type.index].generatedNames[path] ?? 0
    tables[type.index].generatedNames.updateValue(index + 1, forKey: path)
    return index
  }

  // MARK: Writing

  /// Takes a write in; its revision must be the next one.
  ///
  /// - Complexity: O(log objects of the kind); nothing is copied unless a snapshot shares it.
  public mutating func commit(_ event: StoreEvent) {
    precondition(event.revision == revision + 1, "a write takes the next revision")
    let type = event.object.type
    makeRoom(for: type)
    tables[type.index].commit(event)
    revision += 1
    if event.kind != .deleted { contentHash &+= event.object.contentHash }
    if let previous = event.previous { contentHash &-= previous.contentHash }
    if tables[type.index].log.count > historyLimit, let first = tables[type.index].log.first {
      compact(through: first.key)
    }
  }

  /// Forgets the log up to and including `revision`; watchers from before are told that it expired.
  public mutating func compact(through revision: UInt64) {
    guard revision > compactedRevision else { return }
    compactedRevision = min(revision, self.revision)
    for index in tables.indices { tables[index].compact(through: compactedRevision) }
  }

  private mutating func makeRoom(for type: ResourceType) {
    while tables.count <= type.index { tables.append(ResourceTable()) }
  }
}

extension PersistentMap where Key == String, Value == APIObject {
  /// The objects in key order, in one namespace or in all.
  public func objects(in namespace: String?) -> [APIObject] {
    guard let namespace, !namespace.isEmpty else { return map(\.value) }
    let prefix = namespace + "/"
    var result: [APIObject] = []
    for (path, object) in elements(from: prefix) {
      guard path.utf8.starts(with: prefix.utf8) else { break }
      result.append(object)
    }
    return result
  }
}

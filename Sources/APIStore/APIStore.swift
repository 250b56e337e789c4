public import APIMachinery
public import PersistentCollections

/// A multi-version store of API objects in memory.
///
/// - Guarantees: one revision counter for all kinds, and each write takes the next value. A copy of a store is a
///   snapshot: it costs nothing and stays as it is. Objects are in key order, events in revision order.
/// - Assumptions: whoever commits has checked the write; the store knows no rules of the API.
/// - Caveats: only the last `historyLimit` writes of a kind can be watched or read back.
public struct APIStore: Sendable {
  /// By kind, each table in an array of its own: the first write after a copy of the store duplicates the table
  /// that it changes and no other.
  var tables: ContiguousArray<ContiguousArray<ResourceTable>> = []
  /// The revision of the latest write.
  public internal(set) var revision: UInt64 = 0
  /// Everything up to this revision may be forgotten in the logs of all kinds.
  public internal(set) var compactedRevision: UInt64 = 0
  /// The revision of the latest restoration that told watchers of itself.
  var restoredRevision: UInt64 = 0
  /// How many writes of one kind are kept for watchers.
  public let historyLimit: Int
  /// A stable hash of all objects, whatever the order in which they were written; revisions are no part of it.
  ///
  /// Writes do not keep it up to date: they are many, and those who ask are few. Each object hashes itself once.
  ///
  /// - Complexity: O(objects).
  public var contentHash: UInt64 {
    var sum: UInt64 = 0
    for table in tables where !table.isEmpty {
      for (_, object) in table[0].objects { sum &+= object.contentHash }
    }
    return sum
  }

  /// An empty store.
  public init(historyLimit: Int = 100_000) {
    precondition(historyLimit >= 0, "the number of writes to keep is not negative")
    self.historyLimit = historyLimit
  }

  // MARK: Reading

  /// The object of this key.
  ///
  /// - Complexity: O(log objects of the kind).
  public func object(_ type: ResourceType, _ key: ObjectKey) -> APIObject? {
    guard hasTable(type) else { return nil }
    return tables[type.index][0].objects.value(scanningFor: key)
  }

  /// All objects of a kind in key order, as a snapshot that costs nothing.
  public func objects(_ type: ResourceType) -> PersistentMap<ObjectKey, APIObject> {
    hasTable(type) ? tables[type.index][0].objects : PersistentMap()
  }

  /// The objects of a kind in key order, in one namespace or in all.
  ///
  /// - Complexity: O(log objects + objects listed); other namespaces are not looked at.
  public func list(_ type: ResourceType, namespace: String? = nil) -> [APIObject] {
    objects(type).objects(in: namespace)
  }

  /// The number of objects of a kind.
  public func count(_ type: ResourceType) -> Int {
    hasTable(type) ? tables[type.index][0].objects.count : 0
  }

  /// The revision of the latest write to a kind, or of the restoration since then that broke all watches.
  public func lastRevision(_ type: ResourceType) -> UInt64 {
    // Not through a copy of the table: every informer asks before every decision.
    hasTable(type) ? tables[type.index][0].lastRevision : 0
  }

  /// Everything up to this revision may be forgotten in the log of a kind.
  ///
  /// A kind that is written often forgets sooner than others, and does not make them forget.
  public func compactedRevision(_ type: ResourceType) -> UInt64 {
    max(compactedRevision, table(type)?.compactedRevision ?? 0)
  }

  /// All objects of a kind as they were at `revision`; nil when that is compacted or still to come.
  ///
  /// - Complexity: O(log objects), times at most the writes to the nearest checkpoint.
  public func objects(
    _ type: ResourceType, at revision: UInt64
  ) -> PersistentMap<ObjectKey, APIObject>? {
    guard revision >= compactedRevision(type), revision <= self.revision else { return nil }
    return table(type)?.snapshot(at: revision) ?? PersistentMap()
  }

  // MARK: Events

  /// The first write to a kind after `revision`.
  ///
  /// - Complexity: O(log events).
  public func nextEvent(_ type: ResourceType, after revision: UInt64) -> StoreEvent? {
    guard hasTable(type), tables[type.index][0].lastRevision > revision else { return nil }
    // A search and no iterator, which would allocate for every event of every watcher.
    return tables[type.index][0].log.firstElement { $0 > revision }?.value
  }

  /// How many writes to a kind there have been, with those that are forgotten.
  public func writeCount(_ type: ResourceType) -> UInt64 {
    hasTable(type) ? tables[type.index][0].writeCount : 0
  }

  /// Whether writes to a kind after `revision` are forgotten, so that who has seen everything up to there cannot
  /// go on.
  public func hasForgotten(_ type: ResourceType, after revision: UInt64) -> Bool {
    restoredRevision > revision
      || hasTable(type) && tables[type.index][0].forgottenRevision > revision
  }

  /// The writes to a kind after `revision`, in order.
  public func events(_ type: ResourceType, after revision: UInt64) -> [StoreEvent] {
    guard let table = table(type), table.lastRevision > revision else { return [] }
    return table.log.elements(after: revision).map(\.value)
  }

  // MARK: Names

  /// How many objects of this name have been and gone.
  public func incarnation(_ type: ResourceType, _ key: ObjectKey) -> UInt32 {
    guard hasTable(type), !tables[type.index][0].incarnations.isEmpty else { return 0 }
    return tables[type.index][0].incarnations[key] ?? 0
  }

  /// How many names have been generated from a base.
  public func generatedNames(_ type: ResourceType, namespace: String, base: String) -> UInt32 {
    table(type)?.generatedNames[ObjectKey(namespace: namespace, name: base)] ?? 0
  }

  /// Notes how many names have been generated from a base.
  public mutating func noteGeneratedNames(
    _ count: UInt32, _ type: ResourceType, namespace: String, base: String
  ) {
    makeRoom(for: type)
    tables[type.index][0].generatedNames.updateValue(
      count, forKey: ObjectKey(namespace: namespace, name: base))
  }

  // MARK: Writing

  /// Takes a write in; its revision must be the next one.
  ///
  /// - Complexity: O(log objects of the kind); nothing is copied unless a snapshot shares it.
  public mutating func commit(_ event: StoreEvent) {
    precondition(event.revision == revision + 1, "a write takes the next revision")
    let type = event.object.type
    makeRoom(for: type)
    tables[type.index][0].commit(event, historyLimit: historyLimit)
    revision += 1
  }

  /// Forgets the log up to and including `revision`; watchers from before are told that it expired.
  public mutating func compact(through revision: UInt64) {
    guard revision > compactedRevision else { return }
    compactedRevision = min(revision, self.revision)
    for index in tables.indices where !tables[index].isEmpty {
      tables[index][0].compact(through: compactedRevision)
    }
  }

  /// Forgets the writes up to and including `revision`, kind by kind: who watches a kind that was not written since is not
  /// told that anything expired, as a real server's watch cache sees to.
  public mutating func forgetWrites(through revision: UInt64) {
    for index in tables.indices where !tables[index].isEmpty {
      tables[index][0].forgetWrites(through: revision)
    }
  }

  /// The write of a kind up to which all must be forgotten so that no more than `count` are left; nil where there are
  /// no more.
  ///
  /// - Complexity: O(writes beyond the count), and O(log writes) to find the first.
  public func revisionToForget(_ type: ResourceType, keeping count: Int) -> UInt64? {
    table(type)?.revisionToForget(keeping: count)
  }

  /// Forgets the writes of one kind up to and including `revision`.
  public mutating func forgetWrites(of type: ResourceType, through revision: UInt64) {
    guard table(type) != nil else { return }
    tables[type.index][0].forgetWrites(through: revision)
  }

  /// Keeps the present state of a kind at hand, for a list of several pages that has begun now.
  ///
  /// What can be read does not change by it, only what it costs: a page at this revision takes a bounded number of
  /// steps through the log, however many objects there are.
  ///
  /// - Complexity: O(log checkpoints).
  public mutating func keepState(of type: ResourceType) {
    guard hasTable(type) else { return }
    tables[type.index][0].keepState(at: revision)
  }

  private func hasTable(_ type: ResourceType) -> Bool {
    type.index < tables.count && !tables[type.index].isEmpty
  }

  func table(_ type: ResourceType) -> ResourceTable? {
    hasTable(type) ? tables[type.index][0] : nil
  }

  mutating func makeRoom(for type: ResourceType) {
    while tables.count <= type.index { tables.append([]) }
    if tables[type.index].isEmpty { tables[type.index].append(ResourceTable()) }
  }
}

extension PersistentMap where Key == ObjectKey, Value == APIObject {
  /// The objects in key order, in one namespace or in all.
  public func objects(in namespace: String?) -> [APIObject] {
    guard let namespace, !namespace.isEmpty else { return map(\.value) }
    return unsafe values(
      from: ObjectKey(namespace: namespace, name: ""), while: { $0.namespace == namespace },
      touching: { object in unsafe object.pointee.resourceVersion })
  }
}

extension ObjectKey: ScannedKey {}

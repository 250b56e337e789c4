public import APIMachinery
public import APIStore
public import Allocation
public import Scalars
public import ValueTree

/// What outlives the processes of a world: objects, counters, books of ledger-backed pools, ledger and clock.
///
/// Plain data, to be kept in a file and to make a world from again.
public struct ClusterState: Sendable, Hashable {
  /// The revision of the latest write; 0 for a cluster that never was.
  public var revision: UInt64
  /// Watches from before this revision have expired.
  public var compactedRevision: UInt64
  /// The virtual time; it never runs backwards.
  public var time: Timestamp
  /// What UIDs and generated names come from.
  public var seed: UInt64
  /// The objects by kind, in the registry's order, and by key.
  public var objects: [APIObject]
  /// How many objects of a name are gone, and how many names were generated, by kind.
  public var counters: [NameCounter]
  /// The books of the pools that outlive processes.
  public var books: [PoolBookState]
  /// Everything that ever happened to an item, in order; entries are only ever added.
  public var ledger: [Ledger.Entry]
  /// What belongs to kinds that are not known here, kept as it is.
  public var unknown: UnknownKinds

  /// A state; without arguments that of a cluster that never was.
  public init(
    revision: UInt64 = 0, compactedRevision: UInt64 = 0, time: Timestamp = .unixEpoch,
    seed: UInt64 = 0, objects: [APIObject] = [], counters: [NameCounter] = [],
    books: [PoolBookState] = [], ledger: [Ledger.Entry] = [],
    unknown: UnknownKinds = UnknownKinds()
  ) {
    self.revision = revision
    self.compactedRevision = compactedRevision
    self.time = time
    self.seed = seed
    self.objects = objects
    self.counters = counters
    self.books = books
    self.ledger = ledger
    self.unknown = unknown
  }

  /// Whether nothing was ever written: not even the namespaces that every cluster has.
  public var isNew: Bool { revision == 0 }

  /// The objects of a kind in key order, in one namespace or in all.
  public func objects(_ type: ResourceType, namespace: String? = nil) -> [APIObject] {
    objects.filter {
      $0.type == type && (namespace == nil || namespace == "" || $0.namespace == namespace)
    }
  }

  /// The object of this key.
  public func object(_ type: ResourceType, _ key: ObjectKey) -> APIObject? {
    objects.first { $0.key == key && $0.type == type }
  }

  /// The books of a pool that outlives processes.
  public func book(_ pool: String) -> PoolBookState? { books.first { $0.pool == pool } }

  /// Objects and counters of kinds that are not registered.
  public struct UnknownKinds: Sendable, Hashable {
    /// The objects.
    public var objects: [UnknownObject] = []
    /// The counters.
    public var counters: [UnknownCounter] = []

    /// Nothing.
    public init() {}

    /// Whether there is nothing.
    public var isEmpty: Bool { objects.isEmpty && counters.isEmpty }
  }

  /// A kind by its names alone.
  public struct KindName: Sendable, Hashable {
    /// The group.
    public var group: String
    /// The version.
    public var version: String
    /// The kind.
    public var kind: String
    /// The plural.
    public var plural: String

    /// A kind by its names.
    public init(group: String, version: String, kind: String, plural: String) {
      self.group = group
      self.version = version
      self.kind = kind
      self.plural = plural
    }

    /// The names of a kind.
    public init(_ type: ResourceType) {
      let definition = type.definition
      self.init(
        group: definition.group, version: definition.version, kind: definition.kind,
        plural: definition.plural)
    }

    /// `group/version`, or the version alone in the core group.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  }

  /// An object of a kind that is not registered.
  public struct UnknownObject: Sendable, Hashable {
    /// Its kind.
    public var kind: KindName
    /// What the server says of it.
    public var header: ObjectHeader
    /// Its content.
    public var body: Value

    /// An object of a kind that is not registered.
    public init(kind: KindName, header: ObjectHeader, body: Value) {
      self.kind = kind
      self.header = header
      self.body = body
    }
  }

  /// A count of a kind that is not registered.
  public struct UnknownCounter: Sendable, Hashable {
    /// Its kind.
    public var kind: KindName
    /// What is counted.
    public var counts: NameCounter.Kind
    /// Namespace and name, or namespace and base.
    public var key: ObjectKey
    /// The count.
    public var count: UInt32

    /// A count of a kind that is not registered.
    public init(kind: KindName, counts: NameCounter.Kind, key: ObjectKey, count: UInt32) {
      self.kind = kind
      self.counts = counts
      self.key = key
      self.count = count
    }
  }
}

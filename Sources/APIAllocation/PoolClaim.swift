public import APIMachinery
public import Allocation
public import ValueTree

/// An object that asks a pool for items, and whose status says which ones it was granted.
///
/// Conform with a `Resource` that says where its status keeps the items; spec, phase and records are the
/// same for all. `PoolClaimController` then works for the kind, and `RecordRules.add` lets the oracles read it.
///
/// ```yaml
/// spec: {pool: gpus, count: 2, selector: {product: H100}, matchAttribute: node}
/// status: {phase: Bound}
/// ```
public protocol PoolClaim: Resource {
  /// The finalizer that holds an object until its items are back.
  static var finalizer: String { get }

  /// The name of the one request that an object makes of its pool.
  static var requestKey: String { get }

  /// What the items are, in one word that begins events' reasons: `Device`.
  static var itemKind: String { get }

  /// Other kinds whose objects may ask the same pools.
  ///
  /// Books that begin empty after a restart are filled from their records as well.
  static var peers: [any PoolClaim.Type] { get }

  /// The items that the status names.
  var recordedItems: [RecordedItem] { get set }

  /// What the items must be like.
  var requirements: [AttributeRequirement] { get }

  /// Whether an item is what the spec asks for; one that is not any more is given back.
  func fits(_ item: String) -> Bool

  /// What the status tells people of an error.
  func message(for error: AllocationError) -> String
}

/// How far a claim has come.
public enum ClaimPhase: String, Sendable, Hashable {
  /// It waits for items.
  case pending = "Pending"
  /// It has what it asked for.
  case bound = "Bound"
}

/// An item that a status names.
public struct RecordedItem: Sendable, Hashable {
  /// The item's name in its pool.
  public var name: String
  /// Which grant of the item; nil for controllers that do not write it down.
  public var generation: UInt32?

  /// An item.
  public init(name: String, generation: UInt32? = nil) {
    self.name = name
    self.generation = generation
  }

  /// The item that a grant hands out.
  public init(_ grant: Grant) { self.init(name: grant.item, generation: grant.generation) }
}

/// The fields that all claims have.
@usableFromInline
enum ClaimFields {
  @usableFromInline static let pool = FieldPath(Fields.spec, "pool")
  @usableFromInline static let count = FieldPath(Fields.spec, "count")
  @usableFromInline static let selector = FieldPath(Fields.spec, "selector")
  @usableFromInline static let matchAttribute = FieldPath(Fields.spec, "matchAttribute")
  @usableFromInline static let boundPool = FieldPath(
    Fields.metadata, Fields.annotations, "drydock.dev/bound-pool")
  @usableFromInline static let phase = FieldPath(Fields.status, "phase")
  @usableFromInline static let message = FieldPath(Fields.status, "message")
  @usableFromInline static let generation = Key("generation")
}

extension PoolClaim {
  /// The kind name as manifests have it: `PortClaim default/web`.
  @inlinable public var holder: String { object.holderName }

  /// The pool that is asked.
  @inlinable public var pool: String { self[ClaimFields.pool]?.string ?? "" }

  /// The pool that items come from: the one written down with the finalizer, or else the one asked.
  @inlinable public var boundPool: String {
    get { self[ClaimFields.boundPool]?.string ?? pool }
    set { setText(newValue, at: ClaimFields.boundPool) }
  }

  /// Whether the pool that items come from is written down.
  @inlinable public var isPoolWrittenDown: Bool { self[ClaimFields.boundPool]?.string != nil }

  /// How many items are asked for.
  @inlinable public var count: Int { self[ClaimFields.count]?.int.map { Int(clamping: $0) } ?? 1 }

  /// Attributes that each item must have.
  @inlinable public var selector: [AttributeRequirement] {
    self[ClaimFields.selector]?.members.map {
      AttributeRequirement($0.key.text, $0.value.string ?? $0.value.description)
    } ?? []
  }

  /// An attribute that all items must share.
  @inlinable public var matchAttribute: String? { self[ClaimFields.matchAttribute]?.string }

  /// How far the claim has come.
  @inlinable public var phase: ClaimPhase? {
    get { self[ClaimFields.phase]?.string.flatMap(ClaimPhase.init(rawValue:)) }
    set { setText(newValue?.rawValue, at: ClaimFields.phase) }
  }

  /// Why the claim has not come further, for people.
  @inlinable public var message: String? {
    get { self[ClaimFields.message]?.string }
    set { setText(newValue, at: ClaimFields.message) }
  }

  /// What the status says as records.
  @inlinable public var records: [AllocationRecord] {
    // Asked of every state of every claim, most of which record nothing.
    let items = recordedItems
    if items.isEmpty { return [] }
    let holder = holder
    let pool = boundPool
    return items.map { item in
      AllocationRecord(
        pool: pool, item: item.name, generation: item.generation, owner: uid, holder: holder,
        requestKey: Self.requestKey, isTerminating: isDeleting)
    }
  }

  // MARK: What most kinds do

  /// No other kinds.
  public static var peers: [any PoolClaim.Type] { [] }

  /// The selector's attributes.
  public var requirements: [AttributeRequirement] { selector }

  /// An item's name does not tell what it is like.
  public func fits(_ item: String) -> Bool { true }

  /// The error's own words.
  public func message(for error: AllocationError) -> String { "\(error)" }
}

extension PoolClaim {
  /// Reads a list in the status, each entry of which names one item.
  func recordedItems(
    at path: FieldPath, name: (Value) -> String?
  ) -> [RecordedItem] {
    self[path]?.elements.compactMap { entry in
      name(entry).map {
        RecordedItem(
          name: $0,
          generation: entry[ClaimFields.generation]?.int.flatMap(UInt32.init(exactly:)))
      }
    } ?? []
  }

  /// Whether the status lists just these items, each with its name under `key` and its generation, and nothing else.
  ///
  /// Most often it does, and nothing need be made to find out.
  func isRecorded(_ items: [RecordedItem], at path: FieldPath, name key: Key) -> Bool {
    guard let list = self[path], list.isList, list.count == items.count else { return false }
    var index = 0
    for entry in list.elements {
      let item = items[index]
      index += 1
      guard entry.count == (item.generation == nil ? 1 : 2),
        entry[key]?.isText(item.name) == true,
        entry[ClaimFields.generation]?.int == item.generation.map(Int64.init)
      else { return false }
    }
    return !items.isEmpty
  }

  /// Writes a list into the status, each entry of which names one item; an empty list is no list.
  ///
  /// In one go, and the members in the order of their keys: every claim's status is written like this. `entry` adds
  /// those that follow the generation.
  mutating func setRecordedItems(
    _ items: [RecordedItem], at path: FieldPath,
    entry: (_ name: String, _ builder: inout ValueBuilder) -> Void
  ) {
    guard !items.isEmpty else {
      self[path] = nil
      return
    }
    var builder = ValueBuilder()
    builder.beginList()
    do {
      for item in items {
        builder.beginMap()
        if let generation = item.generation {
          builder.key(ClaimFields.generation)
          builder.int(Int64(generation))
        }
        entry(item.name, &builder)
        try builder.end()
      }
      try builder.end()
    } catch {
      preconditionFailure("an item has each key once")
    }
    self[path] = builder.finish()
  }
}

public import APIMachinery

/// Where a grant stands on its one-way path.
///
/// OPEN → CLOSING → CLOSED, per generation; there is no way back (semantics 3.14.3). Items that rest before they are
/// handed out again (cooling) are not modelled yet: what is closed is free.
public enum GrantState: String, Sendable, Hashable {
  /// The owner may use the item.
  case open = "Open"
  /// The owner is giving the item back; nobody may start using it.
  case closing = "Closing"
  /// The grant is over.
  case closed = "Closed"
}

/// One item of a pool, handed out.
public struct Grant: Sendable, Hashable {
  /// The pool.
  public let pool: String
  /// The item's name within the pool.
  public let item: String
  /// Which grant of this item it is, from 1: a late release of an older grant is told apart by it.
  public let generation: UInt32
  /// The object that the item was handed out to.
  public let owner: UID
  /// Which of the owner's requests the item was handed out for.
  public let requestKey: String
  /// Where the grant stands.
  public let state: GrantState

  /// A grant.
  public init(
    pool: String, item: String, generation: UInt32, owner: UID, requestKey: String,
    state: GrantState
  ) {
    self.pool = pool
    self.item = item
    self.generation = generation
    self.owner = owner
    self.requestKey = requestKey
    self.state = state
  }
}

/// What an owner asks a pool for.
///
/// Asking twice with the same owner and key is asking once.
public struct AllocationRequest: Sendable, Hashable {
  /// The pool.
  public var pool: String
  /// Who asks.
  public var owner: UID
  /// Who asks, for people: `DeviceBinding default/train-a`.
  ///
  /// - Complexity: a text is made for requests that were made for an object.
  public var holder: String {
    get {
      switch asker {
      case .name(let name): name
      case .object(let object): object.holderName
      }
    }
    set { asker = .name(newValue) }
  }
  private var asker: Asker
  /// Which of the owner's requests this is.
  public var key: String
  /// How many items are wanted in all.
  public var count: Int
  /// Attributes that each item must have, by name.
  public var selector: [AttributeRequirement]
  /// An attribute that all items must share, such as the node.
  public var matchAttribute: String?

  /// A request.
  public init(
    pool: String, owner: UID, holder: String, key: String = "default", count: Int = 1,
    selector: [AttributeRequirement] = [], matchAttribute: String? = nil
  ) {
    self.pool = pool
    self.owner = owner
    asker = .name(holder)
    self.key = key
    self.count = count
    self.selector = selector
    self.matchAttribute = matchAttribute
  }

  /// A request for an object, in its own name unless `owner` is another's.
  public init(
    pool: String, for object: APIObject, owner: UID? = nil, key: String = "default",
    count: Int = 1, selector: [AttributeRequirement] = [], matchAttribute: String? = nil
  ) {
    self.pool = pool
    self.owner = owner ?? object.uid
    asker = .object(object)
    self.key = key
    self.count = count
    self.selector = selector
    self.matchAttribute = matchAttribute
  }

  /// Adds the holder's name to a hash, as `combine(holder)` would.
  public func combineHolder(into hash: inout StableHash) {
    switch asker {
    case .name(let name): hash.combine(name)
    case .object(let object): object.combineHolderName(into: &hash)
    }
  }

  /// Most requests are asked once more for what is there, and nobody asks for their holder's name.
  private enum Asker: Sendable, Hashable {
    case name(String)
    case object(APIObject)
  }

  public static func == (left: AllocationRequest, right: AllocationRequest) -> Bool {
    left.owner == right.owner && left.pool == right.pool && left.key == right.key
      && left.count == right.count && left.selector == right.selector
      && left.matchAttribute == right.matchAttribute
      && (left.asker == right.asker || left.holder == right.holder)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(pool)
    hasher.combine(owner)
    hasher.combine(key)
    hasher.combine(count)
  }
}

/// An attribute that an item must have, and its value.
public struct AttributeRequirement: Sendable, Hashable {
  /// The attribute's name.
  public var name: String
  /// The value it must have.
  public var value: String

  /// A requirement.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Why an allocator did not do what it was asked.
public enum AllocationError: Error, Sendable, Hashable {
  /// Too few items are free.
  case exhausted(pool: String, wanted: Int, free: Int)
  /// The owner has begun to give everything back: nothing more is handed out to it.
  case ownerSealed
  /// The item is held by another owner.
  case notOwner
  /// The owner means an older grant of the item than the one it holds.
  case staleGeneration
  /// There is no such pool.
  case unknownPool(String)
  /// The pool has no such item.
  case unknownItem(String)
  /// The books are not rebuilt yet.
  case notReady
  /// A process that leads since then has called: who led before is not listened to any more.
  case fenced
  /// The request itself makes no sense.
  case invalid(String)
  /// No answer came: the call may have been carried out or not.
  case timeout
  /// The allocator could not be reached: the call was not carried out.
  case unavailable
}

extension AllocationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .exhausted(let pool, let wanted, let free):
      "pool \"\(pool)\" is exhausted: \(wanted) wanted, \(free) free"
    case .ownerSealed: "the owner is giving its grants back"
    case .notOwner: "the item is held by another owner"
    case .staleGeneration: "the grant is over; its owner holds a later one of the same item"
    case .unknownPool(let name): "there is no pool \"\(name)\""
    case .unknownItem(let name): "the pool has no item \"\(name)\""
    case .notReady: "the allocator has not been rebuilt yet"
    case .fenced: "another process leads by now, and has called before"
    case .invalid(let why): why
    case .timeout: "the allocator did not answer in time; the call may have been carried out"
    case .unavailable: "the allocator could not be reached"
    }
  }
}

public import APIMachinery
public import Allocation

/// A call to an allocator, as a value.
public enum AllocatorCall: Sendable, Hashable {
  /// Sees to it that the owner holds what it asks for.
  case ensure(AllocationRequest)
  /// Closes and seals everything that the owner holds.
  case beginRelease(pool: String, owner: UID)
  /// Takes back what the owner is giving back.
  case finishRelease(pool: String, owner: UID)
  /// Gives back one item.
  case release(pool: String, item: String, generation: UInt32, owner: UID)
  /// Reads what the owner holds.
  case held(pool: String, owner: UID)
  /// Reads everything that is out, whoever holds it.
  case outstanding(pool: String)
  /// Enters what objects record, after a restart with empty books.
  ///
  /// Books that are empty refuse records that are not complete.
  case rebuild(pool: String, records: [AllocationRecord], isComplete: Bool = true)
  /// Takes items the naive way: asking twice takes twice.
  case takeRaw(AllocationRequest)
  /// Frees an item the naive way: whoever holds it.
  case freeRaw(pool: String, item: String)

  /// The pool.
  public var pool: String {
    switch self {
    case .ensure(let request), .takeRaw(let request): request.pool
    case .beginRelease(let pool, _), .finishRelease(let pool, _), .release(let pool, _, _, _),
      .held(let pool, _), .outstanding(let pool), .rebuild(let pool, _, _),
      .freeRaw(let pool, _):
      pool
    }
  }

  /// Whether the call may change something.
  public var isWrite: Bool {
    switch self {
    case .held, .outstanding: false
    default: true
    }
  }

  /// The operation's name in schedules.
  public var operation: String {
    switch self {
    case .ensure: "ensure"
    case .beginRelease: "begin-release"
    case .finishRelease: "finish-release"
    case .release: "release"
    case .held: "held"
    case .outstanding: "outstanding"
    case .rebuild: "rebuild"
    case .takeRaw: "allocate"
    case .freeRaw: "free"
    }
  }

  /// A stable hash of everything that the call says.
  public var stableHash: UInt64 {
    var hash = StableHash()
    hash.combine(operation)
    hash.combine(pool)
    switch self {
    case .ensure(let request), .takeRaw(let request): hash.combine(request)
    case .beginRelease(_, let owner), .finishRelease(_, let owner), .held(_, let owner):
      hash.combine(owner)
    case .outstanding: break
    case .release(_, let item, let generation, let owner):
      hash.combine(item)
      hash.combine(UInt64(generation))
      hash.combine(owner)
    case .rebuild(_, let records, _):
      hash.combine(records.count)
      for record in records { hash.combine(record) }
    case .freeRaw(_, let item): hash.combine(item)
    }
    return hash.value
  }
}

extension StableHash {
  mutating func combine(_ uid: UID) {
    combine(uid.high)
    combine(uid.low)
  }

  fileprivate mutating func combine(_ request: AllocationRequest) {
    combine(request.owner)
    request.combineHolder(into: &self)
    combine(request.key)
    combine(request.count)
    for requirement in request.selector {
      combine(requirement.name)
      combine(requirement.value)
    }
    // No attribute has an empty name.
    combine(request.matchAttribute ?? "")
  }

  fileprivate mutating func combine(_ record: AllocationRecord) {
    combine(record.pool)
    combine(record.item)
    combine(UInt64(record.generation ?? 0))
    combine(record.owner)
    combine(record.holder)
    combine(record.requestKey)
    combine(record.isTerminating ? 1 : 0)
  }
}

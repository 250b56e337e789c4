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
      .held(let pool, _), .rebuild(let pool, _, _), .freeRaw(let pool, _):
      pool
    }
  }

  /// Whether the call may change something.
  public var isWrite: Bool {
    if case .held = self { return false }
    return true
  }

  /// The operation's name in schedules.
  public var operation: String {
    switch self {
    case .ensure: "ensure"
    case .beginRelease: "begin-release"
    case .finishRelease: "finish-release"
    case .release: "release"
    case .held: "held"
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
    case .ensure(let request), .takeRaw(let request):
      hash.combine(request.owner.low)
      hash.combine(request.key)
      hash.combine(request.count)
    case .beginRelease(_, let owner), .finishRelease(_, let owner), .held(_, let owner):
      hash.combine(owner.low)
    case .release(_, let item, let generation, let owner):
      hash.combine(item)
      hash.combine(UInt64(generation))
      hash.combine(owner.low)
    case .rebuild(_, let records, _):
      for record in records {
        hash.combine(record.item)
        hash.combine(record.owner.low)
      }
    case .freeRaw(_, let item): hash.combine(item)
    }
    return hash.value
  }
}

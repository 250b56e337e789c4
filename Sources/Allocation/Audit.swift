/// What does not fit between the grants that are out and the records that objects keep (semantics 3.14.6).
public struct Audit: Sendable, Hashable {
  /// Grants that no object records.
  public var leaked: [Grant] = []
  /// Items that more than one live object records.
  public var duplicate: [AllocationRecord] = []
  /// Records of items that are not granted to who says so.
  public var dangling: [AllocationRecord] = []
  /// Records of items that the pool does not have.
  public var outOfRange: [AllocationRecord] = []

  /// Whether everything fits.
  public var isClean: Bool {
    leaked.isEmpty && duplicate.isEmpty && dangling.isEmpty && outOfRange.isEmpty
  }

  /// Compares a pool's books with the records of all objects.
  public init(of book: PoolBook, records: [AllocationRecord]) {
    let own = records.filter { $0.pool == book.name }
    let grants = book.allGrants
    for grant in grants where !own.contains(where: { $0.tells(of: grant) }) {
      leaked.append(grant)
    }
    for (index, record) in own.enumerated() {
      guard book.allocator.item(named: record.item) != nil else {
        outOfRange.append(record)
        continue
      }
      let isLive = !record.isTerminating
      if isLive,
        own[..<index].contains(where: {
          $0.item == record.item && $0.owner != record.owner && !$0.isTerminating
        })
      {
        duplicate.append(record)
      }
      if isLive, !grants.contains(where: { record.tells(of: $0) && $0.state == .open }) {
        dangling.append(record)
      }
    }
  }
}

extension AllocationRecord {
  /// Whether this record is about this grant: the same item and owner, and the same generation where one is kept.
  public func tells(of grant: Grant) -> Bool {
    item == grant.item && pool == grant.pool && owner == grant.owner
      && (generation == nil || generation == grant.generation)
  }
}

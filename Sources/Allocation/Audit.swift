/// What does not fit between the grants that are out and the records that objects keep (semantics 3.14.6).
public struct Audit: Sendable, Hashable {
  /// Grants that no object records.
  public var leaked: [Grant] = []
  /// Records of items that another live object records as well, and did so further up in the list.
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
    // By item: the records so far.
    var byItem: [String: [AllocationRecord]] = [:]
    for record in records where record.pool == book.name {
      guard book.allocator.item(named: record.item) != nil else {
        outOfRange.append(record)
        continue
      }
      let earlier = byItem[record.item] ?? []
      byItem[record.item] = earlier + [record]
      if record.isTerminating { continue }
      if earlier.contains(where: { $0.owner != record.owner && !$0.isTerminating }) {
        duplicate.append(record)
      }
      let grant = book.grant(ofItem: record.item)
      if grant.map({ record.tells(of: $0) && $0.state == .open }) != true {
        dangling.append(record)
      }
    }
    for grant in book.allGrants
    where byItem[grant.item]?.contains(where: { $0.tells(of: grant) }) != true {
      leaked.append(grant)
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

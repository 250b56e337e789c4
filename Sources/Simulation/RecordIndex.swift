import APIAllocation
import APIMachinery
import Allocation
import PersistentCollections

/// What all objects say they hold, by item, kept up to date write by write.
struct RecordIndex: Sendable {
  private struct Place: Sendable, Hashable, Comparable {
    let pool: String
    let item: String

    static func < (left: Place, right: Place) -> Bool {
      left.pool != right.pool ? left.pool < right.pool : left.item < right.item
    }
  }

  private var byItem = PersistentMap<Place, [AllocationRecord]>()
  /// By object: what it says; who says nothing is not here.
  private var byOwner = PersistentMap<UID, [AllocationRecord]>()

  /// What a write changed: records that are new, and records that are gone.
  struct Change {
    var added: [AllocationRecord] = []
    var removed: [AllocationRecord] = []
  }

  /// Takes in what an object says now, and tells what that changes.
  ///
  /// What it said before is known here, and need not be read from its previous state.
  mutating func update(of owner: UID, to new: [AllocationRecord]) -> Change {
    var change = Change()
    // Most writes say nothing new.
    let isSame = byOwner.withValue(forKey: owner) { $0 == new } ?? new.isEmpty
    if isSame { return change }
    let known =
      new.isEmpty
      ? byOwner.removeValue(forKey: owner) : byOwner.updateValue(new, forKey: owner)
    let old = known ?? []
    // Who begins to be deleted says the same of the same items, but for that.
    if old.count == new.count, zip(old, new).allSatisfy({ $0.isOfSameItem(as: $1) }) {
      for (before, after) in zip(old, new) where before != after {
        exchange(before, for: after)
        change.removed.append(before)
        change.added.append(after)
      }
      return change
    }
    // Most begin with nothing or end with nothing; then all are new or gone, and none is copied.
    change.removed = new.isEmpty ? old : old.filter { !new.contains($0) }
    change.added = old.isEmpty ? new : new.filter { !old.contains($0) }
    for record in change.removed { remove(record) }
    for record in change.added { add(record) }
    return change
  }

  private mutating func add(_ record: AllocationRecord) {
    let place = Place(pool: record.pool, item: record.item)
    if byItem.mutateValue(forKey: place, { $0.append(record) }) == nil {
      byItem.updateValue([record], forKey: place)
    }
  }

  private mutating func exchange(_ old: AllocationRecord, for new: AllocationRecord) {
    byItem.mutateValue(forKey: Place(pool: old.pool, item: old.item)) { records in
      if let index = records.firstIndex(of: old) { records.remove(at: index) }
      records.append(new)
    }
  }

  private mutating func remove(_ record: AllocationRecord) {
    let place = Place(pool: record.pool, item: record.item)
    let isLast = byItem.mutateValue(forKey: place) { records in
      if let index = records.firstIndex(of: record) { records.remove(at: index) }
      return records.isEmpty
    }
    if isLast == true { byItem.removeValue(forKey: place) }
  }

  /// Whether some object records this very grant.
  func tells(of grant: Grant) -> Bool {
    byItem.withValue(forKey: Place(pool: grant.pool, item: grant.item)) { records in
      records.contains { $0.tells(of: grant) }
    } ?? false
  }

  /// What is said about one item.
  func records(pool: String, item: String) -> [AllocationRecord] {
    byItem[Place(pool: pool, item: item)] ?? []
  }

  /// Everything that is said, by pool and item.
  var all: [AllocationRecord] { byItem.flatMap(\.value) }
}

extension AllocationRecord {
  fileprivate func isOfSameItem(as other: AllocationRecord) -> Bool {
    item == other.item && pool == other.pool
  }
}

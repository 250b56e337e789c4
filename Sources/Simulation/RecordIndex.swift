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

  /// What a write changed: records that are new, and records that are gone.
  struct Change {
    var added: [AllocationRecord] = []
    var removed: [AllocationRecord] = []
  }

  /// Takes the difference between an object's records before and after a write in.
  mutating func update(from old: [AllocationRecord], to new: [AllocationRecord]) -> Change {
    var change = Change()
    // Most writes say nothing new.
    if old == new { return change }
    for record in old where !new.contains(record) {
      remove(record)
      change.removed.append(record)
    }
    for record in new where !old.contains(record) {
      let place = Place(pool: record.pool, item: record.item)
      byItem.updateValue((byItem[place] ?? []) + [record], forKey: place)
      change.added.append(record)
    }
    return change
  }

  private mutating func remove(_ record: AllocationRecord) {
    let place = Place(pool: record.pool, item: record.item)
    var records = byItem[place] ?? []
    guard let index = records.firstIndex(of: record) else { return }
    records.remove(at: index)
    if records.isEmpty {
      byItem.removeValue(forKey: place)
    } else {
      byItem.updateValue(records, forKey: place)
    }
  }

  /// What is said about one item.
  func records(pool: String, item: String) -> [AllocationRecord] {
    byItem[Place(pool: pool, item: item)] ?? []
  }

  /// Everything that is said, by pool and item.
  var all: [AllocationRecord] { byItem.flatMap(\.value) }
}

/// What is gone, and what is new or changed, between two lists whose elements have keys.
struct Changes<Key: Hashable, Row: Equatable> {
  var removed: [Key] = []
  var written: [Row] = []

  /// What somebody has noted who saw it happen.
  init(removed: [Key], written: [Row]) {
    self.removed = removed
    self.written = written
  }

  /// Compares two lists.
  ///
  /// - Complexity: O(rows); O(1) where both are the same list.
  init(from old: [Row], to new: [Row], key: (Row) -> Key) {
    if old == new { return }
    if old.isEmpty {
      written = new
      return
    }
    var before = [Key: Row](minimumCapacity: old.count)
    for row in old { before[key(row)] = row }
    for row in new where before.removeValue(forKey: key(row)) != row { written.append(row) }
    // In the order of the list: what is left in a dictionary has none.
    removed = old.map(key).filter { before[$0] != nil }
  }
}

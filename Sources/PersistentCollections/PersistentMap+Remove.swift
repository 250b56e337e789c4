extension PersistentMap {
  /// Removes the entry stored under `key`.
  ///
  /// - Returns: The value removed, or `nil` if there is no such key.
  /// - Complexity: O(log `count`). Nodes on the way that are shared with a copy of the map are
  ///   duplicated.
  @inlinable
  @discardableResult
  public mutating func removeValue(forKey key: Key) -> Value? {
    let old = root.remove(key, height: height, fanOut: fanOut)
    if case .some = old {
      entryCount &-= 1
      shrinkRoot()
    }
    return old
  }

  /// Removes and returns the entry with the smallest key.
  ///
  /// Cheaper than removing by key, because it neither searches nor moves entries between nodes: use
  /// it to drop the old end of a log.
  ///
  /// - Precondition: The map is not empty.
  /// - Returns: The entry removed.
  /// - Complexity: O(log `count`); O(1) but for the walk down the tree.
  @inlinable
  @discardableResult
  public mutating func removeFirst() -> Element {
    precondition(count > 0, "The map is empty: ask isEmpty first, or use popFirst().")
    entryCount &-= 1
    let first = root.removeFirst(height: height)
    shrinkRoot()
    return first
  }

  /// Removes and returns the entry with the smallest key, if the map is not empty.
  ///
  /// - Returns: The entry removed, or `nil` if the map is empty.
  /// - Complexity: As ``removeFirst()``.
  @inlinable
  @discardableResult
  public mutating func popFirst() -> Element? {
    isEmpty ? nil : removeFirst()
  }

  /// Removes all entries.
  ///
  /// - Complexity: O(`count`) if no other map shares the nodes, which are freed then; else O(1).
  @inlinable
  public mutating func removeAll() {
    self = Self(fanOut: fanOut)
  }

  /// Takes away roots that have a single child, so that a root always is a leaf or a real choice.
  @inlinable
  internal mutating func shrinkRoot() {
    while height > 0, root.branches.count <= 1 {
      // The child must be out of the old root before the root goes, and the root gone before the
      // child is changed: otherwise the child would look shared and be duplicated.
      root = root.branches.popLast()?.node ?? Node()
      height &-= 1
    }
  }
}

extension PersistentMap.Node {
  @inlinable
  mutating func remove(_ key: Key, height: Int, fanOut: Int) -> Value? {
    if height == 0 {
      let position = lowerBound(of: key)
      guard position < entries.count, entries.span[position].key == key else { return nil }
      return entries.remove(at: position).value
    }
    let position = branch(for: key)
    let old = branches[position].node.remove(key, height: height &- 1, fanOut: fanOut)
    if case .some = old, branches.span[position].node.size < fanOut / 2 {
      mend(position, height: height, fanOut: fanOut)
    }
    return old
  }

  @inlinable
  mutating func removeFirst(height: Int) -> PersistentMap.Element {
    if height == 0 {
      return entries.remove(at: 0).element
    }
    let first = branches[0].node.removeFirst(height: height &- 1)
    // Nodes on the left edge may be less than half full, so it is enough to take away the empty
    // ones.
    if branches.span[0].node.size == 0 {
      branches.remove(at: 0)
    }
    return first
  }

  /// The number of entries of a leaf or of branches of an inner node.
  @inlinable
  var size: Int { entries.count &+ branches.count }

  /// Brings the child at `position`, from which something was removed, back to at least half full.
  ///
  /// It merges with a neighbour if the two fit into one node, and shares evenly with it otherwise.
  /// An only child has no neighbour and stays as it is: then this node is on an edge of the tree,
  /// and so is the child.
  @inlinable
  mutating func mend(_ position: Int, height: Int, fanOut: Int) {
    if branches.span[position].node.size == 0 {
      branches.remove(at: position)
      return
    }
    guard branches.count > 1 else { return }
    let left = position == branches.count &- 1 ? position &- 1 : position
    // Out of the array, and a placeholder in, so that the right node is not counted as shared.
    var right = PersistentMap.Node()
    swap(&right, &branches[left &+ 1].node)
    if height == 1 {
      even(&branches[left].node.entries, &right.entries, fanOut: fanOut)
    } else {
      // The first separator of the right node may be stale; between the two nodes it is this
      // node's.
      right.branches[0].separator = branches.span[left &+ 1].separator
      even(&branches[left].node.branches, &right.branches, fanOut: fanOut)
    }
    if right.size == 0 {
      branches.remove(at: left &+ 1)
    } else {
      branches[left &+ 1].separator =
        height == 1 ? right.entries.span[0].key : right.branches.span[0].separator
      branches[left &+ 1].node = right
    }
  }
}

/// Moves everything to the left if it fits there, and otherwise makes both sides equally long.
@inlinable
internal func even<Part>(
  _ left: inout ContiguousArray<Part>,
  _ right: inout ContiguousArray<Part>,
  fanOut: Int
) {
  let total = left.count &+ right.count
  if total <= fanOut {
    left.append(contentsOf: right)
    right = []
  } else if left.count < right.count {
    let moved = total / 2 &- left.count
    left.append(contentsOf: right[..<moved])
    right.removeSubrange(..<moved)
  } else {
    let kept = total / 2
    right.insert(contentsOf: left[kept...], at: 0)
    left.removeSubrange(kept...)
  }
}

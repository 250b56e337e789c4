extension PersistentMap {
  /// Stores `value` under `key`, in place of the value stored there before, if any.
  ///
  /// - Returns: The value replaced, or `nil` if the key is new.
  /// - Complexity: O(log `count`). Nodes on the way that are shared with a copy of the map are
  ///   duplicated.
  @inlinable
  @discardableResult
  public mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
    var sibling: Branch?
    let old = root.update(
      value, forKey: key, height: height, fanOut: fanOut, isOnRightEdge: true, sibling: &sibling)
    if case .none = old {
      entryCount &+= 1
    }
    if let sibling {
      growRoot(by: sibling)
    }
    return old
  }

  /// Changes the value stored under `key` where it lies.
  ///
  /// The value is not copied, so an array or another map held as a value stays uniquely referenced,
  /// and is itself changed in place.
  ///
  /// - Parameters:
  ///   - key: The key to look for.
  ///   - body: Called with the value, once, if there is one.
  /// - Returns: What `body` returned, or `nil` if there is no such key.
  /// - Throws: What `body` throws; the value stays as `body` left it.
  /// - Complexity: O(log `count`). Nodes on the way that are shared with a copy of the map are
  ///   duplicated.
  @inlinable
  @discardableResult
  public mutating func mutateValue<Result, Failure: Error>(
    forKey key: Key,
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    try root.mutateValue(forKey: key, height: height, body)
  }

  /// Puts a new root above the old one and the part that was split off it.
  @inlinable
  internal mutating func growRoot(by sibling: Branch) {
    var branches = ContiguousArray<Branch>()
    branches.reserveCapacity(fanOut)
    branches.append(Branch(separator: sibling.separator, node: root))
    branches.append(sibling)
    root = Node(branches: branches)
    height &+= 1
  }
}

extension PersistentMap.Node {
  /// Stores an entry below this node, and sets `sibling` to what had to be split off to the right.
  @inlinable
  mutating func update(
    _ value: Value,
    forKey key: Key,
    height: Int,
    fanOut: Int,
    isOnRightEdge: Bool,
    sibling: inout PersistentMap.Branch?
  ) -> Value? {
    if height == 0 {
      let position = lowerBound(of: key)
      if position < entries.count, entries.span[position].key == key {
        let old = entries.span[position].value
        entries[position].value = value
        return old
      }
      insert(
        PersistentMap.Entry(key: key, value: value), at: position, fanOut, isOnRightEdge, &sibling)
      return nil
    }
    let position = branch(for: key)
    var split: PersistentMap.Branch?
    let old = branches[position].node.update(
      value, forKey: key, height: height &- 1, fanOut: fanOut,
      isOnRightEdge: isOnRightEdge && position == branches.count &- 1, sibling: &split)
    if let split {
      insert(split, at: position &+ 1, fanOut, isOnRightEdge, &sibling)
    }
    return old
  }

  /// Puts a new entry into a leaf, which splits if it is full.
  @inlinable
  mutating func insert(
    _ entry: PersistentMap.Entry,
    at position: Int,
    _ fanOut: Int,
    _ isOnRightEdge: Bool,
    _ sibling: inout PersistentMap.Branch?
  ) {
    guard entries.count == fanOut else {
      entries.insert(entry, at: position)
      return
    }
    // At the right edge nothing will come to fill the gaps of a leaf split in the middle if entries
    // keep arriving in ascending order: leave the full leaf as it is.
    let middle = isOnRightEdge && position == fanOut ? fanOut : fanOut / 2
    var right = splitOff(&entries, from: middle, capacity: fanOut)
    if position < middle || (position == middle && middle < fanOut) {
      entries.insert(entry, at: position)
    } else {
      right.insert(entry, at: position &- middle)
    }
    sibling = PersistentMap.Branch(separator: right.span[0].key, node: Self(entries: right))
  }

  /// Puts a new branch into an inner node, which splits if it is full.
  @inlinable
  mutating func insert(
    _ branch: PersistentMap.Branch,
    at position: Int,
    _ fanOut: Int,
    _ isOnRightEdge: Bool,
    _ sibling: inout PersistentMap.Branch?
  ) {
    guard branches.count == fanOut else {
      branches.insert(branch, at: position)
      return
    }
    let middle = isOnRightEdge && position == fanOut ? fanOut : fanOut / 2
    var right = splitOff(&branches, from: middle, capacity: fanOut)
    if position < middle || (position == middle && middle < fanOut) {
      branches.insert(branch, at: position)
    } else {
      right.insert(branch, at: position &- middle)
    }
    sibling = PersistentMap.Branch(separator: right.span[0].separator, node: Self(branches: right))
  }

  @inlinable
  mutating func mutateValue<Result, Failure: Error>(
    forKey key: Key,
    height: Int,
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    if height > 0 {
      return try branches[branch(for: key)].node
        .mutateValue(forKey: key, height: height &- 1, body)
    }
    let position = lowerBound(of: key)
    guard position < entries.count, entries.span[position].key == key else { return nil }
    return try body(&entries[position].value)
  }
}

/// Removes the elements from `start` on and returns them, with room for `capacity` of them.
@inlinable
internal func splitOff<Part>(
  _ parts: inout ContiguousArray<Part>,
  from start: Int,
  capacity: Int
) -> ContiguousArray<Part> {
  var tail = ContiguousArray<Part>()
  tail.reserveCapacity(capacity)
  if start < parts.count {
    tail.append(contentsOf: parts[start...])
    parts.removeSubrange(start...)
  }
  return tail
}

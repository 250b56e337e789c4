/// A key of a few words, which is compared where it lies and in next to no time.
///
/// A node of a large map is not in the cache. A binary search waits for the node's size, then for the middle key, then for
/// the next one; a scan asks for all keys of the node at once, and the processor waits for memory only once.
public protocol ScannedKey: Comparable {}

extension PersistentMap where Key: ScannedKey {
  /// The value stored under `key`, found by scanning the nodes on the way; the same as the subscript's.
  ///
  /// - Complexity: O(log `count`)
  @inlinable
  public func value(scanningFor key: Key) -> Value? {
    // SAFETY: this map holds all its nodes, and nobody changes it meanwhile.
    withExtendedLifetime(self) {
      var entries = unsafe Node.address(root.entries)
      if height > 0 {
        var level = unsafe Node.address(root.branches)
        for _ in 1..<height {
          let position = unsafe Self.branch(scanningFor: key, in: level)
          unsafe level = Node.address(level[position].node.branches)
        }
        let position = unsafe Self.branch(scanningFor: key, in: level)
        unsafe entries = Node.address(level[position].node.entries)
      }
      for index in entries.indices where unsafe entries[index].key == key {
        return unsafe entries[index].value
      }
      return nil
    }
  }

  @inlinable @inline(__always)
  static func branch(
    scanningFor key: Key, in branches: UnsafeBufferPointer<Branch>
  ) -> Int {
    var position = 1
    while position < branches.count, unsafe !(key < branches[position].separator) {
      position &+= 1
    }
    return position &- 1
  }
}

extension PersistentMap {
  /// The values of consecutive keys, in the order of the keys.
  ///
  /// Before values are copied they are touched: what they refer to is then fetched side by side, and not one after the
  /// other.
  ///
  /// - Parameters:
  ///   - start: The least key.
  ///   - predicate: A condition that, among the keys not less than `start`, stays false once it is.
  ///   - touch: Reads something of what the value refers to.
  /// - Returns: The values.
  /// - Complexity: O(log `count` + values)
  @inlinable
  public func values(
    from start: Key, while predicate: (Key) -> Bool,
    touching touch: (UnsafePointer<Value>) -> UInt64
  ) -> [Value] {
    // SAFETY: this map holds all its nodes, and nobody changes it meanwhile.
    withExtendedLifetime(self) {
      var runs = unsafe ContiguousArray<UnsafeBufferPointer<Entry>>()
      _ = unsafe root.collect(from: start, height: height, while: predicate, into: &runs)
      let runCount = unsafe runs.count
      var count = 0
      var sum: UInt64 = 0
      for place in 0..<runCount {
        let run = unsafe runs[place]
        count &+= run.count
        for index in run.indices {
          guard let entry = unsafe run.baseAddress.map({ unsafe $0 + index }),
            let value = unsafe entry.pointer(to: \.value)
          else { continue }
          unsafe sum &+= touch(value) & 1
        }
      }
      // Always so; the compiler does not know that, and so cannot leave the reads out.
      precondition(sum <= UInt64(count))
      return unsafe [Value](unsafeUninitializedCapacity: count) { target, filled in
        for place in 0..<runCount {
          let run = unsafe runs[place]
          for index in run.indices {
            unsafe target.initializeElement(at: filled, to: run[index].value)
            filled &+= 1
          }
        }
      }
    }
  }
}

extension PersistentMap.Node {
  /// Collects what is below this node, a leaf at a time; false once the predicate has become false.
  @inlinable
  func collect(
    from start: Key?, height: Int, while predicate: (Key) -> Bool,
    into runs: inout ContiguousArray<UnsafeBufferPointer<PersistentMap.Entry>>
  ) -> Bool {
    if height > 0 {
      let first = start.map { branch(for: $0) } ?? 0
      let branches = branches.span
      for index in first..<branches.count {
        let isIn = unsafe branches[index].node.collect(
          from: index == first ? start : nil, height: height &- 1, while: predicate, into: &runs)
        if !isIn { return false }
      }
      return true
    }
    let first = start.map { lowerBound(of: $0) } ?? 0
    let entries = unsafe Self.address(entries)
    if first == entries.count { return true }
    var end = entries.count
    // Most leaves are wholly in or have the end in them.
    let isWhole = unsafe predicate(entries[end &- 1].key)
    if !isWhole {
      end = first
      while unsafe predicate(entries[end].key) { end &+= 1 }
    }
    if end > first { unsafe runs.append(UnsafeBufferPointer(rebasing: entries[first..<end])) }
    return isWhole
  }
}

extension PersistentMap {
  /// One node: a leaf has entries and no branches, an inner node has branches and no entries.
  ///
  /// Two arrays rather than an enum, because the payload of an enum cannot be changed in place; the
  /// unused one is the empty array, which takes no memory. Operations are told the height of the
  /// node and so need not ask which kind it is.
  @frozen
  @usableFromInline
  internal struct Node: Sendable {
    @usableFromInline var entries: ContiguousArray<Entry>
    @usableFromInline var branches: ContiguousArray<Branch>

    @inlinable
    init() {
      self.entries = []
      self.branches = []
    }

    @inlinable
    init(entries: ContiguousArray<Entry>) {
      self.entries = entries
      self.branches = []
    }

    @inlinable
    init(branches: ContiguousArray<Branch>) {
      self.entries = []
      self.branches = branches
    }
  }

  /// A key and its value.
  ///
  /// A structure and not a tuple: keys are compared where they lie, while the element of a tuple is reached through a
  /// copy of all of it.
  @frozen
  @usableFromInline
  internal struct Entry: Sendable {
    @usableFromInline var key: Key
    @usableFromInline var value: Value

    @inlinable
    init(key: Key, value: Value) {
      self.key = key
      self.value = value
    }

    @inlinable var element: Element { (key: key, value: value) }
  }

  /// A child of an inner node and the separator in front of it.
  @frozen
  @usableFromInline
  internal struct Branch: Sendable {
    /// Not greater than any key below `node`, and greater than every key below the branch before.
    ///
    /// The separator of a node's first branch separates nothing and is never looked at: it may be
    /// stale.
    @usableFromInline var separator: Key
    @usableFromInline var node: Node

    @inlinable
    init(separator: Key, node: Node) {
      self.separator = separator
      self.node = node
    }
  }
}

// MARK: - Search

// The searches read through spans: an element of a span is borrowed where it lies, while one of an
// array is copied first, at the price of two reference counts a comparison.
extension PersistentMap.Node {
  /// The position of the first entry whose key is not less than `key`.
  @inlinable
  func lowerBound(of key: Key) -> Int {
    let entries = entries.span
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if entries[middle].key < key {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The position of the branch under which `key` belongs.
  @inlinable
  func branch(for key: Key) -> Int {
    let branches = branches.span
    var low = 1
    var high = branches.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if key < branches[middle].separator {
        high = middle
      } else {
        low = middle &+ 1
      }
    }
    return low &- 1
  }

  /// The value stored under `key`, or nil.
  ///
  /// Walks by addresses: a node that is borrowed as a value costs two reference counts, and those lie in
  /// memory that nothing else here needs. Whoever holds this node holds all nodes below it.
  @inlinable
  func value(forKey key: Key, height: Int) -> Value? {
    guard height > 0 else {
      return unsafe Self.value(forKey: key, in: Self.address(entries))
    }
    var level = unsafe Self.address(branches)
    for _ in 1..<height {
      let position = unsafe Self.branch(for: key, in: level)
      unsafe level = Self.address(level[position].node.branches)
    }
    let position = unsafe Self.branch(for: key, in: level)
    return withExtendedLifetime(self) {
      unsafe Self.value(forKey: key, in: Self.address(level[position].node.entries))
    }
  }

  /// Where the elements of an array lie, for as long as somebody holds it.
  @inlinable
  static func address<Part>(_ parts: borrowing ContiguousArray<Part>) -> UnsafeBufferPointer<Part> {
    unsafe parts.withUnsafeBufferPointer { unsafe $0 }
  }

  @inlinable
  static func branch(for key: Key, in branches: UnsafeBufferPointer<PersistentMap.Branch>) -> Int {
    var low = 1
    var high = branches.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if unsafe key < branches[middle].separator {
        high = middle
      } else {
        low = middle &+ 1
      }
    }
    return low &- 1
  }

  @inlinable
  static func value(
    forKey key: Key, in entries: UnsafeBufferPointer<PersistentMap.Entry>
  ) -> Value? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if unsafe entries[middle].key < key {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    guard low < entries.count, unsafe entries[low].key == key else { return nil }
    return unsafe entries[low].value
  }

  /// Where the entry of `key` lies, for as long as somebody holds this node and nobody changes it.
  @inlinable
  func place(ofKey key: Key, height: Int) -> UnsafePointer<PersistentMap.Entry>? {
    var entries = unsafe Self.address(entries)
    if height > 0 {
      var level = unsafe Self.address(branches)
      for _ in 1..<height {
        let position = unsafe Self.branch(for: key, in: level)
        unsafe level = Self.address(level[position].node.branches)
      }
      let position = unsafe Self.branch(for: key, in: level)
      unsafe entries = Self.address(level[position].node.entries)
    }
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if unsafe entries[middle].key < key {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    guard low < entries.count, unsafe entries[low].key == key else { return nil }
    return unsafe entries.baseAddress.map { unsafe $0 + low }
  }

  @inlinable
  func forEachValue<Failure: Error>(
    height: Int, _ body: (Value) throws(Failure) -> Void
  ) throws(Failure) {
    if height > 0 {
      let branches = branches.span
      for index in branches.indices {
        try branches[index].node.forEachValue(height: height &- 1, body)
      }
    } else {
      let entries = entries.span
      for index in entries.indices { try body(entries[index].value) }
    }
  }

  @inlinable
  func first(height: Int) -> PersistentMap.Element? {
    if height > 0 {
      return branches.span[0].node.first(height: height &- 1)
    }
    return entries.first?.element
  }

  @inlinable
  func last(height: Int) -> PersistentMap.Element? {
    if height > 0 {
      return branches.span[branches.count &- 1].node.last(height: height &- 1)
    }
    return entries.last?.element
  }

  @inlinable
  func firstElement<Failure: Error>(
    height: Int,
    partitionedBy predicate: (Key) throws(Failure) -> Bool
  ) throws(Failure) -> PersistentMap.Element? {
    // The branch to enter is the last one whose separator does not satisfy the predicate. Nothing
    // may be found there, if the predicate turns true between its last key and the next separator.
    if height > 0 {
      let branches = branches.span
      var low = 1
      var high = branches.count
      while low < high {
        let middle = (low &+ high) &>> 1
        if try predicate(branches[middle].separator) {
          high = middle
        } else {
          low = middle &+ 1
        }
      }
      let entered = branches[low &- 1].node
      if let found = try entered.firstElement(height: height &- 1, partitionedBy: predicate) {
        return found
      }
      return low < branches.count ? branches[low].node.first(height: height &- 1) : nil
    }
    let entries = entries.span
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if try predicate(entries[middle].key) {
        high = middle
      } else {
        low = middle &+ 1
      }
    }
    return low < entries.count ? entries[low].element : nil
  }
}

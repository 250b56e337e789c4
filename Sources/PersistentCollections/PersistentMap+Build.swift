extension PersistentMap {
  /// Creates a map from entries in strictly ascending order of their keys.
  ///
  /// Several times as fast as inserting one by one, and all nodes are full but the last of each
  /// level.
  ///
  /// - Parameter elements: The entries, in order and without duplicate keys.
  /// - Precondition: Each key is greater than the one before.
  /// - Complexity: O(*n*) for *n* entries.
  @inlinable
  public init(sortedElements elements: some Sequence<Element>) {
    self.init(sortedElements: elements, fanOut: Self.defaultFanOut)
  }

  /// Creates a map of a certain fan-out from sorted entries, for tests.
  @inlinable
  package init(sortedElements elements: some Sequence<Element>, fanOut: Int) {
    self.init(fanOut: fanOut)
    var level = ContiguousArray<Branch>()
    var leaf = ContiguousArray<Entry>()
    leaf.reserveCapacity(fanOut)
    var iterator = elements.makeIterator()
    while let element = iterator.next() {
      if let last = leaf.last {
        precondition(
          last.key < element.key, "Keys must ascend strictly: sort, and drop duplicates.")
      }
      if leaf.count == fanOut {
        level.append(Branch(separator: leaf[0].key, node: Node(entries: leaf)))
        leaf = []
        leaf.reserveCapacity(fanOut)
      }
      leaf.append(Entry(key: element.key, value: element.value))
      entryCount &+= 1
    }
    guard let first = leaf.first else { return }
    level.append(Branch(separator: first.key, node: Node(entries: leaf)))
    while level.count > 1 {
      level = Self.stack(level, fanOut: fanOut)
      height &+= 1
    }
    root = level[0].node
  }

  /// Groups the nodes of one level under the nodes of the level above.
  @inlinable
  internal static func stack(
    _ level: ContiguousArray<Branch>,
    fanOut: Int
  ) -> ContiguousArray<Branch> {
    var above = ContiguousArray<Branch>()
    above.reserveCapacity((level.count &+ fanOut &- 1) / fanOut)
    for start in stride(from: 0, to: level.count, by: fanOut) {
      var branches = ContiguousArray<Branch>()
      branches.reserveCapacity(fanOut)
      branches.append(contentsOf: level[start..<Swift.min(start &+ fanOut, level.count)])
      above.append(Branch(separator: branches[0].separator, node: Node(branches: branches)))
    }
    return above
  }
}

extension PersistentMap: Sequence {
  /// Walks over the entries of a map, or of a part of it, in ascending order of their keys.
  ///
  /// The iterator keeps its own copy of the map's root: changing the map while iterating is
  /// allowed and does not change what the iterator delivers.
  @frozen
  public struct Iterator: IteratorProtocol, Sendable {
    /// The entries of the leaf that is being read.
    @usableFromInline
    internal var leaf: ContiguousArray<Entry>

    @usableFromInline
    internal var position: Int

    /// Where in the leaf to stop: short of its end in the last leaf of a range.
    @usableFromInline
    internal var limit: Int

    /// The inner nodes above the leaf, from the root down, each with the branch to enter next.
    @usableFromInline
    internal var path: ContiguousArray<(branches: ContiguousArray<Branch>, next: Int)>

    /// The first key not to be delivered.
    @usableFromInline
    internal let end: Key?

    @inlinable
    internal init(_ map: PersistentMap, from start: Start, to end: Key?) {
      self.leaf = []
      self.position = 0
      self.limit = 0
      self.path = []
      self.end = end
      path.reserveCapacity(map.height)
      var node = map.root
      while !node.branches.isEmpty {
        let entered =
          switch start {
          case .first: 0
          case .from(let key), .after(let key): node.branch(for: key)
          }
        path.append((branches: node.branches, next: entered &+ 1))
        node = node.branches[entered].node
      }
      enter(node)
      switch start {
      case .first: break
      case .from(let key): position = node.lowerBound(of: key)
      case .after(let key):
        position = node.lowerBound(of: key)
        if position < leaf.count, leaf[position].key == key {
          position &+= 1
        }
      }
    }

    /// Advances to the next entry and returns it, or `nil` if there is none.
    ///
    /// - Complexity: O(1) on average, and O(log `count`) at worst; nothing is allocated.
    @inlinable
    public mutating func next() -> Element? {
      if position >= limit {
        guard enterNextLeaf() else { return nil }
      }
      let entry = leaf[position]
      position &+= 1
      return entry.element
    }

    /// Passes over all entries that are left and returns how many they were.
    ///
    /// - Complexity: O(`count` / entries of a leaf)
    @inlinable
    public mutating func skipRest() -> Int {
      var skipped = limit &- position
      position = limit
      while enterNextLeaf() {
        skipped &+= limit &- position
        position = limit
      }
      return skipped
    }

    @inlinable
    internal mutating func enter(_ node: Node) {
      leaf = node.entries
      position = 0
      limit = leaf.count
      // One comparison a leaf instead of one an entry: only the leaf that holds the end is searched
      // for it.
      if let end, limit > 0, !(leaf[limit &- 1].key < end) {
        limit = node.lowerBound(of: end)
        path.removeAll()
      }
    }

    /// Moves on to the next leaf that has something to deliver.
    @inlinable
    @inline(never)
    internal mutating func enterNextLeaf() -> Bool {
      while let top = path.last {
        guard top.next < top.branches.count else {
          path.removeLast()
          continue
        }
        path[path.count &- 1].next &+= 1
        var node = top.branches[top.next].node
        while !node.branches.isEmpty {
          path.append((branches: node.branches, next: 1))
          node = node.branches[0].node
        }
        enter(node)
        if position < limit {
          return true
        }
      }
      return false
    }
  }

  /// Where an iteration begins.
  @frozen
  @usableFromInline
  internal enum Start: Sendable {
    case first
    case from(Key)
    case after(Key)
  }

  /// Returns an iterator over all entries, in ascending order of their keys.
  ///
  /// - Complexity: O(log `count`)
  @inlinable
  public func makeIterator() -> Iterator {
    Iterator(self, from: .first, to: nil)
  }

  /// The number of entries, which is known without counting.
  @inlinable
  public var underestimatedCount: Int { count }
}

extension PersistentMap: Equatable where Value: Equatable {
  /// Returns whether two maps have equal values under equal keys.
  ///
  /// - Complexity: O(`count`); O(1) if the counts differ.
  @inlinable
  public static func == (left: Self, right: Self) -> Bool {
    left.count == right.count && left.elementsEqual(right, by: ==)
  }
}

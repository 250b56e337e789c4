extension PersistentMap {
  /// The entries of a map between two keys, in ascending order.
  ///
  /// Like an iterator, it holds a copy of the map and is not affected by later changes.
  @frozen
  public struct Elements: Sequence, Sendable {
    @usableFromInline
    internal let map: PersistentMap

    @usableFromInline
    internal let start: Start

    @usableFromInline
    internal let end: Key?

    @inlinable
    internal init(_ map: PersistentMap, from start: Start, to end: Key?) {
      self.map = map
      self.start = start
      self.end = end
    }

    /// Returns an iterator over these entries.
    ///
    /// - Complexity: O(log `count`) of the map.
    @inlinable
    public func makeIterator() -> Iterator {
      Iterator(map, from: start, to: end)
    }

    /// The first of these entries, or `nil` if there are none.
    ///
    /// - Complexity: O(log `count`) of the map.
    @inlinable
    public var first: Element? {
      var iterator = makeIterator()
      return iterator.next()
    }

    /// A Boolean value that tells whether there are none.
    ///
    /// - Complexity: O(log `count`) of the map.
    @inlinable
    public var isEmpty: Bool {
      if case .none = first { true } else { false }
    }
  }

  /// Returns the entries whose keys are not less than `start`.
  ///
  /// - Complexity: O(log `count`) to reach the first entry.
  @inlinable
  public func elements(from start: Key) -> Elements {
    Elements(self, from: .from(start), to: nil)
  }

  /// Returns the entries whose keys are greater than `start`.
  ///
  /// This continues a list from the last key of the page before.
  ///
  /// - Complexity: O(log `count`) to reach the first entry.
  @inlinable
  public func elements(after start: Key) -> Elements {
    Elements(self, from: .after(start), to: nil)
  }

  /// Returns the entries whose keys lie in `range`.
  ///
  /// - Complexity: O(log `count`) to reach the first entry; the end is looked for once a leaf, not
  ///   once an entry.
  @inlinable
  public func elements(in range: Range<Key>) -> Elements {
    Elements(self, from: .from(range.lowerBound), to: range.upperBound)
  }

  /// Returns the entries from `start` on, up to the first one whose key does not satisfy
  /// `predicate`.
  ///
  /// All names in a namespace, without making up a string that sorts behind them:
  ///
  /// ```swift
  /// objects.elements(from: "default/", while: { $0.hasPrefix("default/") })
  /// ```
  ///
  /// - Parameters:
  ///   - start: The least key to deliver.
  ///   - predicate: A condition that, among the keys not less than `start`, stays false once it is.
  /// - Returns: The entries, found when iterated.
  /// - Throws: What the predicate throws.
  /// - Complexity: O(log `count`) calls of the predicate, all of them before this method returns.
  @inlinable
  public func elements<Failure: Error>(
    from start: Key,
    while predicate: (Key) throws(Failure) -> Bool
  ) throws(Failure) -> Elements {
    Elements(self, from: .from(start), to: try end(after: start, while: predicate))
  }

  /// Returns the entries after `start`, up to the first one whose key does not satisfy `predicate`.
  ///
  /// The next page of a prefix scan.
  ///
  /// - Parameters:
  ///   - start: The key to continue after, present or not.
  ///   - predicate: A condition that, among the keys greater than `start`, stays false once it is.
  /// - Returns: The entries, found when iterated.
  /// - Throws: What the predicate throws.
  /// - Complexity: O(log `count`) calls of the predicate, all of them before this method returns.
  @inlinable
  public func elements<Failure: Error>(
    after start: Key,
    while predicate: (Key) throws(Failure) -> Bool
  ) throws(Failure) -> Elements {
    Elements(self, from: .after(start), to: try end(after: start, while: predicate))
  }

  /// The first key that is not less than `start` and does not satisfy `predicate`.
  @inlinable
  internal func end<Failure: Error>(
    after start: Key,
    while predicate: (Key) throws(Failure) -> Bool
  ) throws(Failure) -> Key? {
    let element = try firstElement { (key: Key) throws(Failure) -> Bool in
      guard start <= key else { return false }
      return try !predicate(key)
    }
    return element?.key
  }
}

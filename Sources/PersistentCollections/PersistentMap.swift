/// An ordered map whose copies are free and share everything they have in common.
///
/// A `PersistentMap` is a value: changing one copy never changes another. Taking a copy costs a
/// reference count, whatever the number of entries, and a later change to either copy duplicates
/// only the nodes on the way from the root to the entry changed. A snapshot, a fork of a whole
/// world or a list that must stay consistent while it is read is therefore just an assignment:
///
/// ```swift
/// var store = PersistentMap<String, Int>()
/// store.updateValue(1, forKey: "default/a")
/// let snapshot = store            // nothing is copied
/// store.updateValue(2, forKey: "default/a")
/// snapshot["default/a"]           // 1
/// ```
///
/// Entries are kept in ascending order of their keys, and iteration follows that order. The order
/// depends on the keys only, never on a hash seed, and the same operations build the same tree in
/// every process.
///
/// ## Representation
///
/// The map is a B+-tree: entries live in the leaves, inner nodes hold separator keys and children,
/// and every leaf is equally deep. Nodes are arrays inside arrays, so the copy-on-write of the
/// standard library *is* the path copying of the tree: a node that nobody shares is changed in
/// place; a shared one is duplicated, one level at a time. There is no class and no unsafe code
/// here, and the map is `Sendable` because its parts are.
///
/// Nodes are between half full and full, with one exception: those on the left and the right edge
/// of the tree may hold less. A log, which appends at one end and drops from the other, so gets
/// full leaves and never moves an entry between nodes.
///
/// A separator may outlive the entry whose key it was: the tree holds on to at most one such key
/// per node.
///
/// ## Cost
///
/// Against a sorted array, insertion and removal take O(log `count`) in place of O(`count`), and so
/// does the first change after a copy. Against `Dictionary`, a lookup costs O(log `count`)
/// comparisons rather than one hash, but the map has an order, ranges, and copies that stay cheap
/// *after* the first change: a dictionary duplicates all its entries then. Against a persistent
/// hash map, entries come in key order and not in an order that differs from one process to the
/// next.
@frozen
public struct PersistentMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
  /// A key and the value stored under it.
  public typealias Element = (key: Key, value: Value)

  /// The top of the tree; a leaf while `height` is zero.
  @usableFromInline
  internal var root: Node

  @usableFromInline
  internal var entryCount: Int

  /// The number of levels of inner nodes above the leaves.
  @usableFromInline
  internal var height: Int

  /// The number of entries in a leaf, and of children in an inner node, that makes it full.
  @usableFromInline
  internal var fanOut: Int

  /// Creates an empty map.
  ///
  /// - Complexity: O(1)
  @inlinable
  public init() {
    self.init(fanOut: Self.defaultFanOut)
  }

  /// Creates an empty map whose nodes hold at most `fanOut` entries or children.
  ///
  /// For tests: a small fan-out makes deep trees of few entries.
  @inlinable
  package init(fanOut: Int) {
    precondition(fanOut >= 4, "A node must be able to split into two of at least two parts each.")
    self.root = Node()
    self.entryCount = 0
    self.height = 0
    self.fanOut = fanOut
  }

  /// A compromise between changes after a copy and everything else.
  ///
  /// Smaller nodes make the first change after a copy cheaper, which must retain all neighbours on
  /// the way; larger ones let logs grow and iteration run faster. Lookup hardly depends on it.
  @inlinable
  internal static var defaultFanOut: Int { 16 }

  /// The number of entries in the map.
  ///
  /// - Complexity: O(1)
  @inlinable
  public var count: Int { entryCount }

  /// A Boolean value that tells whether the map has no entries.
  ///
  /// - Complexity: O(1)
  @inlinable
  public var isEmpty: Bool { count == 0 }
}

// MARK: - Lookup

extension PersistentMap {
  /// The entry with the smallest key, or `nil` if the map is empty.
  ///
  /// - Complexity: O(log `count`)
  @inlinable
  public var first: Element? { root.first(height: height) }

  /// The entry with the greatest key, or `nil` if the map is empty.
  ///
  /// - Complexity: O(log `count`)
  @inlinable
  public var last: Element? { root.last(height: height) }

  /// Accesses the value stored under `key`; assigning `nil` removes the entry.
  ///
  /// Use ``mutateValue(forKey:_:)`` to change a large value where it is: reading and assigning
  /// through this subscript searches twice and holds a second reference in between.
  ///
  /// - Complexity: O(log `count`)
  @inlinable
  public subscript(key: Key) -> Value? {
    get { root.value(forKey: key, height: height) }
    set {
      if let newValue {
        updateValue(newValue, forKey: key)
      } else {
        removeValue(forKey: key)
      }
    }
  }

  /// Looks at the value stored under `key` where it lies.
  ///
  /// The value is not copied: of a large one, whatever it holds need not be counted.
  ///
  /// - Parameters:
  ///   - key: The key to look for.
  ///   - body: Called with the value, once, if there is one.
  /// - Returns: What `body` returned, or `nil` if there is no such key.
  /// - Throws: What `body` throws.
  /// - Complexity: O(log `count`)
  @inlinable @inline(__always)
  public func withValue<Result, Failure: Error>(
    forKey key: Key,
    _ body: (Value) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let place = unsafe root.place(ofKey: key, height: height) else { return nil }
    // SAFETY: this map holds all its nodes, and nobody changes it meanwhile.
    return try unsafe body(place.pointee.value)
  }

  /// Looks at all values where they lie, in the order of their keys.
  ///
  /// - Complexity: O(`count`)
  @inlinable
  public func forEachValue<Failure: Error>(
    _ body: (Value) throws(Failure) -> Void
  ) throws(Failure) {
    try root.forEachValue(height: height, body)
  }

  /// Returns the first entry whose key satisfies a predicate that, in key order, turns from false
  /// to true once.
  ///
  /// This is a binary search, and answers what has no key to search for, such as "the
  /// first key after all those with this prefix".
  ///
  /// - Parameter predicate: A condition that is true for every key after the first one for which it
  ///   is true. Otherwise the result is unspecified.
  /// - Returns: The entry, or `nil` if the predicate is true for no key.
  /// - Throws: What the predicate throws.
  /// - Complexity: O(log `count`) calls of the predicate.
  @inlinable
  public func firstElement<Failure: Error>(
    partitionedBy predicate: (Key) throws(Failure) -> Bool
  ) throws(Failure) -> Element? {
    try root.firstElement(height: height, partitionedBy: predicate)
  }
}

/// A set of items by number, as bits.
public struct ItemSet: Sendable, Hashable {
  private var words: ContiguousArray<UInt64>
  /// The number of items in the set.
  public private(set) var count: Int
  /// Items are numbered below this.
  public let capacity: Int

  /// All items below `capacity`, or none.
  public init(capacity: Int, full: Bool = false) {
    self.capacity = capacity
    words = ContiguousArray(repeating: full ? ~0 : 0, count: (capacity + 63) / 64)
    count = full ? capacity : 0
    if full, capacity % 64 != 0 {
      words[words.count - 1] = (1 << UInt64(capacity % 64)) - 1
    }
  }

  /// Whether `item` is in the set.
  public func contains(_ item: Int) -> Bool {
    item >= 0 && item < capacity && words[item >> 6] >> UInt64(item & 63) & 1 == 1
  }

  /// Adds an item.
  public mutating func insert(_ item: Int) {
    precondition(item >= 0 && item < capacity, "no such item")
    if !contains(item) {
      words[item >> 6] |= 1 << UInt64(item & 63)
      count += 1
    }
  }

  /// Takes an item out.
  public mutating func remove(_ item: Int) {
    if contains(item) {
      words[item >> 6] &= ~(1 << UInt64(item & 63))
      count -= 1
    }
  }

  /// The lowest item that is at least `start`, or nil.
  ///
  /// - Complexity: O(capacity / 64).
  public func first(from start: Int = 0) -> Int? {
    guard start < capacity else { return nil }
    var index = Swift.max(0, start) >> 6
    var word = words[index] & (~0 << UInt64(Swift.max(0, start) & 63))
    while true {
      if word != 0 { return (index << 6) + word.trailingZeroBitCount }
      index += 1
      guard index < words.count else { return nil }
      word = words[index]
    }
  }
}

extension ItemSet: Sequence {
  /// Walks over the items in ascending order.
  public struct Iterator: IteratorProtocol {
    private let set: ItemSet
    private var position = 0

    init(_ set: ItemSet) { self.set = set }

    /// The next item.
    public mutating func next() -> Int? {
      guard let item = set.first(from: position) else { return nil }
      position = item + 1
      return item
    }
  }

  /// An iterator in ascending order.
  public func makeIterator() -> Iterator { Iterator(self) }
}

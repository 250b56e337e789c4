/// A set of items by number, as bits.
///
/// A second level says which words have a bit at all, so that looking for a free item in a large pool that is nearly
/// full skips 4096 items at a time.
public struct ItemSet: Sendable, Hashable {
  private(set) var words: ContiguousArray<UInt64>
  /// A bit a word: whether the word is not zero.
  private var occupied: ContiguousArray<UInt64>
  /// The number of items in the set.
  public private(set) var count: Int
  /// Items are numbered below this.
  public let capacity: Int

  /// All items below `capacity`, or none.
  public init(capacity: Int, full: Bool = false) {
    self.capacity = capacity
    words = Self.bits(capacity, full: full)
    occupied = Self.bits(words.count, full: full)
    count = full ? capacity : 0
  }

  private static func bits(_ count: Int, full: Bool) -> ContiguousArray<UInt64> {
    var bits = ContiguousArray<UInt64>(repeating: full ? ~0 : 0, count: (count + 63) / 64)
    if full, count % 64 != 0 { bits[bits.count - 1] = (1 << UInt64(count % 64)) - 1 }
    return bits
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
      occupied[item >> 12] |= 1 << UInt64(item >> 6 & 63)
      count += 1
    }
  }

  /// Takes an item out.
  public mutating func remove(_ item: Int) {
    if contains(item) {
      words[item >> 6] &= ~(1 << UInt64(item & 63))
      if words[item >> 6] == 0 { occupied[item >> 12] &= ~(1 << UInt64(item >> 6 & 63)) }
      count -= 1
    }
  }

  /// The lowest item that is at least `start`, or nil.
  ///
  /// - Complexity: O(capacity / 4096).
  public func first(from start: Int = 0) -> Int? {
    let start = Swift.max(0, start)
    guard start < capacity else { return nil }
    let word = words[start >> 6] & (~0 << UInt64(start & 63))
    if word != 0 { return start & ~63 + word.trailingZeroBitCount }
    guard let next = firstOccupied(from: start >> 6 + 1) else { return nil }
    return next << 6 + words[next].trailingZeroBitCount
  }

  /// The first word at or after `index` that is not zero.
  private func firstOccupied(from index: Int) -> Int? {
    guard index < words.count else { return nil }
    var place = index >> 6
    var word = occupied[place] & (~0 << UInt64(index & 63))
    while word == 0 {
      place += 1
      guard place < occupied.count else { return nil }
      word = occupied[place]
    }
    return place << 6 + word.trailingZeroBitCount
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

extension ItemSet {
  /// The lowest item of a range, or nil.
  ///
  /// - Complexity: O(capacity / 4096).
  public func first(in range: Range<Int>) -> Int? {
    guard !range.isEmpty, let item = first(from: range.lowerBound), item < range.upperBound else {
      return nil
    }
    return item
  }

  /// How many items of a range are in the set.
  ///
  /// - Complexity: O(length / 64).
  public func count(in range: Range<Int>) -> Int {
    let range = range.clamped(to: 0..<capacity)
    guard !range.isEmpty else { return 0 }
    let (low, high) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
    let lowMask: UInt64 = ~0 << UInt64(range.lowerBound & 63)
    let highMask: UInt64 = ~0 >> UInt64(63 - (range.upperBound - 1) & 63)
    if low == high { return (words[low] & lowMask & highMask).nonzeroBitCount }
    var count = (words[low] & lowMask).nonzeroBitCount + (words[high] & highMask).nonzeroBitCount
    for index in low + 1..<high { count += words[index].nonzeroBitCount }
    return count
  }
}

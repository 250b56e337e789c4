/// Numbers the members of a few ranges from 0 on, without storing the members.
///
/// Ports and addresses are items by number; a /12 has a million of them, and only those that are handed out
/// are ever written as text.
struct NumberedRanges: Sendable {
  /// Members that lie side by side, and the item that the first of them is.
  struct Piece: Sendable, Hashable {
    let first: UInt128
    let count: Int
    let firstItem: Int

    var last: UInt128 { first + UInt128(count) - 1 }
    var items: Range<Int> { firstItem..<firstItem + count }
  }

  /// The pieces in the order in which their members are numbered.
  private(set) var pieces: ContiguousArray<Piece> = []
  /// The same pieces in the order of their members.
  private var sorted: ContiguousArray<Piece> = []

  /// The number of items.
  var count: Int { pieces.last.map { $0.firstItem + $0.count } ?? 0 }

  /// Numbers the members of a range behind all others, but for those that are excluded.
  ///
  /// - Returns: the items that the members have become.
  /// - Precondition: the range meets none that was added before.
  mutating func append(
    _ range: ClosedRange<UInt128>, without excluded: [ClosedRange<UInt128>]
  ) -> Range<Int> {
    let start = count
    var next = range.lowerBound
    let holes = excluded.filter { $0.overlaps(range) }.sorted { $0.lowerBound < $1.lowerBound }
    for hole in holes {
      if hole.lowerBound > next { add(next...hole.lowerBound - 1) }
      guard hole.upperBound < range.upperBound else { return start..<count }
      next = max(next, hole.upperBound + 1)
    }
    add(next...range.upperBound)
    return start..<count
  }

  private mutating func add(_ range: ClosedRange<UInt128>) {
    let piece = Piece(
      first: range.lowerBound, count: Int(range.upperBound - range.lowerBound) + 1,
      firstItem: count)
    pieces.append(piece)
    sorted.insert(piece, at: place(of: piece.first))
  }

  /// How many sorted pieces begin at or before the member.
  private func place(of member: UInt128) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].first <= member { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The item that a member is; nil for what is in none of the ranges.
  ///
  /// - Complexity: O(log pieces).
  func item(of member: UInt128) -> Int? {
    let place = place(of: member)
    guard place > 0 else { return nil }
    let piece = sorted[place - 1]
    return member <= piece.last ? piece.firstItem + Int(member - piece.first) : nil
  }

  /// The member that an item is.
  ///
  /// - Precondition: there is such an item.
  /// - Complexity: O(log pieces).
  func member(of item: Int) -> UInt128 {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].firstItem <= item { low = middle } else { high = middle }
    }
    let piece = pieces[low]
    precondition(piece.items.contains(item), "there is no item \(item)")
    return piece.first + UInt128(item - piece.firstItem)
  }
}

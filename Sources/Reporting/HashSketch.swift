public import ValueTree

/// How many different hashes there were, in little room: the smallest of them, from which the number of all follows
/// (Bar-Yossef et al., 2002).
///
/// Exact up to `sizeMax` hashes; from there on right to a few per cent. Two sketches add up to that of both sets.
public struct HashSketch: Sendable, Hashable {
  /// The most hashes that are kept.
  public static let sizeMax = 1_024

  /// The smallest hashes, in order.
  private(set) var smallest: [UInt64]

  /// The sketch of these hashes.
  public init(_ hashes: some Sequence<UInt64>) {
    smallest = Array(Set(hashes).sorted().prefix(Self.sizeMax))
  }

  /// Whether the number is exact.
  public var isExact: Bool { smallest.count < Self.sizeMax }

  /// About how many there were.
  public var count: Int {
    guard let last = smallest.last, !isExact else { return smallest.count }
    let share = Double(last) / Double(UInt64.max)
    return Int((Double(smallest.count - 1) / Swift.max(share, 1e-18)).rounded())
  }

  /// Adds the hashes of another sketch.
  public mutating func add(_ other: HashSketch) {
    smallest = Array(Set(smallest + other.smallest).sorted().prefix(Self.sizeMax))
  }

  /// The sketch as a value.
  public var value: Value { Value(smallest.map { Value(Figures.hex($0)) }) }

  /// Reads a sketch; nil where it is none.
  public init?(_ value: Value?) {
    guard let value, value.isList else { return nil }
    var hashes: [UInt64] = []
    for element in value.elements {
      guard let text = element.string, let hash = UInt64(text, radix: 16) else { return nil }
      hashes.append(hash)
    }
    self.init(hashes)
  }
}

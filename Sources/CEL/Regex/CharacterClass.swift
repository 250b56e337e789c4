/// A set of code points: ranges, and general categories that are looked up when a text is matched.
struct CharacterClass: Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []
  /// A bit for each general category whose code points belong to the set.
  private(set) var categories: UInt32 = 0
  var isNegated = false
  /// Filled in by `finish`: the answers for ASCII.
  private var ascii: (UInt64, UInt64) = (0, 0)

  mutating func add(_ range: ClosedRange<UInt32>) { ranges.append(range) }

  mutating func add(categories mask: UInt32) { categories |= mask }

  /// Adds another set, negated or not.
  mutating func add(_ other: CharacterClass) {
    guard other.isNegated else {
      ranges.append(contentsOf: other.ranges)
      categories |= other.categories
      return
    }
    // A class that can be named has ranges or categories, never both.
    precondition(other.ranges.isEmpty || other.categories == 0)
    if other.categories != 0 {
      categories |= ~other.categories
    } else {
      ranges.append(contentsOf: Self.complement(of: other.ranges))
    }
  }

  /// Adds the other case of every letter.
  mutating func foldCase() {
    var added: [ClosedRange<UInt32>] = []
    for range in ranges {
      for (scalar, others) in CaseFolding.orbits(in: range) where range.contains(scalar) {
        for other in others { added.append(other...other) }
      }
    }
    ranges.append(contentsOf: added)
  }

  /// Sorts and joins the ranges.
  mutating func finish() {
    ranges = Self.normalized(ranges)
    for value in UInt32(0)..<128 where slowContains(value) {
      if value < 64 { ascii.0 |= 1 << value } else { ascii.1 |= 1 << (value - 64) }
    }
  }

  @inline(__always)
  func contains(_ value: UInt32) -> Bool {
    if value < 64 { return ascii.0 >> value & 1 != 0 }
    if value < 128 { return ascii.1 >> (value - 64) & 1 != 0 }
    return slowContains(value)
  }

  private func slowContains(_ value: UInt32) -> Bool { isMember(value) != isNegated }

  private func isMember(_ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value {
        low = middle + 1
      } else if ranges[middle].lowerBound > value {
        high = middle
      } else {
        return true
      }
    }
    guard categories != 0, let scalar = Unicode.Scalar(value) else { return false }
    return categories >> UnicodeClasses.bit(scalar.properties.generalCategory) & 1 != 0
  }

  static func normalized(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound + 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in normalized(ranges) {
      if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { result.append(next...0x10FFFF) }
    return result
  }
}

/// Letters that differ only in case.
enum CaseFolding {
  /// The blocks that have letters with case.
  private static let blocks: [ClosedRange<UInt32>] = [
    0x41...0x24FF, 0x2C00...0x2DFF, 0xA640...0xABFF, 0xFF21...0xFF5A, 0x10400...0x104FF,
    0x10570...0x105BF, 0x10C80...0x10CFF, 0x118A0...0x118DF, 0x16E40...0x16E7F, 0x1E900...0x1E943,
  ]

  /// Each letter with the others of its orbit, in the order of the letters.
  private static let all: [(scalar: UInt32, others: [UInt32])] = {
    var groups: [UInt32: [UInt32]] = [:]
    var keys: [UInt32] = []
    for block in blocks {
      for value in block {
        guard let scalar = Unicode.Scalar(value), let key = folded(scalar) else { continue }
        if groups[key] == nil { keys.append(key) }
        groups[key, default: []].append(value)
      }
    }
    var result: [(scalar: UInt32, others: [UInt32])] = []
    for key in keys {
      let members = groups[key] ?? []
      guard members.count > 1 else { continue }
      for member in members { result.append((member, members.filter { $0 != member })) }
    }
    return result.sorted { $0.scalar < $1.scalar }
  }()

  /// The lower case of the upper case, where both are one code point: what an orbit has in common.
  private static func folded(_ scalar: Unicode.Scalar) -> UInt32? {
    let upper = scalar.properties.uppercaseMapping.unicodeScalars
    guard let first = upper.first, upper.count == 1 else { return nil }
    let lower = first.properties.lowercaseMapping.unicodeScalars
    guard let result = lower.first, lower.count == 1 else { return nil }
    return result.value == first.value && first == scalar ? nil : result.value
  }

  static func orbits(in range: ClosedRange<UInt32>) -> ArraySlice<
    (scalar: UInt32, others: [UInt32])
  > {
    let start = partition { $0 >= range.lowerBound }
    let end = partition { $0 > range.upperBound }
    return all[start..<Swift.max(start, end)]
  }

  private static func partition(_ isBeyond: (UInt32) -> Bool) -> Int {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(all[middle].scalar) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

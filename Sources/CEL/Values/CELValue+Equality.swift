import Scalars
import ValueTree

/// How much of two values may be looked at when they are compared.
///
/// A few nested `cel.bind` make a list that shares its parts and is, spelled out, larger than any
/// memory; comparing such lists must end, and what was looked at is paid for.
struct ComparisonBudget {
  private let start: Int
  private(set) var left: Int

  init(_ steps: Int = 1_000_000) {
    start = steps
    left = steps
  }

  var isExhausted: Bool { left < 0 }
  var spent: Int { start - left }

  mutating func spend(_ steps: Int = 1) -> Bool {
    left -= steps
    return left >= 0
  }
}

extension CELValue {
  /// Whether two values are equal; values of different kinds are not, except numbers of equal value.
  ///
  /// False as well where the budget does not suffice, which it tells.
  func equals(_ other: CELValue, _ budget: inout ComparisonBudget) -> Bool {
    guard budget.spend() else { return false }
    switch (self, other) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.uint(let a), .uint(let b)): return a == b
    case (.string(let a), .string(let b)): return sameText(a, b)
    case (.bytes(let a), .bytes(let b)): return a == b
    case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int),
      (.double, .uint), (.double, .double):
      return Self.compareNumbers(self, other) == 0
    case (.timestamp(let a), .timestamp(let b)): return a == b
    case (.duration(let a), .duration(let b)): return a == b
    case (.type(let a), .type(let b)): return a.runtimeName == b.runtimeName
    case (.quantity(let a), .quantity(let b)): return a == b
    case (.ip(let a), .ip(let b)): return a == b
    case (.cidr(let a), .cidr(let b)): return a == b
    case (.semver(let a), .semver(let b)): return a == b
    case (.opaque(let a), .opaque(let b)): return a.equals(b)
    case (.optional(let a), .optional(let b)):
      guard let x = a.value, let y = b.value else { return a.value == nil && b.value == nil }
      return x.equals(y, &budget)
    case (.tree(let a), .tree(let b)):
      guard a == b else { return false }
      // Only equal trees were read to their ends.
      return budget.spend(a.nodeCount)
    case (.list, .list), (.list, .tree), (.tree, .list): return listsEqual(other, &budget)
    case (.map, .map), (.map, .tree), (.tree, .map): return mapsEqual(other, &budget)
    default: return false
    }
  }

  private func listsEqual(_ other: CELValue, _ budget: inout ComparisonBudget) -> Bool {
    guard isList, other.isList, collectionCount == other.collectionCount,
      let left = listElements, let right = other.listElements
    else { return false }
    for (a, b) in zip(left, right) where !a.equals(b, &budget) { return false }
    return true
  }

  private func mapsEqual(_ other: CELValue, _ budget: inout ComparisonBudget) -> Bool {
    guard other.isMap, collectionCount == other.collectionCount, let entries = mapEntries else {
      return false
    }
    for (key, value) in zip(entries.keys, entries.values) {
      guard let match = other.element(key), value.equals(match, &budget) else { return false }
    }
    return true
  }

  /// Negative, zero or positive; nil for kinds that have no order among each other and for NaN.
  func compare(_ other: CELValue) -> Int? {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): a == b ? 0 : a ? 1 : -1
    case (.string(let a), .string(let b)): compareTexts(a, b)
    case (.bytes(let a), .bytes(let b)):
      a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    case (.timestamp(let a), .timestamp(let b)): a == b ? 0 : a < b ? -1 : 1
    case (.duration(let a), .duration(let b)): a == b ? 0 : a < b ? -1 : 1
    default: Self.compareNumbers(self, other)
    }
  }

  /// Whether the two have an order, NaN apart.
  func isOrdered(with other: CELValue) -> Bool {
    switch (self, other) {
    case (.bool, .bool), (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp),
      (.duration, .duration):
      true
    default: isNumber && other.isNumber
    }
  }

  var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    default: false
    }
  }

  static func compareNumbers(_ left: CELValue, _ right: CELValue) -> Int? {
    switch (left, right) {
    case (.int(let a), .int(let b)): a == b ? 0 : a < b ? -1 : 1
    case (.uint(let a), .uint(let b)): a == b ? 0 : a < b ? -1 : 1
    case (.double(let a), .double(let b)): a == b ? 0 : a < b ? -1 : a > b ? 1 : nil
    case (.int(let a), .uint(let b)): a < 0 ? -1 : compare(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? 1 : compare(a, UInt64(b))
    case (.int(let a), .double(let b)): compare(b, toInt: a).map { -$0 }
    case (.double(let a), .int(let b)): compare(a, toInt: b)
    case (.uint(let a), .double(let b)): compare(b, toUInt: a).map { -$0 }
    case (.double(let a), .uint(let b)): compare(a, toUInt: b)
    default: nil
    }
  }

  private static func compare(_ left: UInt64, _ right: UInt64) -> Int {
    left == right ? 0 : left < right ? -1 : 1
  }

  private static func compare(_ left: Double, toInt right: Int64) -> Int? {
    if left.isNaN { return nil }
    if left < -0x1p63 { return -1 }
    if left > 0x1p63 { return 1 }
    let right = Double(right)
    return left == right ? 0 : left < right ? -1 : 1
  }

  private static func compare(_ left: Double, toUInt right: UInt64) -> Int? {
    if left.isNaN { return nil }
    if left < 0 { return -1 }
    if left > 0x1p64 { return 1 }
    let right = Double(right)
    return left == right ? 0 : left < right ? -1 : 1
  }
}

/// Whether two texts have the same code points; Swift's `==` takes canonically equal ones as the same.
@inline(__always)
func sameText(_ left: String, _ right: String) -> Bool {
  guard left.utf8.count == right.utf8.count else { return false }
  let a = left.utf8Span.span
  let b = right.utf8Span.span
  for index in a.indices where a[index] != b[index] { return false }
  return true
}

/// Orders texts by code points, which is the order of their UTF-8 bytes.
func compareTexts(_ left: String, _ right: String) -> Int {
  if sameText(left, right) { return 0 }
  return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
}

extension Value {
  /// The number of values in this one, itself counted.
  fileprivate var nodeCount: Int {
    var count = 1
    if isList {
      for element in elements { count += element.nodeCount }
    } else if isMap {
      for member in members { count += member.value.nodeCount }
    }
    return count
  }
}

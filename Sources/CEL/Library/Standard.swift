extension Library {
  static func declareStandard(_ table: inout FunctionTable) {
    for type in [CELType.string, .bytes, .list(a), .map(a, b)] {
      for isMethod in [false, true] {
        table.unary("size", type, .int, isMethod: isMethod, group: "size", size)
      }
    }
    table.binary(
      "contains", .string, .string, .bool, isMethod: true, cost: .search,
      text("contains") { .bool(Search.find($1, in: $0, from: 0) != nil) })
    table.binary(
      "startsWith", .string, .string, .bool, isMethod: true, cost: .scan([1]),
      text("startsWith") { .bool($0.utf8.starts(with: $1.utf8)) })
    table.binary(
      "endsWith", .string, .string, .bool, isMethod: true, cost: .scan([1]),
      text("endsWith") { .bool($0.utf8.reversed().starts(with: $1.utf8.reversed())) })
  }

  @Sendable private static func size(_ value: CELValue) -> CELValue {
    switch value {
    case .string(let text): return .int(Int64(text.unicodeScalars.count))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    default:
      guard let count = value.collectionCount else { return .noOverload("size", [value]) }
      return .int(Int64(count))
    }
  }

  /// A function of two texts.
  static func text(
    _ name: String, _ function: @escaping @Sendable (String, String) -> CELValue
  ) -> FunctionTable.Binary {
    { (first, second) in
      guard case .string(let a) = first, case .string(let b) = second else {
        return .noOverload(name, [first, second])
      }
      return function(a, b)
    }
  }
}

/// Looking for texts in texts.
enum Search {
  /// Where `part` begins in `text` at or after a byte, or nil.
  static func find(_ part: String, in text: String, from start: Int) -> Int? {
    find(Array(part.utf8)[...], in: Array(text.utf8), from: start)
  }

  /// By Knuth, Morris and Pratt: linear, whatever the texts.
  static func find(_ part: ArraySlice<UInt8>, in text: [UInt8], from start: Int) -> Int? {
    let part = Array(part)
    if part.isEmpty { return start <= text.count ? start : nil }
    guard part.count <= text.count else { return nil }
    let borders = borders(of: part)
    var matched = 0
    var index = start
    while index < text.count {
      while matched > 0, text[index] != part[matched] { matched = borders[matched - 1] }
      if text[index] == part[matched] { matched += 1 }
      index += 1
      if matched == part.count { return index - matched }
    }
    return nil
  }

  private static func borders(of part: [UInt8]) -> [Int] {
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in part.indices.dropFirst() {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders[index] = length
    }
    return borders
  }
}

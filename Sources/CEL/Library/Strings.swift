extension Library {
  static func declareStrings(_ table: inout FunctionTable) {
    table.binary("charAt", .string, .int, .string, isMethod: true) { text, place in
      guard case .string(let text) = text, case .int(let index) = place else {
        return .noOverload("charAt", [text, place])
      }
      let scalars = Array(text.unicodeScalars)
      guard index >= 0, index <= scalars.count else { return outOfRange(index) }
      return .string(index == scalars.count ? "" : String(Character(scalars[Int(index)])))
    }
    table.binary("indexOf", .string, .string, .int, isMethod: true, cost: .search) { text, part in
      indexOf(text, part, .int(0))
    }
    table.ternary("indexOf", [.string, .string, .int], .int, cost: .search, indexOf)
    table.binary("lastIndexOf", .string, .string, .int, isMethod: true, cost: .search) {
      text, part in lastIndexOf(text, part, nil)
    }
    table.ternary("lastIndexOf", [.string, .string, .int], .int, cost: .search) {
      lastIndexOf($0, $1, $2)
    }
    for (name, map) in [("lowerAscii", lower), ("upperAscii", upper)] {
      table.unary(name, .string, .string, isMethod: true, cost: .scan([0])) { value in
        guard case .string(let text) = value else { return .noOverload(name, [value]) }
        return .string(String(decoding: text.utf8.map(map), as: UTF8.self))
      }
    }
    table.unary("trim", .string, .string, isMethod: true, cost: .scan([0]), trim)
    table.unary("reverse", .string, .string, isMethod: true, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("reverse", [value]) }
      var result = ""
      for scalar in text.unicodeScalars.reversed() { result.unicodeScalars.append(scalar) }
      return .string(result)
    }
    table.unary("strings.quote", .string, .string, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("strings.quote", [value]) }
      return .string(Quoting.quote(text))
    }
    declareSlices(&table)
    table.binary(
      "format", .string, .list(.dyn), .string, isMethod: true, cost: .scan([0])
    ) { text, arguments in
      guard case .string(let text) = text, let arguments = arguments.listElements else {
        return .noOverload("format", [text, arguments])
      }
      return TextFormat.format(text, arguments)
    }
  }

  private static func declareSlices(_ table: inout FunctionTable) {
    table.binary("substring", .string, .int, .string, isMethod: true, cost: .scan([0])) {
      substring($0, $1, nil)
    }
    table.ternary("substring", [.string, .int, .int], .string, cost: .scan([0])) {
      substring($0, $1, $2)
    }
    table.ternary("replace", [.string, .string, .string], .string, cost: .scan([0])) {
      replace($0, $1, $2, .int(-1))
    }
    table.add(
      "replace",
      Overload(
        ".replace(string,string,string,int)", isMethod: true, [.string, .string, .string, .int],
        .string, cost: .scan([0]),
        .variadic {
          $0.count == 4 ? replace($0[0], $0[1], $0[2], $0[3]) : .noOverload("replace", $0)
        }))
    table.binary("split", .string, .string, .list(.string), isMethod: true, cost: .scan([0])) {
      split($0, $1, .int(-1))
    }
    table.ternary("split", [.string, .string, .int], .list(.string), cost: .scan([0]), split)
    table.unary("join", .list(.string), .string, isMethod: true, cost: .elements(0)) {
      join($0, .string(""))
    }
    table.binary(
      "join", .list(.string), .string, .string, isMethod: true, cost: .elements(0), join)
  }

  static func outOfRange(_ index: Int64) -> CELValue {
    .failure(.indexOutOfRange, "index out of range: \(index)")
  }

  @Sendable private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }

  @Sendable private static func upper(_ byte: UInt8) -> UInt8 {
    byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
  }

  // MARK: Searching

  @Sendable private static func indexOf(
    _ text: CELValue, _ part: CELValue, _ start: CELValue
  ) -> CELValue {
    guard case .string(let text) = text, case .string(let part) = part,
      case .int(let start) = start
    else { return .noOverload("indexOf", [text, part, start]) }
    let scalars = text.unicodeScalars
    guard start >= 0,
      let from = scalars.index(
        scalars.startIndex, offsetBy: Int(start), limitedBy: scalars.endIndex)
    else { return outOfRange(start) }
    let offset = text.utf8.distance(from: text.startIndex, to: from)
    guard let found = Search.find(part, in: text, from: offset) else { return .int(-1) }
    return .int(Int64(codePoints(text, before: found)))
  }

  @Sendable private static func lastIndexOf(
    _ text: CELValue, _ part: CELValue, _ start: CELValue?
  ) -> CELValue {
    guard case .string(let text) = text, case .string(let part) = part else {
      return .noOverload("lastIndexOf", [text, part])
    }
    let haystack = Array(text.unicodeScalars)
    let needle = Array(part.unicodeScalars)
    var last = haystack.count - needle.count
    if let start {
      guard case .int(let start) = start else {
        return .noOverload("lastIndexOf", [.string(text), .string(part), start])
      }
      guard start >= 0, start <= haystack.count else { return outOfRange(start) }
      last = Swift.min(last, Int(start))
    }
    // The last match is the first one of the texts turned round.
    guard last >= 0 else { return .int(-1) }
    let turned = String(String.UnicodeScalarView(haystack[..<(last + needle.count)].reversed()))
    let turnedPart = String(String.UnicodeScalarView(needle.reversed()))
    guard let found = Search.find(turnedPart, in: turned, from: 0) else { return .int(-1) }
    return .int(Int64(last - codePoints(turned, before: found)))
  }

  private static func codePoints(_ text: String, before offset: Int) -> Int {
    var count = 0
    for byte in text.utf8.prefix(offset) where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

  // MARK: Cutting

  @Sendable private static func trim(_ value: CELValue) -> CELValue {
    guard case .string(let text) = value else { return .noOverload("trim", [value]) }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return .string("") }
    return .string(String(scalars[first...last]))
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

  private static func substring(
    _ text: CELValue, _ from: CELValue, _ to: CELValue?
  ) -> CELValue {
    guard case .string(let text) = text, case .int(let start) = from else {
      return .noOverload("substring", [text, from] + [to].compactMap { $0 })
    }
    let scalars = text.unicodeScalars
    let count = Int64(scalars.count)
    var end = count
    if let to {
      guard case .int(let given) = to else {
        return .noOverload("substring", [.string(text), from, to])
      }
      end = given
    }
    guard start >= 0, start <= count else { return outOfRange(start) }
    guard end >= 0, end <= count else { return outOfRange(end) }
    guard start <= end else {
      return .failure(
        .indexOutOfRange, "invalid substring range. start: \(start), end: \(end)")
    }
    return .string(
      String(String.UnicodeScalarView(scalars.dropFirst(Int(start)).prefix(Int(end - start)))))
  }

  private static func replace(
    _ text: CELValue, _ old: CELValue, _ new: CELValue, _ limit: CELValue
  ) -> CELValue {
    guard case .string(let text) = text, case .string(let old) = old,
      case .string(let new) = new, case .int(let limit) = limit
    else { return .noOverload("replace", [text, old, new, limit]) }
    let parts = pieces(text, old, limit: limit < 0 ? .max : Int(clamping: limit))
    guard let parts, parts.count > 1 else { return .string(text) }
    let (growth, overflow) = (parts.count - 1).multipliedReportingOverflow(by: new.utf8.count)
    if let tooLong = Text.tooLong(text.utf8.count, overflow ? .max : growth) { return tooLong }
    return .string(parts.joined(separator: new))
  }

  @Sendable private static func split(
    _ text: CELValue, _ separator: CELValue, _ limit: CELValue
  ) -> CELValue {
    guard case .string(let text) = text, case .string(let separator) = separator,
      case .int(let limit) = limit
    else { return .noOverload("split", [text, separator, limit]) }
    if limit == 0 { return .list([]) }
    if separator.isEmpty {
      var parts = text.unicodeScalars.map { String(Character($0)) }
      if limit > 0, parts.count > Int(limit) {
        let rest = parts[(Int(limit) - 1)...].joined()
        parts = Array(parts[..<(Int(limit) - 1)]) + [rest]
      }
      return .list(parts.map { .string($0) })
    }
    let parts = pieces(text, separator, limit: limit < 0 ? .max : Int(clamping: limit - 1))
    return .list((parts ?? [text]).map { .string($0) })
  }

  /// The text cut at the first matches; with an empty part, before every code point.
  private static func pieces(_ text: String, _ part: String, limit: Int) -> [String]? {
    let bytes = Array(text.utf8)
    let needle = Array(part.utf8)
    var pieces: [String] = []
    var start = 0
    var from = 0
    while pieces.count < limit {
      let found: Int
      if needle.isEmpty {
        guard from <= bytes.count else { break }
        found = from
        from += 1
        while from < bytes.count, bytes[from] & 0xC0 == 0x80 { from += 1 }
      } else {
        guard let place = Search.find(needle[...], in: bytes, from: start) else { break }
        found = place
      }
      pieces.append(String(decoding: bytes[start..<found], as: UTF8.self))
      start = found + needle.count
    }
    pieces.append(String(decoding: bytes[start...], as: UTF8.self))
    return pieces
  }

  @Sendable private static func join(_ list: CELValue, _ separator: CELValue) -> CELValue {
    guard let elements = list.listElements, case .string(let separator) = separator else {
      return .noOverload("join", [list, separator])
    }
    var parts: [String] = []
    var length = 0
    for element in elements {
      guard case .string(let text) = element else { return .noOverload("join", [list]) }
      length += text.utf8.count + separator.utf8.count
      if length > Text.bytesMax { return Text.tooLong(length) ?? .null }
      parts.append(text)
    }
    return .string(parts.joined(separator: separator))
  }
}

/// `"…".format([…])`.
enum TextFormat {
  static func format(_ text: String, _ arguments: [CELValue]) -> CELValue {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var position = 0
    var next = 0
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "%") else {
        result.append(bytes[position])
        position += 1
        continue
      }
      position += 1
      guard position < bytes.count else {
        return .invalid("a format ends in '%'; write %% for a percent sign")
      }
      if bytes[position] == UInt8(ascii: "%") {
        result.append(UInt8(ascii: "%"))
        position += 1
        continue
      }
      var precision: Int?
      if bytes[position] == UInt8(ascii: ".") {
        position += 1
        var digits = 0
        let start = position
        while position < bytes.count, Lexer.isDigit(bytes[position]), digits <= 1000 {
          digits = digits * 10 + Int(bytes[position] - 0x30)
          position += 1
        }
        guard position > start, digits <= 1000, position < bytes.count else {
          return .invalid("expected a precision of at most 1000 and a verb after '%.'")
        }
        precision = digits
      }
      guard next < arguments.count else { return .invalid("index \(next) out of range") }
      let verb = bytes[position]
      position += 1
      switch clause(verb, precision, arguments[next]) {
      case .string(let part): result.append(contentsOf: part.utf8)
      case let failure: return failure
      }
      if let tooLong = Text.tooLong(result.count) { return tooLong }
      next += 1
    }
    return .string(String(decoding: result, as: UTF8.self))
  }

  private static func clause(_ verb: UInt8, _ precision: Int?, _ value: CELValue) -> CELValue {
    switch verb {
    case UInt8(ascii: "s"):
      var budget = 1_000_000
      guard let text = text(value, &budget), budget >= 0 else {
        return unfit("string clause cannot be used on this value", value)
      }
      return .string(text)
    case UInt8(ascii: "d"): return decimal(value)
    case UInt8(ascii: "f"):
      guard let double = double(value) else {
        return unfit("fixed-point clause can only be used on doubles", value)
      }
      return .string(NumberFormat.fixed(double, precision: precision ?? 6))
    case UInt8(ascii: "e"):
      guard let double = double(value) else {
        return unfit("scientific clause can only be used on doubles", value)
      }
      return .string(NumberFormat.exponential(double, precision: precision ?? 6))
    case UInt8(ascii: "b"):
      if case .bool(let bool) = value { return .string(bool ? "1" : "0") }
      guard let text = integer(value, 2) else {
        return unfit("only integers and bools can be formatted as binary", value)
      }
      return .string(text)
    case UInt8(ascii: "o"):
      guard let text = integer(value, 8) else {
        return unfit("octal clause can only be used on integers", value)
      }
      return .string(text)
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      return hexadecimal(value, uppercase: verb == UInt8(ascii: "X"))
    default:
      return .invalid(
        "could not parse formatting clause: unrecognized formatting clause "
          + "\"\(String(decoding: [verb], as: UTF8.self))\"; expected one of s d f e b o x X")
    }
  }

  private static func unfit(_ rule: String, _ value: CELValue) -> CELValue {
    .invalid("error during formatting: \(rule), was given \(value.type)")
  }

  private static func integer(_ value: CELValue, _ radix: Int, uppercase: Bool = false) -> String? {
    switch value {
    case .int(let int): String(int, radix: radix, uppercase: uppercase)
    case .uint(let uint): String(uint, radix: radix, uppercase: uppercase)
    default: nil
    }
  }

  private static func double(_ value: CELValue) -> Double? {
    switch value {
    case .double(let double): double
    case .int(let int): Double(int)
    case .uint(let uint): Double(uint)
    default: nil
    }
  }

  private static func decimal(_ value: CELValue) -> CELValue {
    if let text = integer(value, 10) { return .string(text) }
    if case .double(let double) = value { return .string(NumberFormat.plain(double)) }
    return unfit("decimal clause can only be used on integers", value)
  }

  private static func hexadecimal(_ value: CELValue, uppercase: Bool) -> CELValue {
    if let text = integer(value, 16, uppercase: uppercase) { return .string(text) }
    let bytes: [UInt8]
    switch value {
    case .string(let text): bytes = Array(text.utf8)
    case .bytes(let raw): bytes = raw
    default:
      return unfit("only integers, byte buffers, and strings can be formatted as hex", value)
    }
    var result = ""
    for byte in bytes {
      result += (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: uppercase)
    }
    return .string(result)
  }

  /// What `%s` shows; nil for values without a text.
  private static func text(_ value: CELValue, _ budget: inout Int) -> String? {
    guard budget > 0 else { return nil }
    budget -= 1
    switch value {
    case .null: return "null"
    case .double(let double): return NumberFormat.plain(double)
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .type(let type): return type.runtimeName
    case .list, .map, .tree: return collection(value, &budget)
    default:
      guard case .string(let text) = Library.string(value) else { return nil }
      budget -= text.utf8.count
      return text
    }
  }

  private static func collection(_ value: CELValue, _ budget: inout Int) -> String? {
    if value.isList {
      var parts: [String] = []
      for element in value.listElements ?? [] {
        guard let part = text(element, &budget) else { return nil }
        parts.append(part)
      }
      return "[\(parts.joined(separator: ", "))]"
    }
    guard let entries = value.mapEntries else { return nil }
    var parts: [(key: String, text: String)] = []
    for (key, value) in zip(entries.keys, entries.values) {
      guard let key = text(key, &budget), let value = text(value, &budget) else { return nil }
      parts.append((key, "\(key): \(value)"))
    }
    // The order of keys is that of their texts, so that a result does not depend on how a map was made.
    parts.sort { compareTexts($0.key, $1.key) < 0 }
    return "{\(parts.map(\.text).joined(separator: ", "))}"
  }
}

extension IPAddress {
  /// Reads an address strictly: no leading zeros in IPv4, and no zone.
  ///
  /// - Parameter text: The address.
  /// - Throws: `ScalarError` with Go's message; a zone is `unsupported`.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    do throws(Fault) {
      self = try Self.parse(bytes)
    } catch {
      throw error.error(in: text, function: "ParseAddr")
    }
  }

  /// What is wrong and where, before the message is put together.
  struct Fault: Error {
    var message: String
    var offset: Int?
    var isZone = false

    func error(in text: String, function: String) -> ScalarError {
      if isZone {
        return ScalarError(
          .unsupported, "IP address \(quoted(text)) with zone value is not allowed", at: offset)
      }
      let rest = offset.map { " (at \(quoted(slice(text, from: $0))))" } ?? ""
      return ScalarError(.syntax, "\(function)(\(quoted(text))): \(message)\(rest)", at: offset)
    }
  }

  static func parse(_ bytes: Span<UInt8>) throws(Fault) -> IPAddress {
    for index in bytes.indices {
      switch Unicode.Scalar(bytes[index]) {
      case ".": return IPAddress(v4: try parse4(bytes, from: 0))
      case ":": return IPAddress(v6: try parse6(bytes))
      case "%": throw Fault(message: "missing IPv6 address")
      default: break
      }
    }
    throw Fault(message: "unable to parse IP")
  }

  private static func parse4(_ bytes: Span<UInt8>, from start: Int) throws(Fault) -> UInt32 {
    var result: UInt32 = 0
    var value: UInt32 = 0
    var digits = 0
    var dots = 0
    for index in start..<bytes.count {
      let byte = bytes[index]
      if ASCII.isDigit(byte) {
        if digits == 1, value == 0 {
          throw Fault(message: "IPv4 field has octet with leading zero")
        }
        value = value * 10 + UInt32(byte &- 0x30)
        digits += 1
        if value > 255 { throw Fault(message: "IPv4 field has value >255") }
      } else if byte == UInt8(ascii: ".") {
        if digits == 0 || index == bytes.count - 1 {
          throw Fault(message: "IPv4 field must have at least one digit", offset: index)
        }
        if dots == 3 { throw Fault(message: "IPv4 address too long") }
        result = result << 8 | value
        (value, digits, dots) = (0, 0, dots + 1)
      } else {
        throw Fault(message: "unexpected character", offset: index)
      }
    }
    if dots < 3 { throw Fault(message: "IPv4 address too short") }
    return result << 8 | value
  }

  private static func parse6(_ bytes: Span<UInt8>) throws(Fault) -> UInt128 {
    for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
      throw Fault(message: "zone", offset: index, isZone: true)
    }
    var state = Fields()
    var position = 0
    if bytes.count >= 2, bytes[0] == UInt8(ascii: ":"), bytes[1] == UInt8(ascii: ":") {
      state.gap = 0
      position = 2
    }
    while position < bytes.count, state.count < 8 {
      let start = position
      let field = try hexField(bytes, at: &position)
      if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        try embed4(bytes, from: start, into: &state)
        position = bytes.count
        break
      }
      state.append(UInt128(field), bits: 16)
      if position == bytes.count { break }
      guard bytes[position] == UInt8(ascii: ":") else {
        throw Fault(message: "unexpected character, want colon", offset: position)
      }
      guard position + 1 < bytes.count else {
        throw Fault(message: "colon must be followed by more characters", offset: position)
      }
      position += 1
      if bytes[position] == UInt8(ascii: ":") {
        if state.gap != nil { throw Fault(message: "multiple :: in address", offset: position) }
        state.gap = state.count
        position += 1
      }
    }
    guard position == bytes.count else {
      throw Fault(message: "trailing garbage after address", offset: position)
    }
    return try state.expanded()
  }

  /// The fields read so far, and where the `::` was.
  private struct Fields {
    var bits: UInt128 = 0
    var count = 0
    var gap: Int?

    mutating func append(_ value: UInt128, bits width: Int) {
      bits = bits << width | value
      count += width / 16
    }

    func expanded() throws(Fault) -> UInt128 {
      guard let gap else {
        if count < 8 { throw Fault(message: "address string too short") }
        return bits
      }
      guard count < 8 else {
        throw Fault(message: "the :: must expand to at least one field of zeros")
      }
      let tailBits = 16 * (count - gap)
      let tail = bits & ((1 << tailBits) - 1)
      return gap == 0 ? tail : (bits >> tailBits) << (128 - 16 * gap) | tail
    }
  }

  private static func hexField(
    _ bytes: Span<UInt8>, at position: inout Int
  ) throws(Fault) -> UInt16 {
    var value: UInt32 = 0
    let start = position
    while position < bytes.count, let digit = ASCII.hexValue(bytes[position]) {
      if position - start > 3 {
        throw Fault(message: "each group must have 4 or less digits", offset: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    if position == start {
      throw Fault(
        message: "each colon-separated field must have at least one digit", offset: start)
    }
    return UInt16(truncatingIfNeeded: value)
  }

  private static func embed4(
    _ bytes: Span<UInt8>, from start: Int, into state: inout Fields
  ) throws(Fault) {
    if state.gap == nil, state.count != 6 {
      throw Fault(
        message: "embedded IPv4 address must replace the final 2 fields of the address",
        offset: start)
    }
    if state.count > 6 {
      throw Fault(
        message: "too many hex fields to fit an embedded IPv4 at the end of the address",
        offset: start)
    }
    state.append(UInt128(try parse4(bytes, from: start)), bits: 32)
  }
}

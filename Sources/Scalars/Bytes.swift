/// ASCII as the parsers of this module see it: bytes, not characters.
enum ASCII {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

  static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte) }

  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerAlphanumeric(byte) || isUpper(byte) }

  /// The value of a hexadecimal digit.
  static func hexValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- 0x30 }
    let lower = byte | 0x20
    return lower &- 0x61 < 6 ? lower &- 0x61 &+ 10 : nil
  }
}

/// What names are made of, looked at eight bytes at a time: names are checked at every write.
enum NameBytes {
  case label, subdomain, qualified

  /// Whether all bytes of the text are of this kind.
  @inline(__always)
  func holds(_ bytes: Span<UInt8>) -> Bool {
    let raw = unsafe bytes.bytes
    let count = raw.byteCount
    var offset = 0
    // SAFETY: what is loaded lies within the text, by the conditions.
    while offset &+ 8 <= count {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if !holds(word) { return false }
      offset &+= 8
    }
    if offset == count { return true }
    if count >= 8 {
      return holds(unsafe raw.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
    }
    // Filled up with what is good everywhere.
    var word: UInt64 = Self.eight(UInt8(ascii: "0"))
    while offset < count {
      word = unsafe word &<< 8 | UInt64(raw.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
      offset &+= 1
    }
    return holds(word)
  }

  @inline(__always)
  private func holds(_ word: UInt64) -> Bool {
    let high = Self.eight(0x80)
    if word & high != 0 { return false }
    var good = Self.within(word, "0", "9") | Self.within(word, "-", "-")
    switch self {
    case .label: good |= Self.within(word, "a", "z")
    case .subdomain: good |= Self.within(word, "a", "z") | Self.within(word, ".", ".")
    case .qualified:
      // The case is one bit, and no other character becomes a letter by it.
      good |= Self.within(word | Self.eight(0x20), "a", "z")
      good |= Self.within(word, ".", ".") | Self.within(word, "_", "_")
    }
    return good & high == high
  }

  @inline(__always)
  private static func eight(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// The high bit of each byte that lies between two characters; all bytes are below 128.
  @inline(__always)
  private static func within(
    _ word: UInt64, _ first: Unicode.Scalar, _ last: Unicode.Scalar
  ) -> UInt64 {
    let isAtLeast = word &+ eight(0x80 &- UInt8(ascii: first))
    let isBeyond = word &+ eight(0x7F &- UInt8(ascii: last))
    return isAtLeast & ~isBeyond
  }
}

/// Appends a non-negative number, padded with zeros to a width.
func appendPadded(_ value: Int, width: Int, to text: inout String) {
  let digits = String(value)
  for _ in 0..<max(0, width - digits.utf8.count) { text.append("0") }
  text.append(digits)
}

/// The text in double quotes, as Go's `%q` prints it for plain text; used in messages only.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let hex = String(scalar.value, radix: 16)
      result += "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

/// The text of some bytes of a string; a cut character is replaced, never a trap.
func slice(_ text: String, from start: Int, to end: Int? = nil) -> String {
  let bytes = text.utf8
  let upper = min(end ?? bytes.count, bytes.count)
  let lower = max(0, min(start, upper))
  return String(decoding: bytes.dropFirst(lower).prefix(upper - lower), as: UTF8.self)
}

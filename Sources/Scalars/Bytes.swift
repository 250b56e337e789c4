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

/// A set of ASCII characters as two words of bits.
struct ByteSet: Sendable {
  /// Characters 0 to 63.
  let low: UInt64
  /// Characters 64 to 127.
  let high: UInt64

  /// What names and label values are made of: `-`, `.`, `_`, letters and digits.
  static let qualified = ByteSet(
    low: 0b11 << 45 | 0x3FF << 48, high: 0x3FF_FFFF << 1 | 1 << 31 | 0x3FF_FFFF << 33)
  /// What labels are made of: `-`, lower case letters and digits.
  static let label = ByteSet(low: 1 << 45 | 0x3FF << 48, high: 0x3FF_FFFF << 33)

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte) & 1 == 1
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

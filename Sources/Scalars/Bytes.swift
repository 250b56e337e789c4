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

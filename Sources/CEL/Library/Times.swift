import Scalars

/// Arithmetic of moments and spans with the specification's limits.
enum Times {
  static let durationOverflow = CELValue.overflow("duration overflow")

  private static func moment(_ seconds: Int64, _ nanoseconds: Int64) -> CELValue {
    let total = Int128(seconds) * 1_000_000_000 + Int128(nanoseconds)
    let least = Int128(Timestamp.min.seconds) * 1_000_000_000
    let most = Int128(Timestamp.max.seconds) * 1_000_000_000 + 999_999_999
    guard total >= least, total <= most else {
      return .overflow("timestamp overflow: outside the years 1 to 9999")
    }
    return .timestamp(Timestamp(seconds: seconds, nanoseconds: nanoseconds))
  }

  static func timestamp(seconds: Int64) -> CELValue { moment(seconds, 0) }

  static func add(_ time: Timestamp, _ nanoseconds: Int64) -> CELValue {
    moment(
      time.seconds + nanoseconds / 1_000_000_000,
      Int64(time.nanoseconds) + nanoseconds % 1_000_000_000)
  }

  static func subtract(_ time: Timestamp, _ nanoseconds: Int64) -> CELValue {
    moment(
      time.seconds - nanoseconds / 1_000_000_000,
      Int64(time.nanoseconds) - nanoseconds % 1_000_000_000)
  }

  static func difference(_ later: Timestamp, _ earlier: Timestamp) -> CELValue {
    let seconds = Int128(later.seconds) - Int128(earlier.seconds)
    let total = seconds * 1_000_000_000 + Int128(later.nanoseconds) - Int128(earlier.nanoseconds)
    guard let nanoseconds = Int64(exactly: total) else { return durationOverflow }
    return .duration(GoDuration(nanoseconds: nanoseconds))
  }

  static func timestamp(parsing text: String) -> CELValue {
    do {
      return .timestamp(try Timestamp(parsing: text))
    } catch {
      return .invalid("\(Quoting.quote(text)) is no timestamp: \(error.message)")
    }
  }

  static func duration(parsing text: String) -> CELValue {
    do {
      return .duration(try GoDuration(parsing: text))
    } catch {
      return .invalid("\(Quoting.quote(text)) is no duration: \(error.message)")
    }
  }
}

/// Texts that an expression makes are kept from growing without end.
enum Text {
  static let bytesMax = 16 << 20

  static func tooLong(_ parts: Int...) -> CELValue? {
    var sum = 0
    for part in parts {
      let (total, overflow) = sum.addingReportingOverflow(part)
      if overflow || total > bytesMax {
        return .invalid("the text becomes too long: over \(bytesMax) bytes")
      }
      sum = total
    }
    return nil
  }
}

/// Base64 with the standard alphabet.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let word =
        UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[index + 2]) : 0)
      output.append(alphabet[Int(word >> 18)])
      output.append(alphabet[Int(word >> 12 & 63)])
      output.append(left > 1 ? alphabet[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      output.append(left > 2 ? alphabet[Int(word & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Padding may be missing, as the specification allows.
  static func decode(_ text: String) -> CELValue {
    var digits = Array(text.utf8)
    let isPadded = digits.last == UInt8(ascii: "=")
    if isPadded {
      guard digits.count % 4 == 0 else { return malformed(text) }
      digits.removeLast(digits.dropLast().last == UInt8(ascii: "=") ? 2 : 1)
    }
    guard digits.count % 4 != 1 else { return malformed(text) }
    var output: [UInt8] = []
    var word: UInt32 = 0
    var bits = 0
    for digit in digits {
      guard let value = value(digit) else { return malformed(text) }
      word = word << 6 | value
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      }
    }
    return .bytes(output)
  }

  private static func malformed(_ text: String) -> CELValue {
    .invalid("\(Quoting.quote(String(text.prefix(40)))) is no base64")
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 0x41
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 0x61 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

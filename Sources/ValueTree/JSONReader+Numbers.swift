extension JSONReader {
  /// Reads the number that begins at `start`; returns the place behind it.
  mutating func number(_ bytes: RawSpan, _ start: Int) throws(JSONFailure) -> Int {
    var at = start
    let count = bytes.byteCount
    let isNegative = bytes.byte(at) == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard at < count, let first = digit(bytes, at) else {
      if at < count { throw .unexpected(bytes, at, "a digit") }
      throw .truncated(at, "inside a number")
    }
    var magnitude = UInt64(first)
    var overflow = false
    at += 1
    if first == 0, at < count, digit(bytes, at) != nil {
      throw .unexpected(bytes, at, "no digit after a leading zero")
    }
    while at < count, let next = digit(bytes, at) {
      let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(next))
      overflow = overflow || high || carry
      magnitude = sum
      at += 1
    }
    var isInteger = true
    if at < count, bytes.byte(at) == UInt8(ascii: ".") {
      isInteger = false
      at += 1
      try requireDigit(bytes, at, "a digit after the decimal point")
      while at < count, digit(bytes, at) != nil { at += 1 }
    }
    if at < count, bytes.byte(at) | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if at < count, bytes.byte(at) == UInt8(ascii: "+") || bytes.byte(at) == UInt8(ascii: "-") {
        at += 1
      }
      try requireDigit(bytes, at, "a digit in the exponent")
      while at < count, digit(bytes, at) != nil { at += 1 }
    }
    if isInteger && !overflow {
      if isNegative, magnitude <= UInt64(Int64.max) + 1 {
        builder.int(Int64(truncatingIfNeeded: 0 &- magnitude))
        return at
      }
      if !isNegative, magnitude <= UInt64(Int64.max) {
        builder.int(Int64(magnitude))
        return at
      }
    }
    let double = bytes.text(start..<at).flatMap { Double($0) } ?? .infinity
    guard double.isFinite else {
      throw JSONFailure(
        kind: .numberOutOfRange, offset: start,
        message: "the number is larger than a double can hold")
    }
    builder.double(double)
    return at
  }

  private func digit(_ bytes: RawSpan, _ at: Int) -> UInt8? {
    let value = bytes.byte(at) &- UInt8(ascii: "0")
    return value < 10 ? value : nil
  }

  private func requireDigit(
    _ bytes: RawSpan, _ at: Int, _ expected: String
  ) throws(JSONFailure) {
    guard at < bytes.byteCount else {
      throw .truncated(at, "inside a number")
    }
    if digit(bytes, at) == nil { throw .unexpected(bytes, at, expected) }
  }
}

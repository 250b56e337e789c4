extension GoDuration {
  /// Reads a duration as Go's `time.ParseDuration`: `1h30m`, `-1.5h`, `300ms`, `0`.
  ///
  /// - Parameter text: A sign and numbers with the units `ns`, `us`, `µs`, `ms`, `s`, `m`, `h`.
  /// - Throws: `ScalarError` with Go's message.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    var position = 0
    var negative = false
    if !bytes.isEmpty, bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      negative = bytes[0] == UInt8(ascii: "-")
      position = 1
    }
    if bytes.count == position + 1, bytes[position] == UInt8(ascii: "0") {
      self.init(nanoseconds: 0)
      return
    }
    guard position < bytes.count else { throw Self.invalid(text, at: position) }
    var total: UInt64 = 0
    let limit: UInt64 = 1 << 63
    while position < bytes.count {
      let start = position
      guard let part = Self.part(bytes, at: &position, text: text) else {
        throw Self.failure(bytes, from: start, text: text)
      }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow, sum <= limit else { throw Self.tooLong(text, at: start) }
      total = sum
    }
    if negative {
      self.init(nanoseconds: total == limit ? .min : -Int64(total))
    } else {
      guard total < limit else { throw Self.tooLong(text, at: 0) }
      self.init(nanoseconds: Int64(total))
    }
  }

  /// One number with its unit; nil, wherever the position then is, if it is not one.
  private static func part(
    _ bytes: Span<UInt8>, at position: inout Int, text: String
  ) -> UInt64? {
    var whole: UInt64 = 0
    let start = position
    while position < bytes.count, ASCII.isDigit(bytes[position]) {
      // A value above 2^63 cannot become a duration with any unit.
      guard whole <= (1 << 63) / 10 else { return nil }
      whole = whole * 10 + UInt64(bytes[position] &- 0x30)
      guard whole <= 1 << 63 else { return nil }
      position += 1
    }
    var count = position - start
    var fraction: UInt64 = 0
    var scale = 1.0
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fractionStart = position
      var full = false
      while position < bytes.count, ASCII.isDigit(bytes[position]) {
        let digit = UInt64(bytes[position] &- 0x30)
        position += 1
        if full { continue }
        // More digits than 63 bits hold are too fine to matter.
        if fraction > UInt64(Int64.max) / 10 || fraction * 10 + digit > 1 << 63 {
          full = true
          continue
        }
        fraction = fraction * 10 + digit
        scale *= 10
      }
      count += position - fractionStart
    }
    guard count > 0, let unit = unit(bytes, at: &position) else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
    guard !overflow, product <= 1 << 63 else { return nil }
    guard fraction > 0 else { return product }
    // The same two roundings as Go's, so that every text gives the same nanosecond.
    let rest = UInt64(Double(fraction) * (Double(unit) / scale))
    let (sum, over) = product.addingReportingOverflow(rest)
    return over || sum > 1 << 63 ? nil : sum
  }

  private static func unitEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "."), !ASCII.isDigit(bytes[end]) {
      end += 1
    }
    return end
  }

  private static func unit(_ bytes: Span<UInt8>, at position: inout Int) -> UInt64? {
    let start = position
    let end = unitEnd(bytes, from: start)
    let first = start < end ? bytes[start] : 0
    let last = start < end ? bytes[end - 1] : 0
    position = end
    switch end - start {
    case 1:
      if first == UInt8(ascii: "s") { return 1_000_000_000 }
      if first == UInt8(ascii: "m") { return 60_000_000_000 }
      return first == UInt8(ascii: "h") ? 3_600_000_000_000 : nil
    case 2 where last == UInt8(ascii: "s"):
      if first == UInt8(ascii: "n") { return 1 }
      if first == UInt8(ascii: "u") { return 1_000 }
      return first == UInt8(ascii: "m") ? 1_000_000 : nil
    case 3 where last == UInt8(ascii: "s"):
      // The micro sign U+00B5, or the Greek letter U+03BC.
      let second = bytes[start + 1]
      return (first == 0xc2 && second == 0xb5) || (first == 0xce && second == 0xbc) ? 1_000 : nil
    default:
      return nil
    }
  }

  /// Why a part could not be read: looked at again only when it fails, to keep the good path short.
  private static func failure(_ bytes: Span<UInt8>, from start: Int, text: String) -> ScalarError {
    var position = start
    var digits = 0
    var points = 0
    while position < bytes.count {
      if ASCII.isDigit(bytes[position]) {
        digits += 1
      } else if bytes[position] == UInt8(ascii: "."), points == 0 {
        points = 1
      } else {
        break
      }
      position += 1
    }
    if digits == 0 { return invalid(text, at: start) }
    let end = unitEnd(bytes, from: position)
    if end == position {
      return ScalarError(
        .syntax, "time: missing unit in duration \(quoted(text))", at: position)
    }
    var unitStart = position
    if unit(bytes, at: &unitStart) == nil {
      let name = quoted(slice(text, from: position, to: end))
      return ScalarError(
        .syntax, "time: unknown unit \(name) in duration \(quoted(text))", at: position)
    }
    return tooLong(text, at: start)
  }

  private static func invalid(_ text: String, at offset: Int) -> ScalarError {
    ScalarError(.syntax, "time: invalid duration \(quoted(text))", at: offset)
  }

  private static func tooLong(_ text: String, at offset: Int) -> ScalarError {
    ScalarError(.range, "time: invalid duration \(quoted(text))", at: offset)
  }
}

extension Timestamp {
  /// How much of a second a text shows.
  public enum Precision: Hashable, Sendable {
    /// Nothing, as `metav1.Time`: `2026-01-01T00:00:00Z`.
    case seconds
    /// Six digits always, as `metav1.MicroTime`: `2026-01-01T00:00:00.000000Z`.
    case microseconds
    /// As many digits as needed, as RFC3339Nano: `2026-01-01T00:00:00.5Z`.
    case nanoseconds
  }

  /// The text in UTC with as many digits of the second as needed.
  public var description: String { text(.nanoseconds) }

  /// The text in UTC; what is finer than the precision is cut off.
  ///
  /// - Parameter precision: How much of a second to show.
  /// - Returns: The text, in the form of RFC 3339.
  public func text(_ precision: Precision) -> String {
    let civil = civil()
    var text = ""
    text.reserveCapacity(30)
    appendPadded(civil.year, width: 4, to: &text)
    text.append("-")
    appendPadded(civil.month, width: 2, to: &text)
    text.append("-")
    appendPadded(civil.day, width: 2, to: &text)
    text.append("T")
    appendPadded(civil.hour, width: 2, to: &text)
    text.append(":")
    appendPadded(civil.minute, width: 2, to: &text)
    text.append(":")
    appendPadded(civil.second, width: 2, to: &text)
    switch precision {
    case .seconds: break
    case .microseconds:
      text.append(".")
      appendPadded(civil.nanosecond / 1_000, width: 6, to: &text)
    case .nanoseconds where civil.nanosecond > 0:
      var rest = civil.nanosecond
      var width = 9
      while rest % 10 == 0 {
        rest /= 10
        width -= 1
      }
      text.append(".")
      appendPadded(rest, width: width, to: &text)
    case .nanoseconds: break
    }
    text.append("Z")
    return text
  }

  /// Reads a moment in the form of RFC 3339, with any fraction and offset.
  ///
  /// Letters must be capital, as Go demands; digits beyond the nanosecond are cut off.
  ///
  /// - Parameter text: The moment: `2026-01-01T00:00:00Z`, `2026-01-01T01:30:00.5+01:30`.
  /// - Throws: `ScalarError` naming the place.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    guard bytes.count >= 20 else {
      throw Self.malformed("expected YYYY-MM-DDTHH:MM:SS and Z or an offset", 0)
    }
    try Self.expect(bytes, [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")])
    var civil = CivilTime(
      year: try Self.number(bytes, 0, 4, 1...9999, "year"),
      month: try Self.number(bytes, 5, 2, 1...12, "month"), day: 1,
      hour: try Self.number(bytes, 11, 2, 0...23, "hour"),
      minute: try Self.number(bytes, 14, 2, 0...59, "minute"),
      second: try Self.number(bytes, 17, 2, 0...59, "second"))
    let days = CivilTime.daysIn(month: civil.month, of: civil.year)
    civil.day = try Self.number(bytes, 8, 2, 1...days, "day")
    var position = 19
    if bytes[position] == UInt8(ascii: ".") {
      position += 1
      var unit = 100_000_000
      let start = position
      while position < bytes.count, ASCII.isDigit(bytes[position]) {
        civil.nanosecond += Int(bytes[position] &- 0x30) * unit
        unit /= 10
        position += 1
      }
      if position == start { throw Self.malformed("expected a digit after the point", position) }
    }
    let offset = try Self.offset(bytes, at: position)
    guard let time = Timestamp(civil, offsetSeconds: offset) else {
      throw ScalarError(.range, "the time is outside the years 1 to 9999 in UTC", at: 0)
    }
    self = time
  }

  private static func offset(_ bytes: Span<UInt8>, at position: Int) throws(ScalarError) -> Int {
    if bytes.count == position + 1, bytes[position] == UInt8(ascii: "Z") { return 0 }
    guard bytes.count == position + 6,
      bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-"),
      bytes[position + 3] == UInt8(ascii: ":")
    else { throw malformed("expected Z or an offset such as +01:30 at the end", position) }
    let hours = try number(bytes, position + 1, 2, 0...23, "offset hour")
    let minutes = try number(bytes, position + 4, 2, 0...59, "offset minute")
    let seconds = hours * 3_600 + minutes * 60
    return bytes[position] == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static func number(
    _ bytes: Span<UInt8>, _ start: Int, _ count: Int, _ range: ClosedRange<Int>, _ name: String
  ) throws(ScalarError) -> Int {
    var value = 0
    for index in start..<start + count {
      guard ASCII.isDigit(bytes[index]) else {
        throw malformed("expected \(count) digits for the \(name)", index)
      }
      value = value * 10 + Int(bytes[index] &- 0x30)
    }
    guard range.contains(value) else {
      throw ScalarError(
        .range, "the \(name) must be \(range.lowerBound) to \(range.upperBound)", at: start)
    }
    return value
  }

  private static func expect(
    _ bytes: Span<UInt8>, _ places: [(Int, Unicode.Scalar)]
  ) throws(ScalarError) {
    for (index, character) in places where bytes[index] != UInt8(ascii: character) {
      throw malformed("expected '\(character)'", index)
    }
  }

  private static func malformed(_ message: String, _ offset: Int) -> ScalarError {
    ScalarError(.syntax, "not an RFC 3339 time: \(message)", at: offset)
  }
}

/// A moment, to the nanosecond, in the years 1 to 9999.
///
/// Seconds count from 1970-01-01T00:00:00Z, and the nanoseconds always forward from the second, so
/// a moment before 1970 has negative seconds and non-negative nanoseconds.
@frozen
public struct Timestamp: ScalarValue {
  /// Whole seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int64

  /// Nanoseconds after the second, 0 to 999999999.
  public let nanoseconds: Int32

  @usableFromInline
  init(uncheckedSeconds seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// 0001-01-01T00:00:00Z, which is also Go's zero time.
  @inlinable public static var min: Timestamp {
    Timestamp(uncheckedSeconds: -62_135_596_800, nanoseconds: 0)
  }

  /// 9999-12-31T23:59:59.999999999Z.
  @inlinable public static var max: Timestamp {
    Timestamp(uncheckedSeconds: 253_402_300_799, nanoseconds: 999_999_999)
  }

  /// 1970-01-01T00:00:00Z.
  @inlinable public static var unixEpoch: Timestamp {
    Timestamp(uncheckedSeconds: 0, nanoseconds: 0)
  }

  /// Creates a moment; one outside the years 1 to 9999 becomes the nearest one inside.
  ///
  /// - Parameters:
  ///   - seconds: Whole seconds since 1970-01-01T00:00:00Z.
  ///   - nanoseconds: Nanoseconds to add, of any size and sign.
  public init(seconds: Int64, nanoseconds: Int64 = 0) {
    var carry = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      rest += 1_000_000_000
      carry -= 1
    }
    let (sum, overflow) = seconds.addingReportingOverflow(carry)
    if overflow ? seconds < 0 : sum < Self.min.seconds {
      self = .min
    } else if overflow || sum > Self.max.seconds {
      self = .max
    } else {
      self.init(uncheckedSeconds: sum, nanoseconds: Int32(rest))
    }
  }

  /// Creates a moment from its calendar fields, or nil if one is out of its range.
  ///
  /// - Parameters:
  ///   - civil: The fields, as the clocks show at `offsetSeconds` east of UTC.
  ///   - offsetSeconds: The offset of these clocks.
  public init?(_ civil: CivilTime, offsetSeconds: Int = 0) {
    guard civil.isValid, abs(offsetSeconds) <= 86_400 else { return nil }
    let days = CivilTime.daysFromEpoch(year: civil.year, month: civil.month, day: civil.day)
    let clock = civil.hour * 3_600 + civil.minute * 60 + civil.second
    let seconds = Int64(days * 86_400 + clock - offsetSeconds)
    guard seconds >= Self.min.seconds, seconds <= Self.max.seconds else { return nil }
    self.init(uncheckedSeconds: seconds, nanoseconds: Int32(civil.nanosecond))
  }

  /// The calendar fields, as clocks show them at an offset from UTC.
  ///
  /// - Parameter offsetSeconds: The offset, east of UTC; within a day.
  /// - Returns: The fields.
  public func civil(offsetSeconds: Int = 0) -> CivilTime {
    let local = Int(seconds) + Swift.min(Swift.max(offsetSeconds, -86_400), 86_400)
    let days = (local >= 0 ? local : local - 86_399) / 86_400
    let clock = local - days * 86_400
    let date = CivilTime.date(daysFromEpoch: days)
    return CivilTime(
      year: date.year, month: date.month, day: date.day, hour: clock / 3_600,
      minute: clock / 60 % 60, second: clock % 60, nanosecond: Int(nanoseconds))
  }

  /// Orders by time.
  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds != right.seconds
      ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
  }

  /// The moment a duration later, or the nearest one in the years 1 to 9999.
  public static func + (time: Timestamp, duration: GoDuration) -> Timestamp {
    let whole = duration.nanoseconds / 1_000_000_000
    let rest = duration.nanoseconds % 1_000_000_000
    // Both operands are far from the ends of 64 bits.
    return Timestamp(
      seconds: time.seconds + whole, nanoseconds: Int64(time.nanoseconds) + rest)
  }

  /// The moment a duration earlier, or the nearest one in the years 1 to 9999.
  public static func - (time: Timestamp, duration: GoDuration) -> Timestamp {
    let whole = duration.nanoseconds / 1_000_000_000
    let rest = duration.nanoseconds % 1_000_000_000
    return Timestamp(
      seconds: time.seconds - whole, nanoseconds: Int64(time.nanoseconds) - rest)
  }

  /// The time from one moment to another; one that does not fit saturates, as in Go.
  public static func - (later: Timestamp, earlier: Timestamp) -> GoDuration {
    let seconds = Int128(later.seconds - earlier.seconds)
    let nanoseconds = seconds * 1_000_000_000 + Int128(later.nanoseconds - earlier.nanoseconds)
    if let exact = Int64(exactly: nanoseconds) { return GoDuration(nanoseconds: exact) }
    return nanoseconds < 0 ? .min : .max
  }

  /// Moves to the moment a duration later.
  public static func += (time: inout Timestamp, duration: GoDuration) {
    time = time + duration
  }

  /// The same moment without what is finer than a second, as `metav1.Time` keeps it.
  public var truncatedToSecond: Timestamp {
    Timestamp(uncheckedSeconds: seconds, nanoseconds: 0)
  }

  /// The same moment without what is finer than a microsecond, as `metav1.MicroTime` keeps it.
  public var truncatedToMicrosecond: Timestamp {
    Timestamp(uncheckedSeconds: seconds, nanoseconds: nanoseconds / 1_000 * 1_000)
  }
}

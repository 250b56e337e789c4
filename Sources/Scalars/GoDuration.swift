/// A span of time as Go's `time.Duration`: 64-bit nanoseconds, about ±292 years.
@frozen
public struct GoDuration: ScalarValue {
  /// The length in nanoseconds.
  public let nanoseconds: Int64

  /// Creates a duration from nanoseconds.
  ///
  /// - Parameter nanoseconds: The length.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// No time at all.
  @inlinable public static var zero: GoDuration { GoDuration(nanoseconds: 0) }

  /// The longest duration, about 292 years.
  @inlinable public static var max: GoDuration { GoDuration(nanoseconds: .max) }

  /// The most negative duration.
  @inlinable public static var min: GoDuration { GoDuration(nanoseconds: .min) }

  /// Whole milliseconds; a length that does not fit saturates.
  ///
  /// - Parameter count: How many.
  /// - Returns: The duration.
  @inlinable
  public static func milliseconds(_ count: Int64) -> GoDuration { saturated(count, 1_000_000) }

  /// Whole seconds; a length that does not fit saturates.
  ///
  /// - Parameter count: How many.
  /// - Returns: The duration.
  @inlinable
  public static func seconds(_ count: Int64) -> GoDuration { saturated(count, 1_000_000_000) }

  /// Whole minutes; a length that does not fit saturates.
  ///
  /// - Parameter count: How many.
  /// - Returns: The duration.
  @inlinable
  public static func minutes(_ count: Int64) -> GoDuration { saturated(count, 60_000_000_000) }

  /// Whole hours; a length that does not fit saturates.
  ///
  /// - Parameter count: How many.
  /// - Returns: The duration.
  @inlinable
  public static func hours(_ count: Int64) -> GoDuration { saturated(count, 3_600_000_000_000) }

  @inlinable
  static func saturated(_ count: Int64, _ unit: Int64) -> GoDuration {
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    return GoDuration(nanoseconds: overflow ? (count < 0 ? .min : .max) : product)
  }

  /// Whole seconds, cut towards zero.
  @inlinable public var wholeSeconds: Int64 { nanoseconds / 1_000_000_000 }

  /// The length in seconds as a double, as Go's `Seconds()`.
  public var seconds: Double {
    Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9
  }

  /// Orders by length.
  @inlinable
  public static func < (left: GoDuration, right: GoDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The sum.
  ///
  /// - Parameter other: What to add.
  /// - Returns: The sum.
  /// - Throws: `ScalarError` if it does not fit 64 bits.
  public func adding(_ other: GoDuration) throws(ScalarError) -> GoDuration {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(other.nanoseconds)
    if overflow { throw ScalarError(.range, "duration overflow") }
    return GoDuration(nanoseconds: sum)
  }

  /// The difference.
  ///
  /// - Parameter other: What to subtract.
  /// - Returns: The difference.
  /// - Throws: `ScalarError` if it does not fit 64 bits.
  public func subtracting(_ other: GoDuration) throws(ScalarError) -> GoDuration {
    let (result, overflow) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
    if overflow { throw ScalarError(.range, "duration overflow") }
    return GoDuration(nanoseconds: result)
  }
}

extension GoDuration {
  /// The text as Go prints it: `1h30m0s`, `1.5s`, `100ms`, `0s`.
  public var description: String {
    if nanoseconds == 0 { return "0s" }
    let magnitude = nanoseconds.magnitude
    var text = nanoseconds < 0 ? "-" : ""
    if magnitude < 1_000 { return text + "\(magnitude)ns" }
    if magnitude < 1_000_000 {
      return text + Self.decimal(magnitude, unit: 1_000, digits: 3) + "µs"
    }
    if magnitude < 1_000_000_000 {
      return text + Self.decimal(magnitude, unit: 1_000_000, digits: 6) + "ms"
    }
    let minute: UInt64 = 60_000_000_000
    let minutes = magnitude / minute
    if minutes >= 60 { text += "\(minutes / 60)h" }
    if minutes > 0 { text += "\(minutes % 60)m" }
    return text + Self.decimal(magnitude % minute, unit: 1_000_000_000, digits: 9) + "s"
  }

  /// A number of units with the fraction's trailing zeros left out.
  private static func decimal(_ value: UInt64, unit: UInt64, digits: Int) -> String {
    var text = String(value / unit)
    var rest = value % unit
    if rest == 0 { return text }
    var width = digits
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    text.append(".")
    appendPadded(Int(rest), width: width, to: &text)
    return text
  }
}

/// A Kubernetes resource quantity: an exact decimal number that remembers how it was written.
///
/// The value is `mantissa × 10^exponent` with a 128-bit mantissa that has no factor of ten left, so
/// equal values have one representation, and comparing and hashing look at the value alone:
/// `1000m` equals `1`. No value is finer than nano; parsing rounds away from zero to it.
///
/// Kubernetes keeps unlimited digits. Here a value with more than 38 significant digits is refused
/// with a range error, in parsing and in arithmetic; nothing is ever rounded silently above nano.
public struct Quantity: ScalarValue {
  /// The family of suffixes a quantity is printed with.
  public enum Format: UInt8, Hashable, Sendable, CaseIterable {
    /// Powers of ten with a letter: `12M`.
    case decimalSI
    /// Powers of 1024: `12Mi`.
    case binarySI
    /// Powers of ten in digits: `12e6`.
    case decimalExponent
  }

  /// The digits of the value; zero, or not divisible by ten.
  let mantissa: Int128

  /// The power of ten that the digits count; at least -9.
  let exponent: Int32

  /// The family of suffixes the quantity is printed with; no part of its equality.
  public let format: Format

  /// The smallest exponent there is: nano.
  static let finestExponent = -9

  /// Zero, written `0`.
  public static let zero = Quantity(0)

  /// Creates a whole quantity.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - format: How to print it.
  public init(_ value: Int64, format: Format = .decimalSI) {
    self.init(digits: Int128(value), exponent: 0, format: format)
  }

  /// Creates a quantity from thousandths.
  ///
  /// - Parameters:
  ///   - milli: The value in thousandths.
  ///   - format: How to print it.
  public init(milli: Int64, format: Format = .decimalSI) {
    self.init(digits: Int128(milli), exponent: -3, format: format)
  }

  /// Moves factors of ten into the exponent, which must not be finer than nano.
  init(digits: Int128, exponent: Int32, format: Format) {
    var digits = digits
    var exponent = exponent
    if digits == 0 {
      exponent = 0
    } else if let narrow = Int64(exactly: digits) {
      // 64-bit division is several times faster, and nearly all quantities fit.
      var narrow = narrow
      while narrow % 10 == 0, exponent < .max {
        narrow /= 10
        exponent += 1
      }
      digits = Int128(narrow)
    } else {
      while digits % 10 == 0, exponent < .max {
        digits /= 10
        exponent += 1
      }
    }
    self.mantissa = digits
    self.exponent = exponent
    self.format = format
  }

  /// The same value, printed with another family of suffixes.
  ///
  /// - Parameter format: How to print it.
  /// - Returns: An equal quantity.
  public func formatted(as format: Format) -> Quantity {
    Quantity(digits: mantissa, exponent: exponent, format: format)
  }

  /// -1, 0 or 1.
  public var sign: Int { mantissa == 0 ? 0 : (mantissa < 0 ? -1 : 1) }

  /// Whether the value is zero.
  public var isZero: Bool { mantissa == 0 }

  /// Whether the value is whole and fits 64 bits: whether `asInt64` has a result.
  ///
  /// Kubernetes decides by how the number was written (`1000m` is no integer there); this decides by
  /// value.
  public var isInteger: Bool { asInt64 != nil }

  /// The value, if it is whole and fits 64 bits.
  public var asInt64: Int64? {
    guard exponent >= 0, let whole = scaledUp(mantissa, Int(exponent)) else { return nil }
    return Int64(exactly: whole)
  }

  /// The value rounded away from zero to a whole number; a larger one saturates.
  public var value: Int64 { scaledValue(0) }

  /// The value in thousandths, rounded away from zero; a larger one saturates.
  public var milliValue: Int64 { scaledValue(-3) }

  /// The value in units of a power of ten, rounded away from zero; a larger one saturates.
  ///
  /// - Parameter scale: The power of ten that counts as one: -3 for thousandths.
  /// - Returns: The number of units.
  public func scaledValue(_ scale: Int) -> Int64 {
    let (shift, overflow) = Int(exponent).subtractingReportingOverflow(scale)
    let limit: Int64 = mantissa < 0 ? .min : .max
    if overflow { return mantissa == 0 ? 0 : limit }
    guard shift < 0 else {
      return scaledUp(mantissa, shift).flatMap { Int64(exactly: $0) } ?? limit
    }
    let (quotient, inexact) = divide(mantissa.magnitude, byTenTo: shift.magnitude)
    let rounded = Int128(quotient + (inexact ? 1 : 0))
    return Int64(exactly: mantissa < 0 ? -rounded : rounded) ?? limit
  }

  /// The nearest double.
  public var asDouble: Double {
    if mantissa.magnitude < 1 << 53 {
      // Both factors are exact, so one operation rounds once.
      if exponent == 0 { return Double(Int64(truncatingIfNeeded: mantissa)) }
      if exponent > 0, exponent <= 15 { return Double(Int64(mantissa)) * Double(power(exponent)) }
      if exponent < 0 { return Double(Int64(mantissa)) / Double(power(-exponent)) }
    }
    return Double("\(mantissa)e\(exponent)") ?? (mantissa < 0 ? -.infinity : .infinity)
  }

  /// Compares by value.
  public static func == (left: Quantity, right: Quantity) -> Bool {
    left.mantissa == right.mantissa && left.exponent == right.exponent
  }

  /// Hashes the value, not the format.
  ///
  /// - Parameter hasher: The hasher to feed.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(mantissa)
    hasher.combine(exponent)
  }

  /// Orders by value.
  public static func < (left: Quantity, right: Quantity) -> Bool {
    if left.exponent == right.exponent || left.sign != right.sign {
      return left.sign != right.sign ? left.sign < right.sign : left.mantissa < right.mantissa
    }
    // What does not fit after scaling is larger in magnitude than anything that does.
    if left.exponent > right.exponent {
      let scaled = scaledUp(left.mantissa, Int(left.exponent) - Int(right.exponent))
      return scaled.map { $0 < right.mantissa } ?? (left.mantissa < 0)
    }
    let scaled = scaledUp(right.mantissa, Int(right.exponent) - Int(left.exponent))
    return scaled.map { left.mantissa < $0 } ?? (right.mantissa > 0)
  }

  private func power(_ exponent: Int32) -> Int64 {
    var result: Int64 = 1
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}

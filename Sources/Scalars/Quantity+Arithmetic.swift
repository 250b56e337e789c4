extension Quantity {
  /// The sum; a zero takes the format of what is added to it, as in Kubernetes.
  ///
  /// - Parameter other: What to add.
  /// - Returns: The sum, in the format of this quantity.
  /// - Throws: `ScalarError` if the sum needs more than 38 digits.
  public func adding(_ other: Quantity) throws(ScalarError) -> Quantity {
    let format = isZero ? other.format : format
    if isZero { return other }
    if other.isZero { return self }
    let common = min(exponent, other.exponent)
    guard
      let left = scaledUp(mantissa, Int(exponent) - Int(common)),
      let right = scaledUp(other.mantissa, Int(other.exponent) - Int(common))
    else { throw Self.tooManyDigits }
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { throw Self.tooManyDigits }
    return Quantity(digits: sum, exponent: common, format: format)
  }

  /// The difference; a zero takes the format of what is taken from it, as in Kubernetes.
  ///
  /// - Parameter other: What to subtract.
  /// - Returns: The difference, in the format of this quantity.
  /// - Throws: `ScalarError` if the difference needs more than 38 digits.
  public func subtracting(_ other: Quantity) throws(ScalarError) -> Quantity {
    try adding(other.negated)
  }

  /// The product with a whole number.
  ///
  /// - Parameter factor: The factor.
  /// - Returns: The product, in the format of this quantity.
  /// - Throws: `ScalarError` if the product needs more than 38 digits.
  public func multiplied(by factor: Int64) throws(ScalarError) -> Quantity {
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: Int128(factor))
    // The most negative mantissa has no opposite, so it is never made.
    if overflow || product == .min { throw Self.tooManyDigits }
    return Quantity(digits: product, exponent: exponent, format: format)
  }

  /// The opposite value.
  public var negated: Quantity {
    Quantity(digits: -mantissa, exponent: exponent, format: format)
  }

  static let tooManyDigits = ScalarError(
    .range, "the quantity needs more than 38 significant digits")
}

/// The value times a power of ten, unless it does not fit.
func scaledUp(_ value: Int128, _ power: Int) -> Int128? {
  if value == 0 { return 0 }
  guard power <= 38 else { return nil }
  var result = value
  for _ in 0..<max(0, power) {
    let (product, overflow) = result.multipliedReportingOverflow(by: 10)
    if overflow || product == .min { return nil }
    result = product
  }
  return result
}

/// Divides by a power of ten: the quotient, and whether something was left over.
func divide(_ value: UInt128, byTenTo power: UInt) -> (quotient: UInt128, inexact: Bool) {
  var quotient = value
  var inexact = false
  var power = power
  while power > 0, quotient != 0 {
    let (next, rest) = quotient.quotientAndRemainder(dividingBy: 10)
    inexact = inexact || rest != 0
    quotient = next
    power -= 1
  }
  return (quotient, inexact)
}

/// Divides a 256-bit number by a power of ten; nil if the quotient needs more than 128 bits.
func divide(
  high: UInt128, low: UInt128, byTenTo power: UInt
) -> (quotient: UInt128, inexact: Bool)? {
  var high = high
  var low = low
  var inexact = false
  var power = power
  while power > 0, high != 0 {
    let (nextHigh, carry) = high.quotientAndRemainder(dividingBy: 10)
    let (nextLow, rest) = UInt128(10).dividingFullWidth((carry, low))
    inexact = inexact || rest != 0
    (high, low) = (nextHigh, nextLow)
    power -= 1
  }
  guard high == 0 else { return nil }
  let (quotient, rest) = divide(low, byTenTo: power)
  return (quotient, inexact || rest)
}

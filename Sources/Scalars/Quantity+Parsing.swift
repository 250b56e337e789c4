extension Quantity {
  /// Reads a quantity as Kubernetes does, down to its leniencies: `.`, `+` and `Ki` are zero.
  ///
  /// A binary quantity is capped at 2^63-1; what is finer than nano is rounded away from zero.
  ///
  /// - Parameter text: A number with an optional suffix: `100m`, `1.5Gi`, `12e6`.
  /// - Throws: `ScalarError` with Kubernetes' message.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    let layout = try QuantityLayout(scanning: bytes)
    let suffix = try QuantitySuffix(reading: bytes, from: layout.suffixStart)
    let digits = layout.digits(in: bytes)
    switch suffix {
    case .decimal(let power, let format):
      self = try Self.decimal(digits, power: power, format: format, negative: layout.isNegative)
    case .binary(let shift):
      self = Self.binary(digits, shift: shift, negative: layout.isNegative)
    }
  }

  private static func decimal(
    _ digits: QuantityDigits, power: Int, format: Format, negative: Bool
  ) throws(ScalarError) -> Quantity {
    var magnitude = digits.kept
    if magnitude == 0 { return Quantity(digits: 0, exponent: 0, format: format) }
    var exponent = digits.exponent + power
    if exponent < finestExponent {
      let (quotient, inexact) = divide(magnitude, byTenTo: (finestExponent - exponent).magnitude)
      magnitude = quotient + (inexact || digits.dropped ? 1 : 0)
      exponent = finestExponent
    } else if digits.dropped {
      guard exponent == finestExponent else { throw tooManyDigits }
      magnitude += 1
    }
    guard let narrow = Int32(exactly: exponent) else { throw tooManyDigits }
    let value = Int128(magnitude)
    return Quantity(digits: negative ? -value : value, exponent: narrow, format: format)
  }

  private static func binary(_ digits: QuantityDigits, shift: Int, negative: Bool) -> Quantity {
    let cap = Quantity(negative ? -Int64.max : .max, format: .binarySI)
    let one = UInt128(1)
    var (high, low) = digits.kept.multipliedFullWidth(by: one << shift)
    if digits.exponent >= 0 {
      guard high == 0, let value = Int64(exactly: low) else { return cap }
      let scaled = scaledUp(Int128(value), digits.exponent).flatMap { Int64(exactly: $0) }
      guard !digits.dropped, let scaled else { return cap }
      return Quantity(negative ? -scaled : scaled, format: .binarySI)
    }
    var exponent = digits.exponent
    var inexact = digits.dropped
    if exponent < finestExponent {
      let power = (finestExponent - exponent).magnitude
      guard let (quotient, rest) = divide(high: high, low: low, byTenTo: power) else { return cap }
      (high, low, inexact) = (0, quotient, inexact || rest)
      exponent = finestExponent
    }
    guard high == 0, low < UInt128(Int128.max) else { return cap }
    let magnitude = Int128(low + (inexact ? 1 : 0))
    // Below one the binary family has no exact form, so Kubernetes turns to the decimal one.
    let unit = scaledUp(1, -exponent) ?? .max
    let format: Format = magnitude > 0 && magnitude < unit ? .decimalSI : .binarySI
    let value = Quantity(
      digits: negative ? -magnitude : magnitude, exponent: Int32(exponent), format: format)
    return negative ? max(value, cap) : min(value, cap)
  }

  /// What an API server answers for a quantity it was sent.
  ///
  /// A server keeps the text of a number that its fast parser takes for canonical, and so answers
  /// `1.500` and `+1` unchanged, while `1.5` becomes `1500m`. `description` is always canonical.
  ///
  /// - Parameter text: The quantity as sent.
  /// - Returns: The quantity as answered.
  /// - Throws: `ScalarError` if `text` is no quantity.
  public static func answered(for text: String) throws(ScalarError) -> String {
    let value = try Quantity(parsing: text)
    let bytes = text.utf8Span.span
    let layout = try QuantityLayout(scanning: bytes)
    let suffix = try QuantitySuffix(reading: bytes, from: layout.suffixStart)
    return layout.isKept(in: bytes, suffix: suffix) ? text : value.description
  }
}

/// The digits of a quantity's text as a number.
struct QuantityDigits {
  /// The leading digits, as many as fit 127 bits.
  var kept: UInt128 = 0

  /// The power of ten that `kept` counts.
  var exponent = 0

  /// Whether digits other than zero did not fit.
  var dropped = false
}

/// Where the parts of a quantity's text are.
struct QuantityLayout {
  var isNegative = false

  /// The whole digits, without leading zeros.
  var whole = 0..<0

  /// The digits after the point.
  var fraction = 0..<0

  var suffixStart = 0

  init(scanning bytes: Span<UInt8>) throws(ScalarError) {
    guard !bytes.isEmpty else { throw Self.malformed(at: 0) }
    var position = 0
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      isNegative = bytes[0] == UInt8(ascii: "-")
      position = 1
    }
    while position < bytes.count, bytes[position] == UInt8(ascii: "0") { position += 1 }
    let wholeStart = position
    while position < bytes.count, ASCII.isDigit(bytes[position]) { position += 1 }
    whole = wholeStart..<position
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let start = position
      while position < bytes.count, ASCII.isDigit(bytes[position]) { position += 1 }
      fraction = start..<position
    }
    suffixStart = position
    while position < bytes.count, Self.isSuffixLetter(bytes[position]) { position += 1 }
    if position < bytes.count,
      bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
    {
      position += 1
    }
    while position < bytes.count, ASCII.isDigit(bytes[position]) { position += 1 }
    guard position == bytes.count else { throw Self.malformed(at: position) }
  }

  func digits(in bytes: Span<UInt8>) -> QuantityDigits {
    var result = QuantityDigits()
    // Zeros wait until another digit follows, so that a long round number still fits.
    var zeros = 0
    for range in [whole, fraction] {
      for index in range {
        let digit = bytes[index] &- 0x30
        if digit == 0 {
          zeros += 1
        } else if !result.dropped, let next = Self.append(digit, after: zeros, to: result.kept) {
          result.kept = next
          zeros = 0
        } else {
          result.dropped = true
          zeros += 1
        }
      }
    }
    result.exponent = zeros - fraction.count
    return result
  }

  /// Whether a server keeps the text: its fast path took the number, and saw no reason to rewrite.
  func isKept(in bytes: Span<UInt8>, suffix: QuantitySuffix) -> Bool {
    if bytes.count == 1 { return bytes[0] == UInt8(ascii: "0") }
    let wholeCount = max(1, whole.count)
    switch suffix {
    case .decimal(let power, _):
      let scale = power - fraction.count
      guard wholeCount + fraction.count <= 18, scale >= Quantity.finestExponent, scale % 3 == 0
      else { return false }
      guard !whole.isEmpty else { return false }
      let last = digits(in: bytes).exponent + fraction.count
      return last < 3
    case .binary(let shift):
      guard fraction.isEmpty, !whole.isEmpty, 15 - wholeCount - shift * 3 / 10 - 1 >= 0
      else { return false }
      // A text that ends in a point has no fraction either.
      var value: UInt64 = 0
      for index in whole { value = value * 10 + UInt64(bytes[index] &- 0x30) }
      return value & 7 != 0
    }
  }

  private static func append(_ digit: UInt8, after zeros: Int, to value: UInt128) -> UInt128? {
    guard value != 0 else { return UInt128(digit) }
    var result = value
    for _ in 0...zeros {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow || product > limit { return nil }
      result = product
    }
    return result + UInt128(digit)
  }

  /// A round bound below 2^127, so that adding a digit or one for rounding cannot overflow.
  private static let limit = UInt128(Int128.max) - 10

  private static func isSuffixLetter(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "e", "E", "i", "n", "u", "m", "k", "K", "M", "G", "T", "P": true
    default: false
    }
  }

  static func malformed(at offset: Int) -> ScalarError {
    ScalarError(
      .syntax,
      "quantities must match the regular expression "
        + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      at: offset)
  }
}

/// What a quantity's suffix means.
enum QuantitySuffix {
  case decimal(power: Int, format: Quantity.Format)
  case binary(shift: Int)

  init(reading bytes: Span<UInt8>, from start: Int) throws(ScalarError) {
    let count = bytes.count - start
    if count == 0 {
      self = .decimal(power: 0, format: .decimalSI)
      return
    }
    let first = Unicode.Scalar(bytes[start])
    if count == 1, let power = Self.power(first) {
      self = .decimal(power: power, format: .decimalSI)
    } else if count == 2, bytes[start + 1] == UInt8(ascii: "i"), let shift = Self.shift(first) {
      self = .binary(shift: shift)
    } else if count > 1, first == "e" || first == "E",
      let power = Self.exponent(bytes, from: start + 1)
    {
      self = .decimal(power: power, format: .decimalExponent)
    } else {
      throw ScalarError(.syntax, "unable to parse quantity's suffix", at: start)
    }
  }

  private static func power(_ letter: Unicode.Scalar) -> Int? {
    switch letter {
    case "n": -9
    case "u": -6
    case "m": -3
    case "k": 3
    case "M": 6
    case "G": 9
    case "T": 12
    case "P": 15
    case "E": 18
    default: nil
    }
  }

  private static func shift(_ letter: Unicode.Scalar) -> Int? {
    switch letter {
    case "K": 10
    case "M": 20
    case "G": 30
    case "T": 40
    case "P": 50
    case "E": 60
    default: nil
    }
  }

  /// A signed decimal number that fits 32 bits, as Kubernetes' scale does.
  private static func exponent(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative || bytes[position] == UInt8(ascii: "+") { position += 1 }
    guard position < bytes.count else { return nil }
    var value = 0
    while position < bytes.count {
      guard ASCII.isDigit(bytes[position]) else { return nil }
      value = value * 10 + Int(bytes[position] &- 0x30)
      if value > Int(Int32.max) { return nil }
      position += 1
    }
    return negative ? -value : value
  }
}

import Scalars

/// Doubles and durations as text, with the digits that Go prints.
enum NumberFormat {
  /// The shortest digits that read back the same, with an exponent where it is below -4 or above 20.
  static func shortest(_ value: Double) -> String {
    if let special = special(value) { return special }
    let (digits, exponent) = shortestDigits(value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    if exponent < -4 || exponent >= 21 {
      return sign + scientific(digits, exponent)
    }
    return sign + plain(digits, exponent)
  }

  /// As Go's `strconv.FormatFloat(v, 'g', -1, 64)`, which `string(double)` gives.
  static func general(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let (digits, exponent) = shortestDigits(value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    // Go takes a precision of six for this choice, also for the shortest digits.
    if exponent < -4 || exponent >= 6 { return sign + scientific(digits, exponent) }
    return sign + plain(digits, exponent)
  }

  /// The shortest digits without an exponent.
  static func plain(_ value: Double) -> String {
    if let special = special(value) { return special }
    let (digits, exponent) = shortestDigits(value.magnitude)
    return (value.sign == .minus ? "-" : "") + plain(digits, exponent)
  }

  /// A number of digits after the point, rounded half to even on the exact value.
  static func fixed(_ value: Double, precision: Int) -> String {
    if let special = special(value) { return special }
    var (digits, point) = exactDigits(value.magnitude)
    round(&digits, &point, keeping: point + precision)
    let whole = point > 0 ? text(digits[..<point]) : "0"
    var fraction = String(repeating: "0", count: Swift.max(0, Swift.min(precision, -point)))
    if point < digits.count { fraction += text(digits[Swift.max(0, point)...]) }
    fraction += String(repeating: "0", count: Swift.max(0, precision - fraction.utf8.count))
    let sign = value.sign == .minus ? "-" : ""
    return precision == 0 ? sign + whole : "\(sign)\(whole).\(fraction)"
  }

  /// One digit before the point, a number of them after it, and an exponent.
  static func exponential(_ value: Double, precision: Int) -> String {
    if let special = special(value) { return special }
    var (digits, point) = exactDigits(value.magnitude)
    round(&digits, &point, keeping: precision + 1)
    while digits.count < precision + 1 { digits.append(0) }
    let exponent = value == 0 ? 0 : point - 1
    var result = (value.sign == .minus ? "-" : "") + text(digits[..<1])
    if precision > 0 { result += "." + text(digits[1..<precision + 1]) }
    return result + exponentText(exponent)
  }

  /// A duration as seconds: `1.5s`.
  static func seconds(_ duration: GoDuration) -> String {
    let nanoseconds = duration.nanoseconds
    let sign = nanoseconds < 0 ? "-" : ""
    let magnitude = nanoseconds.magnitude
    var fraction = String(magnitude % 1_000_000_000)
    guard fraction != "0" else { return "\(sign)\(magnitude / 1_000_000_000)s" }
    fraction = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(sign)\(magnitude / 1_000_000_000).\(fraction)s"
  }

  private static func special(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return nil
  }

  private static func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  }

  private static func plain(_ digits: String, _ exponent: Int) -> String {
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    if digits.count <= exponent + 1 {
      return digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return "\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  }

  private static func scientific(_ digits: String, _ exponent: Int) -> String {
    let rest = digits.dropFirst()
    return digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + exponentText(exponent)
  }

  private static func exponentText(_ exponent: Int) -> String {
    let magnitude = String(exponent.magnitude)
    return (exponent < 0 ? "e-" : "e+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
  }

  /// The significant digits of a number and the power of ten of the first.
  private static func shortestDigits(_ magnitude: Double) -> (digits: String, exponent: Int) {
    var mantissa = magnitude.description
    var exponent = 0
    if let marker = mantissa.firstIndex(of: "e") {
      exponent = Int(mantissa[mantissa.index(after: marker)...]) ?? 0
      mantissa = String(mantissa[..<marker])
    }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = parts[0]
    var digits = whole + (parts.count > 1 ? parts[1] : "")
    exponent += whole.count - 1
    while digits.count > 1, digits.hasPrefix("0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    return (String(digits), digits == "0" ? 0 : exponent)
  }

  // MARK: Exact digits

  /// All digits of a double, without leading zeros, and how many of them stand before the point.
  ///
  /// A double is a whole number times a power of two, so its decimal digits end.
  private static func exactDigits(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
    if magnitude == 0 { return ([0], 1) }
    var exponent = Int(magnitude.exponent) - 52
    var significand = magnitude.significandBitPattern
    if magnitude.isNormal { significand |= 1 << 52 } else { exponent = -1074 }
    // Little-endian in base 10^9.
    var limbs: [UInt64] = []
    while significand > 0 {
      limbs.append(significand % 1_000_000_000)
      significand /= 1_000_000_000
    }
    // x / 2^k = x * 5^k / 10^k.
    for _ in 0..<exponent.magnitude { multiply(&limbs, by: exponent > 0 ? 2 : 5) }
    var digits: [UInt8] = []
    for limb in limbs.reversed() {
      let text = String(limb)
      if !digits.isEmpty { for _ in text.utf8.count..<9 { digits.append(0) } }
      digits.append(contentsOf: text.utf8.map { $0 - 0x30 })
    }
    return (digits, digits.count + Swift.min(0, exponent))
  }

  private static func multiply(_ limbs: inout [UInt64], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { limbs.append(carry) }
  }

  /// Cuts digits off, rounding half to even.
  private static func round(_ digits: inout [UInt8], _ point: inout Int, keeping count: Int) {
    guard count < digits.count else { return }
    if count < 0 {
      digits = [0]
      point = 1
      return
    }
    let next = digits[count]
    let isHalf = next == 5 && digits[(count + 1)...].allSatisfy { $0 == 0 }
    let isUp =
      next > 5 || next == 5 && (!isHalf || count > 0 && digits[count - 1] % 2 == 1)
    digits.removeSubrange(count...)
    if isUp {
      var place = count - 1
      while place >= 0, digits[place] == 9 {
        digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        digits[place] += 1
      } else {
        digits.insert(1, at: 0)
        point += 1
      }
    }
    if digits.isEmpty {
      digits = [0]
      point = 1
    }
  }
}

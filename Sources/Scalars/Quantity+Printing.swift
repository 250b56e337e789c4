extension Quantity {
  /// The canonical text: no fraction, and the largest suffix that allows that.
  ///
  /// A binary quantity that is below 1024 or not whole is printed in the decimal family. Beyond `E`
  /// the decimal family has no suffix, and an exponent is printed instead.
  public var description: String {
    if mantissa == 0 { return "0" }
    if format == .binarySI, let text = binaryText { return text }
    // The exponent is made a multiple of three by adding zeros, so the digits need no arithmetic.
    let zeros = Int(((exponent % 3) + 3) % 3)
    var text = digitText
    for _ in 0..<zeros { text.append("0") }
    let power = Int(exponent) - zeros
    if power == 0 { return text }
    if format != .decimalExponent, let suffix = Self.suffix(power) {
      text.unicodeScalars.append(suffix)
    } else {
      text += "e\(power)"
    }
    return text
  }

  private var digitText: String {
    if let narrow = Int64(exactly: mantissa) { return String(narrow) }
    return String(mantissa)
  }

  private var binaryText: String? {
    guard exponent >= 0, var value = scaledUp(mantissa, Int(exponent)), value.magnitude >= 1024
    else { return nil }
    var suffix = 0
    while value & 1023 == 0, suffix < 6 {
      value >>= 10
      suffix += 1
    }
    let text = Int64(exactly: value).map { String($0) } ?? String(value)
    switch suffix {
    case 0: return text
    case 1: return text + "Ki"
    case 2: return text + "Mi"
    case 3: return text + "Gi"
    case 4: return text + "Ti"
    case 5: return text + "Pi"
    default: return text + "Ei"
    }
  }

  private static func suffix(_ power: Int) -> Unicode.Scalar? {
    switch power {
    case -9: "n"
    case -6: "u"
    case -3: "m"
    case 3: "k"
    case 6: "M"
    case 9: "G"
    case 12: "T"
    case 15: "P"
    case 18: "E"
    default: nil
    }
  }
}

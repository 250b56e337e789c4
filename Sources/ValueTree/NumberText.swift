extension Value {
  /// A double as Go's `encoding/json` prints it: the shortest digits that read back the same, in plain form
  /// unless the exponent is below -6 or above 20.
  ///
  /// - Precondition: the number is finite; JSON has no others.
  public static func jsonText(of double: Double) -> String {
    precondition(double.isFinite, "JSON has no infinity and no NaN")
    let magnitude = double.magnitude
    // Swift prints the same shortest digits, in another form.
    let (digits, exponent) = shortestDigits(magnitude)
    let sign = double.sign == .minus ? "-" : ""
    if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 {
      let first = digits.prefix(1)
      let rest = digits.dropFirst()
      let fraction = rest.isEmpty ? "" : "." + rest
      // Go writes e-7, not e-07.
      return "\(sign)\(first)\(fraction)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }
    if exponent < 0 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
    }
    if digits.count <= exponent + 1 {
      return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return "\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  }

  /// The significant digits of a number and the power of ten of the first.
  private static func shortestDigits(_ magnitude: Double) -> (digits: String, exponent: Int) {
    var mantissa = magnitude.description
    var exponent = 0
    if let marker = mantissa.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      exponent = Int(mantissa[mantissa.index(after: marker)...]) ?? 0
      mantissa = String(mantissa[..<marker])
    }
    var whole = mantissa
    var fraction = ""
    if let point = mantissa.firstIndex(of: ".") {
      whole = String(mantissa[..<point])
      fraction = String(mantissa[mantissa.index(after: point)...])
    }
    var digits = whole + fraction
    exponent += whole.count - 1
    while digits.count > 1, digits.hasPrefix("0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    return (digits, digits == "0" ? 0 : exponent)
  }
}

extension Int64 {
  /// The integer that Go's `encoding/json` prints for `double`, or nil where it prints none that fits.
  ///
  /// Beyond 2^53 that is not always the integer that the double is: the shortest digits are filled up with
  /// zeros, and 2^62 prints as 4611686018427388000. A server that reads its own text back holds that one.
  init?(printed double: Double) {
    guard let whole = Int64(exactly: double) else { return nil }
    if double.magnitude <= 0x1p53 {
      self = whole
    } else {
      self.init(Value.jsonText(of: double))
    }
  }
}

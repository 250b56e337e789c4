import ValueTree

extension Value {
  /// A number as kubectl writes it where it must be a key: Go's shortest form in single precision.
  static func keyText(of double: Double) -> String {
    let single = Float(double)
    if single.isInfinite { return single < 0 ? "-.inf" : ".inf" }
    if single == 0 { return double.sign == .minus ? "-0" : "0" }
    // Swift and Go find the same shortest digits; the form is Go's `%g`.
    var mantissa = single.magnitude.description
    var exponent = 0
    if let marker = mantissa.firstIndex(of: "e") {
      exponent = Int(mantissa[mantissa.index(after: marker)...]) ?? 0
      mantissa = String(mantissa[..<marker])
    }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    var digits = parts.joined()
    exponent += (parts.first?.count ?? 1) - 1
    while digits.count > 1, digits.hasPrefix("0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    let sign = single < 0 ? "-" : ""
    if exponent < -4 || exponent >= 6 {
      let rest = digits.dropFirst()
      let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
      return "\(sign)\(digits.prefix(1))\(rest.isEmpty ? "" : "." + rest)e"
        + "\(exponent < 0 ? "-" : "+")\(power)"
    }
    if exponent < 0 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
    }
    if digits.count <= exponent + 1 {
      return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return "\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  }
}

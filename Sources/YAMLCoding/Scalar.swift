/// What a scalar stands for.
enum Scalar {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  /// The text as it is.
  case text
  /// Another text: what a `!!binary` scalar decodes to.
  case other(String)
}

/// What a plain text resolves to before tags and JSON's limits have their say.
///
/// The rules are those of the YAML library in kubectl, which reads YAML 1.1 with changes of its
/// own: `yes` is true, `010` is eight, `080` is eighty, `12:30` is text.
enum Resolution {
  case null
  case bool(Bool)
  case int(Int64)
  /// An integer that fits only 64 bits without a sign.
  case unsigned(UInt64)
  case double(Double)
  /// `.inf` or `.nan`.
  case notFinite(String)
  /// A number that no 64-bit number holds; kubectl takes it for text.
  case outOfRange
  case text

  /// Resolves a plain text.
  init(_ span: Span<UInt8>) {
    guard span.count > 0 else {
      self = .null
      return
    }
    let first = span[0]
    switch first {
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      // Most numbers are short and decimal.
      if span.count <= 18, let value = Resolution.decimal(span) {
        self = .int(value)
      } else {
        self = Resolution.number(Resolution.string(span))
      }
    case UInt8(ascii: "0"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      let text = Resolution.string(span)
      self = Resolution.infinity(text) ?? Resolution.number(text)
    case UInt8(ascii: "~"): self = span.count == 1 ? .null : .text
    case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"),
      UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "o"), UInt8(ascii: "O"):
      self = Resolution.mayBeWord(span) ? Resolution.word(Resolution.string(span)) : .text
    default: self = .text
    }
  }

  /// Resolves a plain text.
  init(_ text: String) {
    self = Resolution(Array(text.utf8).span)
  }

  private static func string(_ span: Span<UInt8>) -> String {
    unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Whether length, first and last letter are those of a word; making a string to tell costs more.
  @inline(__always)
  private static func mayBeWord(_ span: Span<UInt8>) -> Bool {
    switch (span.count, span[0] | 0x20, span[span.count - 1] | 0x20) {
    case (1, _, _), (2, UInt8(ascii: "n"), UInt8(ascii: "o")),
      (2, UInt8(ascii: "o"), UInt8(ascii: "n")), (3, UInt8(ascii: "y"), UInt8(ascii: "s")),
      (3, UInt8(ascii: "o"), UInt8(ascii: "f")), (4, UInt8(ascii: "t"), UInt8(ascii: "e")),
      (4, UInt8(ascii: "n"), UInt8(ascii: "l")), (5, UInt8(ascii: "f"), UInt8(ascii: "e")):
      true
    default: false
    }
  }

  private static func word(_ text: String) -> Resolution {
    switch text {
    case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": .bool(true)
    case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": .bool(false)
    case "null", "Null", "NULL": .null
    default: .text
    }
  }

  private static func infinity(_ text: String) -> Resolution? {
    switch text {
    case ".nan", ".NaN", ".NAN": .notFinite(".nan")
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .notFinite(".inf")
    case "-.inf", "-.Inf", "-.INF": .notFinite("-.inf")
    default: nil
    }
  }

  private static func decimal(_ span: Span<UInt8>) -> Int64? {
    var value: Int64 = 0
    for index in 0..<span.count {
      let digit = span[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  private static func number(_ text: String) -> Resolution {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
    if text.utf8.first == UInt8(ascii: ".") {
      // Go allows an underscore only between digits here; anywhere else it takes any away.
      guard text.utf8.count == digits.count || hasInnerUnderscores(text) else { return .text }
      return float(digits[...])
    }
    var body = digits[...]
    let sign = body.first
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { body = body.dropFirst() }
    guard let first = body.first else { return .text }
    var base: UInt64 = 10
    var isPrefixed = false
    if first == UInt8(ascii: "0") {
      base = 8
      if body.count >= 3 {
        switch body[body.startIndex + 1] | 0x20 {
        case UInt8(ascii: "x"): base = 16
        case UInt8(ascii: "b"): base = 2
        case UInt8(ascii: "o"): isPrefixed = true
        default: break
        }
        isPrefixed = isPrefixed || base != 8
        if isPrefixed { body = body.dropFirst(2) }
      }
    }
    if let (magnitude, overflow) = integer(body, base) {
      if !overflow {
        if isNegative, magnitude <= UInt64(Int64.max) + 1 {
          return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        if !isNegative, magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
        if sign == first { return .unsigned(magnitude) }
      }
      if isPrefixed { return .outOfRange }
    }
    return isPrefixed ? .text : float(digits[...])
  }

  private static func integer(
    _ digits: ArraySlice<UInt8>, _ base: UInt64
  ) -> (magnitude: UInt64, overflow: Bool)? {
    var magnitude: UInt64 = 0
    var overflow = false
    for byte in digits {
      let digit: UInt64
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt64(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
      guard digit < base else { return nil }
      let (product, high) = magnitude.multipliedReportingOverflow(by: base)
      let (sum, carry) = product.addingReportingOverflow(digit)
      overflow = overflow || high || carry
      magnitude = sum
    }
    return (magnitude, overflow)
  }

  /// `[-+]? (. digits | digits [. digits?]) ([eE] [-+]? digits)?`, or text.
  private static func float(_ text: ArraySlice<UInt8>) -> Resolution {
    var at = text.startIndex
    func digits() -> Int {
      let start = at
      while at < text.endIndex, text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
      return at - start
    }
    func skip(_ bytes: UInt8...) -> Bool {
      guard at < text.endIndex, bytes.contains(text[at]) else { return false }
      at += 1
      return true
    }
    _ = skip(UInt8(ascii: "-"), UInt8(ascii: "+"))
    let whole = digits()
    if skip(UInt8(ascii: ".")) {
      let fraction = digits()
      guard whole + fraction > 0 else { return .text }
    } else if whole == 0 {
      return .text
    }
    if skip(UInt8(ascii: "e"), UInt8(ascii: "E")) {
      _ = skip(UInt8(ascii: "-"), UInt8(ascii: "+"))
      guard digits() > 0 else { return .text }
    }
    guard at == text.endIndex, let value = Double(String(decoding: text, as: UTF8.self)) else {
      return .text
    }
    return value.isFinite ? .double(value) : .outOfRange
  }

  private static func hasInnerUnderscores(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isDigit(_ index: Int) -> Bool {
      bytes.indices.contains(index) && bytes[index] &- UInt8(ascii: "0") < 10
    }
    return bytes.indices.allSatisfy {
      bytes[$0] != UInt8(ascii: "_") || isDigit($0 - 1) && isDigit($0 + 1)
    }
  }
}

extension Lexer {
  mutating func number() throws(Problem) -> Token.Kind {
    let start = position
    if byte() == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x") {
      position += 2
      let digits = position
      while Self.hexValue(byte()) != nil { position += 1 }
      guard position > digits else { throw Problem(at: start, "expected hexadecimal digits") }
      return try integer(start, digits: digits, radix: 16)
    }
    while Self.isDigit(byte()) { position += 1 }
    var isDouble = false
    if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
      isDouble = true
      position += 1
      while Self.isDigit(byte()) { position += 1 }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if Self.isDigit(byte(1 + sign)) {
        isDouble = true
        position += 1 + sign
        while Self.isDigit(byte()) { position += 1 }
      }
    }
    if isDouble {
      var text = String(decoding: bytes[start..<position], as: UTF8.self)
      if text.hasPrefix(".") { text = "0" + text }
      guard let value = Double(text) else { throw Problem(at: start, "malformed number") }
      guard value.isFinite else {
        throw Problem(at: start, "the number \(text) is beyond what a double holds")
      }
      try noIdentifierFollows(start)
      return .double(value)
    }
    return try integer(start, digits: start, radix: 10)
  }

  private mutating func integer(
    _ start: Int, digits: Int, radix: UInt64
  ) throws(Problem) -> Token.Kind {
    var value: UInt64 = 0
    for byte in bytes[digits..<position] {
      let digit = UInt64(Self.hexValue(byte) ?? 0)
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else {
        throw Problem(at: start, "the number does not fit 64 bits")
      }
      value = sum
    }
    if byte() | 0x20 == UInt8(ascii: "u") {
      position += 1
      try noIdentifierFollows(start)
      return .uint(value)
    }
    try noIdentifierFollows(start)
    return .int(value)
  }

  private func noIdentifierFollows(_ start: Int) throws(Problem) {
    if Self.isIdentifierPart(byte()) {
      throw Problem(at: position, "expected an operator after the number")
    }
  }

  /// A string or bytes literal behind its `r` and `b`, or nil where the letters begin a name.
  mutating func prefixedLiteral() throws(Problem) -> Token.Kind? {
    var length = 0
    var isRaw = false
    var isBytes = false
    while length < 2 {
      let letter = byte(length) | 0x20
      if letter == UInt8(ascii: "r"), !isRaw {
        isRaw = true
      } else if letter == UInt8(ascii: "b"), !isBytes {
        isBytes = true
      } else {
        break
      }
      length += 1
    }
    let quote = byte(length)
    guard length > 0, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    position += length
    return isBytes
      ? .bytes(try quotedBytes(raw: isRaw, ofText: false)) : .string(try quoted(raw: isRaw))
  }

  mutating func quoted(raw: Bool) throws(Problem) -> String {
    String(decoding: try quotedBytes(raw: raw, ofText: true), as: UTF8.self)
  }

  private mutating func quotedBytes(raw: Bool, ofText: Bool) throws(Problem) -> [UInt8] {
    let start = position
    let quote = byte()
    let isTriple = byte(1) == quote && byte(2) == quote
    position += isTriple ? 3 : 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        if !isTriple {
          position += 1
          return content
        }
        if self.byte(1) == quote, self.byte(2) == quote {
          position += 3
          return content
        }
      }
      if !isTriple, byte == 0x0A || byte == 0x0D {
        throw Problem(at: position, "a line ends inside a string; expected its closing quote")
      }
      if byte == UInt8(ascii: "\\"), !raw {
        try escape(into: &content, ofText: ofText)
      } else {
        content.append(byte)
        position += 1
      }
    }
    throw Problem(at: start, "the string lacks its closing quote")
  }

  private mutating func escape(into content: inout [UInt8], ofText: Bool) throws(Problem) {
    let start = position
    position += 1
    let letter = byte()
    position += 1
    switch letter {
    case UInt8(ascii: "a"): content.append(0x07)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "v"): content.append(0x0B)
    case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "`"):
      content.append(letter)
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      try append(try digits(2, radix: 16, start), start, into: &content, ofText: ofText)
    case UInt8(ascii: "u") where ofText:
      try append(try digits(4, radix: 16, start), start, into: &content, ofText: true)
    case UInt8(ascii: "U") where ofText:
      try append(try digits(8, radix: 16, start), start, into: &content, ofText: true)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      position -= 1
      try append(try digits(3, radix: 8, start), start, into: &content, ofText: ofText)
    default:
      throw Problem(
        at: start,
        "unknown escape; expected one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\? \\\" \\' "
          + "\\` \\xHH \\uHHHH \\UHHHHHHHH or three octal digits")
    }
  }

  private mutating func digits(
    _ count: Int, radix: UInt32, _ start: Int
  ) throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = Self.hexValue(byte()), digit < radix else {
        throw Problem(
          at: start, "expected \(count) \(radix == 8 ? "octal" : "hexadecimal") digits")
      }
      value = value &* radix &+ digit
      position += 1
    }
    return value
  }

  private func append(
    _ value: UInt32, _ start: Int, into content: inout [UInt8], ofText: Bool
  ) throws(Problem) {
    if !ofText {
      guard value <= 0xFF else { throw Problem(at: start, "the escape is beyond a byte") }
      content.append(UInt8(value))
      return
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw Problem(at: start, "the escape names no Unicode code point")
    }
    content.append(contentsOf: Array(String(Character(scalar)).utf8))
  }
}

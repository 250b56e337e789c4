/// Cuts the text of an expression into tokens.
struct Lexer {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func byte(_ ahead: Int = 0) -> UInt8 {
    position + ahead < bytes.count ? bytes[position + ahead] : 0
  }

  mutating func next() throws(Problem) -> Token {
    skipBlank()
    let start = position
    guard position < bytes.count else { return Token(kind: .end, start: start, end: start) }
    let kind = try scan()
    return Token(kind: kind, start: start, end: position)
  }

  private mutating func skipBlank() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      default: return
      }
    }
  }

  private mutating func scan() throws(Problem) -> Token.Kind {
    let first = byte()
    if Self.isIdentifierStart(first) {
      if let literal = try prefixedLiteral() { return literal }
      return word()
    }
    if Self.isDigit(first) || first == UInt8(ascii: ".") && Self.isDigit(byte(1)) {
      return try number()
    }
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      return .string(try quoted(raw: false))
    }
    if first == UInt8(ascii: "`") { return try quotedIdentifier() }
    return .symbol(try symbol(first))
  }

  private mutating func word() -> Token.Kind {
    let start = position
    while Self.isIdentifierPart(byte()) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true": return .symbol(.true)
    case "false": return .symbol(.false)
    case "null": return .symbol(.null)
    case "in": return .symbol(.in)
    default: return .identifier(text)
    }
  }

  private mutating func quotedIdentifier() throws(Problem) -> Token.Kind {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "`") {
      let byte = bytes[position]
      let isAllowed =
        Self.isIdentifierPart(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "/") || byte == UInt8(ascii: " ")
      guard isAllowed else {
        throw Problem(
          at: position,
          "a field name in back quotes holds letters, digits, '_', '.', '-', '/' "
            + "and spaces only")
      }
      position += 1
    }
    guard position < bytes.count else {
      throw Problem(at: start, "the field name lacks its closing back quote")
    }
    let name = String(decoding: bytes[start + 1..<position], as: UTF8.self)
    position += 1
    guard !name.isEmpty else { throw Problem(at: start, "a field name cannot be empty") }
    return .quotedIdentifier(name)
  }

  private mutating func symbol(_ first: UInt8) throws(Problem) -> Token.Symbol {
    let second = byte(1)
    func two(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
      first == UInt8(ascii: a) && second == UInt8(ascii: b)
    }
    let pair: Token.Symbol? =
      two("|", "|")
      ? .or
      : two("&", "&")
        ? .and
        : two("=", "=")
          ? .equal
          : two("!", "=")
            ? .notEqual : two("<", "=") ? .lessOrEqual : two(">", "=") ? .greaterOrEqual : nil
    if let pair {
      position += 2
      return pair
    }
    position += 1
    switch first {
    case UInt8(ascii: "!"): return .not
    case UInt8(ascii: "<"): return .less
    case UInt8(ascii: ">"): return .greater
    case UInt8(ascii: "+"): return .plus
    case UInt8(ascii: "-"): return .minus
    case UInt8(ascii: "*"): return .times
    case UInt8(ascii: "/"): return .divide
    case UInt8(ascii: "%"): return .modulo
    case UInt8(ascii: "?"): return .question
    case UInt8(ascii: ":"): return .colon
    case UInt8(ascii: "."): return .dot
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: "("): return .openParenthesis
    case UInt8(ascii: ")"): return .closeParenthesis
    case UInt8(ascii: "["): return .openBracket
    case UInt8(ascii: "]"): return .closeBracket
    case UInt8(ascii: "{"): return .openBrace
    case UInt8(ascii: "}"): return .closeBrace
    default: throw unexpected(at: position - 1)
    }
  }

  private func unexpected(at offset: Int) -> Problem {
    let rest = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    let shown = rest.unicodeScalars.first.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F
        ? "the control character U+" + String(scalar.value, radix: 16, uppercase: true)
        : "'\(scalar)'"
    }
    let hint =
      switch bytes[offset] {
      case UInt8(ascii: "="): "; did you mean '=='?"
      case UInt8(ascii: "&"): "; did you mean '&&'?"
      case UInt8(ascii: "|"): "; did you mean '||'?"
      default: ""
      }
    return Problem(at: offset, "unexpected \(shown ?? "byte")\(hint)")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static func isIdentifierStart(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") || byte == UInt8(ascii: "_")
  }

  static func isIdentifierPart(_ byte: UInt8) -> Bool {
    isIdentifierStart(byte) || isDigit(byte)
  }

  static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x41 + 10
    default: nil
    }
  }
}

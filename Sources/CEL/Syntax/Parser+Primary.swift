extension Parser {
  /// Words that C, JavaScript and their like keep, and that may not name variables.
  private static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]

  mutating func primary() throws(Problem) -> NodeID {
    let start = token.start
    switch token.kind {
    case .int(let magnitude):
      guard let value = Int64(exactly: magnitude) else {
        throw Problem(
          at: start, "the number does not fit a 64-bit int; write \(magnitude)u for uint")
      }
      return try literal(.int(value))
    case .uint(let value): return try literal(.uint(value))
    case .double(let value): return try literal(.double(value))
    case .string(let value): return try literal(.string(value))
    case .bytes(let value): return try literal(.bytes(value))
    case .identifier(let name): return try nameOrCall(name, isAbsolute: false, at: start)
    case .symbol(let symbol): return try symbolic(symbol, at: start)
    case .quotedIdentifier: throw Problem(at: start, "a name in back quotes stands only after '.'")
    case .end: throw expected("an expression")
    }
  }

  private mutating func literal(_ value: CELValue) throws(Problem) -> NodeID {
    let start = token.start
    try advance()
    return try add(.literal(value), at: start)
  }

  private mutating func symbolic(_ symbol: Token.Symbol, at start: Int) throws(Problem) -> NodeID {
    switch symbol {
    case .true: return try literal(.bool(true))
    case .false: return try literal(.bool(false))
    case .null: return try literal(.null)
    case .openParenthesis:
      try advance()
      let inner = try expression()
      try expect(.closeParenthesis, "to close the parenthesis")
      return inner
    case .openBracket: return try list()
    case .openBrace: return try map()
    case .dot:
      try advance()
      guard case .identifier(let name) = token.kind else { throw expected("a name after '.'") }
      return try nameOrCall(name, isAbsolute: true, at: start)
    default: throw expected("an expression")
    }
  }

  private mutating func nameOrCall(
    _ name: String, isAbsolute: Bool, at start: Int
  ) throws(Problem) -> NodeID {
    try advance()
    if at(.openParenthesis) {
      let arguments = try arguments()
      if let expansion = try expandFunction(name, arguments, at: start) { return expansion }
      return try add(
        .call(isAbsolute ? "." + name : name, target: nil, arguments), at: start, over: arguments)
    }
    if Self.reserved.contains(name) {
      throw Problem(at: start, "'\(name)' is a reserved word and cannot be a name")
    }
    return try add(.name(name, isAbsolute: isAbsolute), at: start)
  }

  private mutating func list() throws(Problem) -> NodeID {
    let start = token.start
    try advance()
    var elements: [Syntax.Element] = []
    while !at(.closeBracket) {
      let isOptional = try accept(.question)
      elements.append(Syntax.Element(value: try expression(), isOptional: isOptional))
      guard try accept(.comma) else { break }
    }
    try expect(.closeBracket, "or ',' after the element")
    return try add(.list(elements), at: start, over: elements.map(\.value))
  }

  private mutating func map() throws(Problem) -> NodeID {
    let start = token.start
    try advance()
    var entries: [Syntax.Entry] = []
    while !at(.closeBrace) {
      let isOptional = try accept(.question)
      let key = try expression()
      try expect(.colon, "after the key")
      entries.append(
        Syntax.Entry(key: key, value: try expression(), isOptional: isOptional))
      guard try accept(.comma) else { break }
    }
    try expect(.closeBrace, "or ',' after the entry")
    return try add(.map(entries), at: start, over: entries.flatMap { [$0.key, $0.value] })
  }

  mutating func message(_ name: String) throws(Problem) -> NodeID {
    let start = token.start
    try advance()
    var fields: [Syntax.Field] = []
    while !at(.closeBrace) {
      let isOptional = try accept(.question)
      let field: String
      switch token.kind {
      case .identifier(let name), .quotedIdentifier(let name): field = name
      default: throw expected("a field name")
      }
      try advance()
      try expect(.colon, "after the field name")
      fields.append(
        Syntax.Field(name: field, value: try expression(), isOptional: isOptional))
      guard try accept(.comma) else { break }
    }
    try expect(.closeBrace, "or ',' after the field")
    return try add(.message(name, fields), at: start, over: fields.map(\.value))
  }
}

/// Reads the text of an expression into its tree, expanding macros.
struct Parser {
  let limits: ExpressionLimits
  let expandsMacros: Bool
  var syntax = Syntax()
  private var lexer: Lexer
  private(set) var token: Token
  private var nesting = 0

  /// Reads a whole expression.
  static func parse(
    _ source: SourceText, limits: ExpressionLimits, expandsMacros: Bool = true
  ) throws(Problem) -> Syntax {
    guard source.bytes.count <= limits.bytes else {
      throw Problem(
        at: 0, "the expression has \(source.bytes.count) bytes; at most \(limits.bytes) are read")
    }
    var parser = try Parser(source, limits: limits, expandsMacros: expandsMacros)
    parser.syntax.root = try parser.expression()
    if parser.token.kind != .end {
      throw parser.expected("an operator or the end of the expression")
    }
    return parser.syntax
  }

  private init(
    _ source: SourceText, limits: ExpressionLimits, expandsMacros: Bool
  ) throws(Problem) {
    self.limits = limits
    self.expandsMacros = expandsMacros
    lexer = Lexer(source.bytes)
    token = try lexer.next()
  }

  // MARK: Tokens

  mutating func advance() throws(Problem) { token = try lexer.next() }

  func at(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

  mutating func accept(_ symbol: Token.Symbol) throws(Problem) -> Bool {
    guard at(symbol) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ symbol: Token.Symbol, _ why: String) throws(Problem) {
    guard try accept(symbol) else { throw expected("'\(symbol.rawValue)' \(why)") }
  }

  func expected(_ what: String) -> Problem {
    Problem(at: token.start, "expected \(what), found \(token.description)")
  }

  // MARK: Nodes

  mutating func add(_ kind: Syntax.Kind, at offset: Int, over children: [NodeID] = [])
    throws(Problem) -> NodeID
  {
    var depth: Int32 = 0
    for child in children { depth = max(depth, syntax[child].depth) }
    guard depth < limits.treeDepth else {
      throw Problem(
        at: offset, "the expression is nested too deeply: over \(limits.treeDepth) levels")
    }
    guard syntax.nodes.count < limits.nodes else {
      throw Problem(at: offset, "the expression is too large: over \(limits.nodes) parts")
    }
    syntax.nodes.append(Syntax.Node(kind: kind, offset: Int32(offset), depth: depth + 1))
    return NodeID(syntax.nodes.count - 1)
  }

  func call(_ function: String, _ arguments: [NodeID]) -> Syntax.Kind {
    .call(function, target: nil, arguments)
  }

  // MARK: Operators

  mutating func expression() throws(Problem) -> NodeID {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= limits.nesting else {
      throw Problem(at: token.start, "the expression is nested over \(limits.nesting) levels deep")
    }
    let condition = try disjunction()
    let offset = token.start
    guard try accept(.question) else { return condition }
    let yes = try disjunction()
    try expect(.colon, "between the two results of '?'")
    let no = try expression()
    return try add(.conditional(condition, yes, no), at: offset, over: [condition, yes, no])
  }

  private mutating func disjunction() throws(Problem) -> NodeID {
    try logical(.or) { (parser) throws(Problem) in try parser.conjunction() }
  }

  private mutating func conjunction() throws(Problem) -> NodeID {
    try logical(.and) { (parser) throws(Problem) in try parser.relation() }
  }

  private mutating func logical(
    _ symbol: Token.Symbol, _ operand: (inout Parser) throws(Problem) -> NodeID
  ) throws(Problem) -> NodeID {
    let first = try operand(&self)
    guard at(symbol) else { return first }
    let offset = token.start
    var terms = [first]
    while try accept(symbol) { terms.append(try operand(&self)) }
    return try add(.logical(isAnd: symbol == .and, terms), at: offset, over: terms)
  }

  private mutating func relation() throws(Problem) -> NodeID {
    var left = try sum()
    while case .symbol(let symbol) = token.kind {
      let name: String
      switch symbol {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
        name = Operator.name(symbol)
      case .in: name = Operator.in
      default: return left
      }
      let offset = token.start
      try advance()
      let right = try sum()
      left = try add(call(name, [left, right]), at: offset, over: [left, right])
    }
    return left
  }

  private mutating func sum() throws(Problem) -> NodeID {
    var left = try product()
    while case .symbol(let symbol) = token.kind, symbol == .plus || symbol == .minus {
      let offset = token.start
      try advance()
      let right = try product()
      left = try add(call(Operator.name(symbol), [left, right]), at: offset, over: [left, right])
    }
    return left
  }

  private mutating func product() throws(Problem) -> NodeID {
    var left = try unary()
    while case .symbol(let symbol) = token.kind,
      symbol == .times || symbol == .divide || symbol == .modulo
    {
      let offset = token.start
      try advance()
      let right = try unary()
      left = try add(call(Operator.name(symbol), [left, right]), at: offset, over: [left, right])
    }
    return left
  }

  private mutating func unary() throws(Problem) -> NodeID {
    guard at(.not) || at(.minus) else { return try member(try primary()) }
    let isNot = at(.not)
    let offset = token.start
    var count = 0
    while at(isNot ? .not : .minus) {
      count += 1
      try advance()
      guard count <= limits.treeDepth else {
        throw Problem(at: offset, "the expression is nested too deeply")
      }
    }
    var operand: NodeID
    if !isNot, let literal = try negativeLiteral(at: offset) {
      count -= 1
      operand = try member(literal)
    } else {
      operand = try member(try primary())
    }
    // A pair of signs is kept: it decides about types and overflow.
    for _ in 0..<count {
      operand = try add(
        call(isNot ? Operator.not : Operator.negate, [operand]), at: offset, over: [operand])
    }
    return operand
  }

  /// The number that stands behind a minus sign; only so can the least integer be written.
  private mutating func negativeLiteral(at offset: Int) throws(Problem) -> NodeID? {
    switch token.kind {
    case .int(let magnitude):
      guard magnitude <= 1 << 63 else {
        throw Problem(at: token.start, "the number does not fit a 64-bit int")
      }
      try advance()
      return try add(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), at: offset)
    case .double(let value):
      try advance()
      return try add(.literal(.double(-value)), at: offset)
    default:
      return nil
    }
  }

  // MARK: Members

  private mutating func member(_ start: NodeID) throws(Problem) -> NodeID {
    var node = start
    while true {
      if at(.dot) {
        node = try selection(of: node)
      } else if at(.openBracket) {
        let offset = token.start
        try advance()
        let isOptional = try accept(.question)
        let index = try expression()
        try expect(.closeBracket, "after the index")
        let name = isOptional ? Operator.optionalIndex : Operator.index
        node = try add(call(name, [node, index]), at: offset, over: [node, index])
      } else if at(.openBrace), let name = syntax.qualifiedName(node) {
        node = try message(name.isAbsolute ? "." + name.name : name.name)
      } else {
        return node
      }
    }
  }

  private mutating func selection(of operand: NodeID) throws(Problem) -> NodeID {
    try advance()
    let isOptional = try accept(.question)
    let offset = token.start
    let field: String
    switch token.kind {
    case .identifier(let name), .quotedIdentifier(let name): field = name
    case .symbol(let symbol) where [.true, .false, .null, .in].contains(symbol):
      throw Problem(
        at: offset, "'\(symbol.rawValue)' cannot be a field name; write [\"\(symbol.rawValue)\"]")
    default: throw expected("a field name after '.'")
    }
    let isPlain = if case .identifier = token.kind { true } else { false }
    try advance()
    if isPlain, !isOptional, at(.openParenthesis) {
      let arguments = try arguments()
      if let expansion = try expandMethod(field, of: operand, arguments, at: offset) {
        return expansion
      }
      return try add(
        .call(field, target: operand, arguments), at: offset, over: [operand] + arguments)
    }
    return try add(
      .select(operand, field: field, isOptional ? .optional : .plain), at: offset, over: [operand])
  }

  mutating func arguments() throws(Problem) -> [NodeID] {
    try expect(.openParenthesis, "before the arguments")
    var arguments: [NodeID] = []
    if try accept(.closeParenthesis) { return arguments }
    repeat { arguments.append(try expression()) } while try accept(.comma)
    try expect(.closeParenthesis, "or ',' after the argument")
    return arguments
  }
}

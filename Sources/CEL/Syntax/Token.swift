/// A token of the language.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    case end
    case identifier(String)
    /// A field name in back quotes.
    case quotedIdentifier(String)
    /// The magnitude; the sign belongs to the parser.
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case symbol(Symbol)
  }

  enum Symbol: String, Sendable {
    case `true`, `false`, null
    case `in`
    case or = "||"
    case and = "&&"
    case not = "!"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case question = "?"
    case colon = ":"
    case dot = "."
    case comma = ","
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
  }

  let kind: Kind
  let start: Int
  let end: Int

  /// How a message names the token.
  var description: String {
    switch kind {
    case .end: "the end of the expression"
    case .identifier(let name): "'\(name)'"
    case .quotedIdentifier(let name): "'`\(name)`'"
    case .int, .uint, .double: "a number"
    case .string: "a string"
    case .bytes: "a bytes literal"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    }
  }
}

/// One lexical piece of a Swift file.
///
/// Comments yield no token, and a string literal yields one token however long it is, so that a rule
/// never trips over a word that someone only wrote about.
struct Token: Equatable {
  enum Kind: Equatable {
    case identifier
    case number
    case string
    case punctuation
  }

  let kind: Kind
  /// The characters as written; for a string literal, what stands between its quotes.
  let text: String
  /// Counted from one.
  let line: Int
}

/// A Swift file as a list of tokens: enough of a lexer to look for patterns without being fooled by
/// comments, string literals and white space.
///
/// Code inside a string interpolation is code: its tokens follow the token of the literal's first part.
///
/// A bare regex literal (`/…/`) is read as operators and words; one that contains a quotation mark
/// can hide the rest of its line. Extended ones (`#/…/#`) are skipped.
struct SwiftSource {
  private(set) var tokens: [Token] = []
  /// The lines a `// tidy: reason` comment speaks for: its own, and the next one when the comment
  /// stands alone on its line.
  private(set) var allowedLines: Set<Int> = []

  init(_ text: String) {
    var lexer = SwiftLexer(bytes: Array(text.utf8))
    lexer.lexCode(insideInterpolation: false)
    tokens = lexer.tokens
    for (line, comment) in lexer.lineComments where Self.isAllowance(comment) {
      allowedLines.insert(line)
      if !tokens.contains(where: { $0.line == line }) { allowedLines.insert(line + 1) }
    }
  }

  func isAllowed(line: Int) -> Bool { allowedLines.contains(line) }

  /// Whether the tokens from `index` on are exactly these, compared by their text.
  func matches(_ texts: [String], at index: Int) -> Bool {
    guard index >= 0, index + texts.count <= tokens.count else { return false }
    for (offset, text) in texts.enumerated() {
      let token = tokens[index + offset]
      if token.kind == .string || token.text != text { return false }
    }
    return true
  }

  /// The token at `index`, or nil when there is none.
  func token(_ index: Int) -> Token? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }

  /// The text of the token at `index` unless it is a string literal; empty when there is none.
  func text(_ index: Int) -> String {
    guard let token = token(index), token.kind != .string else { return "" }
    return token.text
  }

  /// The index of the bracket that closes the one at `open`, or nil when it is never closed.
  func closing(_ open: Int) -> Int? {
    var depth = 0
    for index in open..<tokens.count {
      switch text(index) {
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }

  /// An allowance needs a reason: `// tidy:` alone allows nothing.
  private static func isAllowance(_ comment: String) -> Bool {
    let prefix = "// tidy:"
    guard comment.hasPrefix(prefix) else { return false }
    return comment.dropFirst(prefix.count).contains { $0.isLetter }
  }
}

/// The lexer behind `SwiftSource`; works on bytes because every character it cares about is ASCII.
private struct SwiftLexer {
  let bytes: [UInt8]
  var position = 0
  var line = 1
  var tokens: [Token] = []
  var lineComments: [(line: Int, text: String)] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  func peek(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func advance() {
    if peek() == .newline { line += 1 }
    position += 1
  }

  mutating func emit(_ kind: Token.Kind, from start: Int, to end: Int, line: Int) {
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    tokens.append(Token(kind: kind, text: text, line: line))
  }

  /// Reads code up to the end of the file, or past the parenthesis that ends an interpolation.
  mutating func lexCode(insideInterpolation: Bool) {
    var depth = 0
    while position < bytes.count {
      let byte = peek()
      let start = position
      if byte.isIdentifierHead {
        lexIdentifier()
      } else if byte.isDigit {
        while peek().isIdentifierBody { position += 1 }
        emit(.number, from: start, to: position, line: line)
      } else if byte == .slash && peek(1) == .slash {
        while position < bytes.count && peek() != .newline { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        lineComments.append((line, text))
      } else if byte == .slash && peek(1) == .star {
        skipBlockComment()
      } else if byte == .quote {
        lexString(pounds: 0)
      } else if byte == .pound, let pounds = rawPounds(before: .quote) {
        position += pounds
        lexString(pounds: pounds)
      } else if byte == .pound, let pounds = rawPounds(before: .slash) {
        skipExtendedRegex(pounds: pounds)
      } else if byte.isWhitespace {
        advance()
      } else {
        if byte == .openParenthesis { depth += 1 }
        if byte == .closeParenthesis {
          if insideInterpolation && depth == 0 {
            position += 1
            return
          }
          depth -= 1
        }
        position += 1
        emit(.punctuation, from: start, to: position, line: line)
      }
    }
  }

  mutating func lexIdentifier() {
    let start = position
    if peek() == .backtick {
      position += 1
      while position < bytes.count && peek() != .backtick && peek() != .newline { position += 1 }
      position += 1
    } else {
      while peek().isIdentifierBody { position += 1 }
    }
    emit(.identifier, from: start, to: min(position, bytes.count), line: line)
  }

  mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if peek() == .slash && peek(1) == .star {
        depth += 1
        position += 2
      } else if peek() == .star && peek(1) == .slash {
        depth -= 1
        position += 2
      } else {
        advance()
      }
    } while depth > 0 && position < bytes.count
  }

  /// The number of `#` here when they are followed by `delimiter`.
  func rawPounds(before delimiter: UInt8) -> Int? {
    var count = 0
    while peek(count) == .pound { count += 1 }
    return peek(count) == delimiter ? count : nil
  }

  mutating func skipExtendedRegex(pounds: Int) {
    position += pounds + 1
    while position < bytes.count {
      if peek() == .slash && closes(pounds: pounds, after: 1) {
        position += 1 + pounds
        return
      }
      advance()
    }
  }

  func closes(pounds: Int, after offset: Int) -> Bool {
    (0..<pounds).allSatisfy { peek(offset + $0) == .pound }
  }

  /// Reads a string literal, `position` standing on its first quotation mark.
  mutating func lexString(pounds: Int) {
    let isMultiline = peek(1) == .quote && peek(2) == .quote
    let quotes = isMultiline ? 3 : 1
    position += quotes
    var start = position
    var startLine = line
    while position < bytes.count {
      let byte = peek()
      if byte == .quote, closesString(quotes: quotes, pounds: pounds) {
        emit(.string, from: start, to: position, line: startLine)
        position += quotes + pounds
        return
      }
      if byte == .newline && !isMultiline { break }
      guard byte == .backslash, closes(pounds: pounds, after: 1) else {
        advance()
        continue
      }
      if peek(1 + pounds) == .openParenthesis {
        emit(.string, from: start, to: position, line: startLine)
        position += 2 + pounds
        lexCode(insideInterpolation: true)
        start = position
        startLine = line
      } else {
        position += 1 + pounds
        if position < bytes.count { advance() }
      }
    }
    emit(.string, from: start, to: min(position, bytes.count), line: startLine)
  }

  func closesString(quotes: Int, pounds: Int) -> Bool {
    (0..<quotes).allSatisfy { peek($0) == .quote } && closes(pounds: pounds, after: quotes)
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let slash = UInt8(ascii: "/")
  fileprivate static let star = UInt8(ascii: "*")
  fileprivate static let pound = UInt8(ascii: "#")
  fileprivate static let backslash = UInt8(ascii: "\\")
  fileprivate static let backtick = UInt8(ascii: "`")
  fileprivate static let openParenthesis = UInt8(ascii: "(")
  fileprivate static let closeParenthesis = UInt8(ascii: ")")

  fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  fileprivate var isIdentifierHead: Bool {
    let lower = self | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
      || self == UInt8(ascii: "_") || self == .backtick || self >= 0x80
  }

  fileprivate var isIdentifierBody: Bool {
    (isIdentifierHead && self != .backtick) || isDigit
  }

  fileprivate var isWhitespace: Bool {
    self == UInt8(ascii: " ") || self == .newline || self == UInt8(ascii: "\t")
      || self == UInt8(ascii: "\r")
  }
}

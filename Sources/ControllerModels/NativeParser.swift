import ValueTree

/// Reads expressions that `Native` can evaluate; whatever else there is makes it give up.
struct NativeParser {
  private struct GivesUp: Error {}

  private let bytes: [UInt8]
  private var place = 0
  private let registers: [String: Int]
  /// Names that stand for texts.
  private let constants: [String: String]

  /// The native form of an expression, or nil.
  static func parse(
    _ text: String, registers: [String: Int], constants: [String: String]
  ) -> Native? {
    var parser = NativeParser(
      bytes: Array(text.utf8), registers: registers, constants: constants)
    guard let native = try? parser.conditional() else { return nil }
    parser.skipSpace()
    return parser.place == parser.bytes.count ? native : nil
  }

  private init(bytes: [UInt8], registers: [String: Int], constants: [String: String]) {
    self.bytes = bytes
    self.registers = registers
    self.constants = constants
  }

  // MARK: Grammar

  private mutating func conditional() throws(GivesUp) -> Native {
    let condition = try disjunction()
    guard take("?") else { return condition }
    // `a ?? b` and `.?` are not ours.
    let yes = try disjunction()
    try require(":")
    return .conditional(condition, yes, try conditional())
  }

  private mutating func disjunction() throws(GivesUp) -> Native {
    var left = try conjunction()
    while take("||") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(GivesUp) -> Native {
    var left = try relation()
    while take("&&") { left = .and(left, try relation()) }
    return left
  }

  private mutating func relation() throws(GivesUp) -> Native {
    let left = try unary()
    if take("==") { return Self.equality(left, try unary()) }
    if take("!=") { return .not(Self.equality(left, try unary())) }
    if take("<=") { return .less(left, try unary(), orEqual: true) }
    if take(">=") { return .less(try unary(), left, orEqual: true) }
    if take("<") { return .less(left, try unary(), orEqual: false) }
    if take(">") { return .less(try unary(), left, orEqual: false) }
    if takeWord("in") {
      let list = try unary()
      if case .constant(.text(let text)) = left { return .textIn(TextConstant(text), list) }
      return .isIn(left, list)
    }
    return left
  }

  private static func equality(_ left: Native, _ right: Native) -> Native {
    if case .path(let register, let path) = left, path.header == .deletionTimestamp,
      case .constant(.null) = right
    {
      return .isKept(register)
    }
    return .equal(left, right)
  }

  private mutating func unary() throws(GivesUp) -> Native {
    skipSpace()
    if place < bytes.count, bytes[place] == UInt8(ascii: "!"), !peek("!=") {
      place += 1
      return .not(try unary())
    }
    return try primary()
  }

  private mutating func primary() throws(GivesUp) -> Native {
    skipSpace()
    guard place < bytes.count else { throw GivesUp() }
    switch bytes[place] {
    case UInt8(ascii: "("):
      place += 1
      let inner = try conditional()
      try require(")")
      return inner
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .constant(.text(try string()))
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      return .constant(.int(try integer()))
    default: return try named()
    }
  }

  private mutating func named() throws(GivesUp) -> Native {
    let word = try identifier()
    switch word {
    case "true": return .constant(.bool(true))
    case "false": return .constant(.bool(false))
    case "null": return .constant(.null)
    case "has" where take("("):
      let (register, names) = try path(from: try identifier())
      try require(")")
      guard !names.isEmpty else { throw GivesUp() }
      return .has(register, MemberPath(names))
    case "size" where take("("):
      let inner = try conditional()
      try require(")")
      return .size(inner)
    default: break
    }
    if let text = constants[word] {
      guard place == bytes.count || !isNext(".[(") else { throw GivesUp() }
      return .constant(.text(text))
    }
    let (register, names) = try path(from: word)
    if names.last == "map", take("(") {
      guard names.count == 1 else { throw GivesUp() }
      return .project(register, try projection())
    }
    guard !isNext("([.") else { throw GivesUp() }
    return .path(register, NativePath(names))
  }

  /// What stands behind a name, as in `a.b['c']`.
  private mutating func path(from word: String) throws(GivesUp) -> (Int, [String]) {
    guard let register = registers[word] else { throw GivesUp() }
    var names: [String] = []
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: ".") {
        place += 1
        names.append(try identifier())
      } else if bytes[place] == UInt8(ascii: "[") {
        place += 1
        names.append(try string())
        try require("]")
      } else {
        break
      }
    }
    return (register, names)
  }

  /// What stands behind `grants.map(`, as in `g, {'name': g.item, 'generation': g.generation})`.
  private mutating func projection() throws(GivesUp) -> [GrantColumn] {
    let variable = try identifier()
    try require(",")
    try require("{")
    var columns: [GrantColumn] = []
    repeat {
      let key = try string()
      try require(":")
      guard try identifier() == variable, place < bytes.count,
        bytes[place] == UInt8(ascii: ".")
      else { throw GivesUp() }
      place += 1
      guard let field = GrantColumn.Field(rawValue: try identifier()),
        !columns.contains(where: { $0.key == Key(key) })
      else { throw GivesUp() }
      columns.append(GrantColumn(key: Key(key), field: field))
    } while take(",")
    try require("}")
    try require(")")
    return columns
  }

  // MARK: Tokens

  private mutating func skipSpace() {
    while place < bytes.count, bytes[place] == 32 || bytes[place] == 10 { place += 1 }
  }

  private func peek(_ text: String) -> Bool {
    bytes[place...].starts(with: text.utf8)
  }

  private func isNext(_ characters: String) -> Bool {
    place < bytes.count && characters.utf8.contains(bytes[place])
  }

  private mutating func take(_ text: String) -> Bool {
    skipSpace()
    guard peek(text) else { return false }
    place += text.utf8.count
    return true
  }

  private mutating func takeWord(_ text: String) -> Bool {
    skipSpace()
    let end = place + text.utf8.count
    guard peek(text), end < bytes.count, !Self.isWord(bytes[end]) else { return false }
    place = end
    return true
  }

  private mutating func require(_ text: String) throws(GivesUp) {
    guard take(text) else { throw GivesUp() }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private mutating func identifier() throws(GivesUp) -> String {
    skipSpace()
    let start = place
    while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
    guard place > start, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[start]) else {
      throw GivesUp()
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func string() throws(GivesUp) -> String {
    skipSpace()
    guard isNext("'\"") else { throw GivesUp() }
    let quote = bytes[place]
    place += 1
    let start = place
    while place < bytes.count, bytes[place] != quote {
      guard bytes[place] != UInt8(ascii: "\\"), bytes[place] >= 32 else { throw GivesUp() }
      place += 1
    }
    guard place < bytes.count, place > start || !isTripled(quote) else { throw GivesUp() }
    defer { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private func isTripled(_ quote: UInt8) -> Bool {
    place + 1 < bytes.count && bytes[place + 1] == quote
  }

  private mutating func integer() throws(GivesUp) -> Int64 {
    let start = place
    if bytes[place] == UInt8(ascii: "-") { place += 1 }
    while place < bytes.count, Self.isWord(bytes[place]) || bytes[place] == UInt8(ascii: ".") {
      place += 1
    }
    guard let number = Int64(String(decoding: bytes[start..<place], as: UTF8.self)) else {
      throw GivesUp()
    }
    return number
  }
}

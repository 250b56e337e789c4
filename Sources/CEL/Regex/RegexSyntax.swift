/// What is wrong with a pattern.
struct RegexError: Error, Sendable {
  let message: String
}

/// The tree of a pattern.
indirect enum RegexSyntax: Sendable {
  case empty
  case scalar(UInt32)
  case set(CharacterClass)
  case assertion(RegexAssertion)
  case sequence([RegexSyntax])
  case choice([RegexSyntax])
  case repetition(RegexSyntax, least: Int, most: Int?, isGreedy: Bool)
  /// A group that is remembered, by its number from 1.
  case capture(RegexSyntax, Int)
}

/// A condition on a place in the text.
enum RegexAssertion: Sendable {
  case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// Reads patterns in the syntax of RE2.
struct RegexParser {
  private struct Flags {
    var ignoresCase = false
    var isMultiline = false
    var dotMatchesNewline = false
    var isUngreedy = false
  }

  private static let repeatMax = 1_000
  private static let depthMax = 200

  private let scalars: [UInt32]
  private var position = 0
  private var flags = Flags()
  private var depth = 0
  private(set) var captureNames: [String?] = [nil]

  init(_ pattern: String) { scalars = pattern.unicodeScalars.map(\.value) }

  mutating func parse() throws(RegexError) -> RegexSyntax {
    let result = try choice()
    if position < scalars.count { throw RegexError(message: "unexpected ): no group is open") }
    return result
  }

  private func at(_ scalar: Unicode.Scalar, ahead: Int = 0) -> Bool {
    position + ahead < scalars.count && scalars[position + ahead] == scalar.value
  }

  private func text(_ range: Range<Int>) -> String {
    var result = ""
    for value in scalars[range] {
      if let scalar = Unicode.Scalar(value) { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  // MARK: Structure

  private mutating func choice() throws(RegexError) -> RegexSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else { throw RegexError(message: "expression nests too deeply") }
    let outer = flags
    var branches: [RegexSyntax] = []
    while true {
      branches.append(try sequence())
      guard at("|") else { break }
      position += 1
    }
    flags = outer
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(RegexError) -> RegexSyntax {
    var parts: [RegexSyntax] = []
    while position < scalars.count, !at("|"), !at(")") {
      let start = position
      if at("\\"), at("Q", ahead: 1) {
        let count = parts.count
        quotedText(into: &parts)
        // What follows repeats the last character only.
        if parts.count > count, let last = parts.popLast() {
          parts.append(try repeated(last, from: start))
        }
      } else if let part = try atom() {
        parts.append(try repeated(part, from: start))
      } else if let operatorText = repetitionText() {
        throw RegexError(message: "missing argument to repetition operator: \(operatorText)")
      }
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private func repetitionText() -> String? {
    guard at("*") || at("+") || at("?") else { return nil }
    return text(position..<position + 1)
  }

  private mutating func repeated(
    _ part: RegexSyntax, from start: Int
  ) throws(RegexError) -> RegexSyntax {
    var result = part
    var count = 0
    while position < scalars.count {
      let operatorStart = position
      let least: Int
      let most: Int?
      if at("*") {
        (least, most) = (0, nil)
        position += 1
      } else if at("+") {
        (least, most) = (1, nil)
        position += 1
      } else if at("?") {
        (least, most) = (0, 1)
        position += 1
      } else if at("{"), let bounds = try bounds() {
        (least, most) = bounds
      } else {
        break
      }
      count += 1
      if count > 1 {
        throw RegexError(
          message: "invalid nested repetition operator: \(text(operatorStart..<position))")
      }
      var isGreedy = !flags.isUngreedy
      if at("?") {
        isGreedy.toggle()
        position += 1
      }
      result = .repetition(result, least: least, most: most, isGreedy: isGreedy)
    }
    return result
  }

  /// `{2}`, `{2,}` or `{2,5}`; anything else is a brace that stands for itself.
  private mutating func bounds() throws(RegexError) -> (Int, Int?)? {
    let start = position
    var place = position + 1
    func number() -> Int? {
      var value: Int?
      while place < scalars.count, scalars[place] >= 0x30, scalars[place] <= 0x39 {
        value = Swift.min((value ?? 0) * 10 + Int(scalars[place] - 0x30), 1_000_000)
        place += 1
      }
      return value
    }
    guard let least = number(), place < scalars.count else { return nil }
    var most: Int? = least
    if scalars[place] == 0x2C {
      place += 1
      most = number()
    }
    guard place < scalars.count, scalars[place] == 0x7D else { return nil }
    position = place + 1
    guard least <= Self.repeatMax, (most ?? 0) <= Self.repeatMax, most.map({ $0 >= least }) ?? true
    else {
      throw RegexError(message: "invalid repeat count: \(text(start..<position))")
    }
    return (least, most)
  }

  // MARK: Atoms

  /// One atom; nil where flags were set and nothing is to be matched, or at a repetition operator.
  private mutating func atom() throws(RegexError) -> RegexSyntax? {
    let scalar = scalars[position]
    switch Unicode.Scalar(scalar) {
    case "(": return try group()
    case "[": return .set(try bracket())
    case "*", "+", "?": return nil
    case ".":
      position += 1
      var any = CharacterClass()
      if flags.dotMatchesNewline {
        any.add(0...0x10FFFF)
      } else {
        any.add(0x0A...0x0A)
        any.isNegated = true
      }
      any.finish()
      return .set(any)
    case "^":
      position += 1
      return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$":
      position += 1
      return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "\\": return try escape()
    default:
      position += 1
      return literal(scalar)
    }
  }

  private func literal(_ scalar: UInt32) -> RegexSyntax {
    guard flags.ignoresCase else { return .scalar(scalar) }
    var set = CharacterClass()
    set.add(scalar...scalar)
    set.foldCase()
    if set.ranges.count == 1 { return .scalar(scalar) }
    set.finish()
    return .set(set)
  }

  private mutating func group() throws(RegexError) -> RegexSyntax? {
    let start = position
    position += 1
    guard at("?") else {
      return try capture(name: nil, start)
    }
    position += 1
    let isNamed = at("P") && at("<", ahead: 1) || at("<")
    if isNamed {
      position += at("P") ? 2 : 1
      let nameStart = position
      while position < scalars.count, !at(">") { position += 1 }
      let name = text(nameStart..<position)
      let isWord = name.unicodeScalars.allSatisfy {
        $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
      guard position < scalars.count, !name.isEmpty, isWord, !captureNames.contains(name) else {
        throw RegexError(message: "invalid named capture: \(text(start..<position))")
      }
      position += 1
      return try capture(name: name, start)
    }
    let outer = flags
    guard try readFlags(start) else {
      // Flags alone hold to the end of the group around them.
      return .empty
    }
    let inner = try choice()
    guard at(")") else { throw missing(start) }
    position += 1
    flags = outer
    return inner
  }

  private mutating func capture(name: String?, _ start: Int) throws(RegexError) -> RegexSyntax {
    captureNames.append(name)
    let number = captureNames.count - 1
    guard number <= 1_000 else { throw RegexError(message: "too many groups") }
    let inner = try choice()
    guard at(")") else { throw missing(start) }
    position += 1
    return .capture(inner, number)
  }

  private func missing(_ start: Int) -> RegexError {
    RegexError(message: "missing closing ): \(text(start..<scalars.count))")
  }

  /// Reads `i`, `m`, `s`, `U` and their negations; true if a group follows, false at `)`.
  private mutating func readFlags(_ start: Int) throws(RegexError) -> Bool {
    var isOn = true
    while position < scalars.count {
      let scalar = Unicode.Scalar(scalars[position])
      position += 1
      switch scalar {
      case "i": flags.ignoresCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotMatchesNewline = isOn
      case "U": flags.isUngreedy = isOn
      case "-" where isOn: isOn = false
      case ":": return true
      case ")": return false
      default:
        throw RegexError(message: "invalid or unsupported Perl syntax: \(text(start..<position))")
      }
    }
    throw missing(start)
  }
}

// MARK: - Escapes and brackets

extension RegexParser {
  private mutating func escape() throws(RegexError) -> RegexSyntax {
    guard position + 1 < scalars.count else {
      throw RegexError(message: "trailing backslash at end of expression")
    }
    switch Unicode.Scalar(scalars[position + 1]) {
    case "A": return assertion(.textStart)
    case "z": return assertion(.textEnd)
    case "b": return assertion(.wordBoundary)
    case "B": return assertion(.noWordBoundary)
    default:
      if var set = try classEscape() {
        if flags.ignoresCase { set.foldCase() }
        set.finish()
        return .set(set)
      }
      return literal(try scalarEscape())
    }
  }

  /// `\Q…\E`, or to the end of the pattern.
  private mutating func quotedText(into parts: inout [RegexSyntax]) {
    position += 2
    while position < scalars.count, !(at("\\") && at("E", ahead: 1)) {
      parts.append(literal(scalars[position]))
      position += 1
    }
    position = Swift.min(scalars.count, position + 2)
  }

  private mutating func assertion(_ assertion: RegexAssertion) -> RegexSyntax {
    position += 2
    return .assertion(assertion)
  }

  /// `\d`, `\pL`, `\p{Greek}` and their like, or nil where the escape is another.
  private mutating func classEscape() throws(RegexError) -> CharacterClass? {
    let letter = scalars[position + 1]
    if [0x64, 0x44, 0x73, 0x53, 0x77, 0x57].contains(letter) {
      position += 2
      return UnicodeClasses.perl(letter)
    }
    guard letter == 0x70 || letter == 0x50 else { return nil }
    let start = position
    position += 2
    var isNegated = letter == 0x50
    guard position < scalars.count else {
      throw RegexError(message: "invalid character class range: \(text(start..<position))")
    }
    var name: String
    if at("{") {
      let nameStart = position + 1
      while position < scalars.count, !at("}") { position += 1 }
      guard position < scalars.count else {
        throw RegexError(message: "invalid character class range: \(text(start..<position))")
      }
      name = text(nameStart..<position)
    } else {
      name = text(position..<position + 1)
    }
    position += 1
    if name.hasPrefix("^") {
      isNegated.toggle()
      name.removeFirst()
    }
    guard var set = UnicodeClasses.named(name) else {
      throw RegexError(message: "invalid character class range: \(text(start..<position))")
    }
    set.isNegated = isNegated
    return set
  }

  private mutating func scalarEscape() throws(RegexError) -> UInt32 {
    let start = position
    let letter = scalars[position + 1]
    position += 2
    switch Unicode.Scalar(letter) {
    case "a": return 0x07
    case "f": return 0x0C
    case "t": return 0x09
    case "n": return 0x0A
    case "r": return 0x0D
    case "v": return 0x0B
    case "x": return try hexEscape(start)
    case "1", "2", "3", "4", "5", "6", "7":
      // One digit alone would be a reference back, which no linear matcher has.
      guard position < scalars.count, scalars[position] >= 0x30, scalars[position] <= 0x37 else {
        break
      }
      return octal(from: letter - 0x30)
    case "0": return octal(from: 0)
    default:
      let isWord =
        letter >= 0x30 && letter <= 0x39 || letter >= 0x41 && letter <= 0x5A
        || letter >= 0x61 && letter <= 0x7A
      if letter < 0x80, !isWord { return letter }
    }
    throw RegexError(message: "invalid escape sequence: \(text(start..<position))")
  }

  private mutating func octal(from first: UInt32) -> UInt32 {
    var value = first
    for _ in 0..<2 {
      guard position < scalars.count, scalars[position] >= 0x30, scalars[position] <= 0x37 else {
        break
      }
      value = value * 8 + scalars[position] - 0x30
      position += 1
    }
    return value
  }

  private mutating func hexEscape(_ start: Int) throws(RegexError) -> UInt32 {
    var value: UInt32 = 0
    let isBraced = at("{")
    if isBraced { position += 1 }
    var digits = 0
    while position < scalars.count, digits < (isBraced ? 8 : 2),
      let byte = UInt8(exactly: scalars[position]), let digit = Lexer.hexValue(byte)
    {
      value = value &* 16 &+ digit
      digits += 1
      position += 1
    }
    let isClosed = isBraced ? at("}") && digits > 0 : digits == 2
    guard isClosed, value <= 0x10FFFF else {
      throw RegexError(message: "invalid escape sequence: \(text(start..<position))")
    }
    if isBraced { position += 1 }
    return value
  }

  private mutating func bracket() throws(RegexError) -> CharacterClass {
    let start = position
    position += 1
    var set = CharacterClass()
    if at("^") {
      set.isNegated = true
      position += 1
    }
    var isFirst = true
    var parts: [CharacterClass] = []
    while position < scalars.count, isFirst || !at("]") {
      isFirst = false
      if at("["), at(":", ahead: 1), let named = try posixClass() {
        parts.append(named)
        continue
      }
      if at("\\"), position + 1 < scalars.count, let named = try classEscape() {
        parts.append(named)
        continue
      }
      let rangeStart = position
      let low = try bracketScalar(start)
      var high = low
      if at("-"), position + 1 < scalars.count, !at("]", ahead: 1) {
        position += 1
        high = try bracketScalar(start)
      }
      guard low <= high else {
        throw RegexError(message: "invalid character class range: \(text(rangeStart..<position))")
      }
      set.add(low...high)
    }
    guard at("]") else {
      throw RegexError(message: "missing closing ]: \(text(start..<scalars.count))")
    }
    position += 1
    for part in parts { set.add(part) }
    if flags.ignoresCase { set.foldCase() }
    set.finish()
    return set
  }

  private mutating func bracketScalar(_ start: Int) throws(RegexError) -> UInt32 {
    guard position < scalars.count else {
      throw RegexError(message: "missing closing ]: \(text(start..<scalars.count))")
    }
    if at("\\") {
      guard position + 1 < scalars.count else {
        throw RegexError(message: "trailing backslash at end of expression")
      }
      return try scalarEscape()
    }
    position += 1
    return scalars[position - 1]
  }

  private mutating func posixClass() throws(RegexError) -> CharacterClass? {
    var place = position + 2
    let isNegated = place < scalars.count && scalars[place] == 0x5E
    if isNegated { place += 1 }
    let nameStart = place
    while place + 1 < scalars.count, !(scalars[place] == 0x3A && scalars[place + 1] == 0x5D) {
      place += 1
    }
    guard place + 1 < scalars.count else { return nil }
    let name = text(nameStart..<place)
    guard var set = UnicodeClasses.posix(name) else {
      throw RegexError(message: "invalid character class range: [:\(name):]")
    }
    set.isNegated = isNegated
    position = place + 2
    return set
  }
}

import ValueTree

/// Reads JSONPath templates.
struct JSONPathParser {
  private let shown: String
  private let characters: [Character]
  private var at = 0

  init(_ template: String, shown: String) {
    characters = Array(template)
    self.shown = shown
  }

  mutating func template(insideRange: Bool = false) throws(JSONPath.ParseError) -> [JSONPath.Part] {
    var parts: [JSONPath.Part] = []
    var text = ""
    while at < characters.count {
      guard characters[at] == "{" else {
        text.append(characters[at])
        at += 1
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = ""
      at += 1
      skipSpace()
      if takeWord("end") {
        try close()
        guard insideRange else { throw failure("{end} without {range}") }
        return parts
      }
      if takeWord("range") {
        skipSpace()
        let steps = try steps()
        try close()
        parts.append(.range(steps, try template(insideRange: true)))
        continue
      }
      if let quote = peek, quote == "\"" || quote == "'" {
        parts.append(.text(try quoted()))
      } else {
        parts.append(.path(try steps()))
      }
      try close()
    }
    if insideRange { throw failure("{range} without {end}") }
    if !text.isEmpty { parts.append(.text(text)) }
    return parts
  }

  private mutating func steps() throws(JSONPath.ParseError) -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    var isFirst = true
    while let next = peek {
      switch next {
      case "$":
        at += 1
        steps.append(.root)
      case "@": at += 1
      case ".":
        at += 1
        if peek == "." {
          at += 1
          if peek == "[" { steps.append(.descend(nil)) } else { steps.append(try descended()) }
        } else if peek == "*" {
          at += 1
          steps.append(.wildcard)
        } else if peek != nil, peek != "[", peek != "}" {
          steps.append(.key(try name()))
        }
      case "[": steps.append(try bracket())
      default:
        guard isFirst, next.isLetter || next == "_" else { return steps }
        steps.append(.key(try name()))
      }
      isFirst = false
    }
    return steps
  }

  private mutating func descended() throws(JSONPath.ParseError) -> JSONPath.Step {
    if peek == "*" {
      at += 1
      return .descend(nil)
    }
    return .descend(try name())
  }

  private mutating func name() throws(JSONPath.ParseError) -> String {
    var name = ""
    while let next = peek, !".[]{}()=!<>, \t".contains(next) {
      at += 1
      // A dot inside a name is escaped: .metadata.labels.app\.kubernetes\.io/name
      if next == "\\", let escaped = peek {
        name.append(escaped)
        at += 1
      } else {
        name.append(next)
      }
    }
    guard !name.isEmpty else { throw failure("a field name is expected") }
    return name
  }

  private mutating func bracket() throws(JSONPath.ParseError) -> JSONPath.Step {
    at += 1
    skipSpace()
    if peek == "*" {
      at += 1
      try expect("]")
      return .wildcard
    }
    if peek == "?" {
      at += 1
      try expect("(")
      let filter = try filter()
      try expect(")")
      try expect("]")
      return .filter(filter)
    }
    if peek == "'" || peek == "\"" {
      var keys = [try quoted()]
      skipSpace()
      while peek == "," {
        at += 1
        skipSpace()
        keys.append(try quoted())
        skipSpace()
      }
      try expect("]")
      return keys.count == 1 ? .key(keys[0]) : .keys(keys)
    }
    return try indexOrSlice()
  }

  private mutating func indexOrSlice() throws(JSONPath.ParseError) -> JSONPath.Step {
    var numbers: [Int?] = [number()]
    while peek == ":" {
      at += 1
      numbers.append(number())
    }
    try expect("]")
    if numbers.count == 1 {
      guard let index = numbers[0] else { throw failure("an index, '*' or '?' is expected") }
      return .index(index)
    }
    let stride = numbers.count > 2 ? numbers[2] ?? 1 : 1
    guard stride > 0, numbers.count <= 3 else { throw failure("a step must be positive") }
    return .slice(numbers[0], numbers[1], stride)
  }

  private mutating func filter() throws(JSONPath.ParseError) -> JSONPath.Filter {
    let left = try operand()
    skipSpace()
    for comparison in ["==", "!=", "<=", ">=", "<", ">"] where takeWord(comparison) {
      skipSpace()
      let right = try operand()
      skipSpace()
      return JSONPath.Filter(left: left, comparison: comparison, right: right)
    }
    return JSONPath.Filter(left: left, comparison: nil, right: nil)
  }

  private mutating func operand() throws(JSONPath.ParseError) -> JSONPath.Operand {
    skipSpace()
    if peek == "'" || peek == "\"" { return .literal(Value(try quoted())) }
    if peek == "@" || peek == "$" || peek == "." { return .path(try steps()) }
    for (word, value) in [("true", Value(true)), ("false", Value(false))] where takeWord(word) {
      return .literal(value)
    }
    var text = ""
    while let next = peek, next.isNumber || next == "-" || next == "." {
      text.append(next)
      at += 1
    }
    guard let number = Double(text) else { throw failure("a path, text or number is expected") }
    return .literal(Value(number))
  }

  private mutating func quoted() throws(JSONPath.ParseError) -> String {
    guard let quote = peek, quote == "'" || quote == "\"" else {
      throw failure("text in quotes is expected")
    }
    at += 1
    var text = ""
    while let next = peek {
      at += 1
      if next == quote { return text }
      guard next == "\\", let escaped = peek else {
        text.append(next)
        continue
      }
      at += 1
      switch escaped {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      default: text.append(escaped)
      }
    }
    throw failure("the text is not closed")
  }

  private mutating func number() -> Int? {
    var text = ""
    while let next = peek, next.isNumber || next == "-" {
      text.append(next)
      at += 1
    }
    return Int(text)
  }

  private var peek: Character? { at < characters.count ? characters[at] : nil }

  private mutating func takeWord(_ word: String) -> Bool {
    let end = at + word.count
    guard end <= characters.count, String(characters[at..<end]) == word else { return false }
    if let last = word.last, last.isLetter, end < characters.count, characters[end].isLetter {
      return false
    }
    at = end
    return true
  }

  private mutating func expect(_ character: Character) throws(JSONPath.ParseError) {
    skipSpace()
    guard peek == character else { throw failure("'\(character)' is expected") }
    at += 1
  }

  private mutating func close() throws(JSONPath.ParseError) { try expect("}") }

  private mutating func skipSpace() {
    while let next = peek, next == " " || next == "\t" { at += 1 }
  }

  private func failure(_ reason: String) -> JSONPath.ParseError {
    JSONPath.ParseError(template: shown, offset: min(at, max(shown.count - 1, 0)), reason: reason)
  }
}

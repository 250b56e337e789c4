/// A compiled pattern that is matched in linear time.
///
/// The pattern becomes an automaton whose states are all followed at once (Pike's machine), so a match
/// takes at most as many steps as the product of the text's and the program's length, whatever the
/// pattern: there is nothing to go back to.
struct Regex: Sendable {
  enum Instruction: Sendable {
    case scalar(UInt32)
    case set(Int32)
    case assertion(RegexAssertion)
    case split(Int32, Int32)
    case jump(Int32)
    case save(Int32)
    case match
  }

  private static let sizeMax = 10_000

  private(set) var code: [Instruction] = []
  private(set) var sets: [CharacterClass] = []
  let captureNames: [String?]
  /// Whether a match can only begin at the start of the text.
  let isAnchored: Bool

  /// Compiles a pattern in the syntax of RE2.
  init(_ pattern: String) throws(RegexError) {
    guard pattern.utf8.count <= 10_000 else {
      throw RegexError(message: "the pattern is over 10000 bytes long")
    }
    var parser = RegexParser(pattern)
    let syntax = try parser.parse()
    captureNames = parser.captureNames
    isAnchored = Self.beginsAtStart(syntax)
    try emit(syntax)
    code.append(.match)
  }

  /// How often a part of the pattern may be repeated in all; repeating nothing makes no state.
  private var emissionsLeft = 100_000

  /// The number of groups.
  var captureCount: Int { captureNames.count - 1 }

  private static func beginsAtStart(_ syntax: RegexSyntax) -> Bool {
    switch syntax {
    case .assertion(.textStart): true
    case .sequence(let parts): parts.first.map { beginsAtStart($0) } ?? false
    case .capture(let inner, _): beginsAtStart(inner)
    case .choice(let branches): branches.allSatisfy { beginsAtStart($0) }
    default: false
    }
  }

  private mutating func add(_ instruction: Instruction) throws(RegexError) {
    guard code.count < Self.sizeMax else {
      throw RegexError(message: "expression too large: over \(Self.sizeMax) states")
    }
    code.append(instruction)
  }

  private var here: Int32 { Int32(code.count) }

  private mutating func emit(_ syntax: RegexSyntax) throws(RegexError) {
    emissionsLeft -= 1
    guard emissionsLeft >= 0 else { throw RegexError(message: "expression too large") }
    switch syntax {
    case .empty: break
    case .scalar(let scalar): try add(.scalar(scalar))
    case .set(let set):
      sets.append(set)
      try add(.set(Int32(sets.count - 1)))
    case .assertion(let assertion): try add(.assertion(assertion))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .choice(let branches):
      var ends: [Int] = []
      for (index, branch) in branches.enumerated() {
        if index == branches.count - 1 {
          try emit(branch)
        } else {
          let split = code.count
          try add(.split(here + 1, 0))
          try emit(branch)
          ends.append(code.count)
          try add(.jump(0))
          code[split] = .split(Int32(split + 1), here)
        }
      }
      for end in ends { code[end] = .jump(here) }
    case .capture(let inner, let number):
      try add(.save(Int32(2 * number)))
      try emit(inner)
      try add(.save(Int32(2 * number + 1)))
    case .repetition(let inner, let least, let most, let isGreedy):
      try emitRepetition(inner, least, most, isGreedy)
    }
  }

  private mutating func emitRepetition(
    _ inner: RegexSyntax, _ least: Int, _ most: Int?, _ isGreedy: Bool
  ) throws(RegexError) {
    guard let most else {
      if least > 0 {
        for _ in 0..<(least - 1) { try emit(inner) }
        let start = here
        try emit(inner)
        let next = here + 1
        try add(isGreedy ? .split(start, next) : .split(next, start))
        return
      }
      let split = code.count
      try add(.split(0, 0))
      try emit(inner)
      try add(.jump(Int32(split)))
      code[split] = isGreedy ? .split(Int32(split + 1), here) : .split(here, Int32(split + 1))
      return
    }
    for _ in 0..<least { try emit(inner) }
    var splits: [Int] = []
    for _ in least..<Swift.max(least, most) {
      splits.append(code.count)
      try add(.split(0, 0))
      try emit(inner)
    }
    for split in splits {
      code[split] = isGreedy ? .split(Int32(split + 1), here) : .split(here, Int32(split + 1))
    }
  }
}

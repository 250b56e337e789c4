/// Runs a pattern over a text.
struct RegexMatcher {
  /// That a match would take more steps than are allowed.
  struct TooManySteps: Error {}

  private struct Thread {
    let pc: Int32
    /// Where groups begin and end, in bytes; empty where nobody asks.
    let captures: [Int32]
  }

  /// The states that are followed at one place of the text, in the order of their preference.
  private struct States {
    var threads: [Thread] = []
    /// By state: the number of the round in which it was last entered.
    var entered: [UInt32]
    var round: UInt32 = 0

    init(_ count: Int) { entered = Array(repeating: 0, count: count) }

    mutating func clear() {
      threads.removeAll(keepingCapacity: true)
      round += 1
    }
  }

  private let regex: Regex
  private let text: [UInt8]
  private let wantsCaptures: Bool
  /// The states at the current place and at the next one, which take turns.
  private var states: [States]
  private var stack: [Thread] = []
  /// The steps that were taken, for tests and for the limit.
  private(set) var steps = 0
  private let stepsMax: Int

  init(_ regex: Regex, _ text: [UInt8], captures: Bool, stepsMax: Int = 100_000_000) {
    self.regex = regex
    self.text = text
    wantsCaptures = captures
    states = [States(regex.code.count), States(regex.code.count)]
    self.stepsMax = stepsMax
  }

  /// Whether the pattern matches anywhere in the text.
  static func matches(_ regex: Regex, _ text: String) throws(TooManySteps) -> Bool {
    var matcher = RegexMatcher(regex, Array(text.utf8), captures: false)
    return try matcher.match(from: 0) != nil
  }

  /// The leftmost match at or after a byte.
  ///
  /// The answer is where it and its groups begin and end, -1 for a group that took no part. Without
  /// captures, an empty list says that there is one.
  mutating func match(from start: Int) throws(TooManySteps) -> [Int32]? {
    var found: [Int32]?
    var position = start
    var current = 0
    states[current].clear()
    while true {
      // A match that begins further right is not looked for once there is one.
      if found == nil, position == start || !regex.isAnchored {
        if !(regex.isAnchored && position > 0) {
          let captures =
            wantsCaptures ? [Int32](repeating: -1, count: 2 * regex.captureNames.count) : []
          try enter(0, captures, at: position, into: current)
        }
      }
      if states[current].threads.isEmpty, found != nil || regex.isAnchored { return found }
      let (scalar, length) = decode(position)
      let next = 1 - current
      states[next].clear()
      for thread in states[current].threads {
        steps += 1
        switch regex.code[Int(thread.pc)] {
        case .scalar(let wanted):
          if length > 0, scalar == wanted {
            try enter(thread.pc + 1, thread.captures, at: position + length, into: next)
          }
        case .set(let number):
          if length > 0, regex.sets[Int(number)].contains(scalar) {
            try enter(thread.pc + 1, thread.captures, at: position + length, into: next)
          }
        default:
          found = thread.captures
          if wantsCaptures { found?[1] = Int32(position) }
        }
        // The states behind a match are less preferred than it.
        if case .match = regex.code[Int(thread.pc)] { break }
      }
      if found != nil, !wantsCaptures { return found }
      if length == 0 { return found }
      guard steps <= stepsMax else { throw TooManySteps() }
      current = next
      position += length
    }
  }

  /// Enters a state and all that it leads to without a character.
  private mutating func enter(
    _ pc: Int32, _ captures: [Int32], at position: Int, into number: Int
  ) throws(TooManySteps) {
    var captures = captures
    if wantsCaptures, pc == 0, captures[0] < 0 { captures[0] = Int32(position) }
    stack.append(Thread(pc: pc, captures: captures))
    while let top = stack.popLast() {
      steps += 1
      let pc = Int(top.pc)
      if states[number].entered[pc] == states[number].round { continue }
      states[number].entered[pc] = states[number].round
      switch regex.code[pc] {
      case .jump(let target): stack.append(Thread(pc: target, captures: top.captures))
      case .split(let first, let second):
        stack.append(Thread(pc: second, captures: top.captures))
        stack.append(Thread(pc: first, captures: top.captures))
      case .save(let slot):
        var captures = top.captures
        if wantsCaptures { captures[Int(slot)] = Int32(position) }
        stack.append(Thread(pc: top.pc + 1, captures: captures))
      case .assertion(let assertion):
        if holds(assertion, at: position) {
          stack.append(Thread(pc: top.pc + 1, captures: top.captures))
        }
      default: states[number].threads.append(top)
      }
    }
    guard steps <= stepsMax else {
      stack.removeAll()
      throw TooManySteps()
    }
  }

  private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
    switch assertion {
    case .textStart: position == 0
    case .textEnd: position == text.count
    case .lineStart: position == 0 || text[position - 1] == 0x0A
    case .lineEnd: position == text.count || text[position] == 0x0A
    case .wordBoundary: isBoundary(position)
    case .noWordBoundary: !isBoundary(position)
    }
  }

  private func isBoundary(_ position: Int) -> Bool {
    let before = position > 0 && Lexer.isIdentifierPart(text[position - 1])
    let after = position < text.count && Lexer.isIdentifierPart(text[position])
    return before != after
  }

  /// The code point at a byte and its length; the length is 0 at the end.
  func decode(_ position: Int) -> (UInt32, Int) {
    guard position < text.count else { return (0, 0) }
    let first = text[position]
    if first < 0x80 { return (UInt32(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard position + length <= text.count else { return (0xFFFD, 1) }
    var value = UInt32(first) & (0xFF >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
    return (value, length)
  }
}

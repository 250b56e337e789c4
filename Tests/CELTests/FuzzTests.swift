import Foundation
import Testing
import ValueTree

@testable import CEL

/// A small generator of pseudo-random numbers, so that a failure can be found again.
private struct Random {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 11) % bound
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Makes expressions, most of them well formed.
private struct ExpressionMaker {
  private static let leaves = [
    "1", "-1", "0", "2u", "1.5", "'a'", "'é'", "''", "b'\\xff'", "true", "false", "null", "[]",
    "{}", "x", "y",
    "self", "self.spec", "self.spec.ports", "9223372036854775807", "0.0/0.0", "timestamp(0)",
    "duration('1s')",
    "optional.none()", "int", "quantity('1Gi')", "ip('::1')", "z", "'(a+)+$'", "[1, 2, 3]",
    "{'a': 1}", "1e300",
  ]
  private static let patterns = [
    "(# + #)", "(# - #)", "(# * #)", "(# / #)", "(# % #)", "(# == #)", "(# != #)", "(# < #)",
    "(# >= #)", "(# && #)",
    "(# || #)", "(# in #)", "(# ? # : #)", "!#", "-#", "#[#]", "#[?#]", "#.a", "#.?a", "has(#.a)",
    "[#, #]", "[?#]",
    "{#: #}", "{?#: #}", "size(#)", "string(#)", "int(#)", "double(#)", "dyn(#)", "type(#)",
    "#.all(x, #)",
    "#.exists(x, #)", "#.exists_one(x, #)", "#.map(x, #)", "#.filter(x, #)", "#.map(x, #, #)",
    "#.all(i, v, #)",
    "#.transformMap(k, v, #)", "#.transformMapEntry(k, v, #)", "#.transformList(i, v, #, #)",
    "cel.bind(x, #, #)",
    "cel.block([#, #], cel.index(0) == #)", "optional.of(#)", "#.optMap(x, #)", "#.orValue(#)",
    "#.hasValue()",
    "#.contains(#)", "#.matches(#)", "#.format([#])", "#.split(#)", "#.join(#)", "#.replace(#, #)",
    "#.substring(#)",
    "math.greatest(#, #)", "math.abs(#)", "sets.contains(#, #)", "#.sort()", "#.sum()",
    "#.flatten()", "#.distinct()",
    "base64.encode(#)", "quantity(#)", "#.isGreaterThan(#)", "ip(#)", "cidr(#)", "url(#)",
    "semver(#)", "#.find(#)",
    "#.findAll(#)", "#.getHours()", "regex.replace(#, #, #)", "#.add(#)", "#.reverse()",
    "#.indexOf(#)",
  ]

  static func make(_ random: inout Random, depth: Int) -> String {
    if depth == 0 || random.below(6) == 0 { return random.pick(leaves) }
    var result = ""
    for character in random.pick(patterns) {
      if character == "#" {
        result += make(&random, depth: depth - 1)
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// Breaks a text: a piece is taken out, doubled or replaced.
  static func mutate(_ text: String, _ random: inout Random) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<(1 + random.below(3)) where !scalars.isEmpty {
      let start = random.below(scalars.count)
      let end = min(scalars.count, start + 1 + random.below(4))
      switch random.below(3) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: Array(scalars[start..<end]), at: start)
      default:
        scalars[start] = random.pick(
          Array("()[]{}.?:,'\"\\`&|!=<>+-*/% \n0a_ué\u{0}\u{1F600}".unicodeScalars))
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

@Suite("Fuzzing: whatever the text, an answer or an error")
struct FuzzTests {
  /// Compiles and evaluates, checked and unchecked; the answer says how far it came.
  private func run(_ text: String, _ evaluator: inout Evaluator, _ data: Value) -> Int {
    let environment = Environment(["self": .dyn, "x": .dyn, "y": .int])
    var reached = 0
    var values: [CELValue] = []
    for checked in [true, false] {
      do throws(CompilationError) {
        let program =
          checked ? try environment.compile(text) : try environment.compileUnchecked(text)
        reached = 1
        let estimate = program.estimatedCost()
        #expect(estimate.least <= estimate.most, "\(text)")
        var bindings = Bindings(environment)
        bindings.bind("self", to: data)
        bindings["x"] = .int(3)
        let value = evaluator.run(program, bindings)
        values.append(value)
        _ = value.description
        // The same program, the same bindings, the same value.
        #expect(evaluator.run(program, bindings).description == value.description, "\(text)")
        if case .error(let failure) = value {
          #expect(!program.error(failure).description.isEmpty)
        } else {
          reached = 2
        }
      } catch {
        #expect(!error.issues.isEmpty && !error.description.isEmpty)
      }
    }
    // Types decide whether an expression is let through, not what it means.
    if values.count == 2, values.allSatisfy({ !$0.isAbnormal }) {
      #expect(values[0].description == values[1].description, "\(text)")
    }
    return reached
  }

  func fuzz(_ rounds: Range<Int>) throws {
    let data = try json(
      #"{"spec": {"ports": [{"port": 80, "a": "b"}, {"port": "x"}]}, "a": {"a": [1, 2.5, null, true]}}"#
    )
    var evaluator = Evaluator()
    var reached = [0, 0, 0]
    for round in rounds {
      var random = Random(UInt64(round))
      let text = ExpressionMaker.make(&random, depth: 1 + random.below(4))
      reached[run(text, &evaluator, data)] += 1
      reached[run(ExpressionMaker.mutate(text, &random), &evaluator, data)] += 1
    }
    // The generator must go deep, or nothing was tested.
    #expect(reached[2] > rounds.count / 20 && reached[1] > 0 && reached[0] > 0, "\(reached)")
  }

  func fuzzPatterns(_ rounds: Range<Int>) {
    let pieces = [
      "a", "b", ".", "*", "+", "?", "|", "(", ")", "[", "]", "^", "$", "{2}", "{1,3}", "\\d",
      "\\pL", "(?i)", "(?:", "[^a-c]",
      "\\b", "é", "-", "\\", "\\Q", "[[:alpha:]]", "*?", "{0,}",
    ]
    for round in rounds {
      var random = Random(UInt64(round))
      var pattern = ""
      for _ in 0..<(1 + random.below(12)) { pattern += random.pick(pieces) }
      guard let regex = try? Regex(pattern) else { continue }
      let text = Array(
        (0..<random.below(30)).map { _ in random.pick(["a", "b", "é", "1", "\n"]) }.joined().utf8)
      var plain = RegexMatcher(regex, text, captures: false)
      var capturing = RegexMatcher(regex, text, captures: true)
      let found = try? capturing.match(from: 0)
      let plainMatches = (try? plain.match(from: 0)) != nil
      #expect(plainMatches == (found != nil), "\(pattern)")
      if let found, found[0] >= 0 {
        #expect(found[0] <= found[1] && Int(found[1]) <= text.count, "\(pattern)")
      }
      #expect(plain.steps <= (text.count + 1) * 8 * regex.code.count + 64, "\(pattern)")
    }
  }

  @Test("Expressions, whole and broken")
  func expressions() throws { try fuzz(0..<2_500) }

  @Test("Patterns")
  func patterns() { fuzzPatterns(0..<8_000) }

  @Test("Random bytes")
  func bytes() {
    let environment = Environment()
    for round in 0..<3_000 {
      var random = Random(UInt64(round))
      let bytes = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
      _ = try? environment.compileUnchecked(String(decoding: bytes, as: UTF8.self))
    }
  }
}

@Suite("Soak: fuzzing for ten minutes", .enabled(if: Soak.isOn))
struct CELSoakTests {
  @Test("Expressions and patterns, each round with new seeds")
  func fuzz() throws {
    let tests = FuzzTests()
    let end = ContinuousClock.now.advanced(by: .seconds(600))
    var round = 1_000_000
    while ContinuousClock.now < end {
      try tests.fuzz(round..<round + 1_000)
      tests.fuzzPatterns(round..<round + 4_000)
      round += 4_000
    }
  }
}

/// Whether the long tests were asked for.
private enum Soak {
  static var isOn: Bool { ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1" }
}

import Testing
import ValueTree

@testable import YAMLCoding

/// A scalar as it is written behind `k: `, and what becomes of it.
struct ScalarCase: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable, Equatable {
    case value(Value)
    /// An error for kubectl as well.
    case error(YAMLError.Kind)
    /// kubectl reads something; Drydock refuses on purpose, and says what kubectl does.
    case stricter(YAMLError.Kind)
  }

  let text: String
  let outcome: Outcome

  init(_ text: String, _ value: Value) {
    self.text = text
    outcome = .value(value)
  }

  init(_ text: String, error: YAMLError.Kind) {
    self.text = text
    outcome = .error(error)
  }

  init(_ text: String, stricter: YAMLError.Kind) {
    self.text = text
    outcome = .stricter(stricter)
  }

  var testDescription: String { text.debugDescription }

  /// Measured with kubectl 1.32.
  static let measured: [ScalarCase] = [
    .init("080", 80), .init("010", 8), .init("0o10", 8), .init("0x1F", 31), .init("0b101", 5),
    .init("1e3", 1000), .init("1E3", 1000), .init("1e+3", 1000), .init(".5", 0.5), .init("5.", 5),
    .init("1_000", 1000), .init("+1", 1), .init("-0", 0), .init("0", 0), .init("00", 0),
    .init("123456789012345678901", 123456789012345680000.0),
    .init("9223372036854775807", 9_223_372_036_854_775_807),
    .init("9223372036854775808", 9223372036854776000.0),
    .init("18446744073709551615", 18446744073709552000.0),
    .init("1.0", 1), .init("1.10", 1.1),
    .init("~", .null), .init("null", .null), .init("Null", .null), .init("NULL", .null),
    .init("nULL", "nULL"), .init("", .null),
    .init("true", true), .init("True", true), .init("TRUE", true), .init("tRUE", "tRUE"),
    .init("false", false), .init("yes", true), .init("Yes", true), .init("YES", true),
    .init("no", false), .init("No", false), .init("on", true), .init("On", true),
    .init("off", false), .init("OFF", false), .init("y", true), .init("Y", true),
    .init("n", false), .init("N", false),
    .init(".inf", error: .outOfRange), .init("-.Inf", error: .outOfRange),
    .init(".nan", error: .outOfRange), .init(".NaN", error: .outOfRange), .init("inf", "inf"),
    .init("2001-01-01", "2001-01-01"),
    .init("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    .init("12:30:45", "12:30:45"), .init("190:20:30", "190:20:30"), .init("1:2", "1:2"),
    .init("=", "="), .init("<<", "<<"),
    .init("!!str 5", "5"), .init("!!int \"5\"", 5), .init("!!float 3", 3),
    .init("!!bool \"true\"", true), .init("!!null \"\"", .null),
    .init("!!binary aGVsbG8=", "hello"),
    .init("\"5\"", "5"), .init("'yes'", "yes"), .init("0.1e-2", 0.001), .init("1e", "1e"),
    .init("e3", "e3"), .init("0x", "0x"), .init("0xZZ", "0xZZ"), .init("-0x10", -16),
    .init("+.inf", error: .outOfRange), .init("1,000", "1,000"), .init("a: b", error: .syntax),
    .init("\"\\u00e9\"", "\u{e9}"), .init("!!timestamp 2001-01-01", "2001-01-01"),
    .init("!foo bar", stricter: .unknownTag), .init("- x", error: .syntax),
    // The measured table shows the numbers inside collections as text, which is how they were
    // printed there: a manifest's own numbers all stand inside maps.
    .init("[1, 2]", [1, 2]), .init("{a: 1}", ["a": 1]),
    .init("|\n    line\n", "line\n"), .init(">\n    folded\n    text\n", "folded text\n"),
    .init("*undefined", error: .undefinedAlias), .init("&anchor v", "v"),
    .init("%", error: .syntax), .init("@x", error: .syntax), .init("`x`", error: .syntax),
    .init("#c", .null), .init("\"unterminated", error: .truncated),
  ]

  /// By the rules of the YAML library in kubectl, as its source has them.
  static let derived: [ScalarCase] = [
    .init("-9223372036854775808", -9_223_372_036_854_775_808),
    .init("-9223372036854775809", -9223372036854775809.0),
    .init("0xFFFFFFFFFFFFFFFF", 18446744073709551615.0),
    .init("-0b101", -5), .init("0B101", 5), .init("0O17", 15), .init("0X1f", 31),
    .init("+0x1F", 31), .init("1__0", 10), .init("1_", 1), .init("_1", "_1"), .init("0b2", "0b2"),
    .init("08", 8), .init("0_8", 8), .init("0777777777777777777777777", 777777777777777777777777.0),
    .init("0x1p3", "0x1p3"), .init(".", "."), .init("..", ".."), .init("1.2.3", "1.2.3"),
    .init(".5e1", 5), .init(".1_5", 0.15), .init("._15", "._15"), .init(".e3", ".e3"),
    .init("+.5", 0.5), .init("-.5", -0.5), .init("-0.0", 0), .init("1e-400", 0),
    .init("9e18", 9_000_000_000_000_000_000), .init("+", "+"), .init("-x", "-x"),
    .init("--1", "--1"),
    .init("1a", "1a"), .init("12e", "12e"), .init("1.5Gi", "1.5Gi"), .init("500m", "500m"),
    .init("! 5", "5"), .init("!!str yes", "yes"), .init("!!str", ""), .init("!!bool yes", true),
    .init("!!int 3.5", error: .invalidScalar), .init("!!int abc", error: .invalidScalar),
    .init("!!bool 1", error: .invalidScalar), .init("!!null x", error: .invalidScalar),
    .init("!!float abc", error: .invalidScalar), .init("!!timestamp abc", error: .invalidScalar),
    .init("!!binary '%%'", error: .invalidScalar), .init("!!binary aGVsbG8", error: .invalidScalar),
    .init("!!binary /w==", error: .invalidScalar), .init("!!float .inf", error: .outOfRange),
    .init("1e400", stricter: .outOfRange), .init("-1e400", stricter: .outOfRange),
    .init("0x1FFFFFFFFFFFFFFFFF", stricter: .outOfRange),
    .init("!!set {a, b}", stricter: .unknownTag), .init("!foo [a]", stricter: .unknownTag),
    .init("!!map {a: 1}", ["a": 1]), .init("!!seq [1]", [1]), .init("! {a: 1}", ["a": 1]),
    .init("|-\n    a\n\n    b\n", "a\n\nb"), .init("|+\n    a\n", "a\n\n"),
    .init("|2\n      a\n", "  a\n"), .init(">-\n    a\n    b\n\n    c\n", "a b\nc"),
    .init("'it''s'", "it's"), .init("\"a\\\n    b\"", "ab"), .init("a\n    b", "a b"),
  ]
}

@Suite("Scalars")
struct ScalarTests {
  @Test("resolve as kubectl resolves them", arguments: ScalarCase.measured + ScalarCase.derived)
  func resolution(_ scalar: ScalarCase) throws {
    let text = "data:\n  k: \(scalar.text)\n"
    switch scalar.outcome {
    case .value(let expected):
      #expect(try value(text)["data"]?["k"] == expected)
    case .error(let kind):
      #expect(try failure(text).kind == kind)
    case .stricter(let kind):
      let error = try failure(text)
      #expect(error.kind == kind)
      #expect(error.description.contains("kubectl would"))
    }
  }

  @Test("that resolve are the same through a node graph", arguments: ScalarCase.measured)
  func graph(_ scalar: ScalarCase) throws {
    guard case .value(let expected) = scalar.outcome else { return }
    let text = "x: &x 1\nz: *x\ndata:\n  k: \(scalar.text)\n"
    #expect(try value(text)["data"]?["k"] == expected)
  }

  @Test(
    "become keys as kubectl makes them",
    arguments: [
      ("1", "1"), ("true", "true"), ("yes", "true"), ("Off", "false"), ("010", "8"),
      ("1.5", "1.5"), ("1e3", "1000"), ("1000000.0", "1e+06"), ("0.00001", "1e-05"),
      ("1234567.5", "1.2345675e+06"), ("0.1", "0.1"), ("2001-01-01", "2001-01-01"),
      ("a b", "a b"), ("\"1\"", "1"), ("!!str 1", "1"), (".inf", ".inf"), ("-0.0", "-0"),
    ])
  func keys(_ written: String, _ key: String) throws {
    #expect(try value("\(written): a\n") == Value(members: [(Key(key), Value("a"))]))
    #expect(try value("x: &x 1\nz: *x\n\(written): a\n")[Key(key)] == "a")
  }

  @Test(
    "that are no keys are errors",
    arguments: ["~", "", "null", "[a]", "{a: b}", "9223372036854775808"])
  func noKeys(_ written: String) throws {
    #expect(try failure("? \(written)\n: a\n").kind == .invalidKey)
    #expect(try failure("x: &x 1\nz: *x\nw:\n  ? \(written)\n  : a\n").kind == .invalidKey)
  }
}

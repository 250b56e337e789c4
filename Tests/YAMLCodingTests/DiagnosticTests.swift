import Testing
import ValueTree

@testable import YAMLCoding

@Suite("Diagnostics")
struct DiagnosticTests {
  func rendered(_ line: String, _ column: Int, number: Int = 12) -> String {
    SourceMark(file: "pool.yaml", line: number, column: column, lineText: line).excerpt(width: 40)
  }

  @Test("show the place, the line and a caret")
  func full() throws {
    let text = "kind: Pool\nspec:\n  gpu:\n"
    let document = try #require(try documents(text).first)
    var diagnostic = SourceDiagnostic(
      "unknown field \"spec.gpu\"", at: document.keyMark(of: path("spec.gpu")),
      suggestion: "gpus")
    #expect(
      diagnostic.description == """
        test.yaml:3:3: error: unknown field "spec.gpu"; did you mean "gpus"?
            3 |   gpu:
              |   ^
        """)
    diagnostic.mark = nil
    diagnostic.severity = .warning
    diagnostic.expected = "a field of Pool"
    #expect(
      diagnostic.description
        == "warning: unknown field \"spec.gpu\"; expected a field of Pool; did you mean \"gpus\"?")
    #expect(
      document.diagnostic("too few", at: path("spec.gpu[3]"), expected: "four").description == """
        test.yaml:3:7: error: too few; expected four
            3 |   gpu:
              |       ^
        """)
  }

  @Test("show tabs and control characters as something to see")
  func controls() {
    #expect(rendered("\ta: 1", 2) == "   12 | →   a: 1\n      |     ^")
    #expect(rendered("ab\tc", 4) == "   12 | ab→ c\n      |     ^")
    #expect(rendered("a\u{0}b\u{7F}\u{202E}c", 6) == "   12 | a␀b␡\u{FFFD}c\n      |      ^")
  }

  @Test("count wide and combining characters as terminals show them")
  func widths() {
    #expect(rendered("中文: x", 5) == "   12 | 中文: x\n      |       ^")
    #expect(rendered("e\u{301}: x", 5) == "   12 | e\u{301}: x\n      |    ^")
    #expect(rendered("\u{1F600}: x", 4) == "   12 | \u{1F600}: x\n      |     ^")
  }

  @Test("cut long lines around the caret")
  func longLines() {
    let line = String(repeating: "a", count: 30) + "X" + String(repeating: "b", count: 1_000_000)
    #expect(
      rendered(line, 31) == "   12 | …\(String(repeating: "a", count: 20))X"
        + "\(String(repeating: "b", count: 18))…\n      |                      ^")
    let far = rendered(line, 900_000)
    #expect(far.utf8.count < 120)
    #expect(rendered(line, 3).hasSuffix("…\n      |   ^"))
    #expect(rendered("abc", 99, number: 1_234_567) == "1234567 | abc\n        |    ^")
    #expect(rendered("", 1) == "   12 |\n      | ^")
  }

  @Test(
    "suggest what is near, and nothing that is not",
    arguments: [
      ("gpu", "gpus"), ("contianers", "containers"), ("Spec", "spec"), ("sepc", "spec"),
      ("metdata", "metadata"), ("apiversion", "apiVersion"), ("x", nil), ("foo", nil),
      ("selector", nil), ("spec", nil),
    ] as [(String, String?)])
  func suggestions(_ word: String, _ expected: String?) {
    let names = ["apiVersion", "containers", "gpus", "kind", "metadata", "spec"]
    #expect(SourceDiagnostic.suggestion(for: word, among: names) == expected)
    #expect(SourceDiagnostic.suggestion(for: word, among: names.reversed()) == expected)
  }

  @Test("of a file with windows line ends or one that ends early stay inside it")
  func ends() throws {
    #expect(
      try failure("a: 1\r\nb: @\r\n").description == """
        test.yaml:2:4: error: a value cannot begin with "@"; expected quotes around it
            2 | b: @
              |    ^
        """)
    #expect(try failure("a: [\r\n\r\n").mark?.line == 2)
    #expect(try failure("\"").mark?.description == "test.yaml:1:2")
  }
}

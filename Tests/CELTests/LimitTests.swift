import CEL
import Testing

@Suite("Limits: no text can exhaust the stack or the memory")
struct LimitTests {
  @Test(
    "Deep nesting is refused",
    arguments: [
      ("(", "1", ")"), ("[", "1", "]"), ("{1:", "1", "}"), ("!", "true", ""), ("-", "x", ""),
      ("a[", "0", "]"),
      ("f(", "1", ")"), ("a.f(", "1", ")"), ("[1].map(x,", "x", ")"), ("cel.bind(x,1,", "x", ")"),
      ("true?1:", "2", ""),
      ("1+(", "1", ")"), ("has(a.b)?", "1", ":1"), ("x.", "y", ""), ("1+", "1", ""),
      ("a?.b", "", ""),
    ])
  func nesting(_ open: String, _ core: String, _ close: String) {
    let deep =
      String(repeating: open, count: 20_000) + core + String(repeating: close, count: 20_000)
    #expect(throws: CompilationError.self) {
      try Environment(["a": .dyn, "x": .dyn]).compile(deep)
    }
  }

  @Test("What people write is well within the limits")
  func ordinary() throws {
    let sum = Array(repeating: "1", count: 300).joined(separator: " + ")
    expectTrue("\(sum) == 300")
    let terms = Array(repeating: "true", count: 5_000).joined(separator: " && ")
    expectTrue(terms)
    let list = (0..<5_000).map(String.init).joined(separator: ", ")
    expectTrue("[\(list)].size() == 5000")
    let nested = String(repeating: "(", count: 100) + "true" + String(repeating: ")", count: 100)
    expectTrue(nested)
  }

  @Test("Long texts are refused")
  func length() {
    let text = "'" + String(repeating: "a", count: 200_000) + "'"
    #expect(throws: CompilationError.self) { try Environment().compile(text) }
  }

  @Test("An evaluator can be used again, by programs of any size")
  func reuse() throws {
    let environment = Environment(["x": .int])
    var bindings = Bindings(environment)
    var evaluator = Evaluator()
    let small = try environment.compile("x == 1")
    let list = (0..<200).map { "x + \($0)" }.joined(separator: ", ")
    let large = try environment.compile("[\(list)].all(a, [\(list)].exists(b, a == b))")
    for round in 0..<10 {
      bindings["x"] = .int(Int64(round))
      #expect(try evaluator.holds(small, bindings) == (round == 1))
      #expect(try evaluator.holds(large, bindings))
    }
  }
}

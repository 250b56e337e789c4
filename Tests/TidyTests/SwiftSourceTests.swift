import Testing

@Suite("The lexer sees code and nothing but code")
struct SwiftSourceTests {
  private func texts(_ source: String) -> [String] {
    SwiftSource(source).tokens.filter { $0.kind != .string }.map(\.text)
  }

  @Test("Comments vanish, nested ones too, and lines are still counted")
  func comments() {
    let source = SwiftSource("a // b\n/* c /* d */ e\n*/ f")
    #expect(source.tokens.map(\.text) == ["a", "f"])
    #expect(source.tokens.map(\.line) == [1, 3])
  }

  @Test("A string literal is one token that no rule reads as code")
  func strings() {
    #expect(texts(#"let a = "Date() // no comment" + b"#) == ["let", "a", "=", "+", "b"])
    #expect(texts(#"f("\"Date()\"", x)"#) == ["f", "(", ",", "x", ")"])
    #expect(texts(##"f(#"a " Date() \( "#, x)"##) == ["f", "(", ",", "x", ")"])
    let multiline = "let a = \"\"\"\n  Date() \"quoted\"\n  \"\"\"\nb"
    #expect(texts(multiline) == ["let", "a", "=", "b"])
    #expect(SwiftSource(multiline).tokens.last?.line == 4)
  }

  @Test("Code inside an interpolation is code")
  func interpolation() {
    #expect(texts(#"f("at \(Date()) and \(g("x")) end", y)"#).contains("Date"))
    #expect(texts(#""a\(b(c))d" + e"#) == ["b", "(", "c", ")", "+", "e"])
    #expect(texts(##"#"a\(b)\#(c)"#"##) == ["c"])
  }

  @Test("An unterminated literal hides no more than its line")
  func unterminated() {
    #expect(texts("a \"b\nc") == ["a", "c"])
  }

  @Test("An extended regex literal is skipped")
  func regex() {
    #expect(texts("let a = #/\"x/ y/# ; b") == ["let", "a", "=", ";", "b"])
  }

  @Test("An allowance covers its own line, or the next when it stands alone")
  func allowances() {
    let source = SwiftSource(
      """
      a  // tidy: a reason
      b
      // tidy: another reason
      c
      d  // tidy:
      """)
    #expect(source.allowedLines == [1, 3, 4])
  }

  @Test("Brackets are matched across kinds")
  func closing() {
    let source = SwiftSource("f([a: (b)], { c }) d")
    #expect(source.closing(1) == source.tokens.count - 2)
    #expect(SwiftSource("f(a").closing(1) == nil)
  }
}

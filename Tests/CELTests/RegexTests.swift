import Testing

@testable import CEL

@Suite("Patterns: RE2's syntax, in linear time")
struct RegexTests {
  private func match(_ pattern: String, _ text: String) throws -> [String?]? {
    let regex = try Regex(pattern)
    let bytes = Array(text.utf8)
    var matcher = RegexMatcher(regex, bytes, captures: true)
    guard let found = try matcher.match(from: 0) else { return nil }
    return stride(from: 0, to: found.count, by: 2).map { index in
      found[index] < 0
        ? nil : String(decoding: bytes[Int(found[index])..<Int(found[index + 1])], as: UTF8.self)
    }
  }

  @Test(
    "Where a pattern matches",
    arguments: [
      ("abc", "xabcx", "abc"), ("a.c", "a\u{1F600}c", "a\u{1F600}c"), ("[a-c]+", "xxabcd", "abc"),
      ("[^a-c]+", "abxyc", "xy"), ("a|b|cd", "xcd", "cd"), ("a*", "aaa", "aaa"), ("a*?", "aaa", ""),
      ("a+?", "aaa", "a"), ("ab?", "abb", "ab"), ("ab??", "abb", "a"), ("a{2}", "aaaa", "aa"),
      ("a{2,}", "aaaa", "aaaa"), ("a{1,3}", "aaaa", "aaa"), ("a{1,3}?", "aaaa", "a"),
      ("a{0}b", "ab", "b"),
      ("^a", "ab", "a"), ("a$", "ba", "a"), (#"\Aa\z"#, "a", "a"), (#"\bfoo\b"#, "a foo b", "foo"),
      (#"\Boo"#, "foo", "oo"), (#"\d+"#, "a12b", "12"), (#"\D+"#, "12ab", "ab"),
      (#"\s"#, "a b", " "),
      (#"\S+"#, " ab ", "ab"), (#"\w+"#, "-a_1-", "a_1"), (#"\W"#, "a-", "-"),
      ("[[:alpha:]]+", "1ab2", "ab"),
      ("[[:^digit:]]+", "1ab2", "ab"), ("[^[:space:]]", " a", "a"), (#"\pL+"#, "1ñß2", "ñß"),
      (#"\p{Lu}"#, "aÑ", "Ñ"), (#"\P{L}+"#, "a12b", "12"), (#"\p{^L}+"#, "a12b", "12"),
      (#"\PN"#, "1a", "a"),
      (#"\p{Greek}+"#, "aαβγb", "αβγ"), (#"\p{Han}"#, "a漢", "漢"),
      (#"[\p{Cyrillic}\d]+"#, "xж1", "ж1"),
      (#"[^\P{Lu}]"#, "aB", "B"), ("(?i)straße", "STRAßE", "STRAßE"),
      ("(?i)k", "\u{212A}", "\u{212A}"),
      ("(?i)[a-c]+", "xABCx", "ABC"), ("(?i:a)b", "Ab", "Ab"), ("(?s).", "\n", "\n"),
      ("(?m)^b$", "a\nb\nc", "b"),
      ("(?U)a+", "aaa", "a"), ("(?U)a+?", "aaa", "aaa"), ("(?i)a(?-i)b", "Ab", "Ab"),
      (#"\Qa.b\E+"#, "a.bb", "a.bb"),
      (#"\x41\x{1F600}"#, "A\u{1F600}", "A\u{1F600}"), (#"\101"#, "A", "A"),
      (#"\07"#, "\u{7}", "\u{7}"),
      (#"\t\n\r\f\v\a"#, "\t\n\r\u{C}\u{B}\u{7}", "\t\n\r\u{C}\u{B}\u{7}"), (#"\.\*"#, ".*", ".*"),
      ("[]a]+", "]a", "]a"),
      ("[a-]+", "a-", "a-"), (#"[\]\-]+"#, "]-", "]-"), ("a{,2}", "a{,2}", "a{,2}"),
      ("x{", "x{", "x{"),
      ("", "abc", ""), ("()", "a", ""), ("(|a)+", "aaa", ""), ("(a|ab)(c|bcd)", "abcd", "abcd"),
      (#"[\x{10000}-\x{10FFFF}]"#, "a\u{1F600}", "\u{1F600}"),
    ])
  func matches(_ pattern: String, _ text: String, _ expected: String) throws {
    #expect(try match(pattern, text)?[0] == expected)
  }

  @Test(
    "Where it does not",
    arguments: [
      ("a", "b"), ("^b", "ab"), ("a$", "ab"), (".", "\n"), ("^b$", "a\nb\nc"), ("a{3}", "aa"),
      (#"\bfoo\b"#, "food"),
      ("(?i)a(?-i)b", "AB"), (#"\p{Lu}"#, "abc"), ("[^a]", "a"), (#"\p{Greek}"#, "abc"),
      ("(?-s).", "\n"),
    ])
  func noMatch(_ pattern: String, _ text: String) throws {
    #expect(try match(pattern, text) == nil)
  }

  @Test("Groups")
  func groups() throws {
    #expect(try match("(a)(b)?(c)", "ac") == ["ac", "a", nil, "c"])
    #expect(try match("(?:a)(b)", "ab") == ["ab", "b"])
    #expect(try match("(?P<x>a)(?<y>b)", "ab") == ["ab", "a", "b"])
    #expect(try match("(a*)+", "aa") == ["aa", ""] || match("(a*)+", "aa") == ["aa", "aa"])
    #expect(try match("(a|b)*", "ab") == ["ab", "b"])
    #expect(try Regex("(?P<x>a)(b)").captureNames == [nil, "x", nil])
  }

  @Test(
    "What RE2 refuses is refused",
    arguments: [
      "(", ")", "a)", "(?", "(?P<>a)", "(?P<a>x)(?P<a>y)", "[", "[a", "[b-a]", "[[:nope:]]", "*",
      "+a", "a**", "a|*",
      "a{2,1}", "a{1001}", #"\1"#, #"\8"#, #"\q"#, #"\Z"#, #"\C"#, #"\pX"#, #"\p{Nope}"#,
      #"\x{110000}"#, #"\x4"#, "\\",
      "(?=a)", "(?!a)", "(?<=a)", "(?>a)", "(?i", #"\p{"#, "((a{1000}){1000})",
      "(?:(?:(?:){1000}){1000}){1000}",
    ])
  func refused(_ pattern: String) {
    #expect(throws: RegexError.self) { try Regex(pattern) }
  }

  @Test("Nesting is bounded")
  func nesting() {
    let deep = String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)
    #expect(throws: RegexError.self) { try Regex(deep) }
  }

  @Test(
    "Patterns that make other engines hang take steps in proportion to the text",
    arguments: [
      "(a+)+$", "(a|aa)+$", "(a|a)*b", "(.*)*x", "(a?){50}a{50}", "(x+x+)+y", "([a-z]+)*[0-9]",
      "(.*){1,50}[^a]",
      "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|a|a|a|a)*c", "a.*b.*c.*d.*e.*f",
    ])
  func linear(_ pattern: String) throws {
    let regex = try Regex(pattern)
    func steps(_ count: Int) throws -> Int {
      var matcher = RegexMatcher(regex, [UInt8](repeating: 0x61, count: count), captures: false)
      _ = try matcher.match(from: 0)
      return matcher.steps
    }
    let (short, long) = (try steps(500), try steps(5000))
    #expect(long <= 11 * short)
    #expect(long <= 5001 * 6 * regex.code.count)
  }

  @Test("A match that would still take too long is stopped")
  func stopped() throws {
    let regex = try Regex("(a{1,50}){1,50}b")
    var matcher = RegexMatcher(
      regex, [UInt8](repeating: 0x61, count: 100_000), captures: false, stepsMax: 1_000_000)
    #expect(throws: RegexMatcher.TooManySteps.self) { try matcher.match(from: 0) }
    #expect(matcher.steps < 1_100_000)
  }
}

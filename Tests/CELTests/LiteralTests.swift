import CEL
import Testing

@Suite("Literals mean what the specification says")
struct LiteralTests {
  @Test(
    "Numbers",
    arguments: [
      "0 == 0x0", "255 == 0xff", "-255 == -0xFF", "10u == 0xAu", "7U == 7u", "1e3 == 1000.0",
      ".5 == 0.5", "1.5E-1 == 0.15", "-9223372036854775808 < 0", "9223372036854775807 > 0",
      "18446744073709551615u > 0u", "1.0 / 0.0 > 1e308", "--3 == 3", "!!true",
      "-0x8000000000000000 < 0",
    ])
  func numbers(_ expression: String) { expectTrue(expression) }

  @Test(
    "Strings and their escapes",
    arguments: [
      #"'a' == "a""#, #"'''a'b''' == "a'b""#, #""""a"b""" == 'a"b'"#, #"r'\n' == '\\n'"#,
      #"R"\d" == '\\d'"#, #"'\x41\101\u0041\U00000041' == 'AAAA'"#,
      #"'\a\b\f\n\r\t\v'.size() == 7"#,
      #"'\\\?\"\'\`' == "\\?\"'`""#, "'é' != 'e\u{301}'", "'''two\nlines'''.size() == 9",
      "'' == \"\"", "'/* no comment */'.size() == 16", "1 // a comment\n == 1",
    ])
  func strings(_ expression: String) { expectTrue(expression) }

  @Test(
    "Bytes",
    arguments: [
      #"b'abc' == bytes('abc')"#, #"b'\xff\377' == b"\377\xFF""#, #"b'é'.size() == 2"#,
      #"br'\x' == b'\\x'"#, #"rb'\x' == b'\\x'"#, #"B'a' < b'b'"#, "b'' == bytes('')",
    ])
  func bytes(_ expression: String) { expectTrue(expression) }

  @Test(
    "Lists and maps",
    arguments: [
      "[].size() == 0", "[1, 2,].size() == 2", "{}.size() == 0", "{'a': 1,}.a == 1",
      "{1: 'a', 2u: 'b', true: 'c', 'd': 'e'}.size() == 4", "[[1], [2, 3]][1][1] == 3",
      "{'a': {'b': [1, 2]}}.a.b[1] == 2", "{'a-b': 1}['a-b'] == 1", "{'a-b': 1}.`a-b` == 1",
    ])
  func collections(_ expression: String) { expectTrue(expression) }

  @Test(
    "Reserved words may name fields", arguments: ["if", "else", "for", "package", "return", "let"])
  func reserved(_ word: String) {
    expectTrue("{'\(word)': 1}.\(word) == 1")
    expectMistake("\(word) == 1", "reserved word")
  }

  @Test(
    "What is malformed is refused, and says why",
    arguments: [
      ("9223372036854775808", "does not fit"), ("-9223372036854775809", "does not fit"),
      ("18446744073709551616u", "does not fit"), ("0x", "hexadecimal"), ("1a", "operator"),
      ("1e999", "beyond"), ("'a", "closing quote"), ("'''a'", "closing quote"),
      ("'a\nb'", "line ends"), (#"'\q'"#, "unknown escape"), (#"'\ud800'"#, "no Unicode"),
      (#"'\U00110000'"#, "no Unicode"), (#"b'\u0041'"#, "unknown escape"), (#"'\x4'"#, "hex"),
      (#"'\400'"#, "unknown escape"), ("a = 1", "=="), ("a & b", "&&"), ("a | b", "||"),
      ("a.`b", "back quote"), ("`b`", "back quotes"), ("#", "unexpected"), ("", "an expression"),
      ("1 +", "an expression"), ("(1", "')'"), ("[1", "']'"), ("{1: 2", "'}'"), ("{1}", "':'"),
      ("f(1", "')'"), ("a ? b", "':'"), ("a.", "a field name"), ("1 2", "an operator"),
      ("a.in", "cannot be a field name"), ("\u{1}", "control character"),
    ])
  func malformed(_ expression: String, _ part: String) { expectMistake(expression, part) }
}

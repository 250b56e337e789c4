import Testing
import ValueTree

/// Texts that RFC 8259 allows, and what they mean here.
@Suite struct JSONAcceptTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    /// How it is printed.
    let printed: String

    init(_ text: String, _ printed: String? = nil) {
      self.text = text
      self.printed = printed ?? text
    }

    var testDescription: String { text }
  }

  @Test(arguments: [
    Case("null"), Case("true"), Case("false"), Case("0"), Case("-1"), Case("\"\""),
    Case("[]"), Case("{}"), Case("[[]]"), Case("[{}]"), Case("[[],[[]]]"),
    Case(" [] ", "[]"), Case("\t\n\r {} \n", "{}"), Case("[ 4]", "[4]"), Case("[1 ]", "[1]"),
    Case("[1\n,1\r,1\t]", "[1,1,1]"), Case("[1,null,null,null,2]"),
    Case("[null,1,\"1\",{}]"), Case("[false]"), Case("[true]"),
    Case(#"{"a":[]}"#), Case(#"{"a" : 1 , "b":2}"#, #"{"a":1,"b":2}"#),
    Case("{\n\"a\":\"b\"\n}", #"{"a":"b"}"#), Case(#"{"":0}"#),
    Case(#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
    Case(#"{"title":"Полтора"}"#),
    Case(
      #"{"min":-1.0e+28,"max":1.0e+28}"#,
      #"{"max":1e+28,"min":-1e+28}"#),
    Case(
      #"{"x":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"id":"b"}"#,
      #"{"id":"b","x":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}"#),
  ])
  func structure(_ example: Case) {
    #expect(json(example.text).description == example.printed)
  }

  @Test(arguments: [
    Case(#""\" \\ \/ \b \f \n \r \t""#, #""\" \\ / \b \f \n \r \t""#),
    Case(#""\u0041\u00e9\u6771""#, "\"Aé東\""), Case(#""\uD83D\uDE00""#, "\"😀\""),
    Case(#""\ud801\udc37\ud834\udd1e""#, "\"\u{10437}\u{1D11E}\""),
    Case(#""\uDBFF\uDFFF""#, "\"\u{10FFFF}\""), Case(#""\uDBFF\uDFFE""#, "\"\u{10FFFE}\""),
    Case(#""\u0000""#), Case(#""a\u0000b""#), Case(#""\u0012""#),
    Case(#""\u001f\u0020""#, #""\u001f ""#),
    Case(#""\\u0000""#), Case(#""\\n""#), Case(#""\"""#), Case(#""\\""#), Case(#""\/""#, "\"/\""),
    Case(#""\u200B\u2064""#, "\"\u{200B}\u{2064}\""),
    Case(#""\u2028\u2029""#, "\"\u{2028}\u{2029}\""), Case("\"\u{2028}\u{2029}\""),
    Case("\"\u{7F}\""), Case("\"\u{80}\""), Case("\"\u{10FFFF}\""), Case("\"\u{1BFFF}\""),
    Case("\"\u{FEFF}\""), Case("\"€𝄞\""), Case("\"a/*b*/c/*d//e\""), Case("\" \""),
    Case("\"1234567\""), Case("\"12345678\""), Case("\"123456789\""), Case("\"1234567é\""),
    Case(#""1234567\"""#), Case(#""12345678\"""#), Case(#""123456\\""#),
    Case(#""\u0061\u30af\u30EA\u30b9""#, "\"aクリス\""),
    Case(#""new\u000Aline""#, #""new\nline""#), Case(#""\u005C\u0022""#, #""\\\"""#),
  ])
  func strings(_ example: Case) {
    let value = json(example.text)
    #expect(value.description == example.printed)
    #expect(json(value.description) == value)
    // The same inside a list, where more text follows the string.
    #expect(json("[\(example.text),123456789]").description == "[\(example.printed),123456789]")
  }

  @Test(arguments: [0xFDD0, 0xFFFE, 0xFFFF, 0xFEFF] as [UInt32])
  func nonCharactersAreText(_ code: UInt32) {
    let text = String(Character(UnicodeScalar(code)!))
    #expect(json("\"\\u\(String(code, radix: 16))\"").string == text)
    #expect(json("\"\(text)\"").string == text)
  }

  @Test(arguments: 0...40)
  func stringsOfEveryLength(_ length: Int) {
    for special in ["", "\"", "\\", "\u{1}", "é", "😀"] {
      for place in 0...length {
        var text = String(repeating: "x", count: length)
        text.insert(contentsOf: special, at: text.index(text.startIndex, offsetBy: place))
        let value = Value(text)
        #expect(value.string == text)
        #expect(json(value.description).string == text)
        #expect(json("{\(value):[\(value)]}")[Key(text)]?[0] == value)
      }
    }
  }

  @Test func depthUpToTheLimit() throws {
    for depth in [1, 2, 500, 1_000] {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect(try read(Array(text.utf8)).description == text)
    }
    let maps =
      String(repeating: #"{"a":"#, count: 1_000) + "1" + String(repeating: "}", count: 1_000)
    #expect(json(maps).description == maps)
  }

  @Test func aReaderIsUsedAgainAfterAnError() throws {
    var reader = JSONReader()
    #expect(throws: JSONError.self) { try reader.read(#"{"a":[1,{"b":"#) }
    #expect(try reader.read(#"{"a":1}"#).description == #"{"a":1}"#)
    #expect(throws: JSONError.self) { try reader.read(#"{"a":"\n","a":2}"#) }
    #expect(try reader.read("[1]").description == "[1]")
  }

  @Test func everyFormOfInputReadsTheSame() throws {
    var reader = JSONReader()
    let text = #"{"a":[1,"é"]}"#
    let bytes = Array(text.utf8)
    #expect(try reader.read(text) == reader.read(bytes))
    #expect(try reader.read(bytes.span) == reader.read(bytes))
  }
}

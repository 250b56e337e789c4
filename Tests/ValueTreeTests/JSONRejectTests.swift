import Testing
import ValueTree

/// Texts that RFC 8259 or this reader's stricter rules forbid.
@Suite struct JSONRejectTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let kind: JSONError.Kind
    let offset: Int
    let message: String

    init(_ text: String, _ kind: JSONError.Kind, _ offset: Int, _ message: String) {
      self.text = text
      self.kind = kind
      self.offset = offset
      self.message = message
    }

    var testDescription: String { text }
  }

  private func check(_ example: Case) {
    let error = #expect(throws: JSONError.self) { try read(Array(example.text.utf8)) }
    #expect(error?.kind == example.kind)
    #expect(error?.offset == example.offset)
    #expect(error?.message == example.message)
  }

  @Test(arguments: [
    Case("", .truncated, 0, "the text ends where a value is expected"),
    Case("  ", .truncated, 2, "the text ends where a value is expected"),
    Case("[", .truncated, 1, #"the text ends where a value or "]" is expected"#),
    Case("[1", .truncated, 2, #"the text ends where "," or "]" is expected"#),
    Case("[1,", .truncated, 3, "the text ends where a value is expected"),
    Case("{", .truncated, 1, #"the text ends where a key in quotes or "}" is expected"#),
    Case(#"{"a""#, .truncated, 4, #"the text ends where ":" after the key is expected"#),
    Case(#"{"a":"#, .truncated, 5, "the text ends where a value is expected"),
    Case(#"{"a":1"#, .truncated, 6, #"the text ends where "," or "}" is expected"#),
    Case(#"{"a":1,"#, .truncated, 7, "the text ends where a key in quotes is expected"),
    Case("[,1]", .unexpected, 1, #"expected a value or "]", found ",""#),
    Case("[1,]", .unexpected, 3, #"expected a value, found "]""#),
    Case("[1,,2]", .unexpected, 3, #"expected a value, found ",""#),
    Case("[1 2]", .unexpected, 3, #"expected "," or "]", found "2""#),
    Case("[1:2]", .unexpected, 2, #"expected "," or "]", found ":""#),
    Case("[1}", .unexpected, 2, #"expected "," or "]", found "}""#),
    Case("]", .unexpected, 0, #"expected a value, found "]""#),
    Case("[]]", .unexpected, 2, #"expected the end of the text, found "]""#),
    Case("[] x", .unexpected, 3, #"expected the end of the text, found "x""#),
    Case("1 2", .unexpected, 2, #"expected the end of the text, found "2""#),
    Case("{}}", .unexpected, 2, #"expected the end of the text, found "}""#),
    Case("{1:1}", .unexpected, 1, #"expected a key in quotes or "}", found "1""#),
    Case("{a:1}", .unexpected, 1, #"expected a key in quotes or "}", found "a""#),
    Case("{'a':1}", .unexpected, 1, #"expected a key in quotes or "}", found "'""#),
    Case(#"{"a",1}"#, .unexpected, 4, #"expected ":" after the key, found ",""#),
    Case(#"{"a" 1}"#, .unexpected, 5, #"expected ":" after the key, found "1""#),
    Case(#"{"a"::1}"#, .unexpected, 5, #"expected a value, found ":""#),
    Case(#"{"a":}"#, .unexpected, 5, #"expected a value, found "}""#),
    Case(#"{"a":1,}"#, .unexpected, 7, #"expected a key in quotes, found "}""#),
    Case(#"{"a":1 "b":2}"#, .unexpected, 7, #"expected "," or "}", found a quote"#),
    Case(#"{"a":1]"#, .unexpected, 6, #"expected "," or "}", found "]""#),
    Case("{,}", .unexpected, 1, #"expected a key in quotes or "}", found ",""#),
    Case("[/*c*/]", .unexpected, 1, #"expected a value or "]", found "/""#),
    Case("[]#", .unexpected, 2, ##"expected the end of the text, found "#""##),
    Case("\u{FEFF}{}", .unexpected, 0, "expected a value, found byte 0xef"),
    Case("[\u{A0}]", .unexpected, 1, #"expected a value or "]", found byte 0xc2"#),
    Case("[\u{B}]", .unexpected, 1, #"expected a value or "]", found byte 0x0b"#),
    Case("[\u{C}]", .unexpected, 1, #"expected a value or "]", found byte 0x0c"#),
    Case("\u{0}", .unexpected, 0, "expected a value, found byte 0x00"),
    Case("[1\u{0}]", .unexpected, 2, #"expected "," or "]", found byte 0x00"#),
    Case("*", .unexpected, 0, #"expected a value, found "*""#),
    Case("True", .unexpected, 0, #"expected a value, found "T""#),
    Case("tru", .truncated, 3, "the text ends inside true"),
    Case("trye", .unexpected, 2, #"expected true, found "y""#),
    Case("[nul]", .unexpected, 4, #"expected null, found "]""#),
    Case("falsey", .unexpected, 5, #"expected the end of the text, found "y""#),
    Case("undefined", .unexpected, 0, #"expected a value, found "u""#),
  ])
  func structure(_ example: Case) { check(example) }

  @Test(arguments: [
    Case("\"", .truncated, 1, "the text ends inside a string"),
    Case("\"abc", .truncated, 4, "the text ends inside a string"),
    Case("'a'", .unexpected, 0, #"expected a value, found "'""#),
    Case("\"a\nb\"", .unexpected, 2, "byte 0x0a must be escaped inside a string"),
    Case("\"\t\"", .unexpected, 1, "byte 0x09 must be escaped inside a string"),
    Case("\"\u{0}\"", .unexpected, 1, "byte 0x00 must be escaped inside a string"),
    Case("\"12345678\u{1F}\"", .unexpected, 9, "byte 0x1f must be escaped inside a string"),
    Case(#""\"#, .truncated, 1, "the text ends inside an escape"),
    Case(#""\""#, .truncated, 3, "the text ends inside a string"),
    Case(#""\a""#, .unexpected, 1, #"a backslash must be followed by one of " \ / b f n r t u"#),
    Case(
      #""\U0041""#, .unexpected, 1, #"a backslash must be followed by one of " \ / b f n r t u"#),
    Case(#""\x41""#, .unexpected, 1, #"a backslash must be followed by one of " \ / b f n r t u"#),
    Case(
      "\"\\\u{0}\"", .unexpected, 1, #"a backslash must be followed by one of " \ / b f n r t u"#),
    Case("\"\\😀\"", .unexpected, 1, #"a backslash must be followed by one of " \ / b f n r t u"#),
    Case(#""\u"#, .truncated, 3, "the text ends inside an escape"),
    Case(#""\u00A"#, .truncated, 6, "the text ends inside an escape"),
    Case(#""\u00A""#, .unexpected, 6, #"expected a hexadecimal digit, found a quote"#),
    Case(#""\u00G0""#, .unexpected, 5, #"expected a hexadecimal digit, found "G""#),
    Case(#""\u+123""#, .unexpected, 3, #"expected a hexadecimal digit, found "+""#),
    Case(#""\ud800""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\uDFFF""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\ud800abc""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\ud800\n""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\ud800\u0041""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\ud800\ud800""#, .unexpected, 1, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""x\uDd1ea""#, .unexpected, 2, #"a \u escape of a surrogate must be one of a pair"#),
    Case(#""\uD800\u"#, .truncated, 9, "the text ends inside an escape"),
    Case(#""\uD800\uD8"#, .truncated, 11, "the text ends inside an escape"),
    Case(#"{"a":"a" 123}"#, .unexpected, 9, #"expected "," or "}", found "1""#),
  ])
  func strings(_ example: Case) { check(example) }

  @Test(
    arguments: [
      ([0xFF], 0), ([0x80], 0), ([0xC0, 0xAF], 0), ([0xC1, 0x80], 0), ([0xE0, 0x80, 0xAF], 0),
      ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0), ([0xED, 0xBF, 0xBF], 0),
      ([0xF0, 0x80, 0x80, 0xAF], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF4, 0x90, 0x80, 0x80], 0),
      ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0), ([0xC3], 0),
      ([0xE6, 0x9D], 0), ([0xF0, 0x9F, 0x98], 0), ([0x61, 0xE9, 0x62], 1), ([0xC3, 0xA9, 0xA9], 2),
      ([0xE6, 0x9D, 0xB1, 0xE6, 0x9D], 3), ([0xFE], 0), ([0xFF, 0xFE], 0),
    ] as [([UInt8], Int)])
  func bytesThatAreNotUTF8(_ bytes: [UInt8], _ offset: Int) {
    for padding in 0...9 {
      let quoted = [UInt8(ascii: "\"")] + Array(repeating: 0x78, count: padding) + bytes + [0x22]
      let error = #expect(throws: JSONError.self) { try read(quoted) }
      #expect(error?.kind == .invalidUTF8)
      #expect(error?.offset == 1 + padding + offset)
      // In a key, behind an escape, and where the text ends.
      #expect(throws: JSONError.self) { try read(Array("{".utf8) + quoted + Array(":1}".utf8)) }
      #expect(throws: JSONError.self) { try read(Array(#""\n"#.utf8) + quoted.dropFirst()) }
      #expect(throws: JSONError.self) { try read(Array(quoted.dropLast())) }
    }
  }

  @Test func otherEncodingsAreNotGuessed() {
    #expect(throws: JSONError.self) { try read([0xFF, 0xFE, 0x5B, 0, 0x5D, 0]) }
    #expect(throws: JSONError.self) { try read([0x5B, 0, 0x5D, 0]) }
    #expect(throws: JSONError.self) { try read([0, 0x5B, 0, 0x5D]) }
    #expect(throws: JSONError.self) { try read([0xE9]) }
  }

  @Test(arguments: [
    Case(#"{"a":1,"a":1}"#, .duplicateKey, 7, #"the key "a" stands twice in one map"#),
    Case(#"{"a":1,"b":2,"a":3,"b":4}"#, .duplicateKey, 13, #"the key "a" stands twice in one map"#),
    Case(
      #"{"spec":{"x":1,"y":{"":0,"":0}}}"#, .duplicateKey, 25,
      #"the key "" stands twice in one map"#),
    Case(
      #"{"name":1,"n\u0061me":2}"#, .duplicateKey, 10, #"the key "name" stands twice in one map"#),
    Case(#"{"\u0078y":1,"xy":2}"#, .duplicateKey, 13, #"the key "xy" stands twice in one map"#),
    Case(
      #"{"a\u0000":1,"a\u0000":2}"#, .duplicateKey, 13, "the key \"a\0\" stands twice in one map"),
    Case(
      #"[{"a":1},{"k":{},"a":1,"a":2}]"#, .duplicateKey, 23, #"the key "a" stands twice in one map"#
    ),
    // The first mistake counts, though the map is not closed before the second.
    Case(#"{"a":1,"a":2,}"#, .duplicateKey, 7, #"the key "a" stands twice in one map"#),
    Case(#"{"x":nul,"a":1,"a":2}"#, .unexpected, 8, #"expected null, found ",""#),
  ])
  func duplicateKeys(_ example: Case) { check(example) }

  @Test func keysThatOnlyLookEqualAreTwo() throws {
    #expect(json("{\"é\":1,\"e\u{301}\":2}").count == 2)
    #expect(json(#"{"a":1,"a\u0000":2}"#).count == 2)
    #expect(json(#"{"a":{"a":{"a":1}},"b":{"a":1}}"#).count == 2)
    // A later pair that is really equal is found at its own place.
    let text = "{\"é\":1,\"e\u{301}\":2,\"é\":3}"
    let error = #expect(throws: JSONError.self) { try read(Array(text.utf8)) }
    #expect(error?.offset == 16)
  }

  @Test func depthBeyondTheLimit() {
    for (limit, text) in [(1, "[[]]"), (2, #"{"a":[{}]}"#), (0, "[]")] {
      let error = #expect(throws: JSONError.self) { try read(Array(text.utf8), depth: limit) }
      #expect(error?.kind == .tooDeep)
      #expect(error?.message == "lists and maps are nested more than \(limit) deep")
    }
    let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
    let error = #expect(throws: JSONError.self) { try read(deep) }
    #expect(error?.offset == 1_000)
  }

  @Test func longerThanAllowed() {
    var reader = JSONReader(limits: JSONLimits(bytes: 4))
    #expect(throws: Never.self) { try reader.read("1234") }
    let error = #expect(throws: JSONError.self) { try reader.read("12345") }
    #expect(error?.kind == .tooLarge)
    #expect(error?.message == "the text has 5 bytes; at most 4 are read")
  }

  @Test func placesAreLinesAndColumns() {
    let error = #expect(throws: JSONError.self) {
      try read(Array("{\n  \"a\": 1,\r\n  \"é\": x\n}".utf8))
    }
    #expect(error?.line == 3)
    #expect(error?.column == 9)
    #expect(error?.description == #"3:9: expected a value, found "x""#)
  }
}

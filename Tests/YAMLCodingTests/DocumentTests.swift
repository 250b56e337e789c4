import Testing
import ValueTree

@testable import YAMLCoding

@Suite("Documents")
struct DocumentTests {
  @Test("of a stream come in order; empty ones are passed over but counted")
  func stream() throws {
    let all = try documents(
      """
      # only a comment
      ---
      a: 1
      ---
      ---
      # nothing
      ---
      null
      --- # a name
      b: 2
      ...
      ---
      c: 3
      ---

      """)
    #expect(all.map(\.value) == [["a": 1], ["b": 2], ["c": 3]])
    #expect(all.map(\.index) == [0, 4, 5])
    #expect(all.map(\.startMark.line) == [2, 9, 12])
    #expect(try documents("").isEmpty)
    #expect(try documents("\n# c\n").isEmpty)
    #expect(try documents("---\n---\n").isEmpty)
  }

  @Test("may have directives, windows line ends and no last line end")
  func forms() throws {
    let text = "%YAML 1.1\r\n%TAG !k! tag:yaml.org,2002:\r\n---\r\na: !k!str 1\r\nb: |\r\n  x\r\n"
    #expect(try value(text + "  y") == ["a": "1", "b": "x\ny"])
    let two = try documents("a: 1\n...\n%TAG !k! tag:yaml.org,2002:\n---\nb: !k!str 2\nc: 3\n")
    #expect(two.map(\.value) == [["a": 1], ["b": "2", "c": 3]])
    #expect(two[1].mark(of: path("c"))?.line == 6)
    #expect(two[1].mark(of: path("b"))?.line == 5)
  }

  @Test("resolve anchors and aliases")
  func aliases() throws {
    #expect(
      try value("a: &x {k: [1, &y two]}\nb: *x\nc: *y\n*y : d\n")
        == [
          "a": ["k": [1, "two"]], "b": ["k": [1, "two"]], "c": "two", "two": "d",
        ])
    #expect(try value("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == ["a": 1, "b": 1, "c": 2, "d": 2])
    #expect(try value("&root a: &root 1\nb: *root\n") == ["a": 1, "b": 1])
    #expect(try failure("a: &x 1\n---\nb: *x\n").kind == .undefinedAlias)
  }

  @Test("merge maps: own keys first, then the earlier map")
  func merges() throws {
    let base = "x: &x {a: 1, b: 2}\nz: &y {b: 3, c: 4}\n"
    func merged(_ text: String) throws -> Value? { try value(base + "m:\n" + text)["m"] }
    #expect(try merged("  <<: *x\n  b: 9\n") == ["a": 1, "b": 9])
    #expect(try merged("  b: 9\n  <<: *x\n") == ["a": 1, "b": 9])
    #expect(try merged("  <<: [*x, *y]\n") == ["a": 1, "b": 2, "c": 4])
    #expect(try merged("  <<: [*y, *x]\n") == ["a": 1, "b": 3, "c": 4])
    #expect(try merged("  <<: [*y, {d: 5}]\n  a: 0\n") == ["a": 0, "b": 3, "c": 4, "d": 5])
    #expect(
      try merged("  <<: {a: {z: 1}}\n  q: {<<: *x}\n") == ["a": ["z": 1], "q": ["a": 1, "b": 2]])
    #expect(try merged("  !!merge <<: *x\n") == ["a": 1, "b": 2])
    #expect(try merged("  \"<<\": *x\n") == ["<<": ["a": 1, "b": 2]])
    #expect(
      try merged("  <<: &l [*x]\n  k: 1\np:\n  <<: *l\n  k: 2\n") == ["a": 1, "b": 2, "k": 1])
    #expect(
      try value(base + "m: &m {<<: *x}\np: {<<: *m, z: 1}\n")["p"] == ["a": 1, "b": 2, "z": 1])
  }

  @Test("may be JSON, also several values and surrogate pairs")
  func json() throws {
    #expect(
      try value("{\"a\":[1,2.5,true,null,\"\\u00e9\\/\\n\"],\n\t\"b\":{\"c\":\"d\"}}")
        == ["a": [1, 2.5, true, .null, "\u{e9}/\n"], "b": ["c": "d"]])
    let all = try documents("{\"a\":1}\n{\"b\":\"\u{e9}\"} {\"c\":{\"d\":3}}\n---\n{\"e\":4}")
    #expect(all.map(\.value) == [["a": 1], ["b": "\u{e9}"], ["c": ["d": 3]], ["e": 4]])
    #expect(
      all.map { $0.mark(of: path("c.d"))?.description } == [
        "test.yaml:1:1", "test.yaml:2:1", "test.yaml:2:21", "test.yaml:4:1",
      ])
    let pair = try documents("{\"a\": \"\\ud83d\\ude00\",\n \"b\": \"\\uD83D\\uDE00x\", \"c\": 1}")
    #expect(pair.first?.value == ["a": "\u{1F600}", "b": "\u{1F600}x", "c": 1])
    #expect(pair.first?.keyMark(of: path("c"))?.column == 24)
    #expect(try failure("a: \"\\ud83d\\ude00\"").kind == .syntax)
    #expect(try failure("{\"a\": \"\\ud83d\"}").kind == .syntax)
  }

  @Test("may be UTF-8 or UTF-16, with or without a byte order mark", arguments: [false, true])
  func encodings(_ hasMark: Bool) throws {
    let text = "a: \u{e9}\u{1F600}\nb: [x]\n"
    let expected: Value = ["a": "\u{e9}\u{1F600}", "b": ["x"]]
    var utf8 = Array(text.utf8)
    var little: [UInt8] = []
    var big: [UInt8] = []
    for unit in (hasMark ? "\u{FEFF}" + text : text).utf16 {
      little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    if hasMark { utf8 = [0xEF, 0xBB, 0xBF] + utf8 }
    for bytes in [utf8, little, big] {
      let all = try YAMLParser.documents(in: YAMLSource(name: "-", bytes: bytes))
      #expect(all.map(\.value) == [expected])
      #expect(all.first?.startMark.description == "<stdin>:1:1")
      #expect(all.first?.mark(of: path("b[0]"))?.description == "<stdin>:2:5")
      #expect(all.first?.mark(of: path("b[0]"))?.lineText == "b: [x]")
    }
  }

  @Test("may begin with a byte order mark each, as joined files do")
  func innerByteOrderMarks() throws {
    let all = try documents("\u{FEFF}a: 1\n---\n\u{FEFF}b: 2\n\u{FEFF}---\nc: \"\u{FEFF}\"\n")
    #expect(all.map(\.value) == [["a": 1], ["b": 2], ["c": "\u{FEFF}"]])
    #expect(all[1].mark(of: path("b"))?.description == "test.yaml:3:4")
    #expect(all[2].mark(of: path("c"))?.description == "test.yaml:5:4")
  }
}

@Suite("Marks")
struct MarkTests {
  static let text = """
    # Ä comment
    kind: Pool
    ---
    base: &base
      image: ä
    spec:
      ports:
      - name: ü
        port: 80
      - {name: b, port: 81}
      <<: *base
      copy: *base
      empty:
      "quoted key": |
        x
    """

  @Test(
    "are where values and keys are written",
    arguments: [
      ("", "4:1", "4:1"), ("base", "4:7", "4:1"), ("base.image", "5:10", "5:3"),
      ("spec", "7:3", "6:1"), ("spec.ports", "8:3", "7:3"), ("spec.ports[0]", "8:5", "8:5"),
      ("spec.ports[0].port", "9:11", "9:5"), ("spec.ports[1].port", "10:21", "10:15"),
      ("spec.image", "5:10", "5:3"), ("spec.copy", "12:9", "12:3"),
      ("spec.copy.image", "5:10", "5:3"), ("spec.empty", "13:9", "13:3"),
      ("spec[quoted key]", "14:17", "14:3"),
      // What is not there is reported at what should hold it.
      ("spec.gpu", "7:3", "6:1"), ("spec.ports[7].x", "8:3", "7:3"),
      ("nothing.at.all", "4:1", "4:1"),
      ("base.image.deeper", "5:10", "5:3"),
    ])
  func places(_ path: String, _ valuePlace: String, _ keyPlace: String) throws {
    let document = try #require(try documents(Self.text).last)
    let path = YAMLCodingTests.path(path)
    #expect(document.mark(of: path)?.description == "test.yaml:\(valuePlace)")
    #expect(document.keyMark(of: path)?.description == "test.yaml:\(keyPlace)")
    #expect(document.marks().mark(of: path) == document.mark(of: path))
  }

  @Test("of every document in a long stream are at their own lines")
  func longStream() throws {
    for separator in ["---\n", "---\r\n", "--- # \u{4E2D}\n"] {
      let text = (0..<500).map { "\(separator)a: é\nb:\n  i: \($0)\n" }.joined()
      let all = try documents(text)
      #expect(all.count == 500)
      for document in all {
        let mark = try #require(document.mark(of: path("b.i")))
        #expect(mark.line == document.index * 4 + 4)
        #expect(mark.column == 6)
        #expect(mark.lineText == "  i: \(document.index)")
      }
    }
  }

  @Test("survive an indented first line")
  func indented() throws {
    let document = try #require(try documents("\n\n  a: 1\n  b: 2\n").first)
    #expect(document.value == ["a": 1, "b": 2])
    #expect(document.startMark.description == "test.yaml:3:3")
    #expect(document.mark(of: path("b"))?.description == "test.yaml:4:6")
  }
}

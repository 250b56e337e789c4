import Testing
import ValueTree

/// Paths as text and back.
@Suite struct FieldPathTests {
  @Test(
    arguments: [
      ("", []), ("spec", [.key("spec")]),
      ("spec.ports[0].name", [.key("spec"), .key("ports"), .index(0), .key("name")]),
      ("[0][12]", [.index(0), .index(12)]), ("[0].a", [.index(0), .key("a")]),
      ("metadata.labels[a.b/c]", [.key("metadata"), .key("labels"), .key("a.b/c")]),
      ("data[\"80\"]", [.key("data"), .key("80")]), ("[\"\"]", [.key("")]),
      ("x[\"a]b\"]", [.key("x"), .key("a]b")]), ("[a[b]", [.key("a[b")]),
      ("[a\"b.c]", [.key("a\"b.c")]),
      ("[\"\\\"q\\\"\"]", [.key("\"q\"")]), ("[\"\\n\"]", [.key("\n")]),
      ("é.東", [.key("é"), .key("東")]),
      ("a b.c d", [.key("a b"), .key("c d")]), ("-1.+5", [.key("-1"), .key("+5")]),
      ("a\"b", [.key("a\"b")]), ("[99999999999999999999].x", nil),
    ] as [(String, [FieldPath.Step]?)])
  func textAndSteps(_ text: String, _ steps: [FieldPath.Step]?) throws {
    let path = try FieldPath(parsing: text)
    guard let steps else { return }
    #expect(path.steps == steps)
    #expect(path.description == text)
  }

  @Test(arguments: [
    (".spec", "spec"), ("a[\"b\"]", "a.b"), ("[a].b", "a.b"), ("a.80", "a[\"80\"]"),
    ("[007]", "[7]"),
    ("[+5]", "+5"),
  ])
  func otherSpellings(_ text: String, _ printed: String) throws {
    #expect(try FieldPath(parsing: text).description == printed)
  }

  @Test(arguments: [
    (".", 1, "a field name"), ("a.", 2, "a field name"), ("a..b", 2, "a field name"),
    ("..a", 1, "a field name"),
    ("a.[0]", 2, "a field name"), ("[", 0, "an index or key and \"]\""),
    ("a[]", 1, "an index or key and \"]\""),
    ("a[0", 1, "an index or key and \"]\""), ("a[0]b", 4, "\".\" or \"[\""),
    ("a]b", 1, "\".\" or \"[\""),
    ("]", 0, "a field name"), ("[\"a]", 0, "a key in quotes and \"]\""),
    ("[\"a\"", 0, "a key in quotes and \"]\""),
    ("x[\"\\q\"]", 1, "a key in quotes with JSON's escapes"),
    ("[\"\\", 0, "a key in quotes and \"]\""),
  ])
  func malformed(_ text: String, _ offset: Int, _ expected: String) {
    let error = #expect(throws: FieldPath.ParseError.self) { try FieldPath(parsing: text) }
    #expect(error?.offset == offset)
    #expect(error?.expected == expected)
    #expect(error?.description == "path \"\(text)\", at \(offset): expected \(expected)")
  }

  @Test(arguments: UInt64(0)..<500)
  func everyPathIsReadBack(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let pieces = ["a", ".", "[", "]", "\"", "\\", "0", "9", "é", "\n", " ", "/", "~", "-"]
    let steps = (0..<random.below(6)).map { _ -> FieldPath.Step in
      if random.chance(3) { return .index(random.below(100)) }
      return .key(Key((0..<random.below(5)).map { _ in random.pick(pieces) }.joined()))
    }
    let path = FieldPath(steps)
    #expect(try FieldPath(parsing: path.description) == path, "seed \(seed): \(path)")
  }

  @Test func pointers() {
    #expect(FieldPath.root.jsonPointer == "")
    #expect(
      FieldPath([.key("a/b"), .index(3), .key("m~n"), .key(""), .key("~1")]).jsonPointer
        == "/a~1b/3/m~0n//~01")
    #expect(FieldPath("é", "a\"b").jsonPointer == "/é/a\"b")
  }

  @Test func parts() {
    let path = FieldPath("spec", "ports").appending(0).appending("name")
    #expect(path.description == "spec.ports[0].name")
    #expect(path.parent?.description == "spec.ports[0]")
    #expect(FieldPath.root.parent == nil)
    #expect(FieldPath.root.isRoot && !path.isRoot)
    #expect(FieldPath().steps.isEmpty)
    #expect(Set([path, path, .root]).count == 2)
  }
}

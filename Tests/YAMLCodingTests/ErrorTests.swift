import Testing
import ValueTree

@testable import YAMLCoding

@Suite("Errors")
struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let kind: YAMLError.Kind
    let place: String
    let message: String
    var testDescription: String { text.debugDescription }

    init(_ text: String, _ kind: YAMLError.Kind, _ place: String, _ message: String) {
      self.text = text
      self.kind = kind
      self.place = place
      self.message = message
    }
  }

  static let cases: [Case] = [
    .init(
      "a: 1\nb: 2\na: 3\n", .duplicateKey, "3:1",
      "the key \"a\" stands twice in one map; expected each key once"),
    .init("m: {1: a, \"1\": b}", .duplicateKey, "1:11", "the key \"1\" stands twice"),
    .init(
      "x: &x {a: 1}\nm: {<<: *x, b: 1, b: 2}", .duplicateKey, "2:19", "the key \"b\" stands twice"),
    .init(
      "x: &x {a: 1}\nm:\n  <<: *x\n  <<: *x\n", .duplicateKey, "4:3",
      "the merge key << stands twice"),
    .init("a:\n\tb: 1\n", .tab, "2:1", "a tab stands where lines are indented; expected spaces"),
    .init("a:\n  b: 1\n\tc: 2\n", .tab, "3:1", "a tab stands where lines are indented"),
    .init("a:\n  - b\n \t- c\n", .tab, "3:2", "a tab stands where lines are indented"),
    .init("a: |\n\tx\n", .tab, "2:1", "a tab stands where lines are indented"),
    .init("a: !x b\n", .unknownTag, "1:4", "the tag !x is unknown; kubectl would pass over it"),
    .init("a: !u!x b\n", .unknownTag, "1:4", "this tag's handle is not defined"),
    .init(
      "a: !!int x\n", .invalidScalar, "1:4",
      "the value is not what its tag !!int says; expected an integer"),
    .init("a: .inf\n", .outOfRange, "1:4", "JSON has no number .inf"),
    .init("a: 1e999\n", .outOfRange, "1:4", "the number 1e999 is out of range; kubectl would"),
    .init("a:\n  [x]: 1\n", .invalidKey, "2:3", "a list cannot be a key"),
    .init(
      "a: {{ .Values.x }}\n", .invalidKey, "1:5",
      "a map cannot be a key; expected text; a template's {{ }}"),
    .init("~: 1\n", .invalidKey, "1:1", "a key cannot be null"),
    .init("a: *x\n", .undefinedAlias, "1:4", "the alias *x has no anchor before it"),
    .init("a: &x\n  b: *x\n", .recursiveAlias, "2:6", "the alias *x stands inside its own anchor"),
    .init("a: &x\n  <<: *x\n", .recursiveAlias, "2:7", "the alias *x stands inside its own anchor"),
    .init("a: {<<: 1}\n", .invalidMerge, "1:9", "expected a map, or a list of maps"),
    .init("a: {<<: [{}, 1]}\n", .invalidMerge, "1:14", "expected a map, or a list of maps"),
    .init(
      "a: \"x\nb: 1\n", .truncated, "2:5", "the text in quotes is not closed (it begins in line 1)"),
    .init("a: [1,\n", .truncated, "1:7", "ends too early"),
    .init("a: {b: 1\n", .truncated, "1:9", "\",\" or \"}\""),
    .init("a: b: c\n", .syntax, "1:5", "\": \" has no place here"),
    .init("a: 1\n  b: 2\n", .syntax, "2:4", "\": \" has no place here"),
    .init("a:\n  b: 1\n c: 2\n", .syntax, "3:2", "this belongs to no map or list"),
    .init("a:\n- b\n  c\nd\n", .syntax, "4:1", "expected \": \" after a key"),
    .init("a: @b\n", .syntax, "1:4", "a value cannot begin with \"@\"; expected quotes around it"),
    .init("a: \"\\q\"\n", .syntax, "1:5", "this escape is unknown"),
    .init("a: 1\n--- b: 1\n ]", .syntax, "2:6", ""),
    .init("é: 1\nü: [ö, ä}\n", .syntax, "2:9", "\",\" or \"]\""),
    .init("a: 1\0\n", .controlCharacter, "1:5", "a NUL byte is not allowed"),
    .init(
      "a: \u{1}\n", .controlCharacter, "1:4", "U+0001 is not allowed in YAML; expected an escape"),
    .init("ok: 1\na: é\u{85}\u{80}\n", .controlCharacter, "2:6", "U+0080"),
  ]

  @Test("stand where the mistake is", arguments: cases)
  func place(_ item: Case) throws {
    let error = try failure(item.text)
    #expect(error.kind == item.kind)
    #expect(error.mark?.description == "test.yaml:\(item.place)")
    #expect(error.description.contains(item.message), "\(error)")
  }

  @Test("of a later document are at their own line", arguments: ["", "é"])
  func laterDocument(_ letter: String) throws {
    let good = (0..<50).map { _ in "---\na: \(letter)x\n" }.joined()
    #expect(try failure(good + "---\na: *b\n").mark?.line == 102)
    #expect(try failure(good + "---\na: 1\na: \(letter)2\n").mark?.line == 103)
    #expect(try failure(good + "---\na: ]\n").mark?.description == "test.yaml:102:4")
    #expect(try failure(good + "---\na: {<<: 1}\n").mark?.description == "test.yaml:102:9")
  }

  @Test("tell bytes that are no text")
  func encodings() throws {
    let bad = try failure(Array("a: 1\nb: x".utf8) + [0xFF, 0x0A])
    #expect(bad.kind == .encoding)
    #expect(bad.mark?.description == "test.yaml:2:5")
    #expect(bad.mark?.lineText == "b: x\u{FFFD}")
    for sequence in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
      #expect(try failure([0x61] + sequence.map { UInt8($0) }).kind == .encoding)
    }
    #expect(try failure([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]).kind == .encoding)
    #expect(try failure([0xFF, 0xFE, 0x61]).kind == .truncated)
    #expect(try failure([0xFE, 0xFF, 0xD8, 0x3D]).kind == .encoding)
    #expect(try failure([0x61, 0, 0x62, 0x63]).kind == .controlCharacter)
  }

  @Test("stop bombs")
  func bombs() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(try failure(text).kind == .tooLarge)
    var merges = "a0: &a0 {x: 1, z: 2}\n"
    for level in 1..<30 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      merges += "a\(level): &a\(level) {<<: [\(aliases)]}\n"
    }
    #expect(try value(merges)["a29"] == ["x": 1, "z": 2])
    let long = String(repeating: "x", count: 1_000_000)
    let copies = Array(repeating: "*a", count: 100).joined(separator: ", ")
    #expect(try failure("a: &a \(long)\nb: [\(copies)]\n").kind == .tooLarge)
  }

  @Test("stop deep nesting, however it is written")
  func depth() throws {
    let limits = YAMLLimits(depth: 10)
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try documents(nested(10), limits: limits).count == 1)
    #expect(try failure(nested(11), limits: limits).kind == .tooDeep)
    #expect(try failure(nested(100_000)).kind == .tooDeep)
    #expect(try failure(String(repeating: "{a: ", count: 5_000)).kind == .tooDeep)
    #expect(try failure("a: &a \(nested(6))\nb: [[[[[*a]]]]]", limits: limits).kind == .tooDeep)
    #expect(try failure("a: &a 1\nb: \(nested(11))\nc: *a", limits: limits).kind == .tooDeep)
  }

  @Test("stop too much")
  func sizes() throws {
    #expect(try failure("a: b", limits: YAMLLimits(bytes: 3)).kind == .tooLarge)
    #expect(try failure("[1, 2, 3, 4]", limits: YAMLLimits(nodes: 3)).kind == .tooLarge)
    #expect(try failure("[&a 1, *a, 3, 4]", limits: YAMLLimits(nodes: 3)).kind == .tooLarge)
  }
}

import Testing
import ValueTree

@testable import YAMLCoding

@Suite("Emitter")
struct EmitterTests {
  let emitter = YAMLEmitter()

  @Test("prints as kubectl prints")
  func form() throws {
    let value: Value = [
      "kind": "Pod", "apiVersion": "v1",
      "metadata": ["name": "a", "labels": [:], "annotations": ["on": "yes", "n": "1"]],
      "spec": [
        "containers": [
          ["name": "c", "args": ["-x", "--y=z", "0x1F", ""], "ports": [["containerPort": 80]]],
          [],
        ],
        "nested": [[1, [2.5]], .null, true],
        "text": "a\nb\n", "stripped": "a\n\n  b", "kept": "a\n\n",
      ],
    ]
    #expect(
      emitter.string(value) == """
        apiVersion: v1
        kind: Pod
        metadata:
          annotations:
            "n": "1"
            "on": "yes"
          labels: {}
          name: a
        spec:
          containers:
          - args:
            - -x
            - --y=z
            - "0x1F"
            - ""
            name: c
            ports:
            - containerPort: 80
          - []
          kept: |+
            a

          nested:
          - - 1
            - - 2.5
          - null
          - true
          stripped: |-
            a

              b
          text: |
            a
            b

        """)
    #expect(try YAMLCodingTests.value(emitter.string(value)) == value)
  }

  @Test("separates documents")
  func documents() throws {
    let values: [Value] = [["a": 1], "x", ["b": [2]]]
    let text = emitter.string(documents: values)
    #expect(text.hasPrefix("a: 1\n--- x\n---\nb:\n- 2\n"), "\(text)")
    #expect(try YAMLCodingTests.documents(text).map(\.value) == values)
    #expect(emitter.string(documents: []) == "")
  }

  static let nasty: [String] = [
    "", " ", "  a", "a  ", "\n", "\n\n", "a\n", "\na", " \na", "a\n ", "a\n b\n", "  a\nb\n",
    "a \nb", "\ta", "a\t", "a\tb", "\ta\nb", "a\n\tb\n", "a\rb", "a\r\nb\n", "\u{85}", "a\u{85}b",
    "a\u{85}\nb", "\u{2028}", "a\u{2029}\nb", "\u{FEFF}", "\u{FEFF}a\nb", "\u{0}", "a\u{7}\nb",
    "\u{7F}", "\u{80}", "\u{1F600}", "\u{1F600}\nx\n", "é", "é\nü\n", "\u{E000}", "\u{FFFD}",
    "\u{FFFE}", "\u{FFFF}", "\u{200B}", "\u{A0}", "yes", "No", "y", "n", "on", "true", "null", "~",
    "=", "<<", "0x1F", "010", "080", "1_000", "1e3", "1e999", ".inf", ".nan", "-", "- a", "-a",
    "?", "? a", ":", ": a", "a: b", "a:", "a #b", "#a", "a#b", "&a", "*a", "!a", "|", ">", "'",
    "\"", "%a", "@a", "`a", "[", "]", "{", "}", ",", "[a]", "{a}", "a,b", "2001-01-01",
    "2001-12-14t21:59:43.10-05:00", "12:30:45", "1:2", "+1", "-1", "1.", ".5", "1.2.3", "---",
    "--- a", "...", "... a", "a\n---\nb\n", "---\na", "...\n", "\\", "\\n", "a\\\nb", "'a'\nb",
    "# a\nb\n", "%YAML 1.1\n", "- a\n- b\n", "a: b\nc: d\n", String(repeating: "x ", count: 200),
    String(repeating: "k", count: 200), "\n\n  a\n", "a\n\n\n", "\n a\nb", "e\u{301}", "\u{301}",
  ]

  @Test("prints what reads back as the same, in every place", arguments: nasty)
  func places(_ text: String) throws {
    let key = Key(text)
    let values: [Value] = [
      Value(text), Value([Value(text)]), Value(members: [(key, Value(text))]),
      ["a": Value([Value(text), Value([Value(text)])]), "b": Value(text), "c": 1],
      ["a": Value(members: [(key, Value(members: [(key, Value([1]))]))])],
    ]
    for value in values {
      let printed = emitter.string(value)
      #expect(try YAMLCodingTests.value(printed) == value, "\(printed)")
    }
    let stream = emitter.string(documents: values)
    #expect(try YAMLCodingTests.documents(stream).map(\.value) == values, "\(stream)")
  }

  @Test("prints random values that read back as the same", arguments: 0..<40)
  func random(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<50 {
      let value = Self.value(&generator, depth: 4)
      if value.isNull { continue }
      let printed = emitter.string(value)
      #expect(try YAMLCodingTests.value(printed) == value, "\(printed)")
      #expect(emitter.string(try YAMLCodingTests.value(printed)) == printed)
    }
  }

  static func value(_ generator: inout SeededGenerator, depth: Int) -> Value {
    switch Int.random(in: 0..<(depth == 0 ? 6 : 9), using: &generator) {
    case 0: return .null
    case 1: return Value(Bool.random(using: &generator))
    case 2:
      return Value(
        Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
    case 3:
      let double = Double(bitPattern: generator.next())
      return double.isFinite ? Value(double) : .null
    case 4, 5: return Value(text(&generator))
    case 6:
      let count = Int.random(in: 0..<4, using: &generator)
      return Value((0..<count).map { _ in value(&generator, depth: depth - 1) })
    default:
      var members: [(Key, Value)] = []
      for _ in 0..<Int.random(in: 0..<5, using: &generator) {
        let key = Key(text(&generator))
        if members.contains(where: { $0.0 == key }) { continue }
        members.append((key, value(&generator, depth: depth - 1)))
      }
      return Value(members: members)
    }
  }

  static func text(_ generator: inout SeededGenerator) -> String {
    let pieces = [
      "a", "b c", " ", "\n", ": ", "- ", "#", "'", "\"", "\\", "1", "0x", "e", ".", "é", "\t",
    ]
    return (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
      Bool.random(using: &generator)
        ? nasty[Int.random(in: 0..<nasty.count, using: &generator)]
        : pieces[Int.random(in: 0..<pieces.count, using: &generator)]
    }.joined()
  }
}

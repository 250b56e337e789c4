import Testing
import ValueTree

@testable import YAMLCoding

@Suite("Damaged texts")
struct FuzzTests {
  static let texts: [String] = [
    MarkTests.text,
    "{\"a\":[1,2.5,true,null,\"\\ud83d\\ude00\"],\"b\":{\"c\":\"d\"}}\n{\"e\":1}\n",
    "--- &a [x, *a]\n...\n%TAG ! tag:x,1:\n--- !!map\n? - k\n: |2-\n    v\n\n",
    "\u{FEFF}a: \"\\x41\\u00e9\"\r\nb: 'it''s'\r\n---\r\n- >+\r\n  folded\r\n\r\n- *x\r\n",
    "x: &x {a: 1}\ny: {<<: [*x, {b: 2}], a: 0x1F}\n---\nz: !!binary aGVsbG8=\n",
  ]

  static let snippets: [String] = [
    "\t", "\n", "\r", "---\n", "...\n", "&a ", "*a", "<<: ", "!!int ", "!x ", "{", "}", "[", "]",
    "\"",
    "'", "|", ">", "%", "? ", ": ", "- ", "#", "\0", "\u{85}", "\u{2028}", "\u{FEFF}", "\\", ".inf",
    "1e999",
    "\\ud83d", "é",
  ]

  @Test("never crash, and give documents or an error inside the file", arguments: 0..<25)
  func mutations(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<200 {
      var bytes = Array(Self.texts[Int.random(in: 0..<Self.texts.count, using: &generator)].utf8)
      for _ in 0..<Int.random(in: 1..<5, using: &generator) {
        let at = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeSubrange(at...)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
        case 2 where at < bytes.count: bytes.remove(at: at)
        case 3 where at < bytes.count:
          let end = Int.random(in: at..<bytes.count, using: &generator)
          bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...at, using: &generator))
        default:
          let snippet = Self.snippets[Int.random(in: 0..<Self.snippets.count, using: &generator)]
          bytes.insert(contentsOf: snippet.utf8, at: at)
        }
      }
      check(bytes)
    }
  }

  private func check(_ bytes: [UInt8]) {
    let lines =
      1
      + bytes.indices.dropLast().count {
        bytes[$0] == 0x0A || bytes[$0] == 0x0D && bytes[$0 + 1] != 0x0A
      }
    do {
      let all = try YAMLParser.documents(in: YAMLSource(name: "f", bytes: bytes))
      for document in all {
        let marks = document.marks()
        #expect((1...lines).contains(document.startMark.line))
        for (key, _) in document.value.members {
          let mark = marks.mark(of: FieldPath(key))
          #expect((1...lines).contains(mark.line))
          #expect(mark.column <= mark.lineText.unicodeScalars.count + 1)
        }
      }
    } catch {
      #expect((1...lines).contains(error.mark?.line ?? 0), "\(error)")
      #expect(error.description.contains("\n"))
    }
  }
}

import Testing
import ValueTree

/// Looking at text where it lies says what the text says.
@Suite struct TextTests {
  @Test func bytesAreThoseOfTheString() {
    for text in KeyTests.texts {
      let value = Value(text)
      let bytes = value.withText { span in span.indices.map { span[$0] } }
      #expect(bytes == Array(text.utf8), "\(text)")
      for other in KeyTests.texts {
        #expect(value.isText(other) == text.utf8.elementsEqual(other.utf8), "\(text) \(other)")
      }
    }
    for value: Value in [1, true, .emptyMap, ["a"]] {
      #expect(value.withText { _ in 0 } == nil)
      #expect(!value.isText(""))
    }
  }

  @Test func listsSayWhetherTheyHoldAText() {
    let texts = KeyTests.texts
    let list = Value(texts.dropLast().map { Value($0) } + [1, .null, ["deeper"]])
    for text in texts.dropLast() { #expect(list.containsText(text), "\(text)") }
    for text in ["deeper", "1", "no such text"] { #expect(!list.containsText(text), "\(text)") }
    #expect(!Value.emptyList.containsText(""))
    for value: Value in [1, "a", .emptyMap, ["a": "a"], .null] {
      #expect(!value.containsText("a"))
    }
  }

  @Test func membersAreSeenWithTheirKeys() {
    let value = Value(members: KeyTests.texts.map { (Key($0), Value("of \($0)")) })
    var seen: [[UInt8]: [UInt8]] = [:]
    let areGood = value.membersSatisfy { key, text in
      seen[key.indices.map { key[$0] }] = text.indices.map { text[$0] }
      return true
    }
    #expect(areGood && seen.count == KeyTests.texts.count)
    for text in KeyTests.texts {
      #expect(seen[Array(text.utf8)] == Array("of \(text)".utf8), "\(text)")
    }
    #expect(!value.membersSatisfy { key, _ in key.count != 3 })
    #expect(!(["a": 1] as Value).membersSatisfy { _, _ in true })
    #expect(Value.emptyMap.membersSatisfy { _, _ in false })
  }
}

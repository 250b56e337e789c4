import Testing

@testable import ValueTree

/// Keys in the table and keys that are text: one order, one equality.
@Suite struct KeyTests {
  /// Keys of every kind: interned, prefixes of others, with NUL, not ASCII, of every length to 40.
  static let texts: [String] = {
    var texts = [
      "", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "metadata", "metadat", "metadataa", "metadata\0",
      "name", "names", "namespace", "namespaces", "nam", "name\0", "spec", "specs", "é", "e\u{301}",
      "東京", "😀", "\u{FFFF}", "\u{10FFFF}", "zone", "zoned", "zz", "$", "$ref", "$schema", "A", "_",
      "app", "app.kubernetes.io/name", "app.kubernetes.io/nam", "app.kubernetes.io/names", "appl",
      "a.b/c", "80", "x-kubernetes-validations", "x-kubernetes-validation", "\u{7F}", "ÿ",
    ]
    for length in 0...40 { texts.append(String(repeating: "k", count: length)) }
    for length in 0...40 { texts.append(String(("terminationGracePeriodSeconds".prefix(length)))) }
    var seen: [String.UTF8View] = []
    return texts.filter { text in
      if seen.contains(where: { $0.elementsEqual(text.utf8) }) { return false }
      seen.append(text.utf8)
      return true
    }
  }()

  @Test func namesAreSortedAndUnique() {
    let names = FieldNames.sorted.description.split(separator: " ").map { Array($0.utf8) }
    #expect(names.count > 900)
    #expect(KeyTable.shared.count == names.count)
    for (a, b) in zip(names, names.dropFirst()) {
      #expect(a.lexicographicallyPrecedes(b), "\(String(decoding: b, as: UTF8.self))")
    }
  }

  @Test func everyNameIsFoundAndNeedsNoEscapes() {
    for id in 1...UInt64(KeyTable.shared.count) {
      let name = KeyTable.shared.name(id)
      let key = Key(name)
      #expect(key.id == id)
      #expect(key.text == name)
      #expect(key.byteCount == name.utf8.count)
      #expect(json("{\"\(name)\":1}").members.first { _ in true }?.key.id == id)
      #expect(JSONWriter(escapesHTML: true).string(Value(name)) == "\"\(name)\"")
    }
  }

  @Test func textSurvives() {
    for text in KeyTests.texts {
      let key = Key(text)
      #expect(Array(key.text.utf8) == Array(text.utf8))
      #expect(key.description == key.text)
      #expect(key.byteCount == text.utf8.count)
    }
  }

  @Test func orderIsThatOfTheBytes() {
    for a in KeyTests.texts {
      for b in KeyTests.texts {
        #expect(
          (Key(a) < Key(b)) == Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8)), "\(a) \(b)")
        #expect((Key(a) == Key(b)) == a.utf8.elementsEqual(b.utf8))
      }
    }
  }

  @Test(arguments: 0..<20)
  func membersStandInOrderAndAreFound(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let texts = KeyTests.texts.shuffled(using: &random)
    let value = Value(members: texts.enumerated().map { (Key($1), Value($0)) })
    let keys = value.members.map { Array($0.key.text.utf8) }
    #expect(keys == texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(value.count == texts.count)
    for (index, text) in texts.enumerated() {
      #expect(value[Key(text)]?.int == Int64(index))
      #expect(value[text]?.int == Int64(index))
      #expect(value.removing(Key(text))[Key(text)] == nil)
    }
    for missing in ["kk ", "\u{1}", "zzz", "namesp", "specification", "metadata\0\0"] {
      #expect(value[Key(missing)] == nil)
    }
    #expect(json(value.description) == value)
  }

  @Test func contentHashIsThatOfTheTextForBothKinds() {
    for text in KeyTests.texts {
      let packed = pack(Array(text.utf8))
      #expect(Key(text).contentHash == hashText(packed.span, 0, text.utf8.count))
    }
  }
}

import PersistentCollections
import Testing

@Suite("Entries come in key order, from and up to any bound")
struct OrderTests {
  @Test("from, after and between all keys and gaps", arguments: [4, 5, 32])
  func bounds(fanOut: Int) {
    for count in [0, 1, 4, 5, 17, 70] {
      let map = ascending(count, fanOut: fanOut)
      let keys = (0..<count).map { $0 * 2 }
      for start in -1...(count * 2 + 1) {
        #expect(map.elements(from: start).map(\.key) == keys.filter { $0 >= start })
        #expect(map.elements(after: start).map(\.key) == keys.filter { $0 > start })
        #expect(map.firstElement { $0 >= start }?.key == keys.first { $0 >= start })
        for end in start...(count * 2 + 1) {
          let expected = keys.filter { $0 >= start && $0 < end }
          let range = map.elements(in: start..<end)
          guard range.map(\.key) == expected,
            range.first?.key == expected.first,
            range.isEmpty == expected.isEmpty,
            map.elements(from: start, while: { $0 < end }).map(\.key) == expected,
            map.elements(after: start - 1, while: { $0 < end }).map(\.key) == expected
          else {
            Issue.record("fan-out \(fanOut), \(count) entries, \(start)..<\(end)")
            return
          }
        }
      }
    }
  }

  @Test("when separators are older than the keys", arguments: 0..<10 as Range<UInt64>)
  func staleSeparators(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = ascending(200, fanOut: 4)
    for _ in 0..<120 { map[random.below(200) * 2] = nil }
    for _ in 0..<40 { map[random.below(400)] = 0 }
    map._checkInvariants()
    let keys = map.map(\.key)
    for start in 0...400 {
      #expect(map.elements(from: start).first?.key == keys.first { $0 >= start }, "seed \(seed)")
      #expect(map.elements(after: start).first?.key == keys.first { $0 > start }, "seed \(seed)")
      #expect(map.firstElement { $0 > start }?.key == keys.first { $0 > start }, "seed \(seed)")
    }
  }

  @Test("by prefix, page by page, without making up a string behind the prefix")
  func prefixPages() {
    var map = PersistentMap<String, Int>(fanOut: 4)
    for space in ["a", "a-b", "b", "z\u{10FFFF}"] {
      for number in 0..<25 { map["\(space)/\(number)"] = number }
    }
    for space in ["a", "a-b", "b", "z\u{10FFFF}", "c", ""] {
      let prefix = space + "/"
      let expected = map.map(\.key).filter { $0.hasPrefix(prefix) }
      #expect(map.elements(from: prefix, while: { $0.hasPrefix(prefix) }).map(\.key) == expected)
      var pages: [String] = []
      var page = Array(map.elements(from: prefix, while: { $0.hasPrefix(prefix) }).prefix(7))
      while let last = page.last {
        pages += page.map(\.key)
        page = Array(map.elements(after: last.key, while: { $0.hasPrefix(prefix) }).prefix(7))
      }
      #expect(pages == expected)
    }
  }

  @Test("with few calls of the predicate")
  func predicateCalls() {
    let map = ascending(10_000, fanOut: 32)
    var calls = 0
    let found = map.firstElement { key in
      calls += 1
      return key >= 7_777
    }
    #expect(found?.key == 7_778)
    #expect(calls <= 20)
  }

  @Test("built at once, equal to those inserted one by one", arguments: [4, 5, 32])
  func bulkBuild(fanOut: Int) {
    for count in 0..<(fanOut * fanOut + fanOut + 2) {
      let built = ascending(count, fanOut: fanOut)
      var inserted = PersistentMap<Int, Int>(fanOut: fanOut)
      for number in 0..<count { inserted[number * 2] = number }
      built._checkInvariants()
      #expect(built == inserted)
      // Appending leaves full nodes behind, exactly as building does.
      #expect(built._nodeSizes == inserted._nodeSizes)
    }
    #expect(ascending(3, fanOut: 4) != ascending(4, fanOut: 4))
  }

  @Test("and the same operations make the same tree", arguments: 0..<6 as Range<UInt64>)
  func determinism(seed: UInt64) {
    func tree(keepingForks: Bool) -> PersistentMap<String, Int> {
      var random = SplitMix64(seed: seed)
      var map = PersistentMap<String, Int>(fanOut: 5)
      var forks: [PersistentMap<String, Int>] = []
      for step in 0..<1_000 {
        let key = "key-\(random.below(300))"
        if random.below(3) > 0 { map[key] = step } else { map[key] = nil }
        // Whether nodes are shared must make no difference.
        if keepingForks, step.isMultiple(of: 9) { forks.append(map) }
      }
      return map
    }
    let alone = tree(keepingForks: false)
    let forked = tree(keepingForks: true)
    #expect(alone == forked)
    #expect(alone._nodeSizes == forked._nodeSizes)
  }

  @Test("removing all leaves copies alone")
  func removeAll() {
    var map = ascending(100, fanOut: 4)
    let copy = map
    map.removeAll()
    #expect(map.isEmpty && !map.contains { _ in true })
    #expect(copy.count == 100 && copy.underestimatedCount == 100)
  }
}

import PersistentCollections
import Testing

@Suite("Looking at values where they lie")
struct ScanTests {
  private struct Number: ScannedKey {
    let value: Int
    static func < (left: Number, right: Number) -> Bool { left.value < right.value }
  }

  /// Even numbers, in trees of several heights, some of them grown by random insertions and removals.
  private func map(_ count: Int, fanOut: Int, seed: UInt64) -> PersistentMap<Number, Int> {
    var map = PersistentMap<Number, Int>(fanOut: fanOut)
    var random = SplitMix64(seed: seed)
    for number in (0..<count * 2).shuffled(using: &random) {
      map.updateValue(number * 20, forKey: Number(value: number * 2))
    }
    for number in (0..<count * 2).shuffled(using: &random).prefix(count) {
      map.removeValue(forKey: Number(value: number * 2))
    }
    return map
  }

  @Test("finds what the subscript finds", arguments: [4, 5, 16], 0..<6 as Range<UInt64>)
  func scanning(fanOut: Int, seed: UInt64) {
    for count in [0, 1, 3, 17, 150] {
      let map = map(count, fanOut: fanOut, seed: seed)
      for number in -1...count * 4 + 1 {
        let key = Number(value: number)
        #expect(map.value(scanningFor: key) == map[key])
        #expect(map.withValue(forKey: key) { $0 } == map[key])
      }
    }
  }

  @Test("visits all values in order", arguments: [4, 5, 16])
  func visitingAll(fanOut: Int) {
    for count in [0, 1, 17, 150] {
      let map = map(count, fanOut: fanOut, seed: 7)
      var seen: [Int] = []
      map.forEachValue { seen.append($0) }
      #expect(seen == map.map(\.value))
    }
  }

  @Test("visits every range of keys", arguments: [4, 16])
  func visitingRanges(fanOut: Int) {
    for count in [0, 1, 9, 60] {
      let map = map(count, fanOut: fanOut, seed: 3)
      for start in stride(from: -1, through: count * 4 + 1, by: 1) {
        for end in stride(from: start, through: count * 4 + 2, by: 3) {
          let seen = unsafe map.values(
            from: Number(value: start), while: { $0.value < end },
            touching: { unsafe UInt64($0.pointee) })
          let expected = map.filter { $0.key.value >= start && $0.key.value < end }
          #expect(seen == expected.map(\.value))
        }
      }
    }
  }
}

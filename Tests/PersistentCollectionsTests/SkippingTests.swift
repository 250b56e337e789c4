import PersistentCollections
import Testing

@Suite("Passing over the rest of a range counts it")
struct SkippingTests {
  @Test("From every place, to the end and to every other place")
  func counts() {
    for fanOut in [4, 16] {
      var map = PersistentMap<Int, Int>(fanOut: fanOut)
      for key in 0..<60 { map.updateValue(key, forKey: key * 2) }
      for start in -1...121 {
        for passed in [0, 1, 7] {
          var rest = map.elements(from: start).makeIterator()
          let expected = (0..<60).count { $0 * 2 >= start }
          for _ in 0..<passed { _ = rest.next() }
          #expect(rest.skipRest() == max(0, expected - passed), "from \(start)")
          #expect(rest.next() == nil)
          #expect(rest.skipRest() == 0)
        }
        for end in [0, 30, 61, 200] where end >= start {
          var part = map.elements(in: start..<end).makeIterator()
          #expect(
            part.skipRest() == (0..<60).count { $0 * 2 >= start && $0 * 2 < end },
            "\(start) to \(end)")
        }
      }
      var empty = PersistentMap<Int, Int>().makeIterator()
      #expect(empty.skipRest() == 0)
    }
  }
}

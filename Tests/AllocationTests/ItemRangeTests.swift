import Allocation
import Testing

@Suite("Sets of items: ranges are scanned by words, with the same answers as one by one")
struct ItemRangeTests {
  @Test("First and count agree with a plain set", arguments: [1, 63, 64, 65, 4096, 4097, 10_000])
  func againstModel(capacity: Int) {
    var set = ItemSet(capacity: capacity)
    var model = Array(repeating: false, count: capacity)
    var state = UInt64(capacity)
    func next(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<400 {
      // Long runs, so that whole words and whole groups of words become full and empty.
      let start = next(below: capacity)
      let end = min(capacity, start + next(below: round % 3 == 0 ? capacity : 70) + 1)
      for item in start..<end {
        if round % 2 == 0 { set.insert(item) } else { set.remove(item) }
        model[item] = round % 2 == 0
      }
      let low = next(below: capacity)
      let range = low..<low + next(below: capacity - low + 1)
      #expect(set.first(in: range) == range.first { model[$0] })
      #expect(set.count(in: range) == range.count { model[$0] })
      #expect(set.first(from: low) == (low..<capacity).first { model[$0] })
    }
    #expect(set.count == model.count { $0 })
    #expect(Array(set) == model.indices.filter { model[$0] })
  }

  @Test("A full set has everything and nothing else", arguments: [0, 1, 64, 100, 4096, 5000])
  func full(capacity: Int) {
    var set = ItemSet(capacity: capacity, full: true)
    #expect(set.count(in: 0..<capacity + 100) == capacity)
    #expect(set.first(from: capacity) == nil)
    for item in 0..<capacity { set.remove(item) }
    #expect(set.first() == nil)
    #expect(set == ItemSet(capacity: capacity))
  }
}

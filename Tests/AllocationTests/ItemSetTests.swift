import Allocation
import Testing

@Suite("Item sets")
struct ItemSetTests {
  @Test("Full and empty sets of every size around a word's end")
  func sizes() {
    for capacity in [0, 1, 63, 64, 65, 127, 128, 129] {
      let full = ItemSet(capacity: capacity, full: true)
      #expect(full.count == capacity)
      #expect(Array(full) == Array(0..<capacity))
      #expect(Array(ItemSet(capacity: capacity)).isEmpty)
      #expect(!full.contains(capacity) && !full.contains(-1))
    }
  }

  @Test("The first item from a place on")
  func first() {
    var set = ItemSet(capacity: 200)
    for item in [3, 63, 64, 199] { set.insert(item) }
    #expect(set.first() == 3)
    #expect(set.first(from: -5) == 3)
    #expect(set.first(from: 4) == 63)
    #expect(set.first(from: 64) == 64)
    #expect(set.first(from: 65) == 199)
    #expect(set.first(from: 200) == nil)
  }

  @Test("Random insertions and removals, against Swift's own set")
  func random() {
    for seed in 0..<20 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var set = ItemSet(capacity: 150)
      var model: Set<Int> = []
      for _ in 0..<300 {
        let item = random.below(150)
        if random.below(2) == 0 {
          set.insert(item)
          model.insert(item)
        } else {
          set.remove(item)
          model.remove(item)
        }
        #expect(set.count == model.count, "seed \(seed)")
      }
      #expect(Array(set) == model.sorted(), "seed \(seed)")
      #expect(set == ItemSet(model.sorted(), capacity: 150), "seed \(seed)")
    }
  }
}

extension ItemSet {
  fileprivate init(_ items: [Int], capacity: Int) {
    self.init(capacity: capacity)
    for item in items { insert(item) }
  }
}

import APIMachinery
import Allocation
import Testing

/// What books should be: a row an item, searched from the start.
private struct Model {
  struct Row: Equatable {
    var owner: UInt64
    var key: String
    var generation: UInt32
    var isClosing = false
  }

  var rows: [Row?]
  var generations: [UInt32]
  var order: [Int] = []
  var sealed: Set<UInt64> = []

  init(_ count: Int) {
    rows = Array(repeating: nil, count: count)
    generations = Array(repeating: 0, count: count)
  }

  mutating func open(_ count: Int, _ owner: UInt64, _ key: String) -> Bool {
    let free = rows.indices.filter { rows[$0] == nil }
    guard free.count >= count else { return false }
    for item in free.prefix(count) {
      generations[item] += 1
      rows[item] = Row(owner: owner, key: key, generation: generations[item])
      order.append(item)
    }
    return true
  }

  mutating func ensure(_ count: Int, _ owner: UInt64, _ key: String) -> [String]? {
    guard !sealed.contains(owner) else { return nil }
    func held() -> [Int] {
      order.filter { rows[$0].map { $0.owner == owner && $0.key == key } == true }
    }
    guard open(max(0, count - held().count), owner, key) else { return nil }
    return held().map { "gpu-\($0)" }
  }

  mutating func close(_ item: Int) {
    rows[item] = nil
    order.removeAll { $0 == item }
  }

  mutating func beginRelease(_ owner: UInt64) {
    sealed.insert(owner)
    for item in rows.indices where rows[item]?.owner == owner { rows[item]?.isClosing = true }
  }

  mutating func finishRelease(_ owner: UInt64) {
    for item in rows.indices {
      if let row = rows[item], row.owner == owner, row.isClosing { close(item) }
    }
  }

  mutating func release(_ item: Int, _ generation: UInt32, _ owner: UInt64) {
    if let row = rows[item], row.owner == owner, row.generation == generation { close(item) }
  }
}

@Suite("Pool books against a simple model")
struct PoolBookModelTests {
  @Test(
    "Random operations: the same grants as the model's, and the capacities add up at every moment")
  func random() throws {
    for seed in 0..<60 as Range<UInt64> {
      try run(seed: seed, steps: 250)
    }
  }

  private func run(seed: UInt64, steps: Int) throws {
    var random = SplitMix(seed: seed)
    let size = 1 + random.below(9)
    var book = try makeBook(size)
    var model = Model(size)
    // Few owners hold often; new ones come in as old ones are sealed.
    var firstOwner: UInt64 = 1
    for step in 0..<steps {
      let number = firstOwner + UInt64(random.below(4))
      let item = random.below(size)
      let key = ["a", "b"][random.below(2)]
      switch random.below(16) {
      case 0..<6:
        let count = random.below(4)
        let got = try? book.ensure(asks(number, for: count, key: key)).map(\.item)
        #expect(got == model.ensure(count, number, key), "seed \(seed), step \(step)")
      case 6..<10:
        let generation = UInt32(max(1, Int(model.generations[item]) - random.below(2)))
        try? book.release(item: "gpu-\(item)", generation: generation, owner: owner(number))
        model.release(item, generation, number)
      case 10..<12:
        let before = book
        let isOut = model.rows[item] != nil
        try book.freeRaw(item: "gpu-\(item)")
        model.close(item)
        #expect((book.contentHash != before.contentHash) == isOut, "seed \(seed), step \(step)")
      case 12:
        let got = (try? book.takeRaw(1, by: asks(number, key: key))) != nil
        #expect(got == model.open(1, number, key), "seed \(seed), step \(step)")
      case 13..<15:
        book.finishRelease(owner: owner(number))
        model.finishRelease(number)
      default:
        book.beginRelease(owner: owner(number))
        model.beginRelease(number)
        firstOwner += UInt64(random.below(2))
      }
      compare(book, model, "seed \(seed), step \(step)")
    }
  }

  private func compare(_ book: PoolBook, _ model: Model, _ context: String) {
    let expected = model.rows.enumerated().compactMap { item, row in
      row.map {
        Grant(
          pool: "gpus", item: "gpu-\(item)", generation: $0.generation, owner: owner($0.owner),
          requestKey: $0.key, state: $0.isClosing ? .closing : .open)
      }
    }
    #expect(book.allGrants == expected, "\(context)")
    let capacity = book.capacity
    #expect(capacity.total == capacity.free + capacity.open + capacity.closing, "\(context)")
    #expect(capacity.total == model.rows.count, "\(context)")
    #expect(capacity.free == model.rows.count { $0 == nil }, "\(context)")
    #expect(capacity.closing == expected.count { $0.state == .closing }, "\(context)")
  }
}

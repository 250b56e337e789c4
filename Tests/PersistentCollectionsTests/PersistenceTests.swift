import PersistentCollections
import Testing

/// A value whose buffer shows, by its capacity, whether it was copied.
private struct Counter: Sendable {
  var numbers: [Int]
}

@Suite("A copy is never changed by what happens to another")
struct PersistenceTests {
  @Test("with many forks alive at once", arguments: [4, 6, 32], 0..<8 as Range<UInt64>)
  func forks(fanOut: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var worlds = [(map: PersistentMap<Int, Int>(fanOut: fanOut), model: Model<Int, Int>())]
    for step in 0..<3_000 {
      let chosen = random.below(worlds.count)
      let key = random.below(300)
      switch random.below(20) {
      case 0 where worlds.count < 60:
        worlds.append(worlds[chosen])
      case 1:
        _ = worlds[chosen].map.popFirst()
        worlds[chosen].model.entries = Array(worlds[chosen].model.entries.dropFirst())
      case 2..<7:
        let removed = worlds[chosen].map.removeValue(forKey: key)
        #expect(removed == worlds[chosen].model.remove(key), "seed \(seed), step \(step)")
      case 7:
        worlds[chosen].map.mutateValue(forKey: key) { $0 += 1 }
        if let value = worlds[chosen].model.value(key) {
          _ = worlds[chosen].model.update(value + 1, key)
        }
      default:
        let old = worlds[chosen].map.updateValue(step, forKey: key)
        #expect(old == worlds[chosen].model.update(step, key), "seed \(seed), step \(step)")
      }
    }
    for (number, world) in worlds.enumerated() {
      expectEqual(world.map, world.model, "seed \(seed), fan-out \(fanOut), fork \(number)")
    }
  }

  @Test("with a snapshot after every change")
  func history() {
    var map = PersistentMap<Int, Int>(fanOut: 4)
    var snapshots: [PersistentMap<Int, Int>] = []
    for key in 0..<200 {
      snapshots.append(map)
      map[key] = key
    }
    for key in 0..<200 {
      snapshots.append(map)
      map[key] = nil
    }
    for (number, snapshot) in snapshots.enumerated() {
      snapshot._checkInvariants()
      let keys = number <= 200 ? Array(0..<number) : Array((number - 200)..<200)
      #expect(snapshot.map(\.key) == keys)
    }
  }

  @Test("also while it is being iterated")
  func iterationIsASnapshot() {
    var map = ascending(100, fanOut: 4)
    var seen: [Int] = []
    for (key, _) in map {
      seen.append(key)
      map.removeFirst()
      map[key + 1_000] = 0
    }
    #expect(seen == (0..<100).map { $0 * 2 })
    #expect(map.count == 100)
  }

  @Test("and a value that nobody shares is changed where it lies")
  func mutationInPlace() {
    var map = PersistentMap<Int, Counter>(fanOut: 4)
    for key in 0..<50 {
      var numbers: [Int] = []
      numbers.reserveCapacity(100)
      map[key] = Counter(numbers: numbers)
    }
    // A copied array has no spare capacity, so growth in place shows in the capacity.
    for key in 0..<50 {
      let capacity = map.mutateValue(forKey: key) { value in
        value.numbers.append(key)
        return value.numbers.capacity
      }
      #expect(capacity ?? 0 >= 100)
    }
  }

  @Test("and an error thrown by a change passes through")
  func throwingMutation() {
    struct Refusal: Error {}
    var map = ascending(50, fanOut: 4)
    #expect(throws: Refusal.self) {
      try map.mutateValue(forKey: 10) { (_: inout Int) throws(Refusal) in throw Refusal() }
    }
    #expect(map == ascending(50, fanOut: 4))
    #expect(map.mutateValue(forKey: 11) { $0 } == nil)
  }
}

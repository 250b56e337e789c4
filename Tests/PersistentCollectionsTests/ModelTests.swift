import PersistentCollections
import Testing

@Suite("A map does what a sorted array does")
struct ModelTests {
  static let fanOuts = [4, 5, 7, 16, 32]

  @Test("under random operations", arguments: fanOuts, 0..<12 as Range<UInt64>)
  func randomOperations(fanOut: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = PersistentMap<Int, Int>(fanOut: fanOut)
    var model = Model<Int, Int>()
    let keys = 20 + random.below(400)
    for step in 0..<1_500 {
      // Phases that mostly grow and phases that mostly shrink, so that trees rise and fall.
      let growing = (step / 250).isMultiple(of: 2)
      let key = random.below(keys)
      let context = "seed \(seed), fan-out \(fanOut), step \(step)"
      switch random.below(10) {
      case 0..<(growing ? 6 : 2):
        #expect(map.updateValue(step, forKey: key) == model.update(step, key), "\(context)")
      case 0..<7:
        #expect(map.removeValue(forKey: key) == model.remove(key), "\(context)")
      case 7:
        let first = map.popFirst()
        #expect(first?.key == model.entries.first?.key, "\(context)")
        if !model.entries.isEmpty { model.entries.removeFirst() }
      case 8:
        let doubled = map.mutateValue(forKey: key) { value in
          value *= 2
          return value
        }
        if let value = model.value(key) { _ = model.update(value * 2, key) }
        #expect(doubled == model.value(key), "\(context)")
      default:
        #expect(map[key] == model.value(key), "\(context)")
      }
      #expect(map.first?.key == model.entries.first?.key, "\(context)")
      #expect(map.last?.key == model.entries.last?.key, "\(context)")
      if step.isMultiple(of: 10) { expectEqual(map, model, context) }
    }
    expectEqual(map, model, "seed \(seed), fan-out \(fanOut), at the end")
  }

  @Test("with strings as keys", arguments: 0..<8 as Range<UInt64>)
  func stringKeys(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var map = PersistentMap<String, String>(fanOut: 6)
    var model = Model<String, String>()
    for step in 0..<600 {
      let key = "namespace-\(random.below(5))/object-\(random.below(40))"
      if random.below(3) > 0 {
        #expect(map.updateValue("\(step)", forKey: key) == model.update("\(step)", key))
      } else {
        map[key] = nil
        _ = model.remove(key)
      }
    }
    expectEqual(map, model, "seed \(seed)")
  }

  @Test("as a log that grows at the end and is dropped from the start", arguments: fanOuts)
  func log(fanOut: Int) {
    var map = PersistentMap<UInt64, Int>(fanOut: fanOut)
    var model = Model<UInt64, Int>()
    for step in 0..<2_000 {
      map.updateValue(step, forKey: UInt64(step))
      model.entries.append((UInt64(step), step))
      if step > 300, !step.isMultiple(of: 7) {
        #expect(map.removeFirst().value == model.entries.removeFirst().value)
      }
      if step.isMultiple(of: 37) { expectEqual(map, model, "fan-out \(fanOut), step \(step)") }
    }
    // A key from the middle may meet nodes at both edges that are nearly empty.
    while let middle = model.entries.dropFirst(model.entries.count / 2).first {
      #expect(map.removeValue(forKey: middle.key) == model.remove(middle.key))
      expectEqual(map, model, "fan-out \(fanOut), \(model.entries.count) left")
    }
    #expect(map.isEmpty && map.first == nil && map.last == nil)
  }

  @Test("down to empty, whatever the end it is emptied from", arguments: fanOuts)
  func emptying(fanOut: Int) {
    for count in [1, fanOut, fanOut + 1, 300] {
      let full = ascending(count, fanOut: fanOut)
      var forwards = full
      var backwards = full
      var popped = full
      for position in 0..<count {
        #expect(forwards.removeValue(forKey: position * 2) == position)
        #expect(backwards.removeValue(forKey: (count - 1 - position) * 2) == count - 1 - position)
        #expect(popped.removeFirst() == (position * 2, position))
        for map in [forwards, backwards, popped] {
          map._checkInvariants()
          #expect(map.count == count - 1 - position)
        }
      }
      #expect(forwards._nodeSizes == [0] && popped._nodeSizes == [0])
      #expect(backwards.popFirst() == nil)
      #expect(full.count == count)
    }
  }

  @Test("in every order of inserting and removing up to six keys")
  func allOrders() {
    for count in 0...6 {
      let orders = permutations(of: count)
      for insertions in orders {
        var full = PersistentMap<Int, Int>(fanOut: 4)
        for key in insertions { full.updateValue(key * 10, forKey: key) }
        full._checkInvariants()
        // The order of removals can only matter through the form of the tree, of which there are
        // few.
        for removals in count < 6 ? orders : [insertions, insertions.reversed()] {
          var map = full
          var left = Set(0..<count)
          for key in removals {
            #expect(map.removeValue(forKey: key) == key * 10)
            left.remove(key)
            map._checkInvariants()
            guard map.map(\.key) == left.sorted() else {
              Issue.record("inserted \(insertions), removed \(removals) up to \(key)")
              return
            }
          }
        }
      }
    }
  }

  @Test("in every order of removing six keys, from every form that six insertions make")
  func allRemovals() {
    var forms: [[Int]: PersistentMap<Int, Int>] = [:]
    let orders = permutations(of: 6)
    for insertions in orders {
      var map = PersistentMap<Int, Int>(fanOut: 4)
      for key in insertions { map.updateValue(key, forKey: key) }
      forms[map._nodeSizes] = map
    }
    for full in forms.values {
      for removals in orders {
        var map = full
        for key in removals {
          #expect(map.removeValue(forKey: key) == key)
          map._checkInvariants()
        }
        #expect(map.isEmpty)
      }
    }
  }
}

import PersistentCollections
import Testing

/// A small generator of pseudo-random numbers, the same for the same seed everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`; the bias does not matter here.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }
}

/// What a map should be: sorted entries in an array, searched from the start.
struct Model<Key: Comparable & Sendable, Value: Equatable & Sendable> {
  var entries: [(key: Key, value: Value)] = []

  func value(_ key: Key) -> Value? {
    entries.first { $0.key == key }?.value
  }

  mutating func update(_ value: Value, _ key: Key) -> Value? {
    let position = entries.firstIndex { $0.key >= key } ?? entries.count
    if position < entries.count, entries[position].key == key {
      defer { entries[position].value = value }
      return entries[position].value
    }
    entries.insert((key, value), at: position)
    return nil
  }

  mutating func remove(_ key: Key) -> Value? {
    guard let position = entries.firstIndex(where: { $0.key == key }) else { return nil }
    return entries.remove(at: position).value
  }
}

/// Compares a map with its model, and checks its tree.
func expectEqual<Key, Value: Equatable>(
  _ map: PersistentMap<Key, Value>,
  _ model: Model<Key, Value>,
  _ context: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  map._checkInvariants()
  let isEqual = map.count == model.entries.count && map.elementsEqual(model.entries, by: ==)
  #expect(isEqual, "\(context())", sourceLocation: sourceLocation)
}

/// All orders of `0..<count`.
func permutations(of count: Int) -> [[Int]] {
  guard count > 0 else { return [[]] }
  return permutations(of: count - 1).flatMap { shorter in
    (0...shorter.count).map { position in
      var longer = shorter
      longer.insert(count - 1, at: position)
      return longer
    }
  }
}

/// A map of `count` even keys, so that there is a gap beside each.
func ascending(_ count: Int, fanOut: Int) -> PersistentMap<Int, Int> {
  PersistentMap(sortedElements: (0..<count).map { (key: $0 * 2, value: $0) }, fanOut: fanOut)
}

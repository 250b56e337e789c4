/// A small random generator whose numbers are a function of its seed.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
  /// The state; a generator made from it goes on with the same numbers.
  public private(set) var state: UInt64

  /// A generator with this seed.
  public init(state: UInt64) { self.state = state }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number below `bound`.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "there is no number below 0")
    // The high half of the product is uniform enough for bounds that are far below 2^64.
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Whether something that happens once in `odds` times happens now.
  public mutating func once(in odds: Int) -> Bool { odds > 0 && next(below: odds) == 0 }
}

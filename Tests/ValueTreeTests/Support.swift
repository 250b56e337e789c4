// swift-format-ignore-file: NeverForceUnwrap, NeverUseForceTry
import Testing
import ValueTree

/// Reads JSON or traps: for texts that a test takes for granted.
func json(_ text: String) -> Value {
  var reader = JSONReader()
  return try! reader.read(text)
}

/// Reads bytes that need not be UTF-8.
func read(_ bytes: [UInt8], depth: Int = 1_000) throws(JSONError) -> Value {
  var reader = JSONReader(limits: JSONLimits(depth: depth))
  return try reader.read(bytes)
}

/// A generator of random numbers that gives the same ones for the same seed everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func chance(_ one: Int) -> Bool { below(one) == 0 }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}

/// A hash that is the same in every process, on every machine and in every version.
///
/// `Hasher` is seeded per process; what can be seen (traces, identities, state hashes) uses this.
public struct StableHash: Sendable, Hashable {
  /// The hash so far.
  @inlinable public var value: UInt64 { state }
  @usableFromInline var state: UInt64

  /// An empty hash.
  @inlinable
  public init(seed: UInt64 = 0) { state = seed ^ 0xA076_1D64_78BD_642F }

  /// Adds a number.
  @inlinable
  public mutating func combine(_ word: UInt64) {
    state = Self.mixed(state, word)
  }

  /// Adds a number.
  @inlinable
  public mutating func combine(_ number: Int) { combine(UInt64(bitPattern: Int64(number))) }

  /// Adds a text by its UTF-8 bytes and their number.
  public mutating func combine(_ text: String) {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    var count: UInt64 = 0
    for byte in text.utf8 {
      word |= UInt64(byte) << shift
      shift += 8
      count += 1
      if shift == 64 {
        combine(word)
        word = 0
        shift = 0
      }
    }
    if shift > 0 { combine(word) }
    combine(count ^ 0xE703_7ED1_A0B4_28DB)
  }

  @inlinable
  static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low &+ (word &* 0xD6E8_FEB8_6659_FD93)
  }
}

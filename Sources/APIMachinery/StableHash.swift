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

  /// Adds a text by its UTF-8 bytes, eight to a word, and their number.
  public mutating func combine(_ text: String) {
    // A short text lies in its own words; this looks at them without a copy on the heap.
    var text = text
    text.withUTF8 { bytes in
      let count = bytes.count
      let raw = UnsafeRawBufferPointer(bytes)
      var offset = 0
      while offset &+ 8 <= count {
        combine(
          UInt64(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset &+= 8
      }
      if offset < count {
        var word: UInt64 = 0
        for index in stride(from: count &- 1, through: offset, by: -1) {
          word = unsafe word << 8 | UInt64(raw[index])
        }
        combine(word)
      }
      combine(UInt64(count) ^ 0xE703_7ED1_A0B4_28DB)
    }
  }

  @inlinable
  static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return (product.high ^ product.low) &+ (word &* 0xD6E8_FEB8_6659_FD93)
  }
}

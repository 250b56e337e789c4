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
    // Inlined, as the span of a text is not; a text without storage of its own has at least a span.
    let start = state
    let hash = unsafe text.utf8.withContiguousStorageIfAvailable {
      unsafe Self.hash(start, $0.span.bytes)
    }
    state = hash ?? Self.hash(start, unsafe text.utf8Span.span.bytes)
  }

  /// Adds five texts as the one that they are together, which is not made for it.
  mutating func combine(
    joining first: String, _ second: String, _ third: String, _ fourth: String, _ fifth: String
  ) {
    let start = state
    let count =
      first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count
      + fifth.utf8.count
    state = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { buffer in
      var end = unsafe first.copy(to: buffer, at: 0)
      unsafe end = second.copy(to: buffer, at: end)
      unsafe end = third.copy(to: buffer, at: end)
      unsafe end = fourth.copy(to: buffer, at: end)
      unsafe end = fifth.copy(to: buffer, at: end)
      return unsafe Self.hash(start, RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer)))
    }
  }

  @inline(__always)
  private static func hash(_ state: UInt64, _ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    var hash = state
    var offset = 0
    // SAFETY: what is loaded lies within the text, by the conditions.
    while offset &+ 8 <= count {
      hash = Self.mixed(
        hash, unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
      )
      offset &+= 8
    }
    let rest = count &- offset
    if rest > 0 {
      let word: UInt64
      if count >= 8 {
        // The last eight bytes; those that have been taken already are shifted out.
        let last = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        word = last.littleEndian &>> UInt64((8 &- rest) &* 8)
      } else {
        word = Self.shortWord(bytes)
      }
      hash = Self.mixed(hash, word)
    }
    return Self.mixed(hash, UInt64(count) ^ 0xE703_7ED1_A0B4_28DB)
  }

  /// One to seven bytes as a word, read in pieces that may overlap.
  @inline(__always)
  private static func shortWord(_ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    if count >= 4 {
      let low = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
      let high = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
      return UInt64(low.littleEndian) | UInt64(high.littleEndian) &<< UInt64((count &- 4) &* 8)
    }
    let first = unsafe UInt64(bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
    let middle = unsafe UInt64(bytes.unsafeLoad(fromByteOffset: count &>> 1, as: UInt8.self))
    let last = unsafe UInt64(bytes.unsafeLoad(fromByteOffset: count &- 1, as: UInt8.self))
    return first | middle &<< UInt64((count &>> 1) &* 8) | last &<< UInt64((count &- 1) &* 8)
  }

  @inlinable
  static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return (product.high ^ product.low) &+ (word &* 0xD6E8_FEB8_6659_FD93)
  }
}

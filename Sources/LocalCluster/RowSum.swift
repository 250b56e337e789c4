/// A checksum over what a row holds.
///
/// SQLite finds pages that are out of shape, not bytes that have changed; this does. It is part of the file's
/// format and never changes, which is why the house's own hash is not used.
struct RowSum {
  private(set) var value: UInt64 = 0x6472_7964_6F63_6B31

  mutating func add(_ word: UInt64) {
    let mixed = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value = mixed ^ (mixed >> 29)
  }

  mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

  /// Adds bytes, eight to a word, and their number.
  mutating func add(_ bytes: RawSpan) {
    var offset = 0
    while offset + 8 <= bytes.byteCount {
      add(
        UInt64(
          littleEndian: unsafe bytes.unsafeLoadUnaligned(
            fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.byteCount {
      rest |= UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) << shift
      offset += 1
      shift += 8
    }
    add(rest)
    add(UInt64(bytes.byteCount))
  }
}

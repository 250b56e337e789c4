/// A growing run of bytes that a printer or a decoder fills; every access is checked against the bounds.
///
/// An array would do, at the price of a uniqueness check a byte.
@safe struct ByteBuffer: ~Copyable {
  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0

  init(minimumCapacity: Int) {
    capacity = Swift.max(64, minimumCapacity)
    unsafe storage = .allocate(byteCount: capacity, alignment: 8)
  }

  deinit { unsafe storage.deallocate() }

  mutating func removeAll() { count = 0 }

  /// Makes room for `more` bytes.
  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if more > capacity - count { grow(by: more) }
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    let newCapacity = Swift.max(count + more, capacity * 2)
    let bigger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 8)
    unsafe bigger.copyMemory(from: storage, byteCount: count)
    unsafe storage.deallocate()
    unsafe storage = bigger
    capacity = newCapacity
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    // SAFETY: `reserve` has made room for what is written, here and below.
    unsafe storage.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func append(_ text: StaticString) {
    let size = text.utf8CodeUnitCount
    reserve(size)
    text.withUTF8Buffer { source in
      guard let base = source.baseAddress else { return }
      unsafe (storage + count).copyMemory(from: base, byteCount: size)
    }
    count += size
  }

  mutating func append(utf8 text: String) {
    for byte in text.utf8 { append(byte) }
  }

  mutating func append(repeating byte: UInt8, count size: Int) {
    for _ in 0..<size { append(byte) }
  }

  /// Appends bytes of `bytes`.
  mutating func append(_ bytes: RawSpan, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount)
    reserve(range.count)
    unsafe bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe (storage + count).copyMemory(
        from: base + range.lowerBound, byteCount: range.count)
    }
    count += range.count
  }

  /// Appends a text of `size` bytes that is packed in words.
  @inline(__always)
  mutating func append(_ words: Span<UInt64>, from start: Int, count size: Int) {
    let packed = packedWords(size)
    // Whole words are written: what follows the text is written over by what comes next.
    reserve(packed * 8)
    for offset in 0..<packed {
      unsafe storage.storeBytes(
        of: words[start + offset], toByteOffset: count + offset * 8, as: UInt64.self)
    }
    count += size
  }

  /// Appends the decimal digits of a number.
  mutating func appendDigits(of number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    var digits = 1
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    reserve(digits)
    rest = number.magnitude
    for place in stride(from: digits - 1, through: 0, by: -1) {
      let digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      unsafe storage.storeBytes(of: digit, toByteOffset: count + place, as: UInt8.self)
      rest /= 10
    }
    count += digits
  }

  @inline(__always)
  func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: storage, count: count)
    return unsafe body(bytes.bytes)
  }

  /// The bytes as an array of exactly that size.
  func array() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      unsafe UnsafeMutableRawBufferPointer(target).copyMemory(
        from: UnsafeRawBufferPointer(start: storage, count: count))
      initialized = count
    }
  }
}

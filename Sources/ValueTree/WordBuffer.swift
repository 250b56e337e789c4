/// A growing run of words that a builder fills and then copies out at its exact size.
///
/// An array would do, at the price of a uniqueness check a word; every access here is still checked
/// against the bounds.
@safe struct WordBuffer: ~Copyable {
  private var storage: UnsafeMutablePointer<UInt64>
  private var capacity: Int
  private(set) var count = 0

  init(minimumCapacity: Int) {
    capacity = minimumCapacity
    unsafe storage = .allocate(capacity: capacity)
  }

  deinit { unsafe storage.deallocate() }

  subscript(index: Int) -> UInt64 {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "word index out of range")
      return unsafe storage[index]
    }
    @inline(__always) set {
      precondition(index >= 0 && index < count, "word index out of range")
      unsafe storage[index] = newValue
    }
  }

  /// All words, for reading.
  @inline(__always)
  func withSpan<Result>(_ body: (Span<UInt64>) -> Result) -> Result {
    let words = unsafe UnsafeBufferPointer(start: storage, count: count)
    return unsafe body(words.span)
  }

  @inline(__always)
  mutating func append(_ word: UInt64) {
    reserve(1)
    // SAFETY: `reserve` has made room for what is written, here and below.
    unsafe storage[count] = word
    count += 1
  }

  mutating func append(_ words: Span<UInt64>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= words.count)
    reserve(range.count)
    unsafe words.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe (storage + count).update(from: base + range.lowerBound, count: range.count)
    }
    count += range.count
  }

  /// Packs `length` bytes of `bytes` from `start`.
  @inline(__always)
  mutating func appendText(_ bytes: RawSpan, from start: Int, count length: Int) {
    precondition(start >= 0 && length >= 0 && start <= bytes.byteCount - length)
    reserve(packedWords(length))
    var offset = 0
    while offset + 8 <= length {
      unsafe storage[count] = bytes.word(start + offset)
      count += 1
      offset += 8
    }
    if offset < length {
      var word: UInt64 = 0
      if start + offset + 8 <= bytes.byteCount {
        // The bytes behind the text are there to be read; they are masked off.
        word = bytes.word(start + offset) & (1 << UInt64((length - offset) * 8) - 1)
      } else {
        for index in stride(from: length - 1, through: offset, by: -1) {
          word = word << 8 | UInt64(bytes.byte(start + index))
        }
      }
      unsafe storage[count] = word
      count += 1
    }
  }

  mutating func removeLast(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count)
    count = newCount
  }

  /// The words from `start` to the end, as storage of exactly that size.
  func copy(from start: Int = 0) -> Words {
    precondition(start >= 0 && start <= count)
    let size = count - start
    var words = Words()
    words.reserveCapacity(size)
    unsafe words.append(contentsOf: UnsafeBufferPointer(start: storage + start, count: size))
    return words
  }

  /// Replaces the words from `start` on by those of `other`, of which there are as many.
  mutating func overwrite(from start: Int, with other: borrowing WordBuffer) {
    precondition(start >= 0 && start + other.count == count)
    unsafe (storage + start).update(from: other.storage, count: other.count)
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if more > capacity - count { grow(by: more) }
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    let newCapacity = Swift.max(count + more, capacity * 2, 16)
    let bigger = UnsafeMutablePointer<UInt64>.allocate(capacity: newCapacity)
    unsafe bigger.initialize(from: storage, count: count)
    unsafe storage.deallocate()
    unsafe storage = bigger
    capacity = newCapacity
  }
}

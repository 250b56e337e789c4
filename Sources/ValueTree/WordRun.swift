/// Words of a number known before, written from front to back into the storage of a value.
@safe struct WordRun: ~Copyable {
  private let storage: UnsafeMutableBufferPointer<UInt64>
  private let size: Int
  private var count = 0

  private init(_ storage: UnsafeMutableBufferPointer<UInt64>) {
    unsafe self.storage = storage
    size = storage.count
  }

  /// Makes storage of `count` words.
  ///
  /// - Precondition: `write` appends exactly as many.
  static func make(count: Int, _ write: (inout WordRun) -> Void) -> Words {
    // The initialiser for storage without content looks its type up each time, which costs more than the zeros.
    var words = Words()
    words.reserveCapacity(count)
    words.append(contentsOf: repeatElement(0, count: count))
    unsafe words.withUnsafeMutableBufferPointer { target in
      var run = unsafe WordRun(target)
      write(&run)
      precondition(run.count == count, "the run is not complete")
    }
    return words
  }

  @inline(__always)
  mutating func append(_ word: UInt64) {
    precondition(count < size)
    // SAFETY: there is room for it by the line above, here and below.
    unsafe storage[count] = word
    count += 1
  }

  @inline(__always)
  mutating func append(_ source: Span<UInt64>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    precondition(range.count <= size - count)
    unsafe source.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress, let to = unsafe storage.baseAddress else { return }
      unsafe (to + count).initialize(from: from + range.lowerBound, count: range.count)
    }
    count += range.count
  }

  /// Packs a text.
  @inline(__always)
  mutating func appendText(_ text: String) {
    let bytes = unsafe text.utf8Span.span.bytes
    let words = packedWords(bytes.byteCount)
    if words == 0 { return }
    precondition(words <= size - count)
    // What the text leaves of its last word is zero.
    unsafe storage[count + words - 1] = 0
    unsafe bytes.withUnsafeBytes { source in
      guard let to = unsafe storage.baseAddress else { return }
      unsafe UnsafeMutableRawBufferPointer(start: to + count, count: words * 8)
        .copyMemory(from: source)
    }
    count += words
  }

  /// Corrects the length of the collection at `node`, which has been written.
  mutating func addToLength(of node: Int, _ delta: Int) {
    precondition(node >= 0 && node < count)
    let header = unsafe storage[node]
    unsafe storage[node] = Header.settingLength(header, Header.length(header) + delta)
  }
}

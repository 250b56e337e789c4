/// Words of a number known before, written from front to back and handed over without a copy.
struct WordRun: ~Copyable {
  private var words: Words
  private let size: Int

  init(count: Int) {
    words = Words()
    words.reserveCapacity(count)
    size = count
  }

  @inline(__always)
  mutating func append(_ word: UInt64) { words.append(word) }

  @inline(__always)
  mutating func append(_ source: Span<UInt64>, _ range: Range<Int>) {
    unsafe source.extracting(range).withUnsafeBufferPointer {
      unsafe words.append(contentsOf: $0)
    }
  }

  /// Corrects the length of the collection at `node`.
  mutating func addToLength(of node: Int, _ delta: Int) {
    words[node] = Header.settingLength(words[node], Header.length(words[node]) + delta)
  }

  consuming func finish() -> Words {
    precondition(words.count == size, "the run is not complete")
    return words
  }
}

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
    unsafe Words(unsafeUninitializedCapacity: count) { target, initialized in
      var run = unsafe WordRun(UnsafeMutableBufferPointer(rebasing: target[..<count]))
      write(&run)
      precondition(run.count == count, "the run is not complete")
      initialized = count
    }
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

  /// Corrects the length of the collection at `node`, which has been written.
  mutating func addToLength(of node: Int, _ delta: Int) {
    precondition(node >= 0 && node < count)
    let header = unsafe storage[node]
    unsafe storage[node] = Header.settingLength(header, Header.length(header) + delta)
  }
}

extension Value: Hashable {
  /// Whether two values are equal; members of maps have no order, and `1.0` is `1`.
  ///
  /// - Complexity: O(size), a comparison of memory.
  public static func == (left: Value, right: Value) -> Bool {
    let a = left.words.span
    let b = right.words.span
    let header = a[left.node]
    let other = b[right.node]
    guard Header.withoutKey(header) == Header.withoutKey(other) else { return false }
    let count = Header.contentCount(header)
    if count == 0 { return true }
    let leftStart = a.contentStart(left.node, header)
    let rightStart = b.contentStart(right.node, other)
    return areEqual(
      a.extracting(leftStart..<leftStart + count), b.extracting(rightStart..<rightStart + count))
  }

  /// Feeds the content hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(contentHash) }

  /// A hash of the content that is the same in every process, on every machine and in every version.
  ///
  /// - Complexity: O(size).
  public var contentHash: UInt64 {
    let span = words.span
    let header = span[node]
    let keys = KeyTable.shared.hashes
    let hash = span.contentHash(header, span.contentStart(node, header), keys: keys.span)
    return mix(hash, 0)
  }
}

/// Whether two runs of words of one length are equal: eight at a time, so that the compiler uses wide
/// registers, with an early end for values that differ.
private func areEqual(_ left: Span<UInt64>, _ right: Span<UInt64>) -> Bool {
  precondition(left.count == right.count)
  // SAFETY: every index is below the common count.
  return unsafe left.withUnsafeBufferPointer { left in
    unsafe right.withUnsafeBufferPointer { right in
      guard let a = left.baseAddress, let b = right.baseAddress else { return true }
      if unsafe a == b { return true }
      let count = left.count
      var at = 0
      while at + 8 <= count {
        var difference: UInt64 = 0
        for offset in 0..<8 { unsafe difference |= a[at + offset] ^ b[at + offset] }
        if difference != 0 { return false }
        at += 8
      }
      while at < count {
        if unsafe a[at] != b[at] { return false }
        at += 1
      }
      return true
    }
  }
}

extension Span where Element == UInt64 {
  /// The hash of a node before the last mixing, made from text and numbers, never from a key's number in
  /// the table.
  @inline(__always)
  func contentHash(_ header: UInt64, _ content: Int, keys: Span<UInt64>) -> UInt64 {
    Header.tag(header) < Tag.list
      ? leafHash(header, content) : collectionHash(header, content, keys: keys)
  }

  /// A leaf's header and content have one form, so they are hashed as they are.
  @inline(__always)
  private func leafHash(_ header: UInt64, _ content: Int) -> UInt64 {
    hashWords(
      self, content..<content + Header.contentCount(header),
      from: hashSeed(0) ^ Header.withoutKey(header))
  }

  /// A collection's length depends on the table, so it takes no part.
  private func collectionHash(
    _ header: UInt64, _ content: Int, keys: Span<UInt64>
  ) -> UInt64 {
    // A sum, so that the processor need not wait for one child before it begins the next. Each term is
    // mixed twice: after one round, opposite changes of two numbers might cancel out.
    var sum = hashSeed(Int(Header.tag(header)))
    var place: UInt64 = 0
    var next = content
    let end = content + Header.length(header)
    while next < end {
      let header = self[next]
      let key = Header.key(header)
      var start = next + 1
      if key == Header.inlineKey {
        let count = Int(self[next + 1])
        place = hashText(self, next + 2, count)
        start = next + 2 + packedWords(count)
      } else if key == Header.noKey {
        place &+= 0x9FB2_1C65_1E98_DF25
      } else {
        place = keys[Int(key)]
      }
      let child = contentHash(header, start, keys: keys)
      sum &+= mix(mix(place, child), hashSeed(0))
      next = start + Header.contentCount(header)
    }
    return mix(sum, 1)
  }
}

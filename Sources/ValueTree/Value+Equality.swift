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

  /// Whether both are the same part of the same storage, and so equal without a look at it.
  public func isIdentical(to other: Value) -> Bool {
    guard node == other.node else { return false }
    return unsafe words.withUnsafeBufferPointer { own in
      unsafe other.words.withUnsafeBufferPointer { unsafe own.baseAddress == $0.baseAddress }
    }
  }

  /// Whether two maps are equal but for some of their members.
  ///
  /// - Complexity: O(size), a comparison of memory.
  public func isEqual(to other: Value, butFor keys: [Key]) -> Bool {
    guard isMap, other.isMap else { return self == other }
    if isIdentical(to: other) { return true }
    let a = words.span
    let b = other.words.span
    var (mine, end) = a.children(node)
    var (theirs, otherEnd) = b.children(other.node)
    // Members stand in the order of their keys, so what is equal is equal step by step.
    while true {
      while mine < end, a.isMember(at: mine, oneOf: keys) { mine = a.end(mine) }
      while theirs < otherEnd, b.isMember(at: theirs, oneOf: keys) { theirs = b.end(theirs) }
      guard mine < end, theirs < otherEnd else { return mine == end && theirs == otherEnd }
      let next = a.end(mine)
      let otherNext = b.end(theirs)
      // Equal members have equal words, those of their keys among them.
      guard next - mine == otherNext - theirs,
        areEqual(a.extracting(mine..<next), b.extracting(theirs..<otherNext))
      else { return false }
      mine = next
      theirs = otherNext
    }
  }

  /// Feeds the content hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(contentHash) }

  /// A hash of the content that is the same in every process, on every machine and in every version.
  ///
  /// - Complexity: O(size).
  public var contentHash: UInt64 {
    let span = words.span
    let content = span.contentStart(node)
    precondition(content + Header.contentCount(span[node]) <= span.count)
    // SAFETY: the content of the node lies within the words by the line above, and that of the nodes below lies within
    // it, as builders and readers see to.
    let hash = unsafe span.withUnsafeBufferPointer { words in
      unsafe KeyTable.shared.hashes.withUnsafeBufferPointer { keys in
        guard let words = words.baseAddress, let keys = keys.baseAddress else { return UInt64(0) }
        return unsafe treeHash(words[node], words + content, keys)
      }
    }
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
  /// Whether the member at `node` has one of these keys.
  fileprivate func isMember(at node: Int, oneOf keys: [Key]) -> Bool {
    for index in keys.indices where compareKey(at: node, to: keys[index]) == 0 { return true }
    return false
  }
}

/// The hash of a node before the last mixing, made from text and numbers, never from a key's number in the table.
@inline(__always)
private func treeHash(
  _ header: UInt64, _ content: UnsafePointer<UInt64>, _ keys: UnsafePointer<UInt64>
) -> UInt64 {
  unsafe Header.tag(header) < Tag.list
    ? leafHash(header, content, Header.contentCount(header))
    : collectionHash(header, content, keys)
}

/// A leaf's header and content have one form, so they are hashed as they are.
@inline(__always)
private func leafHash(_ header: UInt64, _ content: UnsafePointer<UInt64>, _ count: Int) -> UInt64 {
  unsafe wordsHash(content, count, from: hashSeed(0) ^ Header.withoutKey(header))
}

@inline(__always)
private func wordsHash(
  _ words: UnsafePointer<UInt64>, _ count: Int, from seed: UInt64
) -> UInt64 {
  var hash = seed
  var index = 0
  while index < count {
    hash = mix(hash, unsafe words[index])
    index &+= 1
  }
  return hash
}

/// A collection's length depends on the table, so it takes no part.
private func collectionHash(
  _ header: UInt64, _ content: UnsafePointer<UInt64>, _ keys: UnsafePointer<UInt64>
) -> UInt64 {
  // A sum, so that the processor need not wait for one child before it begins the next. Each term is
  // mixed twice: after one round, opposite changes of two numbers might cancel out.
  var sum = hashSeed(Int(Header.tag(header)))
  var place: UInt64 = 0
  var next = unsafe content
  let end = unsafe content + Header.length(header)
  while unsafe next < end {
    let header = unsafe next.pointee
    let key = Header.key(header)
    var start = unsafe next + 1
    if key == Header.inlineKey {
      let count = unsafe Int(truncatingIfNeeded: start.pointee)
      place = unsafe wordsHash(start + 1, packedWords(count), from: hashSeed(count))
      unsafe start += 1 + packedWords(count)
    } else if key == Header.noKey {
      place &+= 0x9FB2_1C65_1E98_DF25
    } else {
      place = unsafe keys[Int(truncatingIfNeeded: key)]
    }
    let count = Header.contentCount(header)
    let child =
      unsafe Header.tag(header) < Tag.list
      ? leafHash(header, start, count) : collectionHash(header, start, keys)
    sum &+= mix(mix(place, child), hashSeed(0))
    unsafe next = start + count
  }
  return mix(sum, 1)
}

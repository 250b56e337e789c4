extension Value {
  /// Looks at the bytes of this string where they lie; nil for another kind.
  ///
  /// For checks that are made at every write: `string` makes a text first.
  public func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    let span = words.span
    let header = span[node]
    guard Header.tag(header) == Tag.string else { return nil }
    return span.withText(at: span.contentStart(node, header), Header.length(header), body)
  }

  /// Whether this is the string `text`.
  public func isText(_ text: String) -> Bool {
    let bytes = unsafe text.utf8Span.span.bytes
    return words.span.isText(at: node, bytes)
  }

  /// Whether one of the elements of this list is the string `text`.
  public func containsText(_ text: String) -> Bool {
    let span = words.span
    guard Header.tag(span[node]) == Tag.list else { return false }
    let bytes = unsafe text.utf8Span.span.bytes
    var (element, end) = span.children(node)
    while element < end {
      if span.isText(at: element, bytes) { return true }
      element = span.end(element)
    }
    return false
  }

  /// Whether the keys and strings of all members of this map are as `isGood` says, which sees their bytes.
  ///
  /// A member that is no string is not.
  public func membersSatisfy(_ isGood: (_ key: Span<UInt8>, _ text: Span<UInt8>) -> Bool) -> Bool {
    let span = words.span
    guard Header.tag(span[node]) == Tag.map else { return true }
    var (member, end) = span.children(node)
    while member < end {
      let header = span[member]
      let content = span.contentStart(member, header)
      guard Header.tag(header) == Tag.string else { return false }
      let field = Header.key(header)
      let length = Header.length(header)
      let isMemberGood =
        if field == Header.inlineKey {
          span.withText(at: member + 2, Int(span[member + 1])) { key in
            span.withText(at: content, length) { isGood(key, $0) }
          }
        } else {
          KeyTable.shared.withText(field) { key in
            span.withText(at: content, length) { isGood(key, $0) }
          }
        }
      guard isMemberGood else { return false }
      member = content + Header.contentCount(header)
    }
    return true
  }
}

extension Span where Element == UInt64 {
  /// Whether the node at `node` is a string of these bytes.
  fileprivate func isText(at node: Int, _ text: RawSpan) -> Bool {
    let header = self[node]
    let count = text.byteCount
    guard Header.tag(header) == Tag.string, Header.length(header) == count else { return false }
    let start = contentStart(node, header)
    precondition(packedWords(count) <= self.count - start)
    // SAFETY: the packed text lies within the span by the line above, and every offset below lies within it.
    return unsafe withUnsafeBytes { words in
      unsafe text.withUnsafeBytes { bytes in
        guard let own = words.baseAddress, let other = bytes.baseAddress else { return count == 0 }
        var offset = 0
        while offset &+ 8 <= count {
          let word = unsafe own.load(fromByteOffset: start * 8 + offset, as: UInt64.self)
          if unsafe word != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) {
            return false
          }
          offset &+= 8
        }
        while offset < count {
          if unsafe own.load(fromByteOffset: start * 8 + offset, as: UInt8.self)
            != other.load(fromByteOffset: offset, as: UInt8.self)
          {
            return false
          }
          offset &+= 1
        }
        return true
      }
    }
  }

  /// Looks at `count` bytes packed from `start`.
  func withText<Result>(at start: Int, _ count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    precondition(start >= 0 && count >= 0 && packedWords(count) <= self.count - start)
    // SAFETY: the bytes lie within the span by the line above.
    return unsafe withUnsafeBytes { raw in
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: raw[start * 8..<start * 8 + count])
      return unsafe body(Span<UInt8>(_unsafeBytes: bytes))
    }
  }
}

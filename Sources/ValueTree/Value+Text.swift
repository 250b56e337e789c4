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
    let other = text.utf8Span.span
    return withText { bytes in
      guard bytes.count == other.count else { return false }
      for index in bytes.indices where bytes[index] != other[index] { return false }
      return true
    } ?? false
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

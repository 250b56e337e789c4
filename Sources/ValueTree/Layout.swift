// The flat form of a value tree: one array of words, nodes in preorder.
//
//   header   tag 8 bits | key 24 bits | length 32 bits
//   key      only when the key field is `inlineKey`: byte length, then the text
//   content  by tag: nothing, one number word, packed text, or the child nodes
//
// Text is packed eight bytes to a word, little-endian, zero-padded. Map members stand in the order of
// their keys' UTF-8 bytes and every number has one form, so equal values have equal words.

/// The storage of a value tree.
@usableFromInline typealias Words = ContiguousArray<UInt64>

/// The kinds of node that the layout tells apart; `Value.Kind` is what callers see.
@usableFromInline
enum Tag {
  @usableFromInline static let null: UInt64 = 0
  @usableFromInline static let `false`: UInt64 = 1
  @usableFromInline static let `true`: UInt64 = 2
  /// An integer that fits 32 bits: it stands in the length field.
  @usableFromInline static let smallInt: UInt64 = 3
  /// The number stands in one content word, and the length field is 1.
  @usableFromInline static let int: UInt64 = 4
  @usableFromInline static let double: UInt64 = 5
  /// The length field counts bytes.
  @usableFromInline static let string: UInt64 = 6
  /// The length field counts the words of all elements.
  @usableFromInline static let list: UInt64 = 7
  /// The length field counts the words of all members.
  @usableFromInline static let map: UInt64 = 8
}

@usableFromInline
enum Header {
  /// The key field of a node that is no map member.
  @usableFromInline static let noKey: UInt64 = 0
  /// The key field of a member whose key's text follows the header.
  @usableFromInline static let inlineKey: UInt64 = 0xFF_FFFF

  /// A header; a length that its 32 bits cannot hold traps, for cut short it would be another value.
  @inlinable
  static func make(_ tag: UInt64, key: UInt64 = noKey, length: Int = 0) -> UInt64 {
    tag | key << 8 | UInt64(UInt32(length)) << 32
  }

  @inlinable
  static func tag(_ header: UInt64) -> UInt64 { header & 0xFF }

  @inlinable
  static func key(_ header: UInt64) -> UInt64 { header >> 8 & 0xFF_FFFF }

  @inlinable
  static func length(_ header: UInt64) -> Int { Int(header >> 32) }

  /// The header without its key: what two values that stand under different keys have in common.
  @inlinable
  static func withoutKey(_ header: UInt64) -> UInt64 { header & ~(0xFF_FFFF << 8) }

  @inlinable
  static func settingKey(_ header: UInt64, _ key: UInt64) -> UInt64 {
    withoutKey(header) | key << 8
  }

  @inlinable
  static func settingLength(_ header: UInt64, _ length: Int) -> UInt64 {
    header & 0xFFFF_FFFF | UInt64(UInt32(length)) << 32
  }

  /// The number of content words behind a header.
  ///
  /// Walking over siblings asks this of every node, so it is arithmetic rather than a switch that the
  /// processor would have to guess: the length, rounded up to words for a string, and shifted out of sight
  /// where the field holds a number or nothing.
  @inlinable @inline(__always)
  static func contentCount(_ header: UInt64) -> Int {
    let tag = tag(header)
    let shift: UInt64 = tag == Tag.string ? 3 : tag >= Tag.int ? 0 : 32
    let rounding: UInt64 = tag == Tag.string ? 7 : 0
    return Int((header >> 32 &+ rounding) >> shift)
  }
}

/// The number of words that `count` bytes of text take.
@inlinable
func packedWords(_ count: Int) -> Int { (count + 7) >> 3 }

#if _endian(big)
  #error("text is read where it lies, so words must be little-endian")
#endif

extension Span where Element == UInt64 {
  /// Where the content of the node at `node` begins.
  @inlinable @inline(__always)
  func contentStart(_ node: Int) -> Int { contentStart(node, self[node]) }

  @inlinable @inline(__always)
  func contentStart(_ node: Int, _ header: UInt64) -> Int {
    Header.key(header) == Header.inlineKey
      ? node + 2 + packedWords(Int(self[node + 1])) : node + 1
  }

  /// One past the last word of the node at `node`: where its next sibling stands.
  @inlinable
  func end(_ node: Int) -> Int {
    let header = self[node]
    return contentStart(node, header) + Header.contentCount(header)
  }

  /// Where the children of the list or map at `node` stand.
  @inlinable
  func children(_ node: Int) -> (start: Int, end: Int) {
    let header = self[node]
    let start = contentStart(node, header)
    return (start, start + Header.length(header))
  }

  /// The element at `index` of the list at `list`.
  @usableFromInline
  func element(of list: Int, _ index: Int) -> Int? {
    guard index >= 0 else { return nil }
    var (next, end) = children(list)
    var left = index
    while next < end {
      if left == 0 { return next }
      left -= 1
      next = self.end(next)
    }
    return nil
  }

  /// The text of `count` bytes packed from `start`.
  @usableFromInline
  func text(at start: Int, count: Int) -> String {
    guard count > 0 else { return "" }
    precondition(start >= 0 && packedWords(count) <= self.count - start)
    // SAFETY: the bytes lie within the span by the line above.
    return unsafe withUnsafeBytes { raw in
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: raw[start * 8..<start * 8 + count])
      return unsafe String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension Words {
  /// Where the content of the node at `node` begins.
  @inlinable
  func contentStart(_ node: Int) -> Int { span.contentStart(node) }

  /// One past the last word of the node at `node`.
  @inlinable
  func end(_ node: Int) -> Int { span.end(node) }
}

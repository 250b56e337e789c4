/// The key of a map member: an interned field name, or any other text.
///
/// Keys order by the bytes of their UTF-8 text, as Go sorts map keys when it prints JSON.
/// Make a key once and keep it; looking its text up is the costly part.
public struct Key: Sendable, Hashable {
  /// The number in the key table, 0 for text that is not in it.
  let id: UInt64
  /// The packed text, empty for an interned key.
  let words: Words
  /// The length of the text in bytes.
  let byteCount: Int

  /// The key with this text.
  public init(_ text: String) {
    var copy = text
    let packed = copy.withUTF8 { unsafe pack($0) }
    let count = text.utf8.count
    let id = KeyTable.shared.id(of: packed, count: count)
    self.id = id
    self.words = id == 0 ? packed : []
    self.byteCount = count
  }

  init(id: UInt64) {
    self.id = id
    self.words = []
    self.byteCount = KeyTable.shared.text(id).count
  }

  init(words: Words, byteCount: Int) {
    self.id = 0
    self.words = words
    self.byteCount = byteCount
  }

  /// The text of the key.
  public var text: String {
    id == 0 ? words.text(at: 0, count: byteCount) : KeyTable.shared.name(id)
  }

  /// The same for equal keys in every process and version.
  var contentHash: UInt64 {
    id == 0 ? hashText(words, 0, byteCount) : KeyTable.shared.hash(id)
  }

  /// The key field of a header for this key.
  var field: UInt64 { id == 0 ? Header.inlineKey : id }

  /// The words that a member under this key needs between its header and its content.
  var inlineWords: Int { id == 0 ? 1 + words.count : 0 }
}

extension Key: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension Key: CustomStringConvertible {
  public var description: String { text }
}

extension Key: Comparable {
  public static func < (left: Key, right: Key) -> Bool {
    if left.id != 0 {
      if right.id != 0 { return left.id < right.id }
      return KeyTable.shared.compare(left.id, to: right.words, 0, right.byteCount) < 0
    }
    if right.id != 0 {
      return KeyTable.shared.compare(right.id, to: left.words, 0, left.byteCount) > 0
    }
    return compareText(left.words, 0, left.byteCount, right.words, 0, right.byteCount) < 0
  }
}

extension Words {
  /// The key of the member at `node`.
  func key(at node: Int) -> Key {
    let field = Header.key(self[node])
    if field != Header.inlineKey { return Key(id: field) }
    let count = Int(self[node + 1])
    return Key(
      words: Words(self[node + 2..<node + 2 + packedWords(count)]), byteCount: count)
  }

  /// Orders the key of the member at `node` against `key`.
  func compareKey(at node: Int, to key: borrowing Key) -> Int {
    let field = Header.key(self[node])
    if field != Header.inlineKey {
      if key.id != 0 { return Int(field) - Int(key.id) }
      return KeyTable.shared.compare(field, to: key.words, 0, key.byteCount)
    }
    let count = Int(self[node + 1])
    if key.id != 0 { return -KeyTable.shared.compare(key.id, to: self, node + 2, count) }
    return compareText(self, node + 2, count, key.words, 0, key.byteCount)
  }

  /// The member of the map at `map` whose key is `key`.
  func member(of map: Int, _ key: borrowing Key) -> Int? {
    var node = contentStart(map)
    let end = node + Words.contentCount(self[map])
    let id = key.id
    while node < end {
      let field = Header.key(self[node])
      if field == Header.inlineKey {
        // Interned and other keys stand in one order, but telling them apart costs no comparison.
        if id == 0 {
          let order = compareKey(at: node, to: key)
          if order == 0 { return node }
          if order > 0 { return nil }
        }
      } else if id != 0 {
        if field == id { return node }
        if field > id { return nil }
      }
      node = self.end(node)
    }
    return nil
  }
}

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
    let id = KeyTable.shared.id(of: packed.span, at: 0, count: count)
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
    id == 0 ? words.span.text(at: 0, count: byteCount) : KeyTable.shared.name(id)
  }

  /// The same for equal keys in every process and version.
  var contentHash: UInt64 {
    id == 0 ? hashText(words.span, 0, byteCount) : KeyTable.shared.hash(id)
  }

  /// The key field of a header for this key.
  var field: UInt64 { id == 0 ? Header.inlineKey : id }

  /// The words that a member under this key needs between its header and its content.
  var inlineWords: Int { id == 0 ? 1 + words.count : 0 }
}

extension Key {
  /// Whether both have the same text; the numbers of the table decide for all that have one.
  public static func == (left: Key, right: Key) -> Bool {
    if left.id != 0 || right.id != 0 { return left.id == right.id }
    return left.byteCount == right.byteCount && left.words == right.words
  }
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
      return KeyTable.shared.compare(left.id, to: right.words.span, 0, right.byteCount) < 0
    }
    if right.id != 0 {
      return KeyTable.shared.compare(right.id, to: left.words.span, 0, left.byteCount) > 0
    }
    return compareText(
      left.words.span, 0, left.byteCount, right.words.span, 0, right.byteCount) < 0
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
}

extension Span where Element == UInt64 {
  /// Orders the key of the member at `node` against `key`.
  func compareKey(at node: Int, to key: borrowing Key) -> Int {
    let field = Header.key(self[node])
    if field != Header.inlineKey {
      if key.id != 0 { return Int(field) - Int(key.id) }
      return KeyTable.shared.compare(field, to: key.words.span, 0, key.byteCount)
    }
    let count = Int(self[node + 1])
    if key.id != 0 { return -KeyTable.shared.compare(key.id, to: self, node + 2, count) }
    return compareText(self, node + 2, count, key.words.span, 0, key.byteCount)
  }

  /// Orders the keys of two members.
  func compareKeys(_ left: Int, _ right: Int) -> Int {
    let a = Header.key(self[left])
    let b = Header.key(self[right])
    if a != Header.inlineKey {
      if b != Header.inlineKey { return Int(a) - Int(b) }
      return KeyTable.shared.compare(a, to: self, right + 2, Int(self[right + 1]))
    }
    if b != Header.inlineKey {
      return -KeyTable.shared.compare(b, to: self, left + 2, Int(self[left + 1]))
    }
    return compareText(
      self, left + 2, Int(self[left + 1]), self, right + 2, Int(self[right + 1]))
  }

  /// The first eight bytes of the key of the member at `node`, as they order.
  func keyPrefix(_ node: Int) -> UInt64 {
    let field = Header.key(self[node])
    if field != Header.inlineKey { return KeyTable.shared.prefix(field) }
    return self[node + 1] == 0 ? 0 : self[node + 2].byteSwapped
  }

  /// The member of the map at `map` whose key is `key`.
  func member(of map: Int, _ key: borrowing Key) -> Int? {
    let id = key.id
    return id == 0 ? inlineMember(of: map, key) : internedMember(of: map, id)
  }

  /// The same for a key in the table; other keys in between cost no comparison.
  @inline(__always)
  func internedMember(of map: Int, _ id: UInt64) -> Int? {
    var (node, end) = children(map)
    while node < end {
      let header = self[node]
      let field = Header.key(header)
      if field == id { return node }
      if field > id && field != Header.inlineKey { return nil }
      node = contentStart(node, header) + Header.contentCount(header)
    }
    return nil
  }

  private func inlineMember(of map: Int, _ key: borrowing Key) -> Int? {
    var (node, end) = children(map)
    while node < end {
      if Header.key(self[node]) == Header.inlineKey {
        let order = compareKey(at: node, to: key)
        if order == 0 { return node }
        if order > 0 { return nil }
      }
      node = self.end(node)
    }
    return nil
  }

  /// The child of the node at `node` that `step` names.
  @inline(__always)
  func child(of node: Int, _ step: borrowing FieldPath.Step) -> Int? {
    let tag = Header.tag(self[node])
    let id = step.fieldID
    if id != 0 { return tag == Tag.map ? internedMember(of: node, id) : nil }
    switch copy step {
    case .key(let key): return tag == Tag.map ? inlineMember(of: node, key) : nil
    case .index(let index): return tag == Tag.list ? element(of: node, index) : nil
    }
  }
}

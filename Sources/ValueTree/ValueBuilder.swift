/// Builds a value from its parts, in order: `beginMap`, `key`, a value, `key`, …, `end`.
///
/// Members may come in any order; `end` sorts them. Misuse (a value without a key inside a map, an `end` too
/// many) traps: the caller is a parser that knows where it is.
public struct ValueBuilder: ~Copyable {
  /// An open list or map.
  private struct Frame {
    let node: Int
    let isMap: Bool
    /// Where the latest member stands, -1 before the first.
    var lastMember = -1
    var isSorted = true
  }

  /// A map that was given one key twice.
  public struct DuplicateKey: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key.
    public let key: String
    public var description: String { "the key \"\(key)\" stands twice in one map" }
  }

  private var buffer: WordBuffer
  private var frames: [Frame] = []
  /// The node that a key has opened and that waits for its value, -1 otherwise.
  private var pending = -1

  /// A builder that expects to need about this many words.
  public init(expectedWords: Int = 64) {
    buffer = WordBuffer(minimumCapacity: expectedWords)
  }

  /// The number of lists and maps that are open.
  public var depth: Int { frames.count }

  /// Whether the innermost open collection is a map.
  public var isInMap: Bool { frames.last?.isMap ?? false }

  /// Forgets what was built, keeping the memory.
  public mutating func reset() {
    buffer.removeLast(to: 0)
    frames.removeAll(keepingCapacity: true)
    pending = -1
  }

  /// The value that was built.
  public func finish() -> Value {
    precondition(frames.isEmpty && pending < 0 && buffer.count > 0, "the value is not complete")
    return Value(words: buffer.copy())
  }

  // MARK: Keys

  /// Names the next value's key.
  public mutating func key(_ key: Key) {
    openMember()
    if key.id != 0 {
      buffer[pending] = Header.make(Tag.null, key: key.id)
    } else {
      buffer[pending] = Header.make(Tag.null, key: Header.inlineKey)
      buffer.append(UInt64(key.byteCount))
      buffer.append(key.words, 0..<key.words.count)
    }
    noteOrder()
  }

  /// Names the next value's key by its UTF-8 bytes.
  @inline(__always)
  package mutating func key(_ bytes: RawSpan, from start: Int, count: Int) {
    openMember()
    buffer.append(UInt64(count))
    buffer.appendText(bytes, from: start, count: count)
    let id = KeyTable.shared.id(of: buffer, at: pending + 2, count: count)
    if id != 0 {
      buffer.removeLast(to: pending + 1)
      buffer[pending] = Header.make(Tag.null, key: id)
    } else {
      buffer[pending] = Header.make(Tag.null, key: Header.inlineKey)
    }
    noteOrder()
  }

  @inline(__always)
  private mutating func openMember() {
    precondition(isInMap && pending < 0, "a key has no place here")
    pending = buffer.count
    buffer.append(0)
  }

  @inline(__always)
  private mutating func noteOrder() {
    let top = frames.count - 1
    let last = frames[top].lastMember
    if last >= 0, frames[top].isSorted, compareKeys(last, pending) >= 0 {
      frames[top].isSorted = false
    }
    frames[top].lastMember = pending
  }

  // MARK: Values

  /// Adds null.
  public mutating func null() { open(Tag.null, 0) }

  /// Adds a boolean.
  public mutating func bool(_ value: Bool) { open(value ? Tag.true : Tag.false, 0) }

  /// Adds an integer.
  public mutating func int(_ value: Int64) {
    if let small = Int32(exactly: value) {
      open(Tag.smallInt, Int(UInt32(bitPattern: small)))
    } else {
      open(Tag.int, 0)
      buffer.append(UInt64(bitPattern: value))
    }
  }

  /// Adds a finite double; one that prints as an integer in range becomes that integer.
  public mutating func double(_ value: Double) {
    precondition(value.isFinite, "a value holds no infinity and no NaN")
    if let whole = Int64(exactly: value) { return int(whole) }
    open(Tag.double, 0)
    buffer.append(value.bitPattern)
  }

  /// Adds a string.
  public mutating func string(_ value: String) {
    var copy = value
    copy.withUTF8 { utf8 in
      let bytes = unsafe utf8.span.bytes
      string(bytes, from: 0, count: bytes.byteCount)
    }
  }

  /// Adds a string by its UTF-8 bytes.
  @inline(__always)
  package mutating func string(_ bytes: RawSpan, from start: Int, count: Int) {
    open(Tag.string, count)
    buffer.appendText(bytes, from: start, count: count)
  }

  /// Adds a copy of a value that is complete.
  public mutating func value(_ value: Value) {
    let content = value.words.contentStart(value.node)
    open(Header.tag(value.header), Header.length(value.header))
    buffer.append(value.words, content..<content + Words.contentCount(value.header))
  }

  /// Opens a list; its elements follow.
  public mutating func beginList() {
    let node = open(Tag.list, 0)
    frames.append(Frame(node: node, isMap: false))
  }

  /// Opens a map; keys and values follow.
  public mutating func beginMap() {
    let node = open(Tag.map, 0)
    frames.append(Frame(node: node, isMap: true))
  }

  /// Closes the innermost list or map.
  ///
  /// - Throws: `DuplicateKey` when a map has been given one key twice.
  public mutating func end() throws(DuplicateKey) {
    precondition(pending < 0, "a key waits for its value")
    guard let frame = frames.popLast() else { preconditionFailure("nothing is open") }
    let start = contentStart(frame.node)
    buffer[frame.node] = Header.settingLength(buffer[frame.node], buffer.count - start)
    if !frame.isSorted { try sortMembers(from: start) }
  }

  @inline(__always) @discardableResult
  private mutating func open(_ tag: UInt64, _ length: Int) -> Int {
    if pending >= 0 {
      let node = pending
      buffer[node] = Header.make(tag, key: Header.key(buffer[node]), length: length)
      pending = -1
      return node
    }
    precondition(!isInMap, "a map's value needs a key")
    precondition(!frames.isEmpty || buffer.count == 0, "the value is complete")
    buffer.append(Header.make(tag, length: length))
    return buffer.count - 1
  }

  // MARK: Order

  private func contentStart(_ node: Int) -> Int {
    Header.key(buffer[node]) == Header.inlineKey
      ? node + 2 + packedWords(Int(buffer[node + 1])) : node + 1
  }

  private func compareKeys(_ left: Int, _ right: Int) -> Int {
    let a = Header.key(buffer[left])
    let b = Header.key(buffer[right])
    if a != Header.inlineKey && b != Header.inlineKey { return Int(a) - Int(b) }
    return compareKeysByText(left, right)
  }

  private func compareKeysByText(_ left: Int, _ right: Int) -> Int {
    let a = keyText(left)
    let b = keyText(right)
    return compareText(a.words, 0, a.count, b.words, 0, b.count)
  }

  private func keyText(_ node: Int) -> (words: Words, count: Int) {
    let field = Header.key(buffer[node])
    if field != Header.inlineKey {
      let name = KeyTable.shared.name(field)
      return (pack(Array(name.utf8)), name.utf8.count)
    }
    let count = Int(buffer[node + 1])
    var words = Words()
    for offset in 0..<packedWords(count) { words.append(buffer[node + 2 + offset]) }
    return (words, count)
  }

  private mutating func sortMembers(from start: Int) throws(DuplicateKey) {
    var members: [(key: Key, start: Int, end: Int)] = []
    var next = start
    while next < buffer.count {
      let end = contentStart(next) + Words.contentCount(buffer[next])
      let field = Header.key(buffer[next])
      let key: Key
      if field == Header.inlineKey {
        let text = keyText(next)
        key = Key(words: text.words, byteCount: text.count)
      } else {
        key = Key(id: field)
      }
      members.append((key, next, end))
      next = end
    }
    members.sort { $0.key < $1.key }
    for index in members.indices.dropFirst() where members[index - 1].key == members[index].key {
      throw DuplicateKey(key: members[index].key.text)
    }
    var sorted = Words()
    sorted.reserveCapacity(buffer.count - start)
    for member in members {
      for index in member.start..<member.end { sorted.append(buffer[index]) }
    }
    buffer.overwrite(from: start, with: sorted)
  }
}

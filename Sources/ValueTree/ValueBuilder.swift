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

  /// Where a member stands that is to be sorted.
  private struct Place {
    /// The first eight bytes of its key, which mostly decide.
    let prefix: UInt64
    let start: Int
    let end: Int
  }

  /// A map that was given one key twice.
  public struct DuplicateKey: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key.
    public let key: String
    public var description: String { "the key \"\(key)\" stands twice in one map" }
  }

  private var buffer: WordBuffer
  /// The innermost open collection; beside the others, because every key and value asks for it.
  private var top = Frame(node: -1, isMap: false)
  /// The collections around it, behind a frame that stands for none.
  private var outer: [Frame] = []
  /// The node that a key has opened and that waits for its value, -1 otherwise.
  private var pending = -1
  /// Memory for sorting, used again.
  private var places: [Place] = []
  private var sorted: WordBuffer?

  /// A builder that expects to need about this many words.
  public init(expectedWords: Int = 64) {
    buffer = WordBuffer(minimumCapacity: expectedWords)
    // In one go, rather than by doubling from one.
    outer.reserveCapacity(8)
  }

  /// The number of lists and maps that are open.
  public var depth: Int { outer.count }

  /// Whether the innermost open collection is a map.
  public var isInMap: Bool { top.isMap }

  /// Forgets what was built, keeping the memory.
  public mutating func reset() {
    buffer.removeLast(to: 0)
    top = Frame(node: -1, isMap: false)
    outer.removeAll(keepingCapacity: true)
    pending = -1
  }

  /// The value that was built.
  public func finish() -> Value {
    precondition(outer.isEmpty && pending < 0 && buffer.count > 0, "the value is not complete")
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
      buffer.append(key.words.span, 0..<key.words.count)
    }
    noteOrder()
  }

  /// Names the next value's key by its UTF-8 bytes.
  @inline(__always)
  package mutating func key(_ bytes: RawSpan, from start: Int, count: Int) {
    openMember()
    buffer.append(UInt64(count))
    buffer.appendText(bytes, from: start, count: count)
    let start = pending + 2
    let id = buffer.withSpan { KeyTable.shared.id(of: $0, at: start, count: count) }
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
    if top.lastMember >= 0, top.isSorted {
      let last = top.lastMember
      let latest = pending
      if buffer.withSpan({ $0.compareKeys(last, latest) }) >= 0 { top.isSorted = false }
    }
    top.lastMember = pending
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
      open(Tag.int, 1)
      buffer.append(UInt64(bitPattern: value))
    }
  }

  /// Adds a finite double; one that prints as an integer in range becomes that integer.
  public mutating func double(_ value: Double) {
    precondition(value.isFinite, "a value holds no infinity and no NaN")
    if let whole = Int64(printed: value) { return int(whole) }
    open(Tag.double, 1)
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
    buffer.append(value.words.span, content..<content + Header.contentCount(value.header))
  }

  /// Opens a list; its elements follow.
  public mutating func beginList() {
    let node = open(Tag.list, 0)
    outer.append(top)
    top = Frame(node: node, isMap: false)
  }

  /// Opens a map; keys and values follow.
  public mutating func beginMap() {
    let node = open(Tag.map, 0)
    outer.append(top)
    top = Frame(node: node, isMap: true)
  }

  /// Closes the innermost list or map.
  ///
  /// - Throws: `DuplicateKey` when a map has been given one key twice.
  public mutating func end() throws(DuplicateKey) {
    precondition(pending < 0, "a key waits for its value")
    let frame = top
    guard let parent = outer.popLast() else { preconditionFailure("nothing is open") }
    top = parent
    let start = buffer.withSpan { $0.contentStart(frame.node) }
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
    precondition(!outer.isEmpty || buffer.count == 0, "the value is complete")
    buffer.append(Header.make(tag, length: length))
    return buffer.count - 1
  }

  // MARK: Order

  private mutating func sortMembers(from start: Int) throws(DuplicateKey) {
    places.removeAll(keepingCapacity: true)
    var next = start
    while next < buffer.count {
      let node = next
      let (prefix, end) = buffer.withSpan { ($0.keyPrefix(node), $0.end(node)) }
      places.append(Place(prefix: prefix, start: node, end: end))
      next = end
    }
    buffer.withSpan { words in
      places.sort { left, right in
        left.prefix == right.prefix
          ? words.compareKeys(left.start, right.start) < 0 : left.prefix < right.prefix
      }
    }
    var sorted = sorted.take() ?? WordBuffer(minimumCapacity: 64)
    sorted.removeLast(to: 0)
    var last = -1
    for place in places {
      let isTwice = buffer.withSpan { words in
        sorted.append(words, place.start..<place.end)
        return last >= 0 && words.compareKeys(last, place.start) == 0
      }
      if isTwice { throw DuplicateKey(key: buffer.copy().key(at: last).text) }
      last = place.start
    }
    buffer.overwrite(from: start, with: sorted)
    self.sorted = consume sorted
  }
}

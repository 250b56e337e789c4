/// A JSON-like value: null, a boolean, a number, a string, a list or a map.
///
/// A value is immutable and lies in one flat run of words (see `Layout.swift`), so copying shares it,
/// comparing is a comparison of memory, and a part of a value is a view of the whole. A view keeps the
/// whole alive; `detached()` takes a part out for keeping.
///
/// Map members are in the order of their keys' bytes, as Kubernetes prints them. Numbers are 64-bit
/// integers, or doubles where they have a fraction or do not fit: a double that Go's `encoding/json` prints
/// as an integer in range *is* that integer, so printing and parsing again changes nothing.
public struct Value: Sendable {
  @usableFromInline let words: Words
  /// Where the node's header stands.
  @usableFromInline let node: Int

  @inlinable
  init(words: Words, node: Int = 0) {
    self.words = words
    self.node = node
  }

  @inlinable var header: UInt64 { words[node] }

  /// What a value is.
  public enum Kind: String, Sendable, Hashable {
    case null, bool, int, double, string, list, map
  }

  /// What this value is.
  public var kind: Kind { Self.kind(header) }

  /// What a header stands for.
  static func kind(_ header: UInt64) -> Kind {
    switch Header.tag(header) {
    case Tag.null: .null
    case Tag.false, Tag.true: .bool
    case Tag.smallInt, Tag.int: .int
    case Tag.double: .double
    case Tag.string: .string
    case Tag.list: .list
    default: .map
    }
  }

  /// Whether this is null.
  @inlinable public var isNull: Bool { Header.tag(header) == Tag.null }

  /// Whether this is a map.
  @inlinable public var isMap: Bool { Header.tag(header) == Tag.map }

  /// Whether this is a list.
  @inlinable public var isList: Bool { Header.tag(header) == Tag.list }

  /// Whether this is a list or map without content.
  @inlinable public var isEmptyCollection: Bool {
    Header.tag(header) >= Tag.list && Header.length(header) == 0
  }

  /// The boolean, or nil for another kind.
  @inlinable public var bool: Bool? {
    switch Header.tag(header) {
    case Tag.false: false
    case Tag.true: true
    default: nil
    }
  }

  /// The integer, or nil for another kind.
  @inlinable public var int: Int64? {
    switch Header.tag(header) {
    case Tag.smallInt: Int64(Int32(truncatingIfNeeded: Header.length(header)))
    case Tag.int: Int64(bitPattern: words[words.contentStart(node)])
    default: nil
    }
  }

  /// The number as a double, or nil for what is no number.
  @inlinable public var double: Double? {
    if Header.tag(header) == Tag.double {
      return Double(bitPattern: words[words.contentStart(node)])
    }
    return int.map { Double($0) }
  }

  /// The string, or nil for another kind.
  ///
  /// - Complexity: O(length); a string is made.
  public var string: String? {
    guard Header.tag(header) == Tag.string else { return nil }
    return words.span.text(at: words.contentStart(node), count: Header.length(header))
  }

  /// The number of elements or members, 0 for what is neither list nor map.
  ///
  /// - Complexity: O(count).
  public var count: Int {
    guard Header.tag(header) >= Tag.list else { return 0 }
    let span = words.span
    var (next, end) = span.children(node)
    var count = 0
    while next < end {
      count += 1
      next = span.end(next)
    }
    return count
  }

  /// The member under `key`, or nil where there is none or this is no map.
  ///
  /// - Complexity: O(members before it); the members' contents are skipped.
  public subscript(_ key: Key) -> Value? {
    let span = words.span
    guard Header.tag(span[node]) == Tag.map, let member = span.member(of: node, key) else {
      return nil
    }
    return Value(words: words, node: member)
  }

  /// The member under the key with this text.
  @_disfavoredOverload
  public subscript(_ key: String) -> Value? { self[Key(key)] }

  /// The element at `index`, or nil beyond the end or where this is no list.
  ///
  /// - Complexity: O(index).
  public subscript(_ index: Int) -> Value? {
    guard isList, let element = words.span.element(of: node, index) else { return nil }
    return Value(words: words, node: element)
  }

  /// The value at `path`, or nil where a step of it is missing.
  public subscript(_ path: FieldPath) -> Value? {
    let span = words.span
    let steps = path.steps.span
    var node = node
    for index in steps.indices {
      guard let next = span.child(of: node, steps[index]) else { return nil }
      node = next
    }
    return Value(words: words, node: node)
  }

  /// This value in storage of its own, so that keeping it does not keep a larger one alive.
  public func detached() -> Value {
    if node == 0, words.contentStart(0) == 1, words.end(0) == words.count { return self }
    var own = Words()
    let content = words.contentStart(node)
    let count = Header.contentCount(header)
    own.reserveCapacity(1 + count)
    own.append(Header.withoutKey(header))
    own.append(contentsOf: words[content..<content + count])
    return Value(words: own)
  }

  /// The bytes that the storage of this value takes, with the array's own header.
  public var storageBytes: Int { words.capacity * 8 + 32 }
}

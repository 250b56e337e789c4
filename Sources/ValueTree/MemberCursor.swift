/// Walks over a map's members in key order and makes nothing of those that are not asked for.
///
/// For who looks at every write: a `for` loop over `members` makes a key and a view for each.
public struct MemberCursor: ~Copyable {
  private let words: Words
  private var node = 0
  private var following: Int
  private let end: Int

  /// A cursor before the first member; a value that is no map has none.
  public init(_ map: Value) {
    words = map.words
    following = map.words.contentStart(map.node)
    end = map.isMap ? following + Header.length(map.header) : following
  }

  /// Goes to the next member.
  ///
  /// - Returns: whether there is one.
  public mutating func advance() -> Bool {
    guard following < end else { return false }
    node = following
    following = words.end(node)
    return true
  }

  /// Orders the member's key against another: below zero if it stands before it.
  public func order(against key: borrowing Key) -> Int { words.span.compareKey(at: node, to: key) }

  /// What the member is.
  public var kind: Value.Kind { Value.kind(words[node]) }

  /// The member.
  public var value: Value { Value(words: words, node: node) }
}

extension Value {
  /// The members of a map in key order; empty for another kind.
  public var members: Members { Members(self) }

  /// The elements of a list in order; empty for another kind.
  public var elements: Elements { Elements(self) }

  /// A map's members.
  public struct Members: Sequence, Sendable {
    private let map: Value
    init(_ map: Value) { self.map = map }

    /// Walks over the members in key order.
    public struct Iterator: IteratorProtocol {
      private let words: Words
      private var position: Int
      private let end: Int

      init(_ map: Value) {
        words = map.words
        position = map.words.contentStart(map.node)
        end = map.isMap ? position + Header.length(map.header) : position
      }

      /// The next member.
      public mutating func next() -> (key: Key, value: Value)? {
        guard position < end else { return nil }
        defer { position = words.end(position) }
        return (words.key(at: position), Value(words: words, node: position))
      }
    }

    /// An iterator over the members.
    public func makeIterator() -> Iterator { Iterator(map) }
  }

  /// A list's elements.
  public struct Elements: Sequence, Sendable {
    private let list: Value
    init(_ list: Value) { self.list = list }

    /// Walks over the elements in order.
    public struct Iterator: IteratorProtocol {
      private let words: Words
      private var position: Int
      private let end: Int

      init(_ list: Value) {
        words = list.words
        position = list.words.contentStart(list.node)
        end = list.isList ? position + Header.length(list.header) : position
      }

      /// The next element.
      public mutating func next() -> Value? {
        guard position < end else { return nil }
        defer { position = words.end(position) }
        return Value(words: words, node: position)
      }
    }

    /// An iterator over the elements.
    public func makeIterator() -> Iterator { Iterator(list) }
  }
}

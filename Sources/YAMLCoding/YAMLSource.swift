/// A YAML text and the name that its errors carry.
public struct YAMLSource: Sendable {
  /// The file's name as the user wrote it; `-` stands for the standard input.
  public let name: String
  /// The bytes as they were read: UTF-8 or UTF-16, with or without a byte order mark.
  public let bytes: [UInt8]

  /// A source of these bytes.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// A source of this text.
  public init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The name as messages show it.
  public var displayName: String { name == "-" ? "<stdin>" : name }
}

/// How large a YAML text, and what it stands for, may be.
///
/// Aliases let a short text stand for a huge value, so what they expand to is limited apart from
/// the text.
public struct YAMLLimits: Sendable, Hashable {
  /// The longest text in bytes.
  public var bytes: Int
  /// The deepest nesting of lists and maps, aliases followed.
  public var depth: Int
  /// The most lists, maps, keys and scalars that one document may write.
  public var nodes: Int
  /// The most nodes that the aliases and merge keys of one document may add.
  public var expandedNodes: Int
  /// The most bytes of text that the aliases and merge keys of one document may add.
  public var expandedBytes: Int

  /// Limits; the defaults hold for files that people and generators write.
  public init(
    bytes: Int = 1 << 30, depth: Int = 1_000, nodes: Int = 10_000_000,
    expandedNodes: Int = 500_000, expandedBytes: Int = 32 << 20
  ) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
    self.expandedNodes = expandedNodes
    self.expandedBytes = expandedBytes
  }
}

/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Kind: Sendable, Hashable {
    /// Something else stands there than what must.
    case unexpected
    /// The text ends too early.
    case truncated
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// A map names a key twice.
    case duplicateKey
    /// Lists and maps are nested too deeply.
    case tooDeep
    /// A number that no double can hold.
    case numberOutOfRange
    /// The text is longer than allowed.
    case tooLarge
  }

  /// What kind of mistake it is.
  public let kind: Kind
  /// Where, counted in bytes from the start.
  public let offset: Int
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, counted in bytes.
  public let column: Int
  /// What is wrong and what was expected.
  public let message: String

  public var description: String { "\(line):\(column): \(message)" }
}

/// How large a JSON text may be.
public struct JSONLimits: Sendable, Hashable {
  /// The deepest nesting of lists and maps.
  public var depth: Int
  /// The longest text in bytes.
  public var bytes: Int

  /// Limits; the defaults hold for files that people write and for API requests.
  public init(depth: Int = 1_000, bytes: Int = 1 << 30) {
    self.depth = depth
    self.bytes = bytes
  }
}

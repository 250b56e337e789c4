/// Says why a text is not the scalar it was taken for, or why a result does not fit.
///
/// Every parser and every checked operation of this module throws this one type, so that a caller
/// needs one `catch` whatever it reads. Messages follow Kubernetes' and Go's wording where they
/// have one, because users compare them with what a real server says.
public struct ScalarError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of failure it is.
  public enum Kind: Hashable, Sendable {
    /// The text does not follow the grammar.
    case syntax
    /// The text is well formed, but the value does not fit.
    case range
    /// The text is well formed elsewhere, but not allowed here (an IPv6 zone, for one).
    case unsupported
  }

  /// What sort of failure it is.
  public let kind: Kind

  /// What was wrong, and what was expected.
  public let message: String

  /// The UTF-8 offset in the text where the failure shows, if there is one such place.
  public let offset: Int?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - kind: What sort of failure it is.
  ///   - message: What was wrong, and what was expected.
  ///   - offset: The UTF-8 offset where the failure shows.
  public init(_ kind: Kind, _ message: String, at offset: Int? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }

  /// The message.
  public var description: String { message }
}

/// A value with one canonical text: parses from text, prints as text, and the two are inverse.
public protocol ScalarValue: Hashable, Comparable, Sendable, LosslessStringConvertible {
  /// Reads the value from its text.
  ///
  /// - Parameter text: The text, without surrounding space.
  /// - Throws: `ScalarError` if `text` is not such a value.
  init(parsing text: String) throws(ScalarError)
}

extension ScalarValue {
  /// Reads the value from its text, or returns nil where `init(parsing:)` throws.
  ///
  /// - Parameter description: The text, without surrounding space.
  public init?(_ description: String) {
    do {
      self = try Self(parsing: description)
    } catch {
      return nil
    }
  }
}

/// What is wrong with a YAML text, and where.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Kind: String, Sendable, Hashable {
    /// The bytes are neither UTF-8 nor UTF-16.
    case encoding
    /// A character that YAML does not allow, such as NUL.
    case controlCharacter
    /// Something else stands there than what must.
    case syntax
    /// A tab where YAML wants spaces.
    case tab
    /// The text ends too early.
    case truncated
    /// A map names a key twice.
    case duplicateKey
    /// A key that is a list, a map or null.
    case invalidKey
    /// A tag that stands for no JSON value.
    case unknownTag
    /// A scalar that is not what its tag says, or that JSON cannot hold.
    case invalidScalar
    /// A number that no 64-bit number can hold.
    case outOfRange
    /// An alias without an anchor before it.
    case undefinedAlias
    /// An alias inside its own anchor.
    case recursiveAlias
    /// A merge key with something else than maps.
    case invalidMerge
    /// Lists and maps are nested too deeply.
    case tooDeep
    /// The text, or what its aliases stand for, is larger than allowed.
    case tooLarge
  }

  /// What kind of mistake it is.
  public let kind: Kind
  /// What is wrong, where, and what was expected.
  public let diagnostic: SourceDiagnostic

  /// An error.
  public init(kind: Kind, diagnostic: SourceDiagnostic) {
    self.kind = kind
    self.diagnostic = diagnostic
  }

  /// Where.
  public var mark: SourceMark? { diagnostic.mark }

  public var description: String { diagnostic.description }
}

/// A mistake whose place is still an offset in the clean text.
struct TextProblem: Error {
  var kind: YAMLError.Kind
  var message: String
  var expected: String?
  /// In bytes of the clean text; nil until someone who knows it fills it in.
  var offset: Int?
  /// In characters from where the parser began, where that is not the latest event's place.
  var place: Int?
  /// Where what the message is about began, in bytes of the clean text.
  var origin: Int?
  /// Whether a document had ended and something else than another began.
  var isBetweenDocuments = false

  init(
    _ kind: YAMLError.Kind, _ message: String, expected: String? = nil, offset: Int? = nil,
    origin: Int? = nil
  ) {
    self.kind = kind
    self.message = message
    self.expected = expected
    self.offset = offset
    self.origin = origin
  }
}

public import ValueTree

/// A field of an object that is not what it must be.
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The cause types of Kubernetes' `Status`.
  public enum Kind: String, Sendable, Hashable {
    case notFound = "FieldValueNotFound"
    case required = "FieldValueRequired"
    case duplicate = "FieldValueDuplicate"
    case invalid = "FieldValueInvalid"
    case notSupported = "FieldValueNotSupported"
    case forbidden = "FieldValueForbidden"
    case tooLong = "FieldValueTooLong"
    case tooMany = "FieldValueTooMany"
    case typeInvalid = "FieldValueTypeInvalid"
  }

  /// What is wrong with the field.
  public var kind: Kind
  /// Where the field is.
  public var path: FieldPath
  /// What Kubernetes says of it, without the path.
  public var message: String
  /// The names of which one should have stood there, where there are such; for suggestions.
  public var candidates: [String]

  /// A field error.
  public init(
    _ kind: Kind, _ path: FieldPath, _ message: String, candidates: [String] = []
  ) {
    self.kind = kind
    self.path = path
    self.message = message
    self.candidates = candidates
  }

  public var description: String { "\(path): \(message)" }

  /// `Invalid value: …`, as field errors of Kubernetes begin.
  public static func invalid(_ path: FieldPath, _ value: Value, _ detail: String) -> FieldError {
    FieldError(.invalid, path, "Invalid value: \(value): \(detail)")
  }

  /// `Required value`, with a detail where there is one.
  public static func required(_ path: FieldPath, _ detail: String = "") -> FieldError {
    FieldError(.required, path, detail.isEmpty ? "Required value" : "Required value: \(detail)")
  }

  /// `Unsupported value: …`, with the values that there are.
  public static func notSupported(
    _ path: FieldPath, _ value: Value, _ supported: [String]
  ) -> FieldError {
    let names = supported.map { "\"\($0)\"" }.joined(separator: ", ")
    return FieldError(
      .notSupported, path, "Unsupported value: \(value): supported values: \(names)",
      candidates: supported)
  }

  /// A field that nobody reads, with those that could stand in its place.
  public static func unknownField(_ path: FieldPath, known: [String]) -> FieldError {
    FieldError(.notSupported, path, unknownFieldMessage, candidates: known)
  }

  /// Whether it is the field's name that is wrong, and not its value.
  public var isUnknownField: Bool { message == Self.unknownFieldMessage }

  private static let unknownFieldMessage = "unknown field"

  /// `Too long: …`, which says the limit and not the value.
  public static func tooLong(_ path: FieldPath, limit: Int) -> FieldError {
    FieldError(.tooLong, path, "Too long: may not be more than \(limit) bytes")
  }

  /// `Forbidden: …`.
  public static func forbidden(_ path: FieldPath, _ detail: String) -> FieldError {
    FieldError(.forbidden, path, "Forbidden: \(detail)")
  }
}

/// Why an evaluation has no value.
public final class Failure: Sendable {
  /// What sort of failure it is.
  public enum Kind: String, Sendable, Hashable {
    /// No function of the name takes such arguments.
    case noSuchOverload
    /// A map has no such key, or an object no such field.
    case noSuchKey
    /// A list has no such index.
    case indexOutOfRange
    /// A name that nothing is bound to.
    case undeclared
    /// A number or a time that does not fit.
    case overflow
    /// A division by zero.
    case divisionByZero
    /// An argument that the function cannot take.
    case invalidArgument
    /// A map literal that names a key twice or has a key of another type than keys may have.
    case invalidKey
    /// The cost limit was reached.
    case costLimit
  }

  /// What sort of failure it is.
  public let kind: Kind
  /// What is wrong, with the value.
  public let message: String
  /// Where in the expression, in bytes; -1 as long as the machine has not said.
  let offset: Int32
  /// The path of the value that was at fault, where there is one.
  let path: String?

  init(_ kind: Kind, _ message: String, offset: Int32 = -1, path: String? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.path = path
  }
}

extension CELValue {
  static func failure(_ kind: Failure.Kind, _ message: String) -> CELValue {
    .error(Failure(kind, message))
  }

  static func invalid(_ message: String) -> CELValue { .failure(.invalidArgument, message) }

  static func overflow(_ message: String) -> CELValue { .failure(.overflow, message) }

  /// That no overload of `function` takes these arguments.
  static func noOverload(_ function: String, _ arguments: [CELValue]) -> CELValue {
    let types = arguments.map { $0.type.description }.joined(separator: ", ")
    let values = arguments.map { $0.summary }.joined(separator: ", ")
    return .failure(
      .noSuchOverload, "no such overload: \(Operator.spelling(function)) on (\(types)): \(values)")
  }
}

/// An error of an evaluation, with the place in the expression and the path of the value at fault.
public struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What sort of failure it is.
  public let kind: Failure.Kind
  /// What is wrong, with the value.
  public let message: String
  /// The text of the expression.
  public let expression: String
  /// Where in the expression.
  public let place: SourcePlace
  /// The path of the value at fault, such as `self.spec.ports[2].port`, where there is one.
  public let path: String?
  /// The line of the expression with a caret under the place.
  public let excerpt: String

  public var description: String {
    let at = path.map { " (at \($0))" } ?? ""
    return "\(place.line):\(place.column): \(message)\(at)\n\(excerpt)"
  }
}

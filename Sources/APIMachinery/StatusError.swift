public import ValueTree

/// What a server answers when it refuses a request: Kubernetes' `Status`.
public struct StatusError: Error, Sendable, Hashable {
  /// Kubernetes' reasons, each with its HTTP code.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    case badRequest = "BadRequest"
    case unauthorized = "Unauthorized"
    case forbidden = "Forbidden"
    case notFound = "NotFound"
    case methodNotAllowed = "MethodNotAllowed"
    case notAcceptable = "NotAcceptable"
    case alreadyExists = "AlreadyExists"
    case conflict = "Conflict"
    case gone = "Gone"
    case expired = "Expired"
    case requestEntityTooLarge = "RequestEntityTooLarge"
    case unsupportedMediaType = "UnsupportedMediaType"
    case invalid = "Invalid"
    case tooManyRequests = "TooManyRequests"
    case internalError = "InternalError"
    case serverTimeout = "ServerTimeout"
    case storageReadError = "StorageReadError"
    case serviceUnavailable = "ServiceUnavailable"
    case timeout = "Timeout"
    /// What Kubernetes gives no reason for.
    case unknown = ""

    /// The HTTP status code.
    public var code: Int {
      switch self {
      case .badRequest: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .methodNotAllowed: 405
      case .notAcceptable: 406
      case .alreadyExists, .conflict: 409
      case .gone, .expired: 410
      case .requestEntityTooLarge: 413
      case .unsupportedMediaType: 415
      case .invalid: 422
      case .tooManyRequests: 429
      case .internalError, .serverTimeout, .storageReadError, .unknown: 500
      case .serviceUnavailable: 503
      case .timeout: 504
      }
    }
  }

  /// One cause of a refusal.
  public struct Cause: Sendable, Hashable {
    /// The type of the cause, such as `FieldValueInvalid`.
    public var type: String
    /// What is wrong.
    public var message: String
    /// The field, where there is one.
    public var field: String?

    /// A cause.
    public init(type: String, message: String, field: String? = nil) {
      self.type = type
      self.message = message
      self.field = field
    }
  }

  /// Why the request was refused.
  public var reason: Reason
  /// The sentence for people.
  public var message: String
  /// What the request was about, where that is known.
  public var name: String?
  /// The API group of what the request was about.
  public var group: String?
  /// The kind (Invalid) or plural (everything else) of what the request was about.
  public var kind: String?
  /// The causes, one a field for `Invalid`.
  public var causes: [Cause]
  /// When to try again, in seconds.
  public var retryAfterSeconds: Int?
  /// Where a list that was refused for its age can go on all the same.
  public var continueToken: String?

  /// A refusal.
  public init(
    _ reason: Reason, _ message: String, type: ResourceType? = nil, name: String? = nil,
    causes: [Cause] = [], retryAfterSeconds: Int? = nil
  ) {
    self.reason = reason
    self.message = message
    self.name = name
    self.group = type?.definition.group
    self.kind = reason == .invalid ? type?.kind : type?.plural
    self.causes = causes
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// The HTTP status code.
  public var code: Int { reason.code }
}

extension StatusError: CustomStringConvertible {
  public var description: String { message }
}

extension StatusError {
  /// 404 of an object that is not there.
  public static func notFound(_ type: ResourceType, _ name: String) -> StatusError {
    StatusError(
      .notFound, "\(type.qualifiedPlural) \"\(name)\" not found", type: type, name: name)
  }

  /// 409 of a create over an object that is there.
  public static func alreadyExists(
    _ type: ResourceType, _ name: String, isDeleting: Bool = false
  ) -> StatusError {
    let message = "\(type.qualifiedPlural) \"\(name)\" already exists"
    return StatusError(
      .alreadyExists, isDeleting ? "object is being deleted: \(message)" : message, type: type,
      name: name)
  }

  /// 409 of a create for which no free name was found; trying again may help.
  public static func generatedNameExists(
    _ type: ResourceType, _ name: String, isDeleting: Bool = false
  ) -> StatusError {
    var error = alreadyExists(type, name, isDeleting: isDeleting)
    error.message += ", the server was not able to generate a unique name for the object"
    error.retryAfterSeconds = 1
    return error
  }

  /// 403 with the reason why.
  public static func forbidden(
    _ type: ResourceType, _ name: String, _ detail: String, causes: [Cause] = []
  ) -> StatusError {
    StatusError(
      .forbidden, "\(type.qualifiedPlural) \"\(name)\" is forbidden: \(detail)", type: type,
      name: name, causes: causes)
  }

  /// 404 of an endpoint that is not there, such as the status of a kind that has none.
  public static let noSuchEndpoint = StatusError(
    .notFound, "the server could not find the requested resource")

  /// 405 of what cannot be done at an endpoint that is there.
  public static let methodNotAllowed = StatusError(
    .methodNotAllowed, "the server does not allow this method on the requested resource")

  /// 409 of a write that was based on something else than what is there.
  public static func conflict(
    _ type: ResourceType, _ name: String, _ detail: String
  ) -> StatusError {
    StatusError(
      .conflict,
      "Operation cannot be fulfilled on \(type.qualifiedPlural) \"\(name)\": \(detail)",
      type: type, name: name)
  }

  /// What a write with an old resource version is told.
  public static let modifiedDetail =
    "the object has been modified; please apply your changes to the latest version and try again"

  /// 422 of an object whose fields are not what they must be.
  public static func invalid(
    _ type: ResourceType, _ name: String, _ errors: [FieldError]
  ) -> StatusError {
    var details: [String] = []
    // A sentence that holds for several fields is said once; the causes have all of them.
    for error in errors where !details.contains("\(error)") { details.append("\(error)") }
    let text = details.count == 1 ? details[0] : "[\(details.joined(separator: ", "))]"
    return StatusError(
      .invalid, "\(type.qualifiedKind) \"\(name)\" is invalid: \(text)", type: type, name: name,
      causes: errors.map {
        Cause(type: $0.kind.rawValue, message: $0.message, field: "\($0.path)")
      })
  }

  /// Whether the object is not there.
  public var isNotFound: Bool { reason == .notFound }

  /// Whether the write lost against another one.
  public var isConflict: Bool { reason == .conflict }

  /// Whether the write may have been carried out although it was not confirmed.
  public var isUnknownOutcome: Bool { reason == .timeout }

  /// The `Status` object that a client is sent.
  public var value: Value {
    var details: [(Key, Value)] = []
    if let name { details.append(("name", Value(name))) }
    if let group, !group.isEmpty { details.append(("group", Value(group))) }
    if let kind { details.append(("kind", Value(kind))) }
    if !causes.isEmpty {
      details.append(
        (
          "causes",
          Value(
            causes.map { cause in
              var members: [(Key, Value)] = [
                ("reason", Value(cause.type)), ("message", Value(cause.message)),
              ]
              if let field = cause.field { members.append(("field", Value(field))) }
              return Value(members: members)
            })
        ))
    }
    if let retryAfterSeconds { details.append(("retryAfterSeconds", Value(retryAfterSeconds))) }
    let metadata: Value = continueToken.map { ["continue": Value($0)] } ?? .emptyMap
    var members: [(Key, Value)] = [
      ("kind", "Status"), ("apiVersion", "v1"), ("metadata", metadata), ("status", "Failure"),
      ("message", Value(message)),
    ]
    if reason != .unknown { members.append(("reason", Value(reason.rawValue))) }
    members.append(("code", Value(code)))
    if !details.isEmpty { members.append(("details", Value(members: details))) }
    return Value(members: members)
  }
}

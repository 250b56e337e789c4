/// What an expression asks an authorizer.
public struct AuthorizationRequest: Sendable, Hashable {
  /// The verb: `get`, `create`, ….
  public internal(set) var verb = ""
  /// A path that is no resource, such as `/healthz`.
  public internal(set) var path: String?
  /// The API group of a resource.
  public internal(set) var group = ""
  /// The resource in the plural.
  public internal(set) var resource: String?
  /// The part of the resource, such as `status`.
  public internal(set) var subresource = ""
  /// The namespace, empty for all.
  public internal(set) var namespace = ""
  /// The name of the object, empty for all.
  public internal(set) var name = ""
  /// The service account that is asked about; nil for the requesting user.
  public internal(set) var serviceAccount: String?
}

/// Decides what the expressions' `authorizer` variable is asked.
public protocol AuthorizationBackend: Sendable {
  /// Whether the request is allowed, and why; nil where there is no opinion.
  ///
  /// - Parameter request: The request.
  /// - Returns: The decision with its reason.
  func decide(_ request: AuthorizationRequest) -> (isAllowed: Bool, reason: String)?
}

/// Has no opinion about anything, and says so.
public struct NoAuthorization: AuthorizationBackend {
  /// A backend without opinions.
  public init() {}

  /// Has no opinion.
  ///
  /// - Parameter request: The request.
  /// - Returns: Nil.
  public func decide(_ request: AuthorizationRequest) -> (isAllowed: Bool, reason: String)? { nil }
}

/// The variable `authorizer` of admission policies and match conditions.
public enum AuthorizerVariable {
  /// The type of the variable.
  public static let type = CELType.opaque("kubernetes.authorization.Authorizer", [])

  /// The value for the variable.
  ///
  /// - Parameter backend: Who decides; the default has no opinion and says so as its reason.
  /// - Returns: The value.
  public static func value(_ backend: any AuthorizationBackend = NoAuthorization()) -> CELValue {
    .opaque(AuthorizerValue(.authorizer, AuthorizationRequest(), backend))
  }
}

/// A step on the way from the authorizer to its decision.
final class AuthorizerValue: OpaqueValue {
  enum Stage: String {
    case authorizer = "Authorizer"
    case path = "PathCheck"
    case group = "GroupCheck"
    case resource = "ResourceCheck"
    case decision = "Decision"

    var type: CELType { .opaque("kubernetes.authorization.\(rawValue)", []) }
  }

  let stage: Stage
  let request: AuthorizationRequest
  let backend: any AuthorizationBackend

  init(_ stage: Stage, _ request: AuthorizationRequest, _ backend: any AuthorizationBackend) {
    self.stage = stage
    self.request = request
    self.backend = backend
  }

  var type: CELType { stage.type }
  var text: String { "\(stage.rawValue)(\(request))" }

  func equals(_ other: any OpaqueValue) -> Bool {
    guard let other = other as? AuthorizerValue else { return false }
    return other.stage == stage && other.request == request
  }
}

extension Library {
  private typealias Stage = AuthorizerValue.Stage

  static func declareAuthorizer(_ table: inout FunctionTable) {
    step(&table, .authorizer, "path", .path) { $0.path = $1 }
    step(&table, .authorizer, "group", .group) { $0.group = $1 }
    step(&table, .group, "resource", .resource) { $0.resource = $1 }
    step(&table, .resource, "subresource", .resource) { $0.subresource = $1 }
    step(&table, .resource, "namespace", .resource) { $0.namespace = $1 }
    step(&table, .resource, "name", .resource) { $0.name = $1 }
    for stage in [Stage.path, .resource] {
      step(&table, stage, "check", .decision) { $0.verb = $1 }
    }
    let authorizer = Stage.authorizer.type
    table.ternary("serviceAccount", [authorizer, .string, .string], authorizer) {
      value, namespace, name in
      guard case .opaque(let opaque) = value, let authorizer = opaque as? AuthorizerValue,
        case .string(let namespace) = namespace, case .string(let name) = name
      else { return .noOverload("serviceAccount", [value, namespace, name]) }
      var request = authorizer.request
      request.serviceAccount = "system:serviceaccount:\(namespace):\(name)"
      return .opaque(AuthorizerValue(.authorizer, request, authorizer.backend))
    }
    decision(&table, "allowed", .bool) { .bool($0?.isAllowed ?? false) }
    decision(&table, "denied", .bool) { .bool(!($0?.isAllowed ?? true)) }
    decision(&table, "errored", .bool) { _ in .bool(false) }
    decision(&table, "error", .string) { _ in .string("") }
    decision(&table, "reason", .string) { answer in
      .string(answer?.reason ?? "no opinion: no authorizer is configured")
    }
  }

  /// A method that notes one text of the request.
  private static func step(
    _ table: inout FunctionTable, _ stage: Stage, _ name: String, _ next: Stage,
    _ note: @escaping @Sendable (inout AuthorizationRequest, String) -> Void
  ) {
    table.binary(name, stage.type, .string, next.type, isMethod: true) { value, text in
      guard case .opaque(let opaque) = value, let current = opaque as? AuthorizerValue,
        current.stage == stage, case .string(let text) = text
      else { return .noOverload(name, [value, text]) }
      var request = current.request
      note(&request, text)
      return .opaque(AuthorizerValue(next, request, current.backend))
    }
  }

  private static func decision(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ get: @escaping @Sendable ((isAllowed: Bool, reason: String)?) -> CELValue
  ) {
    // Who decides may know more at another time, so a call is never made ahead.
    table.add(
      name,
      Overload(
        ".\(name)(Decision)", isMethod: true, [Stage.decision.type], result, isPure: false,
        .unary { value in
          guard case .opaque(let opaque) = value, let step = opaque as? AuthorizerValue,
            step.stage == .decision
          else { return .noOverload(name, [value]) }
          return get(step.backend.decide(step.request))
        }))
  }
}

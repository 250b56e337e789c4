import APIMachinery
import Testing
import ValueTree

@Suite("Semantics 2.7: Status errors in Kubernetes' words")
struct StatusErrorTests {
  let bindings: ResourceType
  let pods: ResourceType

  init() throws {
    bindings = try #require(ResourceRegistry.builtIn.type(named: "devicebindings"))
    pods = try #require(ResourceRegistry.builtIn.type(named: "pods"))
  }

  @Test("Each reason has its code")
  func codes() {
    let codes: [StatusError.Reason: Int] = [
      .badRequest: 400, .unauthorized: 401, .forbidden: 403, .notFound: 404,
      .methodNotAllowed: 405, .notAcceptable: 406, .serverTimeout: 500, .storageReadError: 500,
      .alreadyExists: 409, .conflict: 409, .gone: 410, .expired: 410,
      .requestEntityTooLarge: 413, .unsupportedMediaType: 415, .invalid: 422,
      .tooManyRequests: 429, .internalError: 500, .serviceUnavailable: 503, .timeout: 504,
      .unknown: 500,
    ]
    #expect(codes.count == StatusError.Reason.allCases.count)
    for reason in StatusError.Reason.allCases { #expect(reason.code == codes[reason]) }
  }

  @Test("Messages, with the group behind the resource but for the core group")
  func messages() {
    let table: [(StatusError, String)] = [
      (.notFound(bindings, "a"), "devicebindings.drydock.dev \"a\" not found"),
      (.notFound(pods, "a"), "pods \"a\" not found"),
      (.alreadyExists(pods, "a"), "pods \"a\" already exists"),
      (
        .alreadyExists(pods, "a", isDeleting: true),
        "object is being deleted: pods \"a\" already exists"
      ),
      (
        .generatedNameExists(pods, "a-x"),
        "pods \"a-x\" already exists, the server was not able to generate a unique name for the "
          + "object"
      ),
      (
        .conflict(bindings, "a", StatusError.modifiedDetail),
        "Operation cannot be fulfilled on devicebindings.drydock.dev \"a\": the object has been "
          + "modified; please apply your changes to the latest version and try again"
      ),
      (.forbidden(pods, "a", "because"), "pods \"a\" is forbidden: because"),
      (.noSuchEndpoint, "the server could not find the requested resource"),
      (
        .invalid(bindings, "a", [.required(FieldPath("spec", "pool"))]),
        "DeviceBinding.drydock.dev \"a\" is invalid: spec.pool: Required value"
      ),
      (
        .invalid(
          pods, "a",
          [
            .invalid(FieldPath("spec"), "x", "no"), .forbidden(FieldPath("status"), "never"),
            .invalid(FieldPath("spec"), "x", "no"), .tooLong(FieldPath("a"), limit: 5),
            .required(FieldPath("b"), "say it"),
          ]),
        "Pod \"a\" is invalid: [spec: Invalid value: \"x\": no, status: Forbidden: never, "
          + "a: Too long: may not be more than 5 bytes, b: Required value: say it]"
      ),
    ]
    for (error, message) in table { #expect(error.message == message) }
  }

  @Test("The Status object: kind, group and name of what was asked for, causes, when to try again")
  func value() {
    #expect(
      StatusError.notFound(bindings, "a").value
        == [
          "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
          "message": "devicebindings.drydock.dev \"a\" not found", "reason": "NotFound",
          "details": ["name": "a", "group": "drydock.dev", "kind": "devicebindings"], "code": 404,
        ])
    let invalid = StatusError.invalid(bindings, "a", [.forbidden(FieldPath("spec", "x"), "no")])
    #expect(
      invalid.value["details"]
        == [
          "name": "a", "group": "drydock.dev", "kind": "DeviceBinding",
          "causes": [
            [
              "reason": "FieldValueForbidden", "message": "Forbidden: no", "field": "spec.x",
            ]
          ],
        ])
    #expect(
      StatusError.generatedNameExists(pods, "a").value["details"]
        == ["name": "a", "kind": "pods", "retryAfterSeconds": 1])
    #expect(StatusError.noSuchEndpoint.value["details"] == nil)
  }

  @Test("What controllers ask of an error")
  func questions() {
    #expect(StatusError.notFound(pods, "a").isNotFound)
    #expect(StatusError.conflict(pods, "a", "x").isConflict)
    #expect(!StatusError.alreadyExists(pods, "a").isConflict)
    #expect(StatusError(.timeout, "slow").isUnknownOutcome)
  }
}

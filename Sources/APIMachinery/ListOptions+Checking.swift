import ValueTree

extension ListOptions {
  /// How a list's resource version is meant.
  public enum Match {
    /// The name of "that revision and no other".
    public static let exact = "Exact"
    /// The name of "that revision or a later one".
    public static let notOlderThan = "NotOlderThan"
  }

  /// Refuses options of a list that contradict each other (semantics 2.5).
  public func check() throws(StatusError) {
    guard !resourceVersionMatch.isEmpty else { return }
    var problems: [FieldError] = []
    if resourceVersion.isEmpty {
      problems.append(
        .match("resourceVersionMatch is forbidden unless resourceVersion is provided"))
    }
    if !continueToken.isEmpty { problems.append(.matchWithContinue) }
    if resourceVersionMatch != Match.exact, resourceVersionMatch != Match.notOlderThan {
      problems.append(
        .unsupportedMatch(
          resourceVersionMatch, supported: "\"\(Match.exact)\", \"\(Match.notOlderThan)\", \"\""))
    }
    if resourceVersionMatch == Match.exact, resourceVersion == "0" {
      problems.append(
        .match("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
    }
    try problems.refuse("ListOptions")
  }
}

extension FieldError {
  static func match(_ detail: String) -> FieldError {
    .forbidden(FieldPath("resourceVersionMatch"), detail)
  }

  static let matchWithContinue = match(
    "resourceVersionMatch is forbidden when continue is provided")

  static func unsupportedMatch(_ match: String, supported: String) -> FieldError {
    FieldError(
      .notSupported, FieldPath("resourceVersionMatch"),
      "Unsupported value: \"\(match)\": supported values: \(supported)")
  }
}

extension [FieldError] {
  /// Throws Invalid of a request's options, unless there is nothing wrong with them.
  func refuse(_ kind: String) throws(StatusError) {
    guard !isEmpty else { return }
    let text = map(\.description).joined(separator: ", ")
    var status = StatusError(
      .invalid, "\(kind).meta.k8s.io \"\" is invalid: \(count == 1 ? text : "[\(text)]")",
      causes: map {
        StatusError.Cause(type: $0.kind.rawValue, message: $0.message, field: "\($0.path)")
      })
    status.group = "meta.k8s.io"
    status.kind = kind
    throw status
  }
}

extension StatusError {
  /// The revision that a resource version names; 0 for none.
  ///
  /// - Throws: BadRequest for what is no decimal number of 64 bits.
  public static func revision(_ resourceVersion: String) throws(StatusError) -> UInt64 {
    if resourceVersion.isEmpty { return 0 }
    let digits = resourceVersion.utf8
    let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    if isNumber, let revision = UInt64(resourceVersion) { return revision }
    let quoted = Value(resourceVersion)
    throw StatusError(
      .badRequest,
      "invalid resource version: resourceVersion: Invalid value: \(quoted): strconv.ParseUint: "
        + "parsing \(quoted): \(isNumber ? "value out of range" : "invalid syntax")")
  }

  /// 504 of a read that wants what has not been written yet.
  public static func tooLargeResourceVersion(
    _ wanted: UInt64, current: UInt64
  ) -> StatusError {
    StatusError(
      .timeout, "Timeout: Too large resource version: \(wanted), current: \(current)",
      causes: [Cause(type: "ResourceVersionTooLarge", message: "Too large resource version")],
      retryAfterSeconds: 1)
  }

  /// 410 of a list at a revision that is forgotten.
  public static let listExpired = StatusError(
    .expired, "The resourceVersion for the provided list is too old.")

  /// 410 of a list whose later pages are forgotten, with a token that goes on at the newest state.
  public static func continueExpired(token: String) -> StatusError {
    var error = StatusError(
      .expired,
      "The provided continue parameter is too old to display a consistent list result. You can "
        + "start a new list without the continue parameter, or use the continue token in this "
        + "response to retrieve the remainder of the results. Continuing with the provided token "
        + "results in an inconsistent list - objects that were created, modified, or deleted "
        + "between the time the first chunk was returned and now may show up in the list.")
    error.continueToken = token
    return error
  }

  /// 410 of a watch from a revision behind which events are forgotten.
  public static func watchExpired(_ revision: UInt64, oldest: UInt64) -> StatusError {
    StatusError(.expired, "too old resource version: \(revision) (\(oldest))")
  }

  /// What etcd says of an object that is larger than it takes; Kubernetes gives it no reason.
  public static let objectTooLarge = StatusError(.unknown, "etcdserver: request is too large")
}

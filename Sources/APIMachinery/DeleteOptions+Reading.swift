public import ValueTree

extension DeleteOptions {
  /// Reads the options that a client sends as a body.
  ///
  /// - Throws: BadRequest for a value of a wrong type; Invalid for one that is not known.
  public init(reading value: Value) throws(StatusError) {
    self = .none
    guard value.isMap else {
      throw StatusError(.badRequest, "DeleteOptions must be a map, not \(value.kind.rawValue)")
    }
    for (key, member) in value.members where !member.isNull {
      switch key.text {
      case "apiVersion", "kind", "ignoreStoreReadErrorWithClusterBreakingPotential": continue
      case "gracePeriodSeconds": gracePeriodSeconds = try Self.integer(key, member)
      case "orphanDependents": orphanDependents = try Self.boolean(key, member)
      case "propagationPolicy": propagationPolicy = try Self.policy(try Self.text(key, member))
      case "preconditions": preconditions = try Self.preconditions(member)
      case "dryRun": isDryRun = try Self.dryRun(member)
      default: continue
      }
    }
  }

  /// The policy of this name.
  ///
  /// - Throws: Invalid, which names those that there are.
  public static func policy(_ name: String) throws(StatusError) -> PropagationPolicy {
    if let policy = PropagationPolicy(rawValue: name) { return policy }
    throw invalid(
      FieldError(
        .notSupported, FieldPath("propagationPolicy"),
        "Unsupported value: \"\(name)\": supported values: \"Background\", \"Foreground\", "
          + "\"Orphan\", \"nil\""))
  }

  /// Whether a list of dry-run stages says `All`, the only one there is.
  ///
  /// - Throws: Invalid for any other.
  public static func dryRun(_ stages: Value) throws(StatusError) -> Bool {
    let names = stages.isList ? stages.elements.map { $0.string ?? "\($0)" } : [stages.string ?? ""]
    for name in names where name != "All" {
      throw invalid(
        FieldError(
          .notSupported, FieldPath("dryRun"),
          "Unsupported value: \(Value(names.map { Value($0) })): supported values: \"All\""))
    }
    return !names.isEmpty
  }

  /// Refuses options that contradict each other (semantics 1.2).
  public func check() throws(StatusError) {
    guard orphanDependents != nil, let propagationPolicy else { return }
    throw Self.invalid(
      .invalid(
        FieldPath("propagationPolicy"), Value(propagationPolicy.rawValue),
        "orphanDependents and deletionPropagation cannot be both set"))
  }

  private static func invalid(_ error: FieldError) -> StatusError {
    var status = StatusError(
      .invalid, "DeleteOptions.meta.k8s.io \"\" is invalid: \(error)",
      causes: [
        StatusError.Cause(
          type: error.kind.rawValue, message: error.message, field: "\(error.path)")
      ])
    status.group = "meta.k8s.io"
    status.kind = "DeleteOptions"
    return status
  }

  private static func preconditions(_ value: Value) throws(StatusError) -> Preconditions {
    var result = Preconditions.none
    if let uid = value["uid"], !uid.isNull {
      let text = try text("uid", uid)
      // What is no UUID is no object's identity; the comparison will say so.
      result.uid = UID(text) ?? UID(high: 0, low: 0)
    }
    if let version = value["resourceVersion"], !version.isNull {
      result.resourceVersion = UInt64(try text("resourceVersion", version)) ?? 0
    }
    return result
  }

  private static func integer(_ key: Key, _ value: Value) throws(StatusError) -> Int64 {
    guard let number = value.int else { throw wrongType(key, value, "an integer") }
    return number
  }

  private static func boolean(_ key: Key, _ value: Value) throws(StatusError) -> Bool {
    guard let flag = value.bool else { throw wrongType(key, value, "a boolean") }
    return flag
  }

  private static func text(_ key: Key, _ value: Value) throws(StatusError) -> String {
    guard let text = value.string else { throw wrongType(key, value, "a string") }
    return text
  }

  private static func wrongType(_ key: Key, _ value: Value, _ expected: String) -> StatusError {
    StatusError(
      .badRequest, "DeleteOptions: \(key.text) must be \(expected), not \(value.kind.rawValue)")
  }
}

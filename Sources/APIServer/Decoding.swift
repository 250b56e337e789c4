import APIMachinery
import ValueTree

extension StatusError {
  /// What a server says of content that Go cannot decode into the types of a built-in kind; nil where it can.
  ///
  /// Of a body that is a BadRequest; what a patch has made is Invalid, and shown (semantics 2.7).
  static func undecodable(
    _ problems: [FieldError], as type: ResourceType, patchedTo patched: Value? = nil
  ) -> StatusError? {
    guard !type.definition.isCustom,
      let problem = problems.first(where: { $0.kind == .typeInvalid })
    else { return nil }
    guard let patched else {
      return StatusError(
        .badRequest,
        "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
          + "\(type.kind): \(problem.message)")
    }
    let shown = Value(JSONWriter().string(patched))
    let error = FieldError.invalid(FieldPath("patch"), shown, problem.message)
    return StatusError(
      .invalid, " \"\" is invalid: \(error)",
      causes: [Cause(type: error.kind.rawValue, message: error.message, field: "patch")])
  }
}

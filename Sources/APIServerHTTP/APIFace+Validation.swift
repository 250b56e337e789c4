import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// `fieldValidation`: what is said of fields that nobody reads.
extension APIFace {
  /// A header of an answer.
  typealias Header = (name: String, value: String)

  private enum Validation {
    case ignore, warn, strict
  }

  /// Warnings are the default, as in Kubernetes.
  private func validation(_ question: HTTPQuestion) throws(StatusError) -> Validation {
    let text = question.query["fieldValidation"]
    switch text {
    case "Ignore": return .ignore
    case "", "Warn": return .warn
    case "Strict": return .strict
    default:
      let verb =
        switch question.method {
        case .post: "Create"
        case .patch: "Patch"
        default: "Update"
        }
      let message =
        "Unsupported value: \(Value(text)): supported values: \"Ignore\", \"Strict\", \"Warn\""
      throw StatusError(
        .invalid, "\(verb)Options.meta.k8s.io \"\" is invalid: fieldValidation: \(message)",
        causes: [
          StatusError.Cause(
            type: "FieldValueNotSupported", message: message, field: "fieldValidation")
        ])
    }
  }

  /// Refuses fields of an object that would be dropped, where the client asked for that.
  ///
  /// - Throws: BadRequest.
  func checkStrictly(_ object: APIObject, _ question: HTTPQuestion) throws(StatusError) {
    let type = object.type
    guard try validation(question) == .strict, let schema = type.schema else { return }
    let unknown = schema.unknownFields(in: object.body).map(\.path)
    guard !unknown.isEmpty else { return }
    throw StatusError(
      .badRequest,
      "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
        + "\(type.kind): \(strictError(unknown))")
  }

  /// What is to be said of fields that were dropped on the way from what was sent to what was written; most often that
  /// is the very same, and nothing is looked for.
  func warnings(
    of sent: APIObject, written: APIObject, _ question: HTTPQuestion
  ) throws(StatusError) -> [Header] {
    guard sent.body != written.body, try validation(question) == .warn,
      let schema = sent.type.schema
    else { return [] }
    return warnings(schema.unknownFields(in: sent.body).map(\.path))
  }

  /// The same of what a patch leads to; what it takes away need not be known.
  ///
  /// - Throws: Invalid where the client asked for strictness, as Kubernetes says of patches.
  func unknownFields(
    of patch: Patch, _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> [Header] {
    let type = target.type
    let validation = try validation(question)
    guard validation != .ignore, let schema = type.schema,
      let changes = changes(of: patch, target), changes.isMap
    else { return [] }
    let outer = [Fields.apiVersion, Fields.kind, Fields.metadata]
    let body = Value(
      members: changes.members.filter { !outer.contains($0.key) }.map { ($0.key, $0.value) })
    let unknown = schema.unknownFields(in: body).map(\.path).filter { path in
      if case .key(let key)? = path.steps.last, key.text.hasPrefix("$") { return false }
      return body[path]?.isNull != true
    }
    guard !unknown.isEmpty else { return [] }
    if validation == .strict {
      let shown = Value(JSONWriter().string(changes))
      let message = "Invalid value: \(shown): \(strictError(unknown))"
      throw StatusError(
        .invalid, " \"\" is invalid: patch: \(message)",
        causes: [
          StatusError.Cause(type: "FieldValueInvalid", message: message, field: "patch")
        ])
    }
    return warnings(unknown)
  }

  /// What a patch may bring in: itself, where it looks like a part of the object, or else what it makes of the object.
  private func changes(of patch: Patch, _ target: ResourceTarget) -> Value? {
    switch patch {
    case .merge(let value), .strategic(let value): return value
    case .json(let operations):
      // A patch that does not work is refused by the request itself.
      guard let object = try? cluster.server.get(target.type, target.key),
        let patch = try? JSONPatch(reading: operations)
      else { return nil }
      return try? patch.applied(to: object.value)
    }
  }

  private func strictError(_ unknown: [FieldPath]) -> String {
    "strict decoding error: " + texts(unknown).joined(separator: ", ")
  }

  private func warnings(_ unknown: [FieldPath]) -> [Header] {
    texts(unknown).map { ("Warning", "299 - \(Value($0))") }
  }

  private func texts(_ unknown: [FieldPath]) -> [String] {
    unknown.map { "unknown field \"\($0)\"" }
  }
}

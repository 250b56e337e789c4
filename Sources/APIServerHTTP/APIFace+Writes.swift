import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Creates, updates and deletions.
extension APIFace {
  /// What a write's query says.
  func writeOptions(_ question: HTTPQuestion) throws(StatusError) -> WriteOptions {
    WriteOptions(
      isDryRun: try isDryRun(question.query), fieldManager: question.query["fieldManager"])
  }

  private func isDryRun(_ query: QueryItems) throws(StatusError) -> Bool {
    let stages = query.all("dryRun").filter { !$0.isEmpty }
    return try DeleteOptions.dryRun(Value(stages.map { Value($0) }))
  }

  // MARK: Creates and updates

  func create(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let read = try self.object(of: target.type, target, question)
    var header = read.object.header
    try place(&header, target)
    let object = read.object.with(header: header)
    var answer = try one(
      .create(object, try writeOptions(question)), target, status: 201)
    answer.headers += read.warnings
    return answer
  }

  func update(
    _ target: ResourceTarget, _ subresource: Subresource?, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    var type = target.type
    if subresource == .scale {
      guard let scale = type.scale else { throw .noSuchEndpoint }
      type = scale
    }
    let read = try self.object(of: type, target, question)
    var header = read.object.header
    if header.name.isEmpty {
      throw StatusError(.badRequest, "name is required", type: type)
    }
    guard header.name == target.path.name else {
      throw StatusError(
        .badRequest,
        "the name of the object (\(header.name)) does not match the name on the URL "
          + "(\(target.path.name))")
    }
    try place(&header, target)
    var answer = try one(
      .update(
        read.object.with(header: header), subresource: subresource,
        options: try writeOptions(question)), target)
    answer.headers += read.warnings
    return answer
  }

  func patch(
    _ target: ResourceTarget, _ subresource: Subresource?, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let patch = try BodyReader.patch(question, of: target.type)
    let warnings = try unknownFields(of: patch, target.type, question)
    var answer = try one(
      .patch(
        target.type, target.key, patch, subresource: subresource,
        options: try writeOptions(question)), target)
    answer.headers += warnings
    return answer
  }

  /// An object from a body, with what is to be said of fields that nobody knows.
  private struct ReadObject {
    let object: APIObject
    let warnings: [(name: String, value: String)]
  }

  private func object(
    of type: ResourceType, _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> ReadObject {
    let value = try BodyReader.value(question)
    try check(value, type.apiVersion, type.kind)
    let object: APIObject
    do { object = try APIObject(decoding: value, as: type) } catch {
      throw StatusError(
        .badRequest,
        "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
          + "\(type.kind): \(error)")
    }
    return ReadObject(object: object, warnings: try unknownFields(of: object, question))
  }

  /// Refuses a body of another kind than the path's; one that says nothing is of that.
  private func check(
    _ value: Value, _ apiVersion: String, _ kind: String
  ) throws(StatusError) {
    guard value.isMap else {
      throw StatusError(
        .badRequest,
        "the object provided is unrecognized (must be of type Object): it is no map")
    }
    if let own = value[Fields.apiVersion]?.string, !own.isEmpty, own != apiVersion {
      throw StatusError(
        .badRequest,
        "the API version in the data (\(own)) does not match the expected API version "
          + "(\(apiVersion))")
    }
    if let own = value[Fields.kind]?.string, !own.isEmpty, own != kind {
      throw StatusError(
        .badRequest, "the kind in the data (\(own)) does not match the expected kind (\(kind))")
    }
  }

  /// Looks for fields that would be dropped, as `fieldValidation` asks.
  private func unknownFields(
    of object: APIObject, _ question: HTTPQuestion
  ) throws(StatusError) -> [(name: String, value: String)] {
    guard question.asksForUnknownFields, let schema = object.type.schema else { return [] }
    let unknown = schema.unknownFields(in: object.body).map(\.path)
    return try tell(unknown, object.type, question)
  }

  /// The same of a patch that is a part of an object; what it takes away need not be known.
  private func unknownFields(
    of patch: Patch, _ type: ResourceType, _ question: HTTPQuestion
  ) throws(StatusError) -> [(name: String, value: String)] {
    let changes: Value
    switch patch {
    case .merge(let value), .strategic(let value): changes = value
    case .json: return []
    }
    guard question.asksForUnknownFields, changes.isMap, let schema = type.schema else { return [] }
    let outer = [Fields.apiVersion, Fields.kind, Fields.metadata]
    let body = Value(
      members: changes.members.filter { !outer.contains($0.key) }.map { ($0.key, $0.value) })
    let unknown = schema.unknownFields(in: body).map(\.path).filter { path in
      if case .key(let key)? = path.steps.last, key.text.hasPrefix("$") { return false }
      return body[path]?.isNull != true
    }
    return try tell(unknown, type, question)
  }

  private func tell(
    _ unknown: [FieldPath], _ type: ResourceType, _ question: HTTPQuestion
  ) throws(StatusError) -> [(name: String, value: String)] {
    guard !unknown.isEmpty else { return [] }
    let texts = unknown.map { "unknown field \"\($0)\"" }
    if question.query["fieldValidation"] == "Strict" {
      throw StatusError(
        .badRequest,
        "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
          + "\(type.kind): strict decoding error: \(texts.joined(separator: ", "))")
    }
    return texts.map { ("Warning", "299 - \(Value($0))") }
  }

  /// Puts an object into the namespace of the path; one that names another is refused.
  private func place(
    _ header: inout ObjectHeader, _ target: ResourceTarget
  ) throws(StatusError) {
    guard target.type.definition.isNamespaced else { return }
    if header.namespace.isEmpty { header.namespace = target.path.namespace }
    guard header.namespace == target.path.namespace else {
      throw StatusError(
        .badRequest,
        "the namespace of the provided object does not match the namespace sent on the request")
    }
  }

  // MARK: Deletions

  /// The options of a deletion: those of the body, or without one those of the query.
  func deleteOptions(_ question: HTTPQuestion) throws(StatusError) -> DeleteOptions {
    if !question.body.isEmpty {
      return try DeleteOptions(reading: try BodyReader.value(question))
    }
    let query = question.query
    var options = DeleteOptions.none
    options.gracePeriodSeconds = try number("gracePeriodSeconds", query)
    let policy = query["propagationPolicy"]
    if !policy.isEmpty { options.propagationPolicy = try DeleteOptions.policy(policy) }
    if query.has("orphanDependents") { options.orphanDependents = query.flag("orphanDependents") }
    options.isDryRun = try isDryRun(query)
    return options
  }

  func delete(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let options = try deleteOptions(question)
    switch try perform(.delete(target.type, target.key, options)) {
    case .removed(let object): return Self.success(of: object)
    case .object(let object):
      return answer(object, target, status: options.orphanDependents == false ? 202 : 200)
    case .list: throw .noSuchEndpoint
    }
  }

  /// The `Status` of something that was done, about an object.
  static func success(of object: APIObject, status: Int = 200) -> HTTPAnswer {
    let definition = object.type.definition
    var details: [(Key, Value)] = [("name", Value(object.name))]
    if !definition.group.isEmpty { details.append(("group", Value(definition.group))) }
    details += [("kind", Value(definition.plural)), ("uid", Value(object.uid.description))]
    return HTTPAnswer(
      [
        "kind": "Status", "apiVersion": "v1", "metadata": .emptyMap, "status": "Success",
        "details": Value(members: details),
      ], status: status)
  }
}

extension HTTPQuestion {
  /// Whether somebody wants to know of fields that nobody reads.
  fileprivate var asksForUnknownFields: Bool {
    let validation = query["fieldValidation"]
    return validation == "Strict" || validation == "Warn"
  }
}

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
    let read = try self.object(of: target.type, question)
    var header = read.header
    try place(&header, target)
    return try written(
      read, .create(read.with(header: header), try writeOptions(question)), target, question,
      status: 201)
  }

  func update(
    _ target: ResourceTarget, _ subresource: Subresource?, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    var type = target.type
    if subresource == .scale {
      guard let scale = type.scale else { throw .noSuchEndpoint }
      type = scale
    }
    let read = try self.object(of: type, question)
    var header = read.header
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
    let object = read.with(header: header)
    let options = try writeOptions(question)
    do throws(StatusError) {
      return try written(
        read, .update(object, subresource: subresource, options: options), target, question)
    } catch {
      guard error.reason == .notFound, subresource == nil, type.isMadeByUpdate,
        object.resourceVersion == 0
      else { throw error }
      return try written(read, .create(object, options), target, question, status: 201)
    }
  }

  /// Sends a write, and answers with what it made of what was sent.
  private func written(
    _ sent: APIObject, _ request: APIRequest, _ target: ResourceTarget, _ question: HTTPQuestion,
    status: Int = 200
  ) throws(StatusError) -> HTTPAnswer {
    guard let object = try perform(request).object else { throw .noSuchEndpoint }
    var answer = answer(object, target, status: status)
    answer.headers += try warnings(of: sent, written: object, question)
    return answer
  }

  func patch(
    _ target: ResourceTarget, _ subresource: Subresource?, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let patch = try BodyReader.patch(question, of: target.type)
    let warnings =
      subresource == .scale ? [] : try unknownFields(of: patch, target, question)
    var answer = try one(
      .patch(
        target.type, target.key, patch, subresource: subresource,
        options: try writeOptions(question)), target)
    answer.headers += warnings
    return answer
  }

  /// An object from a body.
  private func object(
    of type: ResourceType, _ question: HTTPQuestion
  ) throws(StatusError) -> APIObject {
    let value = try BodyReader.value(question)
    try check(
      value, type.apiVersion, type.kind,
      isCustom: type.definition.isCustom && type.apiVersion != "autoscaling/v1")
    let object: APIObject
    do { object = try APIObject(decoding: value, as: type) } catch {
      throw StatusError(
        .badRequest,
        "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
          + "\(type.kind): \(error)")
    }
    try checkStrictly(object, question)
    return object
  }

  /// Refuses a body of another kind than the path's; one that says nothing is of that.
  private func check(
    _ value: Value, _ apiVersion: String, _ kind: String, isCustom: Bool
  ) throws(StatusError) {
    guard value.isMap else {
      throw StatusError(
        .badRequest,
        "the object provided is unrecognized (must be of type Object): it is no map")
    }
    if isCustom {
      // Built-in kinds are known by the path; for others the body has to say what it is.
      for field in [Fields.kind, Fields.apiVersion] where (value[field]?.string ?? "").isEmpty {
        throw StatusError(
          .badRequest,
          "Object '\(field == Fields.kind ? "Kind" : "apiVersion")' is missing in '\(value)'")
      }
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
    case .removed(let object):
      if object.type.answersRemovalWithObject { return answer(object, target) }
      return Self.success(of: object)
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

extension ResourceType {
  /// Whether a deletion that removes at once answers with the object, as it does for a few of the oldest kinds.
  fileprivate var answersRemovalWithObject: Bool {
    definition.group.isEmpty
      && [
        "pods", "persistentvolumeclaims", "persistentvolumes", "podtemplates", "resourcequotas",
        "serviceaccounts", "services",
      ].contains(definition.plural)
  }

  /// Whether an update of what is not there makes it.
  fileprivate var isMadeByUpdate: Bool {
    switch definition.group {
    case "": ["endpoints", "events", "limitranges", "services"].contains(definition.plural)
    case "coordination.k8s.io": definition.plural == "leases"
    case "events.k8s.io": definition.plural == "events"
    case "policy": definition.plural == "poddisruptionbudgets"
    case "rbac.authorization.k8s.io": true
    default: false
    }
  }
}

public import APIMachinery
import APIStore
public import Scalars
import ValueTree

extension APIServer {
  /// Makes an object.
  ///
  /// What only the server may say is wiped (semantics 1.1); finalizers are kept; status is dropped where it has a
  /// subresource of its own.
  @discardableResult
  public mutating func create(
    _ object: APIObject, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = object.type
    guard object.resourceVersion == 0 else {
      throw StatusError(
        .badRequest, "resourceVersion should not be set on objects to be created", type: type,
        name: object.name)
    }
    var header = ObjectHeader(namespace: object.namespace, name: object.name)
    try checkScope(object)
    if header.name.isEmpty { header.name = try generatedName(for: object) }
    let key = header.key
    let existing = store.object(type, key)
    if existing == nil { try checkNamespace(of: object, name: header.name) }
    let errors = ObjectValidation.metadata(of: object.with(header: header))
    guard errors.isEmpty else { throw .invalid(type, header.name, errors) }
    if let existing {
      throw .alreadyExists(type, header.name, isDeleting: existing.isDeleting)
    }
    header.uid = identity.uid(
      resource: type.qualifiedPlural, key: key, incarnation: store.incarnation(type, key))
    header.creationTimestamp = now.truncatedToSecond
    header.generation = type.definition.usesGeneration ? 1 : 0
    var body = object.body
    if type.definition.hasStatus { body = body.removing(Fields.status) }
    if NamespaceRules.isNamespace(type) { body = NamespaceRules.created(body) }
    return commit(
      .added, APIObject(type: type, header: header, body: body), previous: nil, at: now)
  }

  /// A free name from `generateName`: the base cut to 58 characters and five more (semantics 2.8).
  private mutating func generatedName(for object: APIObject) throws(StatusError) -> String {
    let type = object.type
    guard
      let base = object.body[FieldPath(Fields.metadata, Fields.generateName)]?.string,
      !base.isEmpty
    else {
      throw .invalid(
        type, "",
        [.required(FieldPath(Fields.metadata, Fields.name), "name or generateName is required")])
    }
    let cut = String(decoding: base.utf8.prefix(58), as: UTF8.self)
    for _ in 0..<8 {
      let index = store.nextGeneratedName(type, namespace: object.namespace, base: cut)
      let name =
        cut
        + identity.nameSuffix(
          resource: type.qualifiedPlural, namespace: object.namespace, base: cut, index: index)
      if store.object(type, ObjectKey(namespace: object.namespace, name: name)) == nil {
        return name
      }
    }
    var error = StatusError.alreadyExists(type, cut)
    error.message += ", the server was not able to generate a unique name for the object"
    error.retryAfterSeconds = 1
    throw error
  }

  private func checkScope(_ object: APIObject) throws(StatusError) {
    let type = object.type
    if type.definition.isNamespaced, object.namespace.isEmpty {
      throw StatusError(
        .badRequest, "an empty namespace may not be set during creation", type: type,
        name: object.name)
    }
    if !type.definition.isNamespaced, !object.namespace.isEmpty {
      throw StatusError(
        .badRequest, "namespace may not be set on \(type.qualifiedPlural): they are cluster-scoped",
        type: type, name: object.name)
    }
  }

  /// Refuses content in namespaces that are missing or going away (semantics 1.8).
  private func checkNamespace(of object: APIObject, name: String) throws(StatusError) {
    guard object.type.definition.isNamespaced,
      let namespaces = registry.type(apiVersion: "v1", kind: "Namespace")
    else { return }
    let name = object.namespace
    guard let namespace = store.object(namespaces, ObjectKey(name: name)) else {
      throw .notFound(namespaces, name)
    }
    if namespace.isDeleting {
      throw StatusError(
        .forbidden,
        "\(object.type.qualifiedPlural) \"\(object.name)\" is forbidden: unable to create new "
          + "content in namespace \(name) because it is being terminated",
        type: object.type, name: object.name,
        causes: [
          StatusError.Cause(
            type: "NamespaceTerminating", message: "namespace \(name) is being terminated",
            field: "metadata.namespace")
        ])
    }
  }
}

public import APIMachinery
import APIStore
public import Scalars
import ValueTree

extension APIServer {
  /// Makes an object.
  ///
  /// What only the server may say is wiped (semantics 1.1); finalizers are kept; status is dropped where it has a
  /// subresource of its own. Refusals come in Kubernetes' order: the namespace, the fields, a resource version,
  /// an object that is there already.
  @discardableResult
  public mutating func create(
    _ object: APIObject, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = object.type
    if type.conversion != nil {
      return presented(try create(try converted(object), at: now), as: type)
    }
    var header = ObjectHeader()
    // Of a kind without namespaces the namespace is dropped, as Kubernetes does.
    if type.definition.isNamespaced {
      header.key = object.key
      try checkNamespace(of: object)
    } else {
      header.key = ObjectKey(name: object.name)
    }
    try checkNotEnding(type, header.name)
    var generated: GeneratedName?
    if header.name.isEmpty { generated = generatedName(for: object, in: header.namespace) }
    if let generated { header.name = generated.name }
    let storage = storageType(of: type)
    var body = object.body
    if type.definition.hasStatus, body[Fields.status] != nil {
      body = body.removing(Fields.status)
    }
    var errors = MetadataValidation.problems(header, body, type)
    if let schema = schema(of: type, refusing: body) {
      body = schema.normalized(body)
      let problems = schema.problems(of: body, at: .root)
      if let problem = StatusError.undecodable(problems, as: type) { throw problem }
      errors += problems
    }
    guard errors.isEmpty else { throw .invalid(type, header.name, errors) }
    if type.isView { body = storage.schema?.normalized(body) ?? body }
    guard object.resourceVersion == 0 else {
      throw StatusError(
        .badRequest, "resourceVersion should not be set on objects to be created", type: type,
        name: header.name)
    }
    let key = header.key
    if let existing = store.object(type, key) {
      // Kubernetes says so of every body with `generateName`, whoever chose the name.
      throw object.body[Fields.generateNamePath] == nil
        ? .alreadyExists(type, header.name, isDeleting: existing.isDeleting)
        : .generatedNameExists(type, header.name, isDeleting: existing.isDeleting)
    }
    header.uid = identity.uid(
      resource: type.qualifiedPlural, key: key, incarnation: store.incarnation(type, key))
    header.creationTimestamp = now.truncatedToSecond
    header.generation = type.definition.usesGeneration ? 1 : 0
    if type.isDefinition { body = try checkedDefinition(header, body, type, over: nil, at: now) }
    if NamespaceRules.isNamespace(type) {
      body = NamespaceRules.created(body, name: header.name)
    }
    if settings.protectsStorage { body = StorageProtection.created(body, type) }
    if settings.completesPods { body = PodRules.created(body, type) }
    try StoredSize.check(header, body, type)
    if let generated {
      store.noteGeneratedNames(
        generated.count, type, namespace: header.namespace, base: generated.base)
    }
    // In two steps: a method is called on a copy of the server, and a write beside a copy duplicates what it changes.
    let written = commit(.added, storage, header, body, over: nil, sent: object, at: now)
    return presented(written, as: type)
  }

  /// A name that the server has chosen.
  private struct GeneratedName {
    let name: String
    let base: String
    /// How many names have been generated from the base, with this one.
    let count: UInt32
  }

  /// A name from `generateName`: the base cut to 58 characters and five more (semantics 2.8); nil without a base.
  ///
  /// After eight names that are taken the last one is given all the same, and the create refused for it.
  private func generatedName(for object: APIObject, in namespace: String) -> GeneratedName? {
    let type = object.type
    guard let base = object.body[Fields.generateNamePath]?.string, !base.isEmpty else { return nil }
    let cut = String(decoding: base.utf8.prefix(58), as: UTF8.self)
    let first = store.generatedNames(type, namespace: namespace, base: cut)
    func candidate(_ index: UInt32) -> GeneratedName {
      let suffix = identity.nameSuffix(
        resource: type.qualifiedPlural, namespace: namespace, base: cut, index: index)
      return GeneratedName(name: cut + suffix, base: cut, count: index + 1)
    }
    for index in first..<first + 7 {
      let generated = candidate(index)
      let key = ObjectKey(namespace: namespace, name: generated.name)
      if store.object(type, key) == nil { return generated }
    }
    return candidate(first + 7)
  }

  /// Refuses content in namespaces that are missing or going away (semantics 1.8).
  private func checkNamespace(of object: APIObject) throws(StatusError) {
    let type = object.type
    let name = object.namespace
    guard !name.isEmpty else {
      throw StatusError(
        .badRequest, "an empty namespace may not be set during creation", type: type,
        name: object.name)
    }
    guard let namespaceType else { return }
    guard let namespace = store.object(namespaceType, ObjectKey(name: name)) else {
      throw .notFound(namespaceType, name)
    }
    if namespace.isDeleting {
      let base = object.body[Fields.generateNamePath]?.string
      throw .forbidden(
        type, object.name.isEmpty ? base ?? "" : object.name,
        "unable to create new content in namespace \(name) because it is being terminated",
        causes: [
          StatusError.Cause(
            type: "NamespaceTerminating", message: "namespace \(name) is being terminated",
            field: "metadata.namespace")
        ])
    }
  }
}

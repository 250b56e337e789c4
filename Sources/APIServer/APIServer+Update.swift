public import APIMachinery
import APIStore
public import Scalars
import ValueTree

extension APIServer {
  /// Replaces an object, or one part of it.
  ///
  /// - Throws: Conflict when the UID or resource version given is not the stored one, or when a UID is given and
  ///   nothing is stored; NotFound; Invalid when the result breaks a rule.
  @discardableResult
  public mutating func update(
    _ object: APIObject, subresource: Subresource? = nil, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = object.type
    if subresource == .scale { return try updateScale(object, at: now) }
    try checkServed(subresource, of: type, for: "update")
    if type.conversion != nil {
      let written = try update(try converted(object), subresource: subresource, at: now)
      return presented(written, as: type)
    }
    let key = type.definition.isNamespaced ? object.key : ObjectKey(name: object.name)
    let stored = store.object(type, key)
    // The UID is a precondition of the storage, which is asked before anything else: an update of what is gone
    // is a Conflict and no NotFound when it says which object it means.
    if let uid = object.header.uid, uid != stored?.uid {
      throw .preconditionFailed(type, key, uid: uid, stored: stored?.uid)
    }
    guard let stored else { throw .notFound(type, object.name) }
    if object.resourceVersion == 0, !type.definition.allowsUnconditionalUpdate {
      throw .resourceVersionRequired(type, object.name)
    }
    return try write(object, over: stored, subresource: subresource, at: now)
  }

  /// Patches an object, or one part of it.
  ///
  /// A patch that names a resource version is conditional on it (semantics 2.2).
  @discardableResult
  public mutating func patch(
    _ type: ResourceType, _ key: ObjectKey, _ patch: Patch, subresource: Subresource? = nil,
    at now: Timestamp
  ) throws(StatusError) -> APIObject {
    try checkServed(subresource, of: type, for: "patch")
    if subresource == .scale { return try patchScale(of: type, key, patch, at: now) }
    let stored = try self.stored(type, key)
    let patched = try converted(try patched(presented(stored, as: type), by: patch))
    let written = try write(patched, over: stored, subresource: subresource, at: now)
    return type.conversion == nil ? written : presented(written, as: type)
  }

  /// The object that a patch leads to; it has the same key.
  func patched(_ stored: APIObject, by patch: Patch) throws(StatusError) -> APIObject {
    if let patched = plainlyPatched(stored, by: patch) { return patched }
    let type = stored.type
    let key = stored.key
    let value = try content(stored.value, by: patch, type, key)
    let patched: APIObject
    do { patched = try APIObject(decoding: value, as: type) } catch {
      throw .invalid(type, key.name, [error])
    }
    guard patched.name == key.name else {
      throw StatusError(
        .badRequest,
        "the name of the object (\(patched.name)) does not match the name on the URL (\(key.name))",
        type: type, name: key.name)
    }
    if type.definition.isNamespaced, patched.namespace != key.namespace {
      throw StatusError(
        .badRequest,
        "the namespace of the object (\(patched.namespace)) does not match the namespace on the "
          + "request (\(key.namespace))",
        type: type, name: key.name)
    }
    for (field, own) in [(Fields.kind, type.kind), (Fields.apiVersion, type.apiVersion)]
    where value[field]?.string != own {
      throw StatusError(
        .badRequest,
        "the \(field) of the patched object (\(value[field]?.string ?? "")) is not \(own)",
        type: type, name: key.name)
    }
    if let schema = schema(of: type, refusing: patched.body), case .builtIn = schema,
      let problem = StatusError.undecodable(
        schema.problems(of: schema.normalized(patched.body), at: .root), as: type, patchedTo: value)
    {
      throw problem
    }
    return patched
  }

  /// The object that a merge patch leads to which says nothing of kind and metadata; nil for other patches, and where the
  /// kind refuses the outcome.
  ///
  /// Nothing of the header has to be written down and read again for it.
  private func plainlyPatched(_ stored: APIObject, by patch: Patch) -> APIObject? {
    guard case .merge(let changes) = patch, changes.isMap, changes[Fields.metadata] == nil,
      changes[Fields.apiVersion] == nil, changes[Fields.kind] == nil
    else { return nil }
    let body = stored.body.merging(changes)
    if case .builtIn = schema(of: stored.type, refusing: body) { return nil }
    return stored.with(body: body)
  }

  private func content(
    _ value: Value, by patch: Patch, _ type: ResourceType, _ key: ObjectKey
  ) throws(StatusError) -> Value {
    switch patch {
    case .merge(let changes):
      guard changes.isMap else {
        throw StatusError(
          .badRequest, "a merge patch must be a map, not \(changes.kind.rawValue)", type: type,
          name: key.name)
      }
      return value.merging(changes)
    case .json(let operations):
      do { return try JSONPatch(reading: operations).applied(to: value) } catch {
        throw .patchFailed(error)
      }
    case .strategic(let changes):
      // Only built-in kinds have types that say how their lists are merged.
      guard !type.definition.isCustom else { throw .unsupportedPatch }
      guard changes.isMap else {
        throw StatusError(
          .badRequest, "a strategic merge patch must be a map, not \(changes.kind.rawValue)",
          type: type, name: key.name)
      }
      do {
        return try StrategicMergePatch().patched(
          value, by: changes, apiVersion: type.apiVersion, kind: type.kind)
      } catch {
        throw StatusError(.badRequest, "\(error)", type: type, name: key.name)
      }
    }
  }

  /// Refuses an endpoint that the kind does not have, and what cannot be done at one that it has.
  func checkServed(
    _ subresource: Subresource?, of type: ResourceType, for verb: String
  ) throws(StatusError) {
    switch subresource {
    case nil: return
    case .status: if type.definition.hasStatus { return }
    case .finalize:
      guard NamespaceRules.isNamespace(type) else { throw .noSuchEndpoint }
      if verb == "update" { return }
      throw .methodNotAllowed
    case .scale: if type.definition.scale != nil { return }
    }
    throw .noSuchEndpoint
  }

  mutating func write(
    _ object: APIObject, over stored: APIObject, subresource: Subresource?,
    at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = object.type
    if object.resourceVersion != 0, object.resourceVersion != stored.resourceVersion {
      throw .conflict(type, stored.name, StatusError.modifiedDetail)
    }
    let storage = storageType(of: type)
    let previous = type.isView ? presented(stored, as: type) : stored
    var body = UpdateStrategy.body(object.body, over: previous, subresource: subresource)
    // Most bodies are as they must be; what is not is pruned and completed, and then told.
    let schema = schema(of: type, refusing: body)
    if let schema { body = schema.normalized(body) }
    let isRemoval = Self.isRemovedByEmptying(stored, body)
    let asked = body
    if type.isView { body = storage.schema?.normalized(body) ?? body }
    let isUnchanged = body == stored.body
    var errors = UpdateValidation.headerProblems(from: stored.header, to: object.header)
    if !isUnchanged {
      errors += UpdateValidation.problems(from: stored, to: body)
      // An object that is going away need not fit a schema that has become stricter meanwhile.
      if let schema, !isRemoval {
        let problems = schema.problems(of: asked, at: .root)
        if let problem = StatusError.undecodable(problems, as: type) { throw problem }
        errors += problems
      }
    }
    guard errors.isEmpty else { throw .invalid(type, stored.name, errors) }
    if type.isDefinition, subresource != .status, !isUnchanged {
      body = try checkedDefinition(stored.header, body, type, over: stored, at: now)
    }
    // A no-op writes nothing: no event, no new revision (semantics 2.4).
    if isUnchanged, !isRemoval { return presented(stored, as: type) }
    var header = stored.header
    if subresource == nil, type.definition.usesGeneration,
      UpdateStrategy.changesSpec(body, stored)
    {
      header.generation += 1
    }
    if isRemoval {
      // The update is not written: watchers see the removal only, with the last state that was stored, while
      // the client gets back what it sent.
      _ = remove(stored, at: now)
      return APIObject(type: type, header: header, body: asked, perhapsOf: object)
    }
    try StoredSize.check(header, body, type)
    let written = commit(.modified, storage, header, body, over: stored, sent: object, at: now)
    return presented(written, as: type)
  }

  /// Whether this update takes the last finalizer off an object that waits for just that (semantics 1.4).
  private static func isRemovedByEmptying(_ stored: APIObject, _ body: Value) -> Bool {
    guard stored.isDeleting, (stored.header.deletionGracePeriodSeconds ?? 0) == 0 else {
      return false
    }
    if let finalizers = body[Fields.finalizersPath], !finalizers.isEmptyCollection { return false }
    return !(NamespaceRules.isNamespace(stored.type) && NamespaceRules.isHeld(body))
  }
}

extension StatusError {
  /// 415 of a patch in a form that custom resources do not take.
  fileprivate static let unsupportedPatch = StatusError(
    .unsupportedMediaType,
    "the body of the request was in an unknown format - accepted media types include: "
      + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")

  /// What Kubernetes answers to a JSON patch that cannot be carried out, which is nothing but the code.
  fileprivate static func patchFailed(_ failure: JSONPatch.Failure) -> StatusError {
    switch failure {
    case .malformed(let reason): StatusError(.badRequest, reason)
    case .tooManyOperations:
      StatusError(.requestEntityTooLarge, "Request entity is too large: \(failure)")
    case .inapplicable, .testFailed:
      StatusError(
        .invalid, "the server rejected our request due to an error in our request")
    }
  }

  /// 409 of an update that names another object than the stored one, in the words of Kubernetes' storage.
  fileprivate static func preconditionFailed(
    _ type: ResourceType, _ key: ObjectKey, uid: UID, stored: UID?
  ) -> StatusError {
    let group = type.definition.isCustom ? "\(type.definition.group)/" : ""
    return .conflict(
      type, key.name,
      "StorageError: invalid object, Code: 4, Key: /registry/\(group)\(type.plural)/\(key), "
        + "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: \(uid), "
        + "UID in object meta: \(stored.map { "\($0)" } ?? "")")
  }

  /// 422 of an unconditional update of a kind that has none; Kubernetes names the resource where the kind belongs.
  fileprivate static func resourceVersionRequired(
    _ type: ResourceType, _ name: String
  ) -> StatusError {
    let error = FieldError(
      .invalid, FieldPath(Fields.metadata, Fields.resourceVersion),
      "Invalid value: 0x0: must be specified for an update")
    var status = StatusError.invalid(type, name, [error])
    status.message = "\(type.qualifiedPlural) \"\(name)\" is invalid: \(error)"
    status.kind = type.plural
    return status
  }
}

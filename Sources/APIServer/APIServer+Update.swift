public import APIMachinery
import APIStore
public import Scalars
public import ValueTree

extension APIServer {
  /// Replaces an object, or one part of it.
  ///
  /// - Throws: Conflict when the resource version or UID given is not the stored one; Invalid when the result
  ///   breaks a rule; NotFound.
  @discardableResult
  public mutating func update(
    _ object: APIObject, subresource: Subresource? = nil, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = object.type
    guard let stored = store.object(type, object.key) else { throw .notFound(type, object.name) }
    if subresource == .status, !type.definition.hasStatus { throw .notFound(type, object.name) }
    if object.resourceVersion == 0, !type.definition.allowsUnconditionalUpdate {
      throw .invalid(
        type, object.name,
        [
          .invalid(
            FieldPath(Fields.metadata, Fields.resourceVersion), 0,
            "must be specified for an update")
        ])
    }
    try checkIdentity(of: object, stored)
    return try write(object.body, over: stored, subresource: subresource, at: now)
  }

  /// Merges a patch into an object, or into one part of it.
  ///
  /// A patch that names a resource version is conditional on it (semantics 2.2).
  @discardableResult
  public mutating func mergePatch(
    _ type: ResourceType, _ key: ObjectKey, _ patch: Value, subresource: Subresource? = nil,
    at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let stored = try get(type, key)
    if subresource == .status, !type.definition.hasStatus { throw .notFound(type, key.name) }
    guard patch.isMap else {
      throw StatusError(
        .badRequest, "a merge patch must be a map, not \(patch.kind.rawValue)", type: type,
        name: key.name)
    }
    let patched: APIObject
    do { patched = try APIObject(decoding: stored.value.merging(patch), as: type) } catch {
      throw .invalid(type, key.name, [error])
    }
    guard patched.key == key else {
      throw StatusError(
        .badRequest, "the name and namespace of an object cannot be changed", type: type,
        name: key.name)
    }
    try checkIdentity(of: patched, stored)
    return try write(patched.body, over: stored, subresource: subresource, at: now)
  }

  private func checkIdentity(of object: APIObject, _ stored: APIObject) throws(StatusError) {
    if let uid = object.header.uid, uid != stored.uid {
      throw .conflict(
        object.type, object.name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(stored.uid)")
    }
    if object.resourceVersion != 0, object.resourceVersion != stored.resourceVersion {
      throw .conflict(object.type, object.name, StatusError.modifiedDetail)
    }
  }

  private mutating func write(
    _ body: Value, over stored: APIObject, subresource: Subresource?, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let type = stored.type
    let merged = UpdateStrategy.body(body, over: stored, subresource: subresource)
    var header = stored.header
    if subresource == nil, type.definition.usesGeneration,
      UpdateStrategy.changesSpec(merged, stored)
    {
      header.generation += 1
    }
    let updated = APIObject(type: type, header: header, body: merged)
    let errors = ObjectValidation.update(from: stored, to: updated)
    guard errors.isEmpty else { throw .invalid(type, stored.name, errors) }
    if isRemovedByEmptying(updated, stored) {
      // The update is not written: watchers see the removal only, with the last state that was stored.
      _ = commit(.deleted, stored, previous: stored, at: now)
      return updated
    }
    // A no-op writes nothing: no event, no new revision (semantics 2.4).
    if merged == stored.body { return stored }
    return commit(.modified, updated, previous: stored, at: now)
  }

  /// Whether this update takes the last finalizer off an object that waits for just that (semantics 1.4).
  private func isRemovedByEmptying(_ updated: APIObject, _ stored: APIObject) -> Bool {
    guard stored.isDeleting, (stored.header.deletionGracePeriodSeconds ?? 0) == 0,
      !updated.hasFinalizers
    else { return false }
    return !(NamespaceRules.isNamespace(updated.type) && NamespaceRules.isHeld(updated))
  }
}

/// Which fields of an update count.
enum UpdateStrategy {
  /// The content after an update of the main resource or of one part.
  static func body(_ new: Value, over stored: APIObject, subresource: Subresource?) -> Value {
    let definition = stored.type.definition
    switch subresource {
    case nil:
      guard definition.hasStatus else { return new }
      guard let status = stored.body[Fields.status] else { return new.removing(Fields.status) }
      return new.setting(Fields.status, to: status)
    case .status:
      var result = stored.body
      result[member: Fields.status] = new[Fields.status]
      // Built-in kinds take metadata along; custom resources do not (semantics 2.2).
      if definition.allowsUnconditionalUpdate {
        result[member: Fields.metadata] = new[Fields.metadata]
      }
      return result
    }
  }

  /// Whether anything but metadata and a status of its own has changed.
  static func changesSpec(_ body: Value, _ stored: APIObject) -> Bool {
    func spec(_ value: Value) -> Value {
      let rest = value.removing(Fields.metadata)
      return stored.type.definition.hasStatus ? rest.removing(Fields.status) : rest
    }
    if body[Fields.spec] != stored.body[Fields.spec] { return true }
    return spec(body) != spec(stored.body)
  }
}

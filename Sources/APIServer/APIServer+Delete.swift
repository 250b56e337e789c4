public import APIMachinery
import APIStore
public import Scalars

extension APIServer {
  /// Deletes an object, or marks it as being deleted while finalizers stand (semantics 1.2).
  ///
  /// - Returns: the object as it is after the request; after a removal its last state.
  /// - Throws: Conflict when a precondition does not hold; NotFound; Forbidden for immortal namespaces.
  @discardableResult
  public mutating func delete(
    _ type: ResourceType, _ key: ObjectKey, preconditions: Preconditions = .none,
    at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let stored = try get(type, key)
    try check(preconditions, stored)
    if type.isDefinition { try checkUnused(stored) }
    var header = stored.header
    if NamespaceRules.isNamespace(type) {
      if NamespaceRules.immortal.contains(key.name) {
        throw .forbidden(type, key.name, "this namespace may not be deleted")
      }
      // The first request only begins; what is left to do is others' (semantics 1.8).
      if !stored.isDeleting {
        header.deletionTimestamp = now.truncatedToSecond
        let body = NamespaceRules.terminating(stored.body)
        return commit(.modified, type, header, body, over: stored, at: now)
      }
      if NamespaceRules.isHeld(stored.body) { return stored }
    }
    guard stored.hasFinalizers else { return remove(stored, at: now) }
    if header.deletionTimestamp == nil {
      header.deletionTimestamp = now.truncatedToSecond
      if header.generation > 0 { header.generation += 1 }
    }
    header.deletionGracePeriodSeconds = 0
    // A second deletion changes nothing while finalizers stand (C2).
    if header == stored.header { return stored }
    return commit(.modified, type, header, stored.body, over: stored, at: now)
  }

  private func check(
    _ preconditions: Preconditions, _ stored: APIObject
  ) throws(StatusError) {
    if let uid = preconditions.uid, uid != stored.uid {
      throw failed(
        stored, "UID", "\(uid)", "\(stored.uid)",
        "The object might have been deleted and then recreated")
    }
    if let revision = preconditions.resourceVersion, revision != stored.resourceVersion {
      throw failed(
        stored, "ResourceVersion", "\(revision)", "\(stored.resourceVersion)",
        "The object might have been modified")
    }
  }

  /// Namespaces say it in their own way; all others name the kind and not the resource.
  private func failed(
    _ stored: APIObject, _ field: String, _ wanted: String, _ found: String, _ reason: String
  ) -> StatusError {
    let type = stored.type
    if NamespaceRules.isNamespace(type) {
      return .conflict(
        type, stored.name,
        "Precondition failed: \(field) in precondition: \(wanted), \(field) in object meta: \(found)"
      )
    }
    var error = StatusError(
      .conflict,
      "Operation cannot be fulfilled on \(type.qualifiedKind) \"\(stored.name)\": the \(field) in "
        + "the precondition (\(wanted)) does not match the \(field) in record (\(found)). \(reason)",
      type: type, name: stored.name)
    error.kind = type.kind
    return error
  }
}

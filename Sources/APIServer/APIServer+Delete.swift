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
    let isNamespace = NamespaceRules.isNamespace(type)
    if isNamespace, Self.immortalNamespaces.contains(key.name) {
      throw StatusError(
        .forbidden,
        "namespaces \"\(key.name)\" is forbidden: this namespace may not be deleted",
        type: type, name: key.name)
    }
    let isHeld = stored.hasFinalizers || isNamespace && NamespaceRules.isHeld(stored)
    guard isHeld else { return commit(.deleted, stored, previous: stored, at: now) }
    // A second deletion changes nothing while finalizers stand (C2).
    if stored.isDeleting { return stored }
    var header = stored.header
    header.deletionTimestamp = now.truncatedToSecond
    var body = stored.body
    if isNamespace {
      body = NamespaceRules.terminating(body)
    } else {
      header.deletionGracePeriodSeconds = 0
      if header.generation > 0 { header.generation += 1 }
    }
    return commit(
      .modified, APIObject(type: type, header: header, body: body), previous: stored, at: now)
  }

  private func check(
    _ preconditions: Preconditions, _ stored: APIObject
  ) throws(StatusError) {
    if let uid = preconditions.uid, uid != stored.uid {
      throw .conflict(
        stored.type, stored.name,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(stored.uid)). "
          + "The object might have been deleted and then recreated")
    }
    if let revision = preconditions.resourceVersion, revision != stored.resourceVersion {
      throw .conflict(
        stored.type, stored.name,
        "the ResourceVersion in the precondition (\(revision)) does not match the ResourceVersion "
          + "in record (\(stored.resourceVersion)). The object might have been modified")
    }
  }
}

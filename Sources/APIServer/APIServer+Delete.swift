public import APIMachinery
import APIStore
public import Scalars

/// What a deletion has led to.
public struct Deletion: Sendable, Hashable {
  /// The object as it is after the request; after a removal its last state.
  public let object: APIObject
  /// Whether the object is gone.
  public let isRemoval: Bool
}

/// A deletion that has found an object that nothing holds, and has not taken it out yet.
///
/// In Kubernetes other requests come in between (semantics 1.2, C6); here they can.
public struct PendingRemoval: Sendable, Hashable {
  /// The object's kind.
  public let type: ResourceType
  /// Its namespace and name.
  public let key: ObjectKey
  let options: DeleteOptions
}

extension APIServer {
  /// How far a deletion has come.
  public enum DeletionProgress: Sendable, Hashable {
    /// It has been answered.
    case done(Deletion)
    /// What is left is to take the object out.
    case pending(PendingRemoval)
  }

  /// Deletes an object, or marks it as being deleted while grace or finalizers hold it (semantics 1.2).
  ///
  /// - Throws: Conflict when a precondition does not hold; NotFound; Forbidden for immortal namespaces; Invalid for
  ///   options that contradict each other.
  @discardableResult
  public mutating func delete(
    _ type: ResourceType, _ key: ObjectKey, _ options: DeleteOptions = .none, at now: Timestamp
  ) throws(StatusError) -> Deletion {
    switch try beginDeletion(type, key, options, at: now) {
    case .done(let deletion): return deletion
    case .pending:
      // Nothing can have come in between.
      return Deletion(object: remove(try self.stored(type, key), at: now), isRemoval: true)
    }
  }

  /// Does everything of a deletion but the removal of an object that nothing holds.
  ///
  /// - Throws: as `delete`.
  public mutating func beginDeletion(
    _ type: ResourceType, _ key: ObjectKey, _ options: DeleteOptions = .none, at now: Timestamp
  ) throws(StatusError) -> DeletionProgress {
    try options.check()
    let stored = try self.stored(type, key)
    try check(options.preconditions, stored)
    if NamespaceRules.isNamespace(type),
      let deletion = try deleteNamespace(stored, options, at: now)
    {
      return .done(deletion)
    }
    if type.isDefinition, !stored.isDeleting {
      return .done(Deletion(object: beginDefinitionRemoval(stored, at: now), isRemoval: false))
    }
    var header = stored.header
    let outcome = GracefulDeletion.outcome(of: stored, options, &header, at: now, settings)
    if outcome == .pending { return .done(Deletion(object: stored, isRemoval: false)) }
    let body = collectorFinalizers(of: stored, options)
    let isHeld = body.hasFinalizers
    if outcome == .notGraceful, !isHeld {
      // Even where one of the collector's finalizers stands: what takes it off is not written (C3).
      return .pending(PendingRemoval(type: type, key: key, options: options))
    }
    if outcome == .notGraceful {
      GracefulDeletion.markAsDeleting(&header, type, at: now, settings)
    }
    // A second deletion changes nothing while finalizers stand (C2).
    let written =
      header == stored.header && body == stored.body
      ? stored : commit(.modified, type, header, body, over: stored, at: now)
    if isHeld || (outcome == .graceful && (header.deletionGracePeriodSeconds ?? 0) > 0) {
      return .done(Deletion(object: written, isRemoval: false))
    }
    return .done(Deletion(object: remove(written, at: now), isRemoval: true))
  }

  /// Takes out what `beginDeletion` has found to be free.
  ///
  /// With `deleteFinalizerRace` fixed, the object is looked at once more: one that has got a finalizer meanwhile
  /// is marked and stays.
  ///
  /// - Throws: Conflict when a precondition no longer holds; NotFound when another request was quicker.
  public mutating func finish(
    _ removal: PendingRemoval, at now: Timestamp
  ) throws(StatusError) -> Deletion {
    if settings.deleteFinalizerRace == .fixed {
      return try delete(removal.type, removal.key, removal.options, at: now)
    }
    let stored = try self.stored(removal.type, removal.key)
    try check(removal.options.preconditions, stored)
    return Deletion(object: remove(stored, at: now), isRemoval: true)
  }

  /// Deletes the objects that the list options choose, one after the other in key order (semantics 2.5).
  ///
  /// Not atomic: what was deleted before an error stays deleted.
  ///
  /// - Returns: the objects as they are after it, or as they last were.
  /// - Throws: MethodNotAllowed of a kind whose objects are deleted one by one only; the first error but NotFound.
  @discardableResult
  public mutating func deleteCollection(
    _ type: ResourceType, _ chosen: ListOptions, _ options: DeleteOptions = .none,
    at now: Timestamp
  ) throws(StatusError) -> ObjectList {
    guard type.definition.verbs.contains("deletecollection") else { throw .methodNotAllowed }
    try options.check()
    var list = try self.list(type, chosen)
    for (index, object) in list.objects.enumerated() {
      do {
        let deletion = try delete(storageType(of: type), object.key, options, at: now)
        list.objects[index] = presented(deletion.object, as: type)
      } catch {
        guard error.isNotFound else { throw error }
      }
    }
    list.revision = store.revision
    return list
  }

  /// What is special about the deletion of namespaces (semantics 1.8); nil where the general way goes on.
  private mutating func deleteNamespace(
    _ stored: APIObject, _ options: DeleteOptions, at now: Timestamp
  ) throws(StatusError) -> Deletion? {
    if NamespaceRules.immortal.contains(stored.name) {
      throw .forbidden(stored.type, stored.name, "this namespace may not be deleted")
    }
    // The first request only begins; what is left to do is others'.
    if !stored.isDeleting {
      var header = stored.header
      header.deletionTimestamp = now.truncatedToSecond
      let body = NamespaceRules.terminating(collectorFinalizers(of: stored, options))
      let written = commit(.modified, stored.type, header, body, over: stored, at: now)
      return Deletion(object: written, isRemoval: false)
    }
    if NamespaceRules.isHeld(stored.body) { return Deletion(object: stored, isRemoval: false) }
    return nil
  }

  // MARK: Preconditions

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

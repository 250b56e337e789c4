import APIMachinery
import ControllerRuntime

/// What has become of the owner that a reference names.
enum OwnerState {
  /// It exists, and does not wait for its dependents.
  case solid(APIObject)
  /// It is being deleted and waits for its dependents.
  case waiting
  /// It does not exist, or another object has its name.
  case dangling
  /// The owner is in a namespace and the dependent is in none: nobody can say which one is meant.
  case unresolvable
  /// The owner's kind is not served, or not yet.
  case unknownKind
}

/// What the process remembers of an owner that is not there; a UID never comes back.
enum AbsentOwner: ProcessMemoryKey {
  enum State: Hashable, Sendable {
    /// Nothing is known.
    case unknown
    /// It does not exist.
    case absent
    /// It does not exist here; a cache has it in another namespace.
    case elsewhere
  }

  static var name: String { "absent-owner" }
  static var initial: State { .unknown }

  /// The owner's full coordinates: the namespace is one of them, empty for an owner that is in none.
  static func coordinates(_ reference: OwnerReference, namespace: String) -> ObjectKey {
    ObjectKey(
      namespace: namespace,
      name: "\(reference.apiVersion) \(reference.kind) \(reference.name) \(reference.uid)")
  }
}

/// The dangling test (semantics 1.10).
extension GarbageCollector {
  /// Finds out what has become of an owner: in the memory of absent ones first, then on the server.
  func state(
    of reference: OwnerReference, _ item: APIObject, _ context: ReconcileContext
  ) async throws -> OwnerState {
    // Cluster-scoped coordinates first: they hold for dependents everywhere.
    let everywhere = AbsentOwner.coordinates(reference, namespace: "")
    if context[memory: AbsentOwner.self, for: everywhere] != .unknown { return .dangling }
    let here = AbsentOwner.coordinates(reference, namespace: item.namespace)
    switch context[memory: AbsentOwner.self, for: here] {
    case .unknown: break
    case .absent: return .dangling
    case .elsewhere:
      try report(reference, item, context)
      return .dangling
    }
    let found = try await context.discover(
      apiVersion: reference.apiVersion, kind: reference.kind)
    guard let type = found else { return .unknownKind }
    let isNamespaced = type.definition.isNamespaced
    if isNamespaced, item.namespace.isEmpty { return .unresolvable }
    let key = ObjectKey(namespace: isNamespaced ? item.namespace : "", name: reference.name)
    let owner = try await context.get(type, key, from: .server)
    guard let owner, owner.uid.description == reference.uid else {
      let isElsewhere = try await isElsewhere(reference, type, item, context)
      if isElsewhere { try report(reference, item, context) }
      context[memory: AbsentOwner.self, for: isNamespaced ? here : everywhere] =
        isElsewhere ? .elsewhere : .absent
      return .dangling
    }
    return owner.waitsForDependents ? .waiting : .solid(owner)
  }

  /// Whether a cache has the owner in another namespace than the dependent, where it can own nothing of it.
  private func isElsewhere(
    _ reference: OwnerReference, _ type: ResourceType, _ item: APIObject,
    _ context: ReconcileContext
  ) async throws -> Bool {
    guard type.definition.isNamespaced, let uid = reference.ownerUID,
      let owner = try await context.cachedObject(uid)
    else { return false }
    return owner.namespace != item.namespace
  }

  private func report(
    _ reference: OwnerReference, _ item: APIObject, _ context: ReconcileContext
  ) throws {
    let owner =
      "[\(reference.apiVersion)/\(reference.kind), namespace: \(item.namespace), "
      + "name: \(reference.name), uid: \(reference.uid)]"
    try context.event(
      item, isWarning: true, reason: "OwnerRefInvalidNamespace",
      "ownerRef \(owner) does not exist in namespace \"\(item.namespace)\"")
  }
}

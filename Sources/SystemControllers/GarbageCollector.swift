public import APIMachinery
public import ControllerRuntime
import Scalars
import ValueTree

/// The garbage collector: deletes what has lost its owners, and carries out what a deletion asked to be done with
/// dependents (semantics 1.10).
///
/// - Flow: every key is one object of one identity. It is read from the server, so that a cache that is behind decides
///   nothing about it; only its dependents come from the caches.
///   1. Being deleted, and not in the foreground: nothing to do.
///   2. Being deleted in the foreground: the finalizer goes when no dependent blocks the deletion any more.
///   3. An owner that is there keeps the object; references to those that are gone or wait are taken off.
///   4. Owners that only wait, and dependents of its own: it is deleted in the foreground too. If one of the dependents
///      waits already, this may be a circle, and the object stops blocking its owners first.
///   5. No owner at all: it is deleted the way its own finalizers say.
/// - Guarantees: deletions and patches name the identity and the revision that were judged, so that a reference that
///   has just been added or taken off wins.
/// - Caveats: what refers to each other is not collected. A dependent that no cache has yet is not waited for; it is
///   collected when it comes. What is remembered of absent owners is as long-lived as the process.
/// - Assumptions: the server adds the finalizers `foregroundDeletion` and `orphan` only where a collector runs.
public struct GarbageCollector: Reconciler {
  /// How long a reference to a kind that is not served waits until discovery is asked again.
  static var retryDiscovery: GoDuration { .seconds(30) }

  /// A collector.
  public init() {}

  /// The controller with its watch of every kind.
  public static func controller(workers: Int = 1) -> Controller {
    Controller(
      "garbage-collector", everyKind: EveryKindWatch(map: requests), workers: workers,
      reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard let wanted = CollectorRequest(request) else {
      throw TerminalError("\(request) names no object")
    }
    let type = try await context.discover(apiVersion: wanted.apiVersion, kind: wanted.kind)
    guard let type else {
      // Who defined the kind is gone, and with it all there was of it, if the caches say so too.
      if let uid = UID(wanted.uid), try await context.cachedObject(uid) == nil {
        remember(wanted, context)
      }
      return .done
    }
    guard let item = try await context.get(type, wanted.key, from: .server),
      item.uid.description == wanted.uid
    else {
      // Its dependents wait behind it in the queue.
      remember(wanted, context)
      return .done
    }
    do {
      if item.orphansDependents { return try await orphan(item, context) }
      if item.waitsForDependents { return try await release(item, context) }
      return item.isDeleting ? .done : try await judge(item, context)
    } catch let error as StatusError where error.isNotFound {
      // Somebody else was quicker; the event of it is on its way.
      return .done
    }
  }

  private func remember(_ absent: CollectorRequest, _ context: ReconcileContext) {
    let reference = OwnerReference(
      apiVersion: absent.apiVersion, kind: absent.kind, name: absent.key.name, uid: absent.uid)
    let key = AbsentOwner.coordinates(reference, namespace: absent.key.namespace)
    if context[memory: AbsentOwner.self, for: key] == .unknown {
      context[memory: AbsentOwner.self, for: key] = .absent
    }
  }

  // MARK: Objects with owners

  private func judge(
    _ item: APIObject, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var solid: [APIObject] = []
    var dangling: [String] = []
    var waiting: [String] = []
    let references = item.ownerReferences
    if references.isEmpty { return .done }
    for reference in references {
      switch try await state(of: reference, item, context) {
      case .solid(let owner): solid.append(owner)
      case .dangling: dangling.append(reference.uid)
      case .waiting: waiting.append(reference.uid)
      case .unresolvable: return .done
      case .unknownKind: return .requeue(after: Self.retryDiscovery)
      }
    }
    if !solid.isEmpty {
      let lost = dangling + waiting
      if !lost.isEmpty {
        // Owners that wait are let go too, or they would wait for an object that stays.
        try await context.mergePatch(
          item.type, item.key, item.droppingReferences(to: lost))
      }
      return try await confirm(solid, context)
    }
    if !waiting.isEmpty {
      let dependents = try await context.cachedDependents(of: item.uid)
      if !dependents.isEmpty {
        var current = item
        if dependents.contains(where: \.waitsForDependents) {
          current = try await context.mergePatch(item.type, item.key, item.unblockingOwners)
        }
        return try await delete(current, .foreground, context)
      }
    }
    let policy: PropagationPolicy =
      item.finalizers.contains(CollectorFinalizer.orphan)
      ? .orphan
      : item.finalizers.contains(CollectorFinalizer.foreground) ? .foreground : .background
    return try await delete(item, policy, context)
  }

  /// Sees to it that owners which the server has come into the caches; until then nobody would hear of their end.
  private func confirm(
    _ owners: [APIObject], _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    for owner in owners where owner.type.definition.defaultPropagation != nil {
      if try await context.cachedObject(owner.uid) == nil { return .requeueWithBackoff }
    }
    return .done
  }

  private func delete(
    _ item: APIObject, _ policy: PropagationPolicy, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    try await context.delete(
      item.type, item.key,
      DeleteOptions(
        preconditions: Preconditions(uid: item.uid, resourceVersion: item.resourceVersion),
        propagationPolicy: policy))
    return .done
  }

  // MARK: Owners that are being deleted

  /// Takes `foregroundDeletion` off once no dependent blocks the deletion; the others are not waited for.
  private func release(
    _ owner: APIObject, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let dependents = try await context.cachedDependents(of: owner.uid)
    if dependents.contains(where: { $0.blocks(owner) }) { return .done }
    return try await remove(CollectorFinalizer.foreground, from: owner, context)
  }

  /// Takes the reference off all dependents, and then `orphan` off the owner.
  private func orphan(
    _ owner: APIObject, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    for dependent in try await context.cachedDependents(of: owner.uid) {
      try await detach(dependent, from: owner, context)
    }
    return try await remove(CollectorFinalizer.orphan, from: owner, context)
  }

  private func detach(
    _ dependent: APIObject, from owner: APIObject, _ context: ReconcileContext
  ) async throws {
    let uid = owner.uid.description
    do {
      try await context.mergePatch(
        dependent.type, dependent.key, dependent.droppingReferences(to: [uid]))
    } catch let error as StatusError where error.isNotFound {
      // What is gone refers to nobody.
    } catch let error as StatusError where error.reason == .conflict {
      // The cache is behind.
      let current = try await context.get(dependent.type, dependent.key, from: .server)
      guard let current, current.ownerReferences.contains(where: { $0.uid == uid }) else { return }
      try await context.mergePatch(
        current.type, current.key, current.droppingReferences(to: [uid]))
    }
  }

  private func remove(
    _ finalizer: String, from owner: APIObject, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let left = owner.finalizers.filter { $0 != finalizer }.map { Value($0) }
    try await context.mergePatch(
      owner.type, owner.key,
      owner.metadataPatch(Fields.finalizers, left.isEmpty ? .null : Value(left)))
    return .done
  }
}

public import APIMachinery
public import ControllerRuntime
import ValueTree

/// Holds claims of volumes for as long as a pod uses them (semantics 1.11).
///
/// - Flow: a claim that is not being deleted has the finalizer. One that is loses it when the caches and then the
///   server say that no pod uses it.
/// - Guarantees: a cache alone never frees a claim.
public struct VolumeClaimProtectionController: Reconciler {
  static let type = ResourceRegistry.builtIn("v1", "PersistentVolumeClaim")
  static let pods = ResourceRegistry.builtIn("v1", "Pod")
  static let finalizer = "kubernetes.io/pvc-protection"

  /// A controller.
  public init() {}

  /// The controller with its watches: of claims, and of pods that stop using theirs.
  public static func controller(workers: Int = 1) -> Controller {
    let users = Watch(pods) { event in
      guard let pod = event.object, event.new == nil || !pod.usesVolumes else { return [] }
      return pod.claims
    }
    return Controller(
      "pvc-protection", watching: [.own(type), users], workers: workers, reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard let claim = try await context.get(Self.type, request) else { return .done }
    var isUsed = false
    if claim.isDeleting, claim.finalizers.contains(Self.finalizer) {
      isUsed = try await self.isUsed(claim, from: .cache, context)
      if !isUsed { isUsed = try await self.isUsed(claim, from: .server, context) }
    }
    return try await protect(claim, with: Self.finalizer, isUsed: isUsed, context)
  }

  private func isUsed(
    _ claim: APIObject, from source: ReadSource, _ context: ReconcileContext
  ) async throws -> Bool {
    try await context.list(Self.pods, namespace: claim.namespace, from: source)
      .contains { $0.usesVolumes && $0.claims.contains(claim.key) }
  }
}

/// Holds volumes for as long as they are bound to a claim (semantics 1.11).
public struct VolumeProtectionController: Reconciler {
  static let type = ResourceRegistry.builtIn("v1", "PersistentVolume")
  static let finalizer = "kubernetes.io/pv-protection"

  /// A controller.
  public init() {}

  /// The controller with its watch.
  public static func controller(workers: Int = 1) -> Controller {
    Controller("pv-protection", watching: [.own(type)], workers: workers, reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard let volume = try await context.get(Self.type, request) else { return .done }
    let isBound = volume.body[FieldPath(Fields.status, "phase")] == "Bound"
    return try await protect(volume, with: Self.finalizer, isUsed: isBound, context)
  }
}

/// Puts a finalizer on an object that is there to stay, and takes it off one that nothing uses any more.
///
/// Both writes name the revision that was read: a cache that is behind makes them fail.
private func protect(
  _ object: APIObject, with finalizer: String, isUsed: Bool, _ context: ReconcileContext
) async throws -> ReconcileResult {
  var finalizers = object.finalizers
  let isProtected = finalizers.contains(finalizer)
  guard isProtected == object.isDeleting else { return .done }
  if object.isDeleting {
    if isUsed { return .done }
    finalizers.removeAll { $0 == finalizer }
  } else {
    finalizers.append(finalizer)
  }
  let body =
    finalizers.isEmpty
    ? object.body.removing(Fields.finalizersPath)
    : object.body.setting(Fields.finalizersPath, to: Value(finalizers.map { Value($0) }))
  do {
    try await context.update(object.with(body: body ?? object.body))
  } catch let error as StatusError where error.isNotFound {
    // What is gone needs no protection.
  }
  return .done
}

extension APIObject {
  /// Whether a pod uses its volumes: a node has it, and has not reported that it is done with it.
  fileprivate var usesVolumes: Bool {
    let node = body[FieldPath(Fields.spec, "nodeName")]?.string ?? ""
    let isShutDown = isDeleting && header.deletionGracePeriodSeconds == 0
    return !node.isEmpty && !isShutDown
  }

  /// The claims that a pod's volumes name; that of an ephemeral volume is called after pod and volume.
  fileprivate var claims: [ObjectKey] {
    (body[FieldPath(Fields.spec, "volumes")]?.elements.map(\.self) ?? []).compactMap { volume in
      if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string {
        return ObjectKey(namespace: namespace, name: claim)
      }
      guard volume["ephemeral"] != nil, let volume = volume["name"]?.string else { return nil }
      return ObjectKey(namespace: namespace, name: "\(name)-\(volume)")
    }
  }
}

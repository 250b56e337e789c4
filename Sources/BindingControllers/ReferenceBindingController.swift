import APIAllocation
public import APIMachinery
import Allocation
public import ControllerRuntime
import Scalars

/// The DeviceBinding controller as it should be: the protocol of semantics 6.3.
///
/// - Flow:
///   1. Read from the cache. What is missing there is read from the server; only what is missing there too, or has
///      another identity, is released as gone.
///   2. Being deleted comes first: close and seal everything the owner holds, take it back, see in the books
///      that nothing is left, and only then take the finalizer off.
///   3. Not deleted: the finalizer is stored before anything is allocated, and with it the pool, so that a later
///      change of the spec does not make the grants unfindable.
///   4. Ask for all devices at once. Asking again gives the same ones.
///   5. Write the status only where it differs.
/// - Guarantees: with books that outlive the process, no device is lost or handed out twice, whatever write or
///   call fails, is lost or is cut off by a crash.
/// - Assumptions: `PoolClient.ensure` is idempotent and the server checks resource versions.
public struct ReferenceBindingController: Reconciler {
  /// The finalizer that holds a binding until its devices are back.
  public static let finalizer = "drydock.dev/device-binding"

  /// How long a binding waits before it asks an exhausted pool again, if no release wakes it earlier.
  static let retryExhausted = GoDuration.seconds(30)

  /// A reference controller.
  public init() {}

  /// The controller with its watches.
  public static func controller(workers: Int = 1) -> Controller {
    Controller(
      "reference-binding", for: DeviceBinding.self, workers: workers,
      reconciler: ReferenceBindingController())
  }

  /// Which object was seen by a name, so that its grants are found when it is gone.
  enum LastSeen: ProcessMemoryKey {
    struct Owner: Hashable, Sendable {
      var key: ObjectKey
      var uid: UID
      var pool: String
    }

    static let name = "last-seen"
    static let initial: [Owner] = []
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var found = try await context.get(DeviceBinding.self, request)
    let isForgotten = context[memory: LastSeen.self].contains {
      $0.key == request && $0.uid != found?.uid
    }
    if found == nil || isForgotten {
      // A cache proves neither absence nor identity.
      found = try await context.get(DeviceBinding.self, request, from: .server)
      try await releaseForgotten(request, successor: found?.uid, context)
    }
    guard let binding = found else { return .done }
    try await rebuildBooks(of: binding.boundPool, context)
    return binding.isDeleting
      ? try await release(binding, context) : try await bind(binding, context)
  }

  private func bind(
    _ original: DeviceBinding, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var binding = original
    if binding.addFinalizer(Self.finalizer) {
      // One write says both: that something may be allocated, and from where.
      binding.boundPool = binding.pool
      binding = try await context.update(binding)
    }
    remember(binding, context)
    let pool = context.pool(binding.boundPool)
    let grants: [Grant]
    do {
      grants = try await pool.ensure(
        binding.count, for: binding, key: DeviceBinding.requestKey, selector: binding.selector,
        matchAttribute: binding.matchAttribute)
    } catch let error as AllocationError {
      switch error {
      case .exhausted, .unknownPool, .invalid:
        return try await report(binding, error, context)
      case .ownerSealed:
        // The cache has not seen the deletion that sealed this owner.
        return .requeueWithBackoff
      default: throw error
      }
    }
    let kept = Array(grants.prefix(max(0, binding.count)))
    try await writeStatus(of: binding, kept, context)
    // Surplus goes back only after no status names it any more.
    for surplus in grants.dropFirst(kept.count) { try await pool.release(surplus) }
    return .done
  }

  private func writeStatus(
    of binding: DeviceBinding, _ grants: [Grant], _ context: ReconcileContext
  ) async throws {
    var desired = binding
    desired.phase = .bound
    desired.message = nil
    desired.devices = grants.map(DeviceBinding.Device.init)
    if desired != binding { try await context.updateStatus(desired) }
  }

  private func report(
    _ binding: DeviceBinding, _ error: AllocationError, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var desired = binding
    if desired.devices.isEmpty { desired.phase = .pending }
    desired.message = "\(error)"
    if desired != binding { try await context.updateStatus(desired) }
    return .requeue(after: Self.retryExhausted)
  }

  private func release(
    _ original: DeviceBinding, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard original.hasFinalizer(Self.finalizer) else { return .done }
    remember(original, context)
    try await giveBack(owner: original.uid, pool: original.boundPool, context)
    var binding = original
    _ = binding.removeFinalizer(Self.finalizer)
    do {
      try await context.update(binding)
    } catch let error as StatusError where error.isNotFound {
      // Somebody else was quicker.
    }
    context[memory: LastSeen.self].removeAll { $0.uid == original.uid }
    return .done
  }

  /// The books still count grants after everything was given back.
  struct StillHeld: Error {
    let pool: String
    let count: Int
  }

  /// The pools whose books this process has filled from records.
  enum RebuiltPools: ProcessMemoryKey {
    static let name = "rebuilt-pools"
    static let initial: [String] = []
  }

  /// Enters what all bindings record before this process allocates for the first time.
  ///
  /// Books that outlive the process are not changed by it.
  private func rebuildBooks(of pool: String, _ context: ReconcileContext) async throws {
    guard !context[memory: RebuiltPools.self].contains(pool) else { return }
    let bindings = try await context.list(DeviceBinding.self, from: .server)
    do {
      try await context.pool(pool).rebuild(
        from: bindings.flatMap(\.records).filter { $0.pool == pool })
    } catch AllocationError.unknownPool {
      return
    }
    context[memory: RebuiltPools.self].append(pool)
  }

  /// Closes, takes back and confirms; the owner holds nothing afterwards and never will again.
  private func giveBack(owner: UID, pool name: String, _ context: ReconcileContext) async throws {
    let pool = context.pool(name)
    do {
      try await pool.beginRelease(owner)
      try await pool.finishRelease(owner)
      let left = try await pool.grants(of: owner)
      if !left.isEmpty { throw StillHeld(pool: name, count: left.count) }
    } catch AllocationError.unknownPool {
      // A pool that is not there holds nothing.
    }
  }

  /// Releases what an object held that was seen under this name and is gone now.
  private func releaseForgotten(
    _ key: ObjectKey, successor: UID?, _ context: ReconcileContext
  ) async throws {
    let owners = context[memory: LastSeen.self]
    for owner in owners where owner.key == key && owner.uid != successor {
      try await giveBack(owner: owner.uid, pool: owner.pool, context)
      context[memory: LastSeen.self].removeAll { $0 == owner }
    }
  }

  private func remember(_ binding: DeviceBinding, _ context: ReconcileContext) {
    let owner = LastSeen.Owner(key: binding.key, uid: binding.uid, pool: binding.boundPool)
    if !context[memory: LastSeen.self].contains(owner) {
      context[memory: LastSeen.self].append(owner)
    }
  }
}

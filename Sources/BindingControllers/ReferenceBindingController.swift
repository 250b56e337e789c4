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
///   4. Ask for all devices at once. Asking again gives the same ones. Where there are too few, say so, and write
///      down what is held nevertheless.
///   5. Write the status only where it differs.
///   6. Shrinking: first a status without the surplus, confirmed by the server, then the surplus goes back.
/// - Guarantees: with books that outlive the process, no device is lost or handed out twice, whatever write or
///   call fails, is lost or is cut off by a crash.
/// - Caveats: devices stay with the pool, the selector and the attribute that they were granted for; a changed spec
///   counts for further ones. A finalizer that a person strips off is made good only by the process that saw it.
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
    return binding.isDeleting
      ? try await release(binding, context) : try await bind(binding, context)
  }

  // MARK: Binding

  private func bind(
    _ original: DeviceBinding, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var binding = original
    let isNew = binding.addFinalizer(Self.finalizer)
    if isNew || !binding.isPoolWrittenDown {
      // One write says both: that something may be allocated, and from where. Who took either off did not take the
      // devices back, so a pool that was ever asked stays the one.
      binding.boundPool = pools(of: original, context)[0]
      binding = try await context.update(binding)
    }
    remember(binding, context)
    let pool = try await readyPool(binding.boundPool, context)
    let grants: [Grant]
    do {
      grants = try await pool.ensure(
        binding.count, for: binding, key: DeviceBinding.requestKey, selector: binding.selector,
        matchAttribute: binding.matchAttribute)
    } catch let error as AllocationError {
      switch error {
      case .exhausted, .unknownPool, .invalid:
        return try await report(error, of: binding, pool, context)
      case .ownerSealed:
        // The cache has not seen the deletion that sealed this owner.
        return .requeueWithBackoff
      case .notReady:
        // The pool was made anew under this process.
        context[memory: RebuiltPools.self].removeAll { $0 == pool.name }
        return .requeueWithBackoff
      default: throw error
      }
    }
    let kept = Array(grants.prefix(binding.count))
    let written = try await writeStatus(of: binding, kept, context)
    return try await releaseSurplus(
      Array(grants.dropFirst(kept.count)), of: binding, written, context)
  }

  /// Writes the status where it differs.
  ///
  /// - Returns: the object as the server has it; nil where nothing was written.
  private func writeStatus(
    of binding: DeviceBinding, _ grants: [Grant], _ context: ReconcileContext
  ) async throws -> DeviceBinding? {
    var desired = binding
    desired.phase = .bound
    desired.message =
      binding.pool == binding.boundPool
      ? nil : "spec.pool has changed; the devices stay those of pool \"\(binding.boundPool)\""
    desired.devices = grants.map(DeviceBinding.Device.init)
    return desired == binding ? nil : try await context.updateStatus(desired)
  }

  /// Gives back what the binding does not ask for any more, once no status names it.
  private func releaseSurplus(
    _ surplus: [Grant], of binding: DeviceBinding, _ written: DeviceBinding?,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard let first = surplus.first else { return .done }
    if written == nil {
      // Nothing had to be written, so nobody has checked yet that the cache is not behind a status that names more.
      let stored = try await context.get(DeviceBinding.self, binding.key, from: .server)
      guard stored?.uid == binding.uid, stored?.resourceVersion == binding.resourceVersion else {
        return .requeueWithBackoff
      }
    }
    let pool = context.pool(first.pool)
    for grant in surplus { try await pool.release(grant) }
    return .done
  }

  /// Says why the binding waits, and what it holds nevertheless.
  private func report(
    _ error: AllocationError, of binding: DeviceBinding, _ pool: PoolClient,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var desired = binding
    desired.phase = .pending
    desired.message = "\(error)"
    if error != .unknownPool(pool.name) {
      // An earlier, smaller request may have been met and never written down.
      let held = try await pool.grants(of: binding.uid).filter {
        $0.state == .open && $0.requestKey == DeviceBinding.requestKey
      }
      desired.devices = held.map(DeviceBinding.Device.init)
    }
    if desired != binding { try await context.updateStatus(desired) }
    return .requeue(after: Self.retryExhausted)
  }

  // MARK: Releasing

  private func release(
    _ original: DeviceBinding, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let isHeld = original.hasFinalizer(Self.finalizer)
    let isKnown = context[memory: LastSeen.self].contains { $0.uid == original.uid }
    // Who stripped the finalizer off did not give the devices back.
    guard isHeld || isKnown else { return .done }
    for pool in pools(of: original, context) {
      try await giveBack(owner: original.uid, pool: pool, context)
    }
    if isHeld {
      var binding = original
      _ = binding.removeFinalizer(Self.finalizer)
      do {
        try await context.update(binding)
      } catch let error as StatusError where error.isNotFound {
        // Somebody else was quicker.
      }
    }
    context[memory: LastSeen.self].removeAll { $0.uid == original.uid }
    return .done
  }

  /// The books still count grants after everything was given back.
  struct StillHeld: Error {
    let pool: String
    let count: Int
  }

  /// Closes, takes back and confirms; the owner holds nothing afterwards and never will again.
  private func giveBack(owner: UID, pool name: String, _ context: ReconcileContext) async throws {
    let pool = try await readyPool(name, context)
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

  // MARK: Books

  /// The pools whose books this process has filled from records.
  enum RebuiltPools: ProcessMemoryKey {
    static let name = "rebuilt-pools"
    static let initial: [String] = []
  }

  /// A pool whose books tell all there is: what all bindings record is entered before the pool's first use.
  ///
  /// Books that outlive the process are not changed by it.
  private func readyPool(
    _ name: String, _ context: ReconcileContext
  ) async throws -> PoolClient {
    let pool = context.pool(name)
    guard !context[memory: RebuiltPools.self].contains(name) else { return pool }
    let bindings = try await context.list(DeviceBinding.self, from: .server)
    do {
      let refused = try await pool.rebuild(
        from: bindings.flatMap(\.records).filter { $0.pool == name })
      for record in refused {
        guard let binding = bindings.first(where: { $0.uid == record.owner }) else { continue }
        try context.event(
          binding, isWarning: true, reason: "DeviceTaken",
          "\(record.item) of pool \(name) is not this binding's; another one holds it")
      }
    } catch AllocationError.unknownPool {
      return pool
    }
    context[memory: RebuiltPools.self].append(name)
    return pool
  }

  // MARK: Memory

  /// The pools that may hold something for the binding: those it was seen with, then the one it names.
  private func pools(of binding: DeviceBinding, _ context: ReconcileContext) -> [String] {
    var names: [String] = []
    let seen = context[memory: LastSeen.self].filter { $0.uid == binding.uid }.map(\.pool)
    for name in seen + [binding.boundPool] where !names.contains(name) { names.append(name) }
    return names
  }

  private func remember(_ binding: DeviceBinding, _ context: ReconcileContext) {
    let owner = LastSeen.Owner(key: binding.key, uid: binding.uid, pool: binding.boundPool)
    if !context[memory: LastSeen.self].contains(owner) {
      context[memory: LastSeen.self].append(owner)
    }
  }
}

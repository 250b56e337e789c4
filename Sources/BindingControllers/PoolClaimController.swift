public import APIAllocation
public import APIMachinery
import Allocation
public import ControllerRuntime
import Scalars

/// The controller of objects that ask a pool and record what they got: the protocol of semantics 6.3.
///
/// - Flow:
///   1. Read from the cache. What is missing there is read from the server; only what is missing there too, or has
///      another identity, is released as gone.
///   2. Being deleted comes first: close and seal everything the owner holds, take it back, see in the books
///      that nothing is left, and only then take the finalizer off.
///   3. Not deleted: the finalizer is stored before anything is allocated, and with it the pool, so that a later
///      change of the spec does not make the grants unfindable.
///   4. Ask for all items at once. Asking again gives the same ones.
///   5. Write the status only where it differs.
///   6. What the spec does not ask for any more goes back once no status names it.
/// - Guarantees: with books that outlive the process, no item is lost or handed out twice, whatever write or
///   call fails, is lost or is cut off by a crash.
/// - Assumptions: `PoolClient.ensure` is idempotent and the server checks resource versions.
public struct PoolClaimController<Claim: PoolClaim>: Reconciler {
  /// The finalizer that holds an object until its items are back.
  public static var finalizer: String { Claim.finalizer }

  /// How long an object waits before it asks an exhausted pool again, if no release wakes it earlier.
  static var retryExhausted: GoDuration { .seconds(30) }

  /// A controller.
  public init() {}

  /// The controller with its watches.
  public static func controller(_ name: String, workers: Int = 1) -> Controller {
    Controller(name, for: Claim.self, workers: workers, reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var found = try await context.get(Claim.self, request)
    let isForgotten = context[memory: LastSeen<Claim>.self].contains {
      $0.key == request && $0.uid != found?.uid
    }
    if found == nil || isForgotten {
      // A cache proves neither absence nor identity.
      found = try await context.get(Claim.self, request, from: .server)
      try await releaseForgotten(request, successor: found?.uid, context)
    }
    guard let claim = found else { return .done }
    try await rebuildBooks(of: claim.boundPool, context)
    return claim.isDeleting
      ? try await release(claim, context) : try await bind(claim, context)
  }

  // MARK: Binding

  private func bind(
    _ original: Claim, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var claim = original
    if claim.addFinalizer(Claim.finalizer) {
      // One write says both: that something may be allocated, and from where.
      claim.boundPool = claim.pool
      claim = try await context.update(claim)
    }
    remember(claim, context)
    let pool = context.pool(claim.boundPool)
    let grants: [Grant]
    do {
      grants = try await pool.ensure(
        claim.count, for: claim, key: Claim.requestKey, selector: claim.requirements,
        matchAttribute: claim.matchAttribute)
    } catch let error as AllocationError {
      switch error {
      case .exhausted, .unknownPool, .invalid:
        return try await report(claim, error, context)
      case .ownerSealed:
        // The cache has not seen the deletion that sealed this owner.
        return .requeueWithBackoff
      default: throw error
      }
    }
    let kept = Array(grants.filter { claim.fits($0.item) }.prefix(max(0, claim.count)))
    try await writeStatus(of: claim, kept, context)
    // Surplus goes back only after no status names it any more.
    for surplus in grants where !kept.contains(surplus) { try await pool.release(surplus) }
    // Where the spec has changed, what it asks for now can be asked for only without the old.
    return kept.count < claim.count ? .requeueWithBackoff : .done
  }

  private func writeStatus(
    of claim: Claim, _ grants: [Grant], _ context: ReconcileContext
  ) async throws {
    var desired = claim
    desired.phase = grants.count < claim.count ? .pending : .bound
    desired.message = nil
    desired.recordedItems = grants.map(RecordedItem.init)
    if desired != claim { try await context.updateStatus(desired) }
  }

  private func report(
    _ claim: Claim, _ error: AllocationError, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var desired = claim
    if desired.recordedItems.isEmpty { desired.phase = .pending }
    desired.message = claim.message(for: error)
    if desired != claim { try await context.updateStatus(desired) }
    return .requeue(after: Self.retryExhausted)
  }

  // MARK: Releasing

  private func release(
    _ original: Claim, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard original.hasFinalizer(Claim.finalizer) else { return .done }
    remember(original, context)
    try await giveBack(owner: original.uid, pool: original.boundPool, context)
    var claim = original
    _ = claim.removeFinalizer(Claim.finalizer)
    do {
      try await context.update(claim)
    } catch let error as StatusError where error.isNotFound {
      // Somebody else was quicker.
    }
    context[memory: LastSeen<Claim>.self].removeAll { $0.uid == original.uid }
    return .done
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
    let owners = context[memory: LastSeen<Claim>.self]
    for owner in owners where owner.key == key && owner.uid != successor {
      try await giveBack(owner: owner.uid, pool: owner.pool, context)
      context[memory: LastSeen<Claim>.self].removeAll { $0 == owner }
    }
  }

  private func remember(_ claim: Claim, _ context: ReconcileContext) {
    let owner = SeenOwner(key: claim.key, uid: claim.uid, pool: claim.boundPool)
    if !context[memory: LastSeen<Claim>.self].contains(owner) {
      context[memory: LastSeen<Claim>.self].append(owner)
    }
  }

  // MARK: Starting

  /// Enters what all objects record before this process allocates for the first time.
  ///
  /// Books that outlive the process are not changed by it, and need no more than one look.
  private func rebuildBooks(of pool: String, _ context: ReconcileContext) async throws {
    guard !context[memory: RebuiltPools<Claim>.self].contains(pool) else { return }
    var records = try await records(of: Claim.self, pool, context)
    do {
      do {
        try await context.pool(pool).rebuild(from: records, isComplete: Claim.peers.isEmpty)
      } catch AllocationError.notReady {
        for peer in Claim.peers { records += try await self.records(of: peer, pool, context) }
        try await context.pool(pool).rebuild(from: records)
      }
    } catch AllocationError.unknownPool {
      return
    }
    context[memory: RebuiltPools<Claim>.self].append(pool)
  }

  private func records<Other: PoolClaim>(
    of _: Other.Type, _ pool: String, _ context: ReconcileContext
  ) async throws -> [AllocationRecord] {
    try await context.list(Other.self, from: .server).flatMap(\.records).filter {
      $0.pool == pool
    }
  }
}

/// The books still count grants after everything was given back.
struct StillHeld: Error {
  let pool: String
  let count: Int
}

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
///   4. Ask for all items at once. Asking again gives the same ones. Where there are too few, say so, and write
///      down what is held nevertheless.
///   5. Write the status only where it differs.
///   6. Shrinking: first a status without the surplus, confirmed by the server, then the surplus goes back. Surplus
///      is also what a changed spec does not ask for any more, where an item's name tells.
/// - Guarantees: with books that outlive the process, no item is lost or handed out twice, whatever write or
///   call fails, is lost or is cut off by a crash.
/// - Caveats: items stay with the pool that they were granted from, and where their names do not tell what they are
///   like, with the selector and the attribute too; a changed spec counts for further ones. A finalizer that a person strips off is made good only by the process that saw it.
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

  // Generic code asks for the layout of its types at each step; the claims that ship need not.
  @_specialize(where Claim == DeviceBinding)
  @_specialize(where Claim == GPUClaim)
  @_specialize(where Claim == IPClaim)
  @_specialize(where Claim == PortClaim)
  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var found = try await context.get(Claim.self, request)
    let isForgotten = context[memory: LastSeen<Claim>.self, for: request].contains {
      $0.key == request && $0.uid != found?.uid
    }
    if found == nil || isForgotten {
      // A cache proves neither absence nor identity.
      found = try await context.get(Claim.self, request, from: .server)
      try await releaseForgotten(request, successor: found?.uid, context)
    }
    guard let claim = found else { return .done }
    return claim.isDeleting
      ? try await release(claim, context) : try await bind(claim, context)
  }

  // MARK: Binding

  private func bind(
    _ original: Claim, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var claim = original
    let isNew = claim.addFinalizer(Claim.finalizer)
    if isNew || !claim.isPoolWrittenDown {
      // One write says both: that something may be allocated, and from where. Who took either off did not take the
      // items back, so a pool that was ever asked stays the one.
      claim.boundPool = pools(of: original, context)[0]
      claim = try await context.update(claim)
    }
    remember(claim, context)
    let pool = try await readyPool(claim.boundPool, context)
    let grants: [Grant]
    do {
      grants = try await pool.ensure(
        claim.count, for: claim, key: Claim.requestKey, selector: claim.requirements,
        matchAttribute: claim.matchAttribute)
    } catch let error as AllocationError {
      switch error {
      case .exhausted, .unknownPool, .invalid:
        return try await report(error, of: claim, pool, context)
      case .ownerSealed:
        // The cache has not seen the deletion that sealed this owner.
        return .requeueWithBackoff
      case .notReady:
        // The pool was made anew under this process.
        context[memory: RebuiltPools<Claim>.self].removeAll { $0 == pool.name }
        return .requeueWithBackoff
      default: throw error
      }
    }
    let kept = Array(grants.filter { claim.fits($0.item) }.prefix(claim.count))
    let written = try await writeStatus(of: claim, kept, context)
    if written != nil { try tell(claim, kept, context) }
    let result = try await releaseSurplus(
      grants.filter { !kept.contains($0) }, of: claim, written, context)
    // What a changed spec asks for instead can be asked for only now.
    return kept.count < claim.count ? .requeueWithBackoff : result
  }

  /// Writes the status where it differs.
  ///
  /// - Returns: the object as the server has it; nil where nothing was written.
  private func writeStatus(
    of claim: Claim, _ grants: [Grant], _ context: ReconcileContext
  ) async throws -> Claim? {
    var desired = claim
    desired.phase = grants.count < claim.count ? .pending : .bound
    desired.message =
      claim.pool == claim.boundPool
      ? nil
      : "spec.pool has changed; the \(Claim.requestKey) stay those of pool "
        + "\"\(claim.boundPool)\""
    desired.recordedItems = grants.map(RecordedItem.init)
    return desired == claim ? nil : try await context.updateStatus(desired)
  }

  /// Tells people what the claim got that it did not have before.
  private func tell(
    _ claim: Claim, _ grants: [Grant], _ context: ReconcileContext
  ) throws {
    let recorded = claim.recordedItems.map(\.name)
    let new = grants.map(\.item).filter { !recorded.contains($0) }
    guard !new.isEmpty else { return }
    try context.event(
      claim, reason: "Allocated",
      "Got \(new.joined(separator: ", ")) from pool \(claim.boundPool)")
  }

  /// Gives back what the claim does not ask for any more, once no status names it.
  private func releaseSurplus(
    _ surplus: [Grant], of claim: Claim, _ written: Claim?,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard let first = surplus.first else { return .done }
    if written == nil {
      // Nothing had to be written, so nobody has checked yet that the cache is not behind a status that names more.
      let stored = try await context.get(Claim.self, claim.key, from: .server)
      guard stored?.uid == claim.uid, stored?.resourceVersion == claim.resourceVersion else {
        return .requeueWithBackoff
      }
    }
    let pool = context.pool(first.pool)
    for grant in surplus { try await pool.release(grant) }
    try context.event(
      claim, reason: "Released",
      "Gave \(surplus.map(\.item).joined(separator: ", ")) back to pool \(first.pool)")
    return .done
  }

  /// Says why the claim waits, and what it holds nevertheless.
  private func report(
    _ error: AllocationError, of claim: Claim, _ pool: PoolClient,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var desired = claim
    desired.phase = .pending
    desired.message = claim.message(for: error)
    if error != .unknownPool(pool.name) {
      // An earlier, smaller request may have been met and never written down.
      let held = try await pool.grants(of: claim.uid).filter {
        $0.state == .open && $0.requestKey == Claim.requestKey
      }
      desired.recordedItems = held.map(RecordedItem.init)
    }
    if desired != claim {
      try await context.updateStatus(desired)
      try context.event(claim, isWarning: true, reason: error.eventReason, desired.message ?? "")
    }
    return .requeue(after: Self.retryExhausted)
  }

  // MARK: Releasing

  private func release(
    _ original: Claim, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let isHeld = original.hasFinalizer(Claim.finalizer)
    let isKnown = context[memory: LastSeen<Claim>.self, for: original.key].contains {
      $0.uid == original.uid
    }
    // Who stripped the finalizer off did not give the items back.
    guard isHeld || isKnown else { return .done }
    for pool in pools(of: original, context) {
      try await giveBack(owner: original.uid, pool: pool, context)
    }
    let items = original.recordedItems.map(\.name)
    if isHeld, !items.isEmpty {
      try context.event(
        original, reason: "Released",
        "Gave \(items.joined(separator: ", ")) back to pool \(original.boundPool)")
    }
    if isHeld {
      var claim = original
      _ = claim.removeFinalizer(Claim.finalizer)
      do {
        try await context.update(claim)
      } catch let error as StatusError where error.isNotFound {
        // Somebody else was quicker.
      }
    }
    context[memory: LastSeen<Claim>.self, for: original.key].removeAll { $0.uid == original.uid }
    return .done
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
    let owners = context[memory: LastSeen<Claim>.self, for: key]
    for owner in owners where owner.key == key && owner.uid != successor {
      try await giveBack(owner: owner.uid, pool: owner.pool, context)
      context[memory: LastSeen<Claim>.self, for: key].removeAll { $0 == owner }
    }
  }

  // MARK: Books

  /// A pool whose books tell all there is: what all objects record is entered before the pool's first use.
  ///
  /// Books that outlive the process are not changed by it. Books that begin empty ask for the records of the other
  /// kinds, too.
  private func readyPool(
    _ name: String, _ context: ReconcileContext
  ) async throws -> PoolClient {
    let pool = context.pool(name)
    guard !context[memory: RebuiltPools<Claim>.self].contains(name) else { return pool }
    let claims = try await context.list(Claim.self, from: .server)
    var records = Self.records(of: claims, in: name)
    do {
      let refused: [AllocationRecord]
      do {
        refused = try await pool.rebuild(from: records, isComplete: Claim.peers.isEmpty)
      } catch AllocationError.notReady {
        for peer in Claim.peers { records += try await self.records(of: peer, name, context) }
        refused = try await pool.rebuild(from: records)
      }
      for record in refused {
        guard let claim = claims.first(where: { $0.uid == record.owner }) else { continue }
        try context.event(
          claim, isWarning: true, reason: Claim.itemKind + "Taken",
          "\(record.item) of pool \(name) is not this object's; another one holds it")
      }
    } catch AllocationError.unknownPool {
      return pool
    }
    context[memory: RebuiltPools<Claim>.self].append(name)
    return pool
  }

  private func records<Other: PoolClaim>(
    of _: Other.Type, _ pool: String, _ context: ReconcileContext
  ) async throws -> [AllocationRecord] {
    Self.records(of: try await context.list(Other.self, from: .server), in: pool)
  }

  /// What objects record of a pool.
  private static func records<Other: PoolClaim>(
    of claims: [Other], in pool: String
  ) -> [AllocationRecord] {
    var records: [AllocationRecord] = []
    // One on its way out without our finalizer has given everything back, whatever its status still says.
    for claim in claims where !claim.isDeleting || claim.hasFinalizer(Other.finalizer) {
      records += claim.records.filter { $0.pool == pool }
    }
    return records
  }

  // MARK: Memory

  /// The pools that may hold something for the claim: those it was seen with, then the one it names.
  private func pools(of claim: Claim, _ context: ReconcileContext) -> [String] {
    var names: [String] = []
    let seen = context[memory: LastSeen<Claim>.self, for: claim.key].filter { $0.uid == claim.uid }
      .map(\.pool)
    for name in seen + [claim.boundPool] where !names.contains(name) { names.append(name) }
    return names
  }

  private func remember(_ claim: Claim, _ context: ReconcileContext) {
    let owner = SeenOwner(key: claim.key, uid: claim.uid, pool: claim.boundPool)
    if !context[memory: LastSeen<Claim>.self, for: claim.key].contains(owner) {
      context[memory: LastSeen<Claim>.self, for: claim.key].append(owner)
    }
  }
}

extension AllocationError {
  /// The word under which people are told that a claim gets nothing.
  fileprivate var eventReason: String {
    switch self {
    case .exhausted: "PoolExhausted"
    case .unknownPool: "PoolNotFound"
    default: "InvalidRequest"
    }
  }
}

/// The books still count grants after everything was given back.
struct StillHeld: Error {
  let pool: String
  let count: Int
}

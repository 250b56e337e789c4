import APIMachinery
import Allocation
import ControllerRuntime

/// Gives each Network a VLAN, and takes it back.
///
/// A kind that keeps to `PoolClaim` needs none of this: `PoolClaimController` does it. It is spelled out here because
/// most controllers do more than that.
struct NetworkController: Reconciler {
  static let finalizer = "example.dev/vlan"

  static func controller(workers: Int) -> Controller {
    Controller("networks", for: Network.self, workers: workers, reconciler: Self())
  }

  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    // A cache proves no absence; what is not on the server either was released before its finalizer went.
    guard let found = try await context.get(Network.self, request) else { return .done }
    let pool = context.pool(Network.pool)

    if found.isDeleting {
      guard found.hasFinalizer(Self.finalizer) else { return .done }
      // By owner, not by status: a status may never have been written.
      try await pool.beginRelease(found.uid)
      try await pool.finishRelease(found.uid)
      var network = found
      _ = network.removeFinalizer(Self.finalizer)
      do { try await context.update(network) } catch let error as StatusError where error.isNotFound
      {}
      return .done
    }

    var network = found
    // The finalizer is stored before anything is taken.
    if network.addFinalizer(Self.finalizer) { network = try await context.update(network) }
    let grants: [Grant]
    do {
      // Asking again gives the same VLAN.
      grants = try await pool.ensure(1, for: network, selector: network.selector)
    } catch AllocationError.ownerSealed {
      // The cache has not seen the deletion yet.
      return .requeueWithBackoff
    }
    guard let grant = grants.first, network.vlan != grant.item else { return .done }
    network.vlan = grant.item
    network.generation = grant.generation
    try await context.updateStatus(network)
    return .done
  }
}

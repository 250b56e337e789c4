import APIAllocation
public import APIMachinery
import Allocation
public import ControllerRuntime

/// The DeviceBinding controller as it is often written first.
///
/// **It loses devices; it is here to be caught.**
///
/// It has the defects of semantics 6.2 on purpose, among them:
/// - the finalizer test stands before the deletion test, so an object that is being deleted without the
///   finalizer never comes to the delete branch (rows 2 and 3);
/// - allocating is not idempotent: whatever happens between taking devices and storing the status (a crash, a
///   conflict, a lost reply) takes new ones the next time (rows 5, 6, 7), and so does a cache that has not seen the
///   status yet (row 8);
/// - devices are released by what the status says, whoever holds them, and the error is ignored (rows 9, 10, 11);
/// - the status holds bare names, which cannot be told from an older grant's (row 15).
public struct NaiveBindingController: Reconciler {
  /// The finalizer.
  public static let finalizer = "drydock.dev/naive-binding"

  /// A naive controller.
  public init() {}

  /// The controller with its watches.
  public static func controller(workers: Int = 1) -> Controller {
    Controller(
      "naive-binding", for: DeviceBinding.self, workers: workers,
      reconciler: NaiveBindingController())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard var binding = try await context.get(DeviceBinding.self, request) else { return .done }
    if binding.addFinalizer(Self.finalizer) {
      try await context.update(binding)
      return .done
    }
    let pool = context.pool(binding.pool)
    if !binding.isDeleting {
      if binding.devices.isEmpty {
        let devices = try await pool.raw.take(binding.count, for: binding)
        binding.phase = .bound
        binding.devices = devices.map { DeviceBinding.Device(name: $0.item) }
        try await context.updateStatus(binding)
      }
      return .done
    }
    for device in binding.devices {
      do { try await pool.raw.free(device.name) } catch is AllocationError {
        // "It will be cleaned up some day."
      }
    }
    _ = binding.removeFinalizer(Self.finalizer)
    try await context.update(binding)
    return .done
  }
}

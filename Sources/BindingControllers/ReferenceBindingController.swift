public import APIAllocation
public import ControllerRuntime

/// The DeviceBinding controller as it should be: the protocol that all claims follow.
public typealias ReferenceBindingController = PoolClaimController<DeviceBinding>

extension PoolClaimController where Claim == DeviceBinding {
  /// The controller with its watches.
  public static func controller(workers: Int = 1) -> Controller {
    controller("reference-binding", workers: workers)
  }
}

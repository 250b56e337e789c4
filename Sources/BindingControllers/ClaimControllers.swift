import APIAllocation
public import ControllerRuntime

/// The controllers of the claims that Drydock ships.
public enum ClaimControllers {
  /// The controller of PortClaims.
  public static func ports(workers: Int = 1) -> Controller {
    PoolClaimController<PortClaim>.controller("port-claims", workers: workers)
  }

  /// The controller of IPClaims.
  public static func addresses(workers: Int = 1) -> Controller {
    PoolClaimController<IPClaim>.controller("ip-claims", workers: workers)
  }

  /// The controller of GPUClaims.
  public static func gpus(workers: Int = 1) -> Controller {
    PoolClaimController<GPUClaim>.controller("gpu-claims", workers: workers)
  }
}

public import ControllerRuntime

/// The controllers of a control plane, by the names that scenarios know.
public enum ControlPlane {
  /// The collector, which makes the server's deletions use its finalizers.
  public static let garbageCollector = "garbage-collector"
  /// The two controllers behind the finalizers that the server puts on new claims and volumes.
  public static let storageProtection = ["pvc-protection", "pv-protection"]

  /// All of them, by name.
  public static let controllers: [(name: String, make: @Sendable (_ workers: Int) -> Controller)] =
    [
      (garbageCollector, { GarbageCollector.controller(workers: $0) }),
      ("namespace-lifecycle", { NamespaceLifecycleController.controller(workers: $0) }),
      ("crd-cleanup", { DefinitionCleanupController.controller(workers: $0) }),
      ("pvc-protection", { VolumeClaimProtectionController.controller(workers: $0) }),
      ("pv-protection", { VolumeProtectionController.controller(workers: $0) }),
    ]
}

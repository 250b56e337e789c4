/// What differs from cluster to cluster, and is fixed for one.
public struct ServerSettings: Sendable, Hashable {
  /// What a finalizer does that arrives between a deletion's read and its removal (semantics 1.2, C6).
  public enum FinalizerRace: String, Sendable, Hashable, CaseIterable {
    /// The deletion sees it, and waits for it.
    case fixed
    /// The object goes all the same, as in Kubernetes: kubernetes#77988.
    case legacy
  }

  /// What becomes of a finalizer that arrives while its object is being removed.
  public var deleteFinalizerRace: FinalizerRace
  /// Whether there is a garbage collector; without one, deletions add none of its finalizers.
  public var hasGarbageCollector: Bool
  /// Whether new volumes and claims get the finalizers of storage protection.
  public var protectsStorage: Bool
  /// Whether new pods get the status that Kubernetes gives them: pending, and their class of service.
  public var completesPods: Bool
  /// The kinds, as `plural.group`, whose `metadata.generation` does not count the beginning of a deletion (semantics 1.6).
  public var kindsWithSilentDeletion: Set<String>
  /// How many writes to its kind a watcher may be behind before its stream is closed.
  public var watchBacklogMax: Int

  /// Settings; what is not said is as in Kubernetes, with its control plane running.
  public init(
    deleteFinalizerRace: FinalizerRace = .fixed, hasGarbageCollector: Bool = true,
    protectsStorage: Bool = false, completesPods: Bool = false,
    kindsWithSilentDeletion: Set<String> = [], watchBacklogMax: Int = 10_000
  ) {
    self.deleteFinalizerRace = deleteFinalizerRace
    self.hasGarbageCollector = hasGarbageCollector
    self.protectsStorage = protectsStorage
    self.completesPods = completesPods
    self.kindsWithSilentDeletion = kindsWithSilentDeletion
    self.watchBacklogMax = watchBacklogMax
  }
}

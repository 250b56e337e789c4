import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
public import Scalars
import ValueTree

/// Which rules a world is judged by, and their bounds.
public struct OracleSettings: Sendable, Hashable {
  /// The rules that are judged.
  public var judged: OracleSet
  /// The controllers that collect what has no owner.
  public var collectors: [String]
  /// How often a key may fail with one error in a row (O6).
  public var failuresMax: Int
  /// Bounds on releases.
  public var thresholds: [Threshold]

  /// Settings.
  public init(
    judged: OracleSet = .standard, collectors: [String] = ["garbage-collector"],
    failuresMax: Int = 20, thresholds: [Threshold] = []
  ) {
    self.judged = judged
    self.collectors = collectors
    self.failuresMax = failuresMax
    self.thresholds = thresholds
  }

  /// The rules of every run, without those about claims that nobody serves: for worlds of which only a part is there.
  public static let partial: OracleSettings = {
    var settings = OracleSettings()
    settings.judged.remove(.surplus)
    settings.judged.remove(.unsatisfied)
    return settings
  }()
}

/// How long something about a release may take.
public struct Threshold: Sendable, Hashable {
  /// What is measured.
  public enum Metric: String, Sendable, Hashable, CaseIterable {
    /// From the request to delete until the last item is back.
    case deletionToRelease
    /// From the request to delete until the object is gone.
    case deletionToRemoval
    /// How long an item is handed out.
    case held
    /// How long an item stays handed out after its owner is gone.
    case orphanAge
  }

  /// What is measured.
  public var metric: Metric
  /// From here on a suspicion.
  public var warning: GoDuration?
  /// From here on a violation.
  public var critical: GoDuration?

  /// A threshold.
  public init(_ metric: Metric, warning: GoDuration? = nil, critical: GoDuration? = nil) {
    self.metric = metric
    self.warning = warning
    self.critical = critical
  }
}

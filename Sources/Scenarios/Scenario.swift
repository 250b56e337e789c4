public import Exploration
public import Simulation
public import YAMLCoding

/// `kind: Scenario`: what there is, which controllers run, what the user does and what may go wrong.
public struct Scenario: Sendable {
  /// The name.
  public let name: String
  /// What the scenario shows, in a sentence.
  public let summary: String
  /// The world at its beginning.
  public let plan: WorldPlan
  /// Faults at fixed places.
  public let script: FaultScript
  /// Faults that a random schedule may draw.
  public let budget: FaultBudget
  /// Whether the scenario says which faults may be drawn; where it does not, a campaign draws every legal kind.
  public let saysFaults: Bool
  /// The file that the scenario was read from.
  public let path: String
  /// A stable hash of all files that the scenario was read from.
  public let digest: UInt64
  /// What is no mistake and may be none of the writer's wishes, with its places.
  public var warnings: [SourceDiagnostic] = []

  /// The same scenario in a world with this seed.
  public func plan(seed: UInt64) -> WorldPlan {
    var plan = plan
    plan.seed = seed
    return plan
  }
}

extension Scenario {
  /// The names of faults that `faults.allow` takes: kinds, and groups of them.
  public static var faultNames: [String] { FaultsDecoder.names.map(\.name) }

  /// The kinds of faults that a name in `faults.allow` stands for; nil for none of them.
  public static func faultKinds(named name: String) -> [FaultKind]? {
    FaultsDecoder.names.first { $0.name == name }?.value
  }
}

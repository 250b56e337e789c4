public import Simulation

/// Which faults may be drawn, and how many.
public struct FaultBudget: Sendable, Hashable {
  /// What may become of an effect.
  public var outcomes: [Decision.Outcome]
  /// The most faults in a run.
  public var count: Int
  /// One effect in so many is hit, while there is budget left.
  public var odds: Int

  /// A budget.
  public init(outcomes: [Decision.Outcome] = [], count: Int = 0, odds: Int = 20) {
    self.outcomes = outcomes
    self.count = count
    self.odds = odds
  }

  /// No faults.
  public static let none = FaultBudget()
}

/// A random walk that stays near the default schedule: faults and detours are rare.
///
/// Rare, because a walk that is free at every step crashes everything before anything interesting has happened.
public struct RandomSource: DecisionSource {
  private var random: SplitMix64
  private var script: FaultScript
  private let budget: FaultBudget
  private var spent = 0
  private var enabled: [Decision] = []
  private let detourOdds: Int

  /// A walk.
  ///
  /// - Parameters:
  ///   - seed: The same seed takes the same decisions.
  ///   - budget: Which faults may be drawn.
  ///   - script: Faults at fixed places, besides.
  ///   - detourOdds: One turn in so many is another one than the default.
  public init(
    seed: UInt64, budget: FaultBudget = .none, script: FaultScript = FaultScript(),
    detourOdds: Int = 4
  ) {
    random = SplitMix64(state: seed)
    self.budget = budget
    self.script = script
    self.detourOdds = detourOdds
  }

  public var missed: [FaultScript.Fault] { script.missed }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard var decision = world.defaultDecision else { return nil }
    if random.once(in: detourOdds) {
      world.enabledDecisions(into: &enabled)
      if enabled.count > 1 { decision = enabled[random.next(below: enabled.count)] }
    }
    let scripted = script.applied(to: decision, in: world)
    if scripted != decision { return scripted }
    return withFault(decision, in: world)
  }

  private mutating func withFault(_ decision: Decision, in world: World) -> Decision {
    guard spent < budget.count,
      case .proceed(let process, let controller, let worker, .normal) = decision,
      random.once(in: budget.odds)
    else { return decision }
    let possible = world.outcomes(process: process, controller: controller, worker: worker)
      .filter { $0 != .normal && budget.outcomes.contains($0) }
    guard !possible.isEmpty else { return decision }
    spent += 1
    return .proceed(
      process: process, controller: controller, worker: worker,
      possible[random.next(below: possible.count)])
  }
}

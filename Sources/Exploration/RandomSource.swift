public import Simulation

/// A random walk that stays near the default schedule: faults and detours are rare.
///
/// Rare, because a walk that is free at every step crashes everything before anything interesting has happened.
public struct RandomSource: DecisionSource {
  private var random: SplitMix64
  private var script: FaultScript
  private var faults: FaultDraw
  private var enabled: [Decision] = []
  private let detourOdds: Int
  private let userOdds: Int

  /// A walk.
  ///
  /// - Parameters:
  ///   - seed: The same seed takes the same decisions.
  ///   - budget: Which faults may be drawn.
  ///   - script: Faults at fixed places, besides.
  ///   - detourOdds: One turn in so many is drawn among all that are enabled.
  ///   - userOdds: One user action in so many that are drawn comes before its turn.
  public init(
    seed: UInt64, budget: FaultBudget = .none, script: FaultScript = FaultScript(),
    detourOdds: Int = 4, userOdds: Int = 1
  ) {
    random = SplitMix64(state: seed)
    faults = FaultDraw(budget)
    self.script = script
    self.detourOdds = detourOdds
    self.userOdds = userOdds
  }

  public var missed: [FaultScript.Fault] { script.missed }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard var decision = world.defaultDecision else { return nil }
    if random.once(in: detourOdds) {
      world.enabledDecisions(into: &enabled)
      if enabled.count > 1 {
        let drawn = enabled[random.next(below: enabled.count)]
        if drawn != .user || userOdds == 1 || random.once(in: userOdds) { decision = drawn }
      }
    }
    let scripted = script.applied(to: decision, in: world)
    if scripted != decision { return scripted }
    return faults.applied(to: decision, in: world, &random)
  }
}

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

  /// Every kind of fault, three a run.
  public static let every = FaultBudget(
    outcomes: Decision.Outcome.allCases.filter { $0 != .normal }, count: 3)

  /// No faults.
  public static let none = FaultBudget()
}

/// Draws faults within a budget.
struct FaultDraw: Sendable {
  let budget: FaultBudget
  private var spent = 0

  init(_ budget: FaultBudget) { self.budget = budget }

  /// The decision, or a fault that hits it.
  mutating func applied(
    to decision: Decision, in world: World, _ random: inout SplitMix64
  ) -> Decision {
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

import Scalars
public import Simulation

/// Which faults may be drawn, and how many.
public struct FaultBudget: Sendable, Hashable {
  /// What may happen, and to whom.
  public var rules: [FaultRule]
  /// The most faults in a run.
  public var count: Int
  /// One effect in so many is hit, while there is budget left, or draws a kind that hits the next effect that it can;
  /// and one decision in so many brings a fault that hits no effect.
  public var odds: Int

  /// A budget.
  public init(rules: [FaultRule], count: Int, odds: Int = 20) {
    self.rules = rules
    self.count = count
    self.odds = odds
  }

  /// A budget for faults that hit effects.
  public init(outcomes: [Decision.Outcome] = [], count: Int = 0, odds: Int = 20) {
    self.init(
      rules: outcomes.compactMap { FaultKind($0).map(FaultRule.init) }, count: count, odds: odds)
  }

  /// What may become of effects.
  public var outcomes: [Decision.Outcome] { rules.compactMap(\.kind.outcome) }

  /// Every kind of fault that a correct controller survives, three a run.
  public static let every = FaultBudget(rules: FaultKind.legal.map(FaultRule.init), count: 3)

  /// No faults.
  public static let none = FaultBudget()
}

/// Draws faults within a budget, by turns at random the place first or the kind first.
///
/// Where the place comes first, a kind that can hit every effect leaves little to one that can hit few; where the kind
/// does, each is as likely as any other, and bugs that need one kind at one of many places take longer to find.
struct FaultDraw: Sendable {
  private let budget: FaultBudget
  /// Rules for effects with the budget's odds, and those with odds of their own.
  private let outcomes: [Int]
  private let world: [Int]
  private let own: [Int]
  private var spent = 0
  /// By rule.
  private var counts: [Int]
  private var candidates: [Decision] = []
  /// By rule: what it makes of an effect, for the kind's name need not be looked up at each.
  private let ruleOutcomes: [Decision.Outcome?]
  /// What effects can meet by `outcomes`, each once.
  private let drawable: [Decision.Outcome]
  /// What was drawn and waits for an effect that it can hit, in the order of drawing.
  private var waiting: [Decision.Outcome] = []

  init(_ budget: FaultBudget) {
    self.budget = budget
    let places = Array(budget.rules.indices)
    own = places.filter { budget.rules[$0].odds != nil }
    outcomes = places.filter {
      budget.rules[$0].odds == nil && budget.rules[$0].kind.outcome != nil
    }
    world = places.filter { budget.rules[$0].odds == nil && budget.rules[$0].kind.outcome == nil }
    counts = Array(repeating: 0, count: budget.rules.count)
    let ruleOutcomes = budget.rules.map(\.kind.outcome)
    self.ruleOutcomes = ruleOutcomes
    let drawn = outcomes.compactMap { ruleOutcomes[$0] }
    drawable = Decision.Outcome.allCases.filter(drawn.contains)
  }

  /// The decision, or a fault that hits it or comes before it.
  mutating func applied(
    to decision: Decision, in world: World, _ random: inout SplitMix64
  ) -> Decision {
    guard spent < budget.count, !budget.rules.isEmpty else { return decision }
    if let until = world.plan.faults.until, world.now - world.plan.startTime >= until {
      return decision
    }
    if !drawable.isEmpty, case .proceed(_, _, _, .normal) = decision {
      if random.once(in: budget.odds) {
        if drawable.count > 1, random.once(in: 2) {
          draw(&random)
        } else if let fault = outcome(outcomes, of: decision, in: world, &random) {
          return fault
        }
      }
      if !waiting.isEmpty, let fault = drawnOutcome(of: decision, in: world) { return fault }
    }
    if !self.world.isEmpty, random.once(in: budget.odds) {
      let place = self.world[random.next(below: self.world.count)]
      if let fault = fault(place, in: world, &random) { return fault }
    }
    for place in own where random.once(in: budget.rules[place].odds ?? 0) {
      let fault =
        ruleOutcomes[place] == nil
        ? fault(place, in: world, &random) : outcome([place], of: decision, in: world, &random)
      if let fault { return fault }
    }
    return decision
  }

  private func isSpent(_ place: Int) -> Bool {
    budget.rules[place].count.map { counts[place] >= $0 } ?? false
  }

  private mutating func spend(_ place: Int) {
    spent += 1
    counts[place] += 1
  }

  /// Draws a kind among those that do not wait for their effect already.
  private mutating func draw(_ random: inout SplitMix64) {
    let left = drawable.count - waiting.count
    guard left > 0 else { return }
    var place = random.next(below: left)
    for outcome in drawable where !waiting.contains(outcome) {
      if place == 0 { return waiting.append(outcome) }
      place -= 1
    }
  }

  /// The first of the waiting outcomes that can become of the effect that is due.
  private mutating func drawnOutcome(of decision: Decision, in world: World) -> Decision? {
    guard case .proceed(let process, let controller, let worker, .normal) = decision else {
      return nil
    }
    for index in waiting.indices {
      let faulty = Decision.proceed(
        process: process, controller: controller, worker: worker, waiting[index])
      guard world.isEnabled(faulty) else { continue }
      let rule = outcomes.first { place in
        ruleOutcomes[place] == waiting[index] && !isSpent(place)
          && budget.rules[place].admits(
            world.turn(process: process, controller: controller, worker: worker))
      }
      guard let rule else { continue }
      waiting.remove(at: index)
      spend(rule)
      return faulty
    }
    return nil
  }

  /// One of the rules' outcomes for the effect that is due.
  private mutating func outcome(
    _ places: [Int], of decision: Decision, in world: World, _ random: inout SplitMix64
  ) -> Decision? {
    guard case .proceed(let process, let controller, let worker, .normal) = decision else {
      return nil
    }
    let possible = world.outcomes(process: process, controller: controller, worker: worker)
    let choices = possible.compactMap { outcome -> (Decision.Outcome, Int)? in
      guard outcome != .normal else { return nil }
      let place = places.first { place in
        ruleOutcomes[place] == outcome && !isSpent(place)
          && budget.rules[place].admits(
            world.turn(process: process, controller: controller, worker: worker))
      }
      return place.map { (outcome, $0) }
    }
    guard !choices.isEmpty else { return nil }
    let (outcome, place) = choices[random.next(below: choices.count)]
    spend(place)
    return .proceed(process: process, controller: controller, worker: worker, outcome)
  }

  /// A fault of the rule's kind that can happen now.
  private mutating func fault(
    _ place: Int, in world: World, _ random: inout SplitMix64
  ) -> Decision? {
    guard !isSpent(place) else { return nil }
    let rule = budget.rules[place]
    candidates.removeAll(keepingCapacity: true)
    world.faultDecisions(rule.kind, into: &candidates)
    candidates.removeAll { !rule.admits($0, in: world) }
    guard !candidates.isEmpty else { return nil }
    spend(place)
    return candidates[random.next(below: candidates.count)]
  }
}

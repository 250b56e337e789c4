public import Simulation

/// How the schedules of a campaign are drawn.
public enum Strategy: Sendable, Hashable {
  /// By turns a `weighted` run and one by priorities of a drawn depth: the first finds what faults alone do, the second
  /// what needs one actor to be held back for long.
  case mixed
  /// A walk near the default schedule, on which detours are common, and faults and user actions rare.
  case weighted
  /// A walk on which every enabled turn is as likely as any other.
  case uniform
  /// As `weighted`, with fault kinds and rates drawn anew for each run, so that no kind hides another.
  case swarm
  /// Random priorities that change at `depth` - 1 random places (Burckhardt et al., ASPLOS 2010).
  case pct(depth: Int)
  /// As `weighted`, but runs go on from where others of their batch have come to something new.
  case guided

  /// The schedule of one run.
  ///
  /// - Parameters:
  ///   - seed: The same seed draws the same schedule.
  ///   - budget: Which faults may be drawn.
  ///   - script: Faults at fixed places, besides.
  ///   - length: About how many decisions a run takes.
  /// - Returns: who chooses.
  public func source(
    seed: UInt64, budget: FaultBudget, script: FaultScript, length: Int
  ) -> DrawnSource {
    switch self {
    case .mixed:
      var random = SplitMix64(state: seed ^ 0x4D49_5845)
      guard random.once(in: 2) else {
        return Self.weighted.source(seed: seed, budget: budget, script: script, length: length)
      }
      let depth = 2 + random.next(below: 5)
      return Self.pct(depth: depth).source(
        seed: seed, budget: budget, script: script, length: length)
    case .weighted, .guided:
      return .walk(RandomSource(seed: seed, budget: budget, script: script, userOdds: 16))
    case .uniform:
      return .walk(RandomSource(seed: seed, budget: budget, script: script, detourOdds: 1))
    case .swarm: return .walk(Self.swarm(seed: seed, budget: budget, script: script))
    case .pct(let depth):
      return .priorities(
        PrioritySource(seed: seed, depth: depth, length: length, budget: budget, script: script))
    }
  }

  private static func swarm(
    seed: UInt64, budget: FaultBudget, script: FaultScript
  ) -> RandomSource {
    var random = SplitMix64(state: seed ^ 0x5741_524D)
    var drawn = budget
    drawn.rules = budget.rules.filter { _ in random.once(in: 2) }
    drawn.odds = [4, 10, 20, 50][random.next(below: 4)]
    drawn.count = budget.count == 0 ? 0 : 1 + random.next(below: budget.count)
    let detours = [2, 4, 8, 32][random.next(below: 4)]
    let users = [1, 4, 16, 64][random.next(below: 4)]
    return RandomSource(
      seed: random.next(), budget: drawn, script: script, detourOdds: detours, userOdds: users)
  }
}

extension Strategy: CustomStringConvertible {
  /// The strategy, as the command line names it.
  public var description: String {
    switch self {
    case .mixed: "mixed"
    case .weighted: "weighted"
    case .uniform: "uniform"
    case .swarm: "swarm"
    case .pct(let depth): "pct:\(depth)"
    case .guided: "guided"
    }
  }

  /// The strategy that the command line names so; `pct` has depth 3.
  public init?(_ name: String) {
    switch name {
    case "mixed": self = .mixed
    case "weighted": self = .weighted
    case "uniform": self = .uniform
    case "swarm": self = .swarm
    case "guided": self = .guided
    case "pct": self = .pct(depth: 3)
    default:
      guard name.hasPrefix("pct:"), let depth = Int(name.dropFirst(4)), (1...20).contains(depth)
      else { return nil }
      self = .pct(depth: depth)
    }
  }
}

/// A schedule that a strategy has drawn.
public enum DrawnSource: DecisionSource {
  /// A random walk.
  case walk(RandomSource)
  /// Random priorities.
  case priorities(PrioritySource)
  /// The beginning of another run, and a random walk from there.
  case guided(GuidedSource)

  public var missed: [FaultScript.Fault] {
    switch self {
    case .walk(let source): source.missed
    case .priorities(let source): source.missed
    case .guided(let source): source.missed
    }
  }

  /// Takes a world through the schedule to its end.
  ///
  /// - Parameter world: The world, which is taken as far as it goes.
  /// - Throws: `Divergence` when the schedule cannot be followed.
  public mutating func follow(_ world: inout World) throws(Divergence) {
    // One look at the strategy for each run: to take a source out and put it back costs as much as to ask it.
    switch self {
    case .walk(var source):
      defer { self = .walk(source) }
      while let decision = try source.choose(in: world) { world.take(decision) }
    case .guided(var source):
      defer { self = .guided(source) }
      while let decision = try source.choose(in: world) { world.take(decision) }
    case .priorities(var source):
      defer { self = .priorities(source) }
      while let decision = try source.choose(in: world) { world.take(decision) }
    }
  }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    switch self {
    case .walk(var source):
      defer { self = .walk(source) }
      return try source.choose(in: world)
    case .guided(var source):
      defer { self = .guided(source) }
      return try source.choose(in: world)
    case .priorities(var source):
      defer { self = .priorities(source) }
      return try source.choose(in: world)
    }
  }
}

import APIMachinery
import ControllerRuntime
public import Simulation

/// Many runs of one plan, each on a schedule of its own that is a function of the campaign's seed and its number.
public struct Campaign: Sendable {
  /// What worlds are made from.
  public var plan: WorldPlan
  /// How schedules are drawn.
  public var strategy: Strategy
  /// Which faults may be drawn.
  public var budget: FaultBudget
  /// Faults at fixed places, in each run.
  public var script: FaultScript
  /// What schedules are drawn from.
  public var seed: UInt64
  /// About how many decisions a run takes; what `calibrate` finds.
  public var length = 100

  /// A campaign.
  public init(
    _ plan: WorldPlan, strategy: Strategy = .mixed, budget: FaultBudget,
    script: FaultScript = FaultScript(), seed: UInt64 = 0
  ) {
    self.plan = plan
    self.strategy = strategy
    self.budget = budget
    self.script = script
    self.seed = seed
  }

  /// The schedule of the run of this number.
  public func source(ofRun number: Int) -> DrawnSource {
    if strategy == .guided { return guidedSource(ofRun: number) }
    return strategy.source(
      seed: seed(ofRun: number), budget: budget, script: script, length: length)
  }

  /// What the schedule of a run is drawn from.
  public func seed(ofRun number: Int) -> UInt64 {
    var hash = StableHash(seed: seed)
    hash.combine(number)
    return hash.value
  }

  /// Takes the length of runs from one without faults.
  ///
  /// - Throws: `World.PlanError`, `Standstill`.
  public mutating func calibrate() throws {
    length = max(10, try Runner.run(plan, DefaultSource(script)).world.step)
  }

  /// Runs of these numbers, one after the other, on this thread.
  ///
  /// - Parameters:
  ///   - numbers: Which runs.
  ///   - stopsAtViolation: Whether the first violation ends the work.
  ///   - isInterrupted: Asked before each run.
  /// - Returns: what they came to.
  /// - Throws: `World.PlanError`, `Standstill`.
  public func run(
    _ numbers: Range<Int>, stopsAtViolation: Bool, isInterrupted: () -> Bool = { false }
  ) throws -> CampaignTally {
    if strategy == .guided {
      return try runGuided(
        numbers, stopsAtViolation: stopsAtViolation, isInterrupted: isInterrupted)
    }
    // Every run begins as a copy of the same beginning.
    let start = try World(plan)
    let end = try comparedEnd()
    var tally = CampaignTally()
    for number in numbers {
      if isInterrupted() { break }
      var world = start
      var source = source(ofRun: number)
      try source.follow(&world)
      guard let outcome = world.outcome else { throw Standstill(step: world.step) }
      tally.note(world, run: number)
      if let end { compare(world, with: end, run: number, &tally) }
      if stopsAtViolation, outcome == .violated { break }
    }
    return tally
  }
}

extension Campaign {
  /// How many actors choose among: workers, informers and the user.
  public var actorCount: Int {
    var actors = 1
    for process in plan.processes {
      var kinds: Set<Int> = []
      for controller in process.controllers {
        actors += controller.workers
        for watch in controller.watches { kinds.insert(watch.type.index) }
      }
      actors += kinds.count
    }
    return actors
  }

  /// With how much probability, at the least, runs by priorities have met a bug of a depth (Burckhardt et al., 2010).
  ///
  /// - Parameters:
  ///   - depth: How many orderings the bug needs.
  ///   - actors: How many actors there are.
  ///   - length: The most decisions of a run.
  ///   - runs: How many runs there were.
  /// - Returns: the probability.
  public static func bound(depth: Int, actors: Int, length: Int, runs: Int) -> Double {
    var share = 1 / Double(max(1, actors))
    for _ in 1..<max(1, depth) { share /= Double(max(1, length)) }
    // 1 - (1 - p)^n, by squaring.
    var missed = 1.0
    var base = 1 - share
    var count = runs
    while count > 0 {
      if count & 1 == 1 { missed *= base }
      base *= base
      count >>= 1
    }
    return 1 - missed
  }

  /// The same for what runs of this campaign have come to.
  public func bound(depth: Int, _ tally: CampaignTally) -> Double {
    Self.bound(
      depth: depth, actors: actorCount, length: tally.decisionsMax, runs: tally.runCount)
  }

  /// The properties that must hold at some moment of some run, and did in none.
  public func unmet(_ tally: CampaignTally) -> [WorldProperty] {
    plan.properties.enumerated().filter { index, property in
      property.mode == .sometimes
        && (tally.propertiesHeld.isEmpty || !tally.propertiesHeld[index])
    }.map(\.element)
  }
}

public import Simulation

/// What a run came to.
public struct RunResult {
  /// How it ended.
  public let outcome: World.Outcome
  /// The world at the end.
  public let world: World
  /// Where it left the default schedule; empty where nobody asked for names.
  public let deviations: [Deviation]
  /// Scripted faults that never happened.
  public let missed: [FaultScript.Fault]

  /// What the oracles found.
  public var violations: [Violation] { world.violations }
}

/// A world that goes no further and is not over: Drydock's own mistake, never the scenario's.
public struct Standstill: Error, Sendable, Hashable, CustomStringConvertible {
  /// After how many decisions.
  public let step: Int

  public var description: String {
    "internal error: after \(step) decisions nothing can happen, and the run is not over"
  }
}

/// A run that somebody wanted to end before its time.
struct Interruption: Error {}

/// Takes a world through a schedule to its end.
public enum Runner {
  /// Runs a world until it is over.
  ///
  /// - Parameters:
  ///   - plan: What the world is made from.
  ///   - source: Who chooses.
  ///   - isTold: Whether the world keeps a readable account.
  ///   - isNamed: Whether deviations are recorded by name, which costs more than the run itself.
  /// - Returns: the world at its end, and the deviations.
  /// - Throws: `World.PlanError`, `Divergence` of a replay, or `Standstill`.
  public static func run(
    _ plan: WorldPlan, _ source: some DecisionSource, isTold: Bool = false, isNamed: Bool = false
  ) throws -> RunResult {
    try run(plan, source, isTold: isTold, isNamed: isNamed, isInterrupted: { false })
  }

  /// The same, with somebody who is asked now and then whether to go on; `Interruption` is thrown where not.
  static func run(
    _ plan: WorldPlan, _ source: some DecisionSource, isTold: Bool = false, isNamed: Bool = false,
    isInterrupted: () -> Bool
  ) throws -> RunResult {
    var source = source
    var world = try World(plan, isTold: isTold)
    var deviations: [Deviation] = []
    var numbering = DecisionNumbering()
    while let decision = try source.choose(in: world) {
      if world.step & 0x3F == 0x3F, isInterrupted() { throw Interruption() }
      if isNamed {
        let name = world.name(of: decision)
        if let turn = world.defaultDecision, turn != decision {
          let place = numbering.numbered(world.name(of: turn))
          deviations.append(Deviation(at: place, take: name))
        }
        numbering.count(name)
      }
      world.take(decision)
    }
    guard let outcome = world.outcome else { throw Standstill(step: world.step) }
    return RunResult(
      outcome: outcome, world: world, deviations: deviations, missed: source.missed)
  }
}

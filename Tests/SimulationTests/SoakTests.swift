import BindingControllers
import Exploration
import Foundation
import Simulation
import Testing

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

@Suite("Soak: many seeds", .enabled(if: isSoaking))
struct SoakTests {
  @Test("The reference controller holds over 10,000 seeds with up to four faults")
  func reference() throws {
    for (workers, processes) in [(1, 1), (2, 1), (2, 2)] {
      var faults = 0
      for seed in 0..<UInt64(10_000) {
        var plan = planned(
          ReferenceBindingController.controller(workers: workers), pool: pool(3),
          processes: processes, comings)
        plan.seed = seed
        let result = try Runner.run(plan, RandomSource(seed: seed, budget: anyFault))
        #expect(result.outcome == .held, "seed \(seed): \(sentence(result))")
        faults += result.world.faultCount
      }
      #expect(faults > 20_000)
    }
  }

  /// What each kind of fault must lead to at least once, with books of each kind: an oracle that sees nothing any
  /// more fails here.
  @Test("Naive: every fault breaks what it is known to break")
  func naiveMatrix() throws {
    let expected: [(Decision.Outcome, String, Violation.Oracle)] = [
      (.crashAfter, "ledger", .leak), (.crashBefore, "ledger", .leak),
      (.lostReply, "ledger", .leak), (.refused, "ledger", .leak), (.conflict, "ledger", .leak),
      (.crashAfter, "memory", .doubleHolder), (.crashBefore, "memory", .doubleHolder),
    ]
    for (outcome, backing, oracle) in expected {
      let budget = FaultBudget(outcomes: [outcome], count: 2, odds: 15)
      var found: Set<Violation.Oracle> = []
      for seed in 0..<UInt64(1_000) {
        let plan = planned(naive, pool: pool(3, backing: backing), comings)
        let result = try Runner.run(plan, RandomSource(seed: seed, budget: budget))
        found.formUnion(result.violations.map(\.oracle))
      }
      #expect(found.contains(oracle), "\(outcome) with \(backing) finds \(found)")
    }
  }

  @Test("20,000 seeds run twice have the same hashes")
  func determinism() throws {
    for seed in 0..<UInt64(20_000) {
      let controller = seed.isMultiple(of: 2) ? naive : SimulationTests.reference
      let plan = planned(controller, processes: 2, comings)
      let source = RandomSource(seed: seed, budget: anyFault)
      let first = try Runner.run(plan, source).world
      let second = try Runner.run(plan, source).world
      #expect(first.traceHash == second.traceHash, "seed \(seed)")
    }
  }
}

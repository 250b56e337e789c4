import Allocation
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing

@Suite("Determinism: the same plan, seed and decisions make the same world")
struct DeterminismTests {
  private func hashes(_ plan: WorldPlan, seed: UInt64) throws -> [UInt64] {
    var plan = plan
    plan.seed = seed
    let world = try Runner.run(plan, RandomSource(seed: seed, budget: anyFault)).world
    return [world.traceHash, world.stateHash, UInt64(world.step), world.ledger.historyHash]
  }

  @Test("2,000 seeds with random faults, each run twice, naive and reference")
  func twice() throws {
    var distinct: Set<UInt64> = []
    for seed in 0..<UInt64(1_000) {
      for controller in [naive, reference] {
        let plan = planned(
          controller, one + [WorldPlan.Step(.delete(bindingType, key("a")), .settled)])
        let first = try hashes(plan, seed: seed)
        #expect(try first == hashes(plan, seed: seed), "seed \(seed)")
        distinct.insert(first[0])
      }
    }
    // A hash that does not tell runs apart would pass all of the above.
    #expect(distinct.count > 1_900)
  }

  @Test("What a run is told about, or named for, does not change it")
  func observersDoNotMatter() throws {
    let plan = planned(NaiveBindingController.controller(workers: 2), processes: 2, comings)
    for seed in 0..<UInt64(20) {
      let source = RandomSource(seed: seed, budget: anyFault)
      let plain = try Runner.run(plan, source)
      let told = try Runner.run(plan, source, isTold: true, isNamed: true)
      #expect(plain.world.traceHash == told.world.traceHash)
      #expect(plain.violations == told.violations)
    }
  }

  @Test("Running every reconcile twice does not change a run of honest ones")
  func checkingDoesNotMatter() throws {
    var plan = planned(ReferenceBindingController.controller(workers: 2), comings)
    for seed in 0..<UInt64(30) {
      let source = RandomSource(seed: seed, budget: anyFault)
      plan.checksRepetition = false
      let plain = try Runner.run(plan, source)
      plan.checksRepetition = true
      let checked = try Runner.run(plan, source)
      #expect(plain.world.traceHash == checked.world.traceHash)
      #expect(checked.outcome == .held)
    }
  }

  @Test("A world goes on when its thread changes between two decisions")
  func threads() async throws {
    var world = try World(planned(reference, comings))
    while let decision = world.defaultDecision {
      world.take(decision)
      if world.step.isMultiple(of: 5) { await Task.detached {}.value }
    }
    #expect(world.outcome == .held)
    let plain = try Runner.run(planned(reference, comings), DefaultSource())
    #expect(world.traceHash == plain.world.traceHash)
  }
}

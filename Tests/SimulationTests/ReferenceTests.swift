import APIAllocation
import Allocation
import BindingControllers
import Exploration
import Scalars
import Simulation
import Testing

@Suite("Reference: nothing is lost, whatever legal fault happens")
struct ReferenceTests {
  /// Runs seeds and says which of them broke something, and what.
  private func failures(
    _ plan: WorldPlan, _ seeds: Range<UInt64>, _ budget: FaultBudget
  ) throws -> [String] {
    var failures: [String] = []
    var faults = 0
    for seed in seeds {
      var plan = plan
      plan.seed = seed
      let result = try Runner.run(plan, RandomSource(seed: seed, budget: budget))
      faults += result.world.faultCount
      if result.outcome != .held { failures.append("seed \(seed): \(sentence(result))") }
    }
    // A walk without faults would prove nothing.
    #expect(faults > seeds.count)
    return failures
  }

  @Test("1,000 seeds, up to four faults of every kind, books that outlive the process")
  func ledger() throws {
    let plan = planned(ReferenceBindingController.controller(workers: 2), comings)
    #expect(try failures(plan, 0..<1_000, anyFault) == [])
  }

  @Test("Two replicas, caches that are behind, and a pool that is too small for all")
  func replicas() throws {
    let plan = planned(
      reference, pool: pool(3), processes: 2, lag: .milliseconds(20), comings)
    #expect(try failures(plan, 0..<150, anyFault) == [])
  }

  @Test("Books in memory, one replica, crashes")
  func memory() throws {
    let crashes = FaultBudget(outcomes: [.crashBefore, .crashAfter], count: 4, odds: 15)
    let plan = planned(
      ReferenceBindingController.controller(workers: 2), pool: pool(backing: "memory"), comings)
    #expect(try failures(plan, 0..<300, crashes) == [])
  }

  @Test("Every single fault at every effect of the default schedule")
  func singleFaults() throws {
    let plan = planned(reference, comings)
    var tried = 0
    var world = try World(plan)
    while let decision = world.defaultDecision {
      if case .proceed(let process, let controller, let worker, _) = decision {
        for outcome in world.outcomes(process: process, controller: controller, worker: worker)
        where outcome != .normal {
          var fork = world
          fork.take(
            .proceed(process: process, controller: controller, worker: worker, outcome))
          while let next = fork.defaultDecision { fork.take(next) }
          #expect(fork.outcome == .held, "\(outcome) at step \(world.step): \(fork.violations)")
          tried += 1
        }
      }
      world.take(decision)
    }
    #expect(tried > 100)
  }

  @Test("Whoever asked an empty pool is woken when something comes back")
  func wokenOnRelease() throws {
    let workload = [
      WorldPlan.Step(.apply(binding("a"))), WorldPlan.Step(.apply(binding("b"))),
      WorldPlan.Step(.delete(bindingType, key("a")), .after(.seconds(40))),
    ]
    let result = try run(planned(reference, pool: pool(1), workload))
    #expect(result.outcome == .held)
    let taken = result.world.ledger.biography(pool: "gpus", item: "gpu-0")
      .last { $0.event == .opened }
    #expect(taken?.holder == "DeviceBinding default/b")
    // Its own timer would have come 30 s after the last try, at 60 s.
    #expect(taken.map { $0.time - result.world.plan.startTime } == .seconds(40))
  }
}

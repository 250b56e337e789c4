import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import BindingControllers
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// The models `naive` and `reference` do what the Swift controllers of that name do, effect for effect.
@Suite("Equivalence: a model and its Swift twin ask the same of the world")
struct EquivalenceTests {
  private static let faults = FaultBudget(
    outcomes: [.refused, .conflict, .lostReply, .crashBefore, .crashAfter], count: 4, odds: 15)

  private static let workload: [WorldPlan.Step] = [
    apply(binding("a", count: 2)), apply(binding("b")),
    patch("b", ["spec": ["count": 3]], .after(.seconds(2))),
    delete("a"), apply(binding("c", count: 2)),
    patch("c", ["spec": ["count": 1]]),
    patch("c", ["spec": ["pool": "others"]]),
    delete("b"), apply(binding("d", count: 9)), delete("d"), delete("c"), apply(binding("c")),
  ]

  /// Every schedule gives the same trace hash, which takes in each decision, effect and reply.
  private func compare(_ model: Controller, _ twin: Controller, backing: String) throws {
    var violated = 0
    var faultCount = 0
    let seeds = seeds(20)
    for seed in seeds {
      var plan = planned(model, pool: pool(backing: backing), processes: 1, Self.workload)
      plan.seed = seed
      var other = plan
      other.processes[0].controllers = [twin]
      let lag = GoDuration.milliseconds(Int64(seed % 3) * 40)
      plan.processes[0].informerLag = lag
      other.processes[0].informerLag = lag
      let source = RandomSource(seed: seed, budget: Self.faults)
      let first = try Runner.run(plan, source)
      let second = try Runner.run(other, source)
      let told = "seed \(seed), \(backing)"
      #expect(first.world.step == second.world.step, "\(told)")
      #expect(first.world.traceHash == second.world.traceHash, "\(told)")
      #expect(
        first.violations.map(\.oracle) == second.violations.map(\.oracle), "\(told)")
      #expect(log(first.world) == log(second.world), "\(told)")
      if first.world.traceHash != second.world.traceHash {
        Issue.record("\(try difference(plan, other, seed))")
        return
      }
      violated += first.violations.isEmpty ? 0 : 1
      faultCount += first.world.faultCount
    }
    // Schedules without faults would compare little.
    #expect(faultCount > seeds.count)
    if model.name == "naive" { #expect(violated > seeds.count / 10) }
    if model.name == "reference" { #expect(violated == 0) }
  }

  /// Where two runs part: the last things that each did before their hashes differ.
  private func difference(_ plan: WorldPlan, _ other: WorldPlan, _ seed: UInt64) throws -> String {
    var worlds = [try World(plan, isTold: true), try World(other, isTold: true)]
    var sources = [
      RandomSource(seed: seed, budget: Self.faults), RandomSource(seed: seed, budget: Self.faults),
    ]
    while worlds[0].traceHash == worlds[1].traceHash {
      for index in worlds.indices {
        guard let decision = try sources[index].choose(in: worlds[index]) else { return "the end" }
        worlds[index].take(decision)
      }
    }
    return worlds.map { world in
      (world.timeline?.entries.suffix(3).map(\.text) ?? []).joined(separator: " | ")
    }.joined(separator: "\n")
  }

  /// What is stored at the end, with the revision of each object's last write, and what was ever granted.
  private func log(_ world: World) -> [String] {
    world.server.store.list(DeviceBinding.type).map { "\($0) \($0.value)" }
      + world.ledger.entries.map { "\($0.event) \($0.item) \($0.generation) \($0.owner)" }
  }

  @Test("naive", arguments: ["ledger", "memory"])
  func naive(_ backing: String) throws {
    try compare(
      model(modelText("naive")).controller(), NaiveBindingController.controller(),
      backing: backing)
  }

  @Test("reference", arguments: ["ledger", "memory"])
  func reference(_ backing: String) throws {
    try compare(
      model(modelText("reference")).controller(), ReferenceBindingController.controller(),
      backing: backing)
  }
}

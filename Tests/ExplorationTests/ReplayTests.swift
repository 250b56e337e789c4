import APIAllocation
import APIMachinery
import BindingControllers
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

func binding(_ name: String) -> APIObject {
  APIObject(
    type: DeviceBinding.type, header: ObjectHeader(namespace: "default", name: name),
    body: ["spec": ["pool": "gpus"]])
}

/// Two naive processes and two bindings, one of which goes again.
func plan(seed: UInt64 = 0, processes: Int = 2) -> WorldPlan {
  let pool = APIObject(
    type: Pool.type, header: ObjectHeader(name: "gpus"),
    body: ["spec": ["type": "gpu", "count": 3]])
  return WorldPlan(
    seed: seed, objects: [pool],
    processes: (0..<processes).map {
      WorldPlan.Process(
        name: "p\($0)", controllers: [NaiveBindingController.controller(workers: 2)])
    },
    workload: [
      WorldPlan.Step(.apply(binding("a"))), WorldPlan.Step(.apply(binding("b"))),
      WorldPlan.Step(.delete(DeviceBinding.type, key("a")), .settled),
    ])
}

let anyFault = FaultBudget(
  outcomes: [.refused, .conflict, .lostReply, .crashBefore, .crashAfter], count: 3, odds: 10)

@Suite("Replay: what was recorded happens again, or an error says why not")
struct ReplayTests {
  @Test("500 random runs, replayed from their deviations alone")
  func replayed() throws {
    var deviations = 0
    for seed in 0..<UInt64(500) {
      let plan = ExplorationTests.plan(seed: seed)
      let recorded = try Runner.run(plan, RandomSource(seed: seed, budget: anyFault), isNamed: true)
      let again = try Runner.run(plan, ReplaySource(recorded.deviations), isNamed: true)
      #expect(again.world.traceHash == recorded.world.traceHash, "seed \(seed)")
      #expect(again.violations == recorded.violations)
      #expect(again.deviations == recorded.deviations)
      // A turn that waits is left at one place more than once.
      let lenient = try Runner.run(plan, LenientSource(recorded.deviations))
      #expect(lenient.world.traceHash == recorded.world.traceHash, "seed \(seed), leniently")
      deviations += recorded.deviations.count
    }
    #expect(deviations > 1_000)
  }

  @Test("Enabled decisions have names of their own, at every step of random runs")
  func distinctNames() throws {
    for seed in 0..<UInt64(30) {
      var source = RandomSource(seed: seed, budget: anyFault)
      var world = try World(plan(seed: seed))
      var enabled: [Decision] = []
      while let decision = try source.choose(in: world) {
        world.enabledDecisions(into: &enabled)
        #expect(Set(enabled.map { world.name(of: $0) }).count == enabled.count)
        #expect(enabled.allSatisfy { world.isEnabled($0) })
        world.take(decision)
      }
      world.enabledDecisions(into: &enabled)
      #expect(enabled.isEmpty)
    }
  }

  @Test("The default schedule has no deviations")
  func defaultHasNone() throws {
    let run = try Runner.run(plan(), DefaultSource(), isNamed: true)
    #expect(run.deviations == [])
    let replay = try Runner.run(plan(), ReplaySource([]), isNamed: true)
    #expect(replay.world.traceHash == run.world.traceHash)
  }

  @Test("A deviation that is not enabled at its place is an error")
  func notEnabled() throws {
    let place = "p0/naive-binding/0 cached-get for default/a #1"
    for take in [
      "p0/naive-binding/0 cached-get for default/a !lost-reply", "user step 9", "nonsense",
    ] {
      let error = #expect(throws: Divergence.self) {
        try Runner.run(plan(), ReplaySource([Deviation(at: place, take: take)]))
      }
      #expect(
        error?.description == "the trace does not fit: at \"\(place)\" it takes \"\(take)\", but "
          + "that cannot happen there in this scenario")
    }
  }

  @Test("A place that the run never reaches is an error, when the run ends")
  func neverReached() throws {
    let error = #expect(throws: Divergence.self) {
      try Runner.run(
        plan(),
        ReplaySource([
          Deviation(at: "p0/naive-binding/0 cached-get for default/z #1", take: "user step 1")
        ]))
    }
    #expect(error?.reason == "the run never comes to that place")
  }

  @Test("Deviations out of order are an error")
  func outOfOrder() throws {
    let deviations = [
      Deviation(
        at: "p0/naive-binding/0 update for default/a #1",
        take: "p0/naive-binding/0 update for default/a !refused"),
      Deviation(
        at: "p0/naive-binding/0 cached-get for default/a #1",
        take: "p0/naive-binding/0 cached-get for default/a !crash-before"),
    ]
    #expect(throws: Divergence.self) { try Runner.run(plan(), ReplaySource(deviations)) }
  }

  @Test("A crash between two effects is recorded and replayed by its name")
  func crash() throws {
    let deviation = Deviation(
      at: "p0/naive-binding/0 cached-get for default/a #1", take: "p0 !kill")
    let first = try Runner.run(plan(), ReplaySource([deviation]), isNamed: true)
    #expect(first.deviations == [deviation])
    #expect(first.world.faultCount == 1)
  }
}

import APIMachinery
import Exploration
import Simulation
import Testing

@Suite("Sources: who chooses, and how much may go wrong")
struct SourceTests {
  @Test("A scripted fault hits the occurrence that it names, of its operation, object and process")
  func script() throws {
    let fault = FaultScript.Fault(
      .refused, at: "cached-get", object: key("b"), process: "p1", occurrence: 2)
    // Nothing stands between a process and its cache, so this cannot happen, and is told.
    let refused = try Runner.run(plan(), DefaultSource(FaultScript([fault])))
    #expect(refused.missed == [fault])
    #expect(refused.world.faultCount == 0)
    let crash = FaultScript.Fault(
      .crashBefore, at: "cached-get", object: key("b"), process: "p1", occurrence: 2)
    let crashed = try Runner.run(plan(), DefaultSource(FaultScript([crash])), isNamed: true)
    #expect(crashed.missed == [])
    #expect(crashed.deviations.count == 1)
    #expect(
      crashed.deviations.first?.take == "p1/naive-binding/0 cached-get for default/b !crash-before")
  }

  @Test("A fault whose occurrence never comes is told")
  func missed() throws {
    let faults = [
      FaultScript.Fault(.refused, at: "update"),
      FaultScript.Fault(.refused, at: "update", occurrence: 999),
      FaultScript.Fault(.refused, at: "update", object: key("nobody")),
    ]
    let run = try Runner.run(plan(), DefaultSource(FaultScript(faults)))
    #expect(run.missed == Array(faults.dropFirst()))
  }

  @Test("Of two faults at one place the second is told to have been missed")
  func sameTurn() throws {
    let faults = [
      FaultScript.Fault(.refused, at: "update"), FaultScript.Fault(.lostReply, at: "update"),
    ]
    #expect(try Runner.run(plan(), DefaultSource(FaultScript(faults))).missed == [faults[1]])
  }

  @Test("A random walk spends its budget and not more, on the faults that it may draw")
  func budget() throws {
    var most = 0
    for seed in 0..<UInt64(200) {
      let budget = FaultBudget(outcomes: [.refused, .lostReply], count: 2, odds: 5)
      let run = try Runner.run(
        plan(seed: seed), RandomSource(seed: seed, budget: budget), isNamed: true)
      let faults = run.deviations.filter { $0.take.contains(" !") }
      #expect(run.world.faultCount == faults.count)
      #expect(faults.count <= 2)
      #expect(
        faults.allSatisfy { $0.take.hasSuffix(" !refused") || $0.take.hasSuffix(" !lost-reply") })
      most = max(most, faults.count)
    }
    #expect(most == 2)
  }

  @Test("A fault that few effects can meet is not drowned by one that all can")
  func kindFirst() throws {
    let budget = FaultBudget(outcomes: [.crashBefore, .exhausted], count: 1, odds: 4)
    var all = 0
    var rare = 0
    for seed in 0..<UInt64(80) {
      let source = RandomSource(seed: seed, budget: budget, detourOdds: 0)
      let world = try Runner.run(plan(seed: seed), source).world
      all += world.faultCount
      rare += world.injectedFaults.count { $0.faultKind == .exhausted }
    }
    // Where the place comes first, it is one in forty.
    #expect(all > 40 && rare * 12 > all, "\(rare) of \(all)")
  }

  @Test("Without faults and detours a random walk is the default schedule")
  func noDetours() throws {
    let walk = try Runner.run(plan(), RandomSource(seed: 3, detourOdds: 0), isNamed: true)
    #expect(walk.deviations == [])
  }

  @Test("Seeds give different walks, and a seed the same one")
  func seeds() throws {
    func hash(_ seed: UInt64) throws -> UInt64 {
      try Runner.run(plan(), RandomSource(seed: seed, budget: anyFault)).world.traceHash
    }
    var hashes: Set<UInt64> = []
    for seed in 0..<UInt64(50) {
      let first = try hash(seed)
      #expect(try first == hash(seed))
      hashes.insert(first)
    }
    #expect(hashes.count > 45)
  }

  @Test("A source that gives up early is an internal error and not a run that held")
  func standstill() throws {
    struct Quitter: DecisionSource {
      mutating func choose(in world: World) throws(Divergence) -> Decision? {
        world.step < 5 ? world.defaultDecision : nil
      }
    }
    let error = #expect(throws: Standstill.self) { try Runner.run(plan(), Quitter()) }
    #expect(error?.step == 5)
  }
}

import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing

@Suite("Fork: a copy of a world goes its own way")
struct ForkTests {
  /// Two Swift reconcilers with two workers each, and a step machine on the same objects.
  private var mixed: WorldPlan {
    var plan = planned(ReferenceBindingController.controller(workers: 2), processes: 2, comings)
    plan.processes[1].controllers.append(
      Controller(
        "counter", for: bindingType, program: .steps { _ in CountingMachine() }))
    return plan
  }

  private func end(
    _ world: World, _ source: some DecisionSource
  ) throws -> (trace: UInt64, state: UInt64) {
    var world = world
    var source = source
    while let decision = try source.choose(in: world) { world.take(decision) }
    return (world.traceHash, world.stateHash)
  }

  @Test("At every step of a run both ways end as they do without a fork")
  func everyStep() throws {
    for seed in [UInt64(1), 5, 9] {
      let source = RandomSource(seed: seed, budget: anyFault)
      let whole = try end(World(mixed), source)
      var world = try World(mixed)
      var walk = source
      while true {
        let fork = world
        let walkThere = walk
        guard let decision = try walk.choose(in: world) else { break }
        world.take(decision)
        // The original has taken the tasks one effect further; the copy restores them from its logs.
        let copy = try end(fork, walkThere)
        #expect(copy == whole, "the copy at step \(fork.step)")
      }
      #expect((world.traceHash, world.stateHash) == whole)
    }
  }

  @Test("A copy that takes another way does not disturb the original")
  func otherWay() throws {
    let whole = try end(World(mixed), DefaultSource())
    var world = try World(mixed)
    while let decision = world.defaultDecision {
      let seed = UInt64(world.step)
      let source = RandomSource(seed: seed, budget: anyFault, detourOdds: 2)
      let first = try end(world, source)
      let second = try end(world, source)
      #expect(first == second, "two copies at step \(world.step)")
      world.take(decision)
    }
    #expect((world.traceHash, world.stateHash) == whole)
  }

  @Test("A crash in a copy leaves the original's reconciles alive")
  func crashInCopy() throws {
    let whole = try end(World(mixed), DefaultSource())
    var world = try World(mixed)
    while let decision = world.defaultDecision {
      var copy = world
      for process in mixed.processes.indices where copy.isEnabled(.crash(process: process)) {
        copy.take(.crash(process: process))
      }
      world.take(decision)
    }
    #expect((world.traceHash, world.stateHash) == whole)
  }

  @Test("A reconcile is saved and restored at each of its effects")
  func saveAndRestore() throws {
    var world = try World(planned(reference, one))
    var restored = 0
    while let decision = world.defaultDecision {
      var thief = world
      // The thief runs the only task to the reconcile's end; the original must make it again.
      while let next = thief.defaultDecision, thief.step < world.step + 6 { thief.take(next) }
      if case .proceed = decision { restored += 1 }
      world.take(decision)
    }
    #expect(restored >= 8)
    let plain = try end(World(planned(reference, one)), DefaultSource())
    #expect((world.traceHash, world.stateHash) == plain)
  }

  @Test("A state hash tells worlds apart that differ in a machine's state, a reply or a cache")
  func stateHashTells() throws {
    var states: Set<UInt64> = []
    var world = try World(mixed)
    var steps = 0
    while let decision = world.defaultDecision {
      states.insert(world.stateHash)
      steps += 1
      world.take(decision)
    }
    // Only pauses without any change look alike.
    #expect(states.count > steps * 9 / 10)
  }
}

/// Reads its object three times over and is done.
struct CountingMachine: StepReconcile {
  private var count: UInt64 = 0
  var stateHash: UInt64 { count }

  mutating func next(_ reply: Reply?) -> Step {
    count += 1
    switch count {
    case 1...3: return .effect(.cachedList(bindingType, namespace: nil))
    case 4: return .effect(.random)
    default: return .finish(.done)
    }
  }
}

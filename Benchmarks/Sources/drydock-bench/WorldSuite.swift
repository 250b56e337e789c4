import APIAllocation
import APIMachinery
import BenchmarkHarness
import BindingControllers
import ControllerModels
import ControllerRuntime
import Exploration
import Simulation
import ValueTree
import YAMLCoding

/// Worlds: what a fork, a decision and a whole run cost, with the trace hash and all oracles on.
///
/// The world is the same in all of them: ten bindings come, get devices and go, which is fifty writes.
let worldSuite = Suite(
  "world",
  [
    .time("fork", target: .nanoseconds(atMost: 1_000)) {
      let world = midway(in: plan(.steps))
      return { for _ in 0..<$0 { use(copied(world)) } }
    },
    .time("fork-and-decide-steps") {
      let world = midway(in: plan(.steps))
      return { for _ in 0..<$0 { use(decided(world)) } }
    },
    // A Swift reconciler that a fork does not own is run again over its replies.
    .time("fork-and-decide-swift") {
      let world = midway(in: plan(.swift))
      return { for _ in 0..<$0 { use(decided(world)) } }
    },
    .time("choose") {
      let world = midway(in: plan(.steps))
      return { for _ in 0..<$0 { use(world.defaultDecision) } }
    },
    .time("decide-steps", target: .operationsPerSecond(atLeast: 1_000_000)) {
      deciding(plan(.steps))
    },
    .time("decide-model", target: .operationsPerSecond(atLeast: 1_000_000)) {
      deciding(plan(.model))
    },
    .time("decide-swift", target: .operationsPerSecond(atLeast: 300_000)) {
      deciding(plan(.swift))
    },
    .time("make") {
      let plan = plan(.swift)
      return { for _ in 0..<$0 { use(made(plan)) } }
    },
    .time("run-steps") { running(plan(.steps)) },
    .time("run-model") { running(plan(.model)) },
    .time("run-swift") { running(plan(.swift)) },
    // A campaign: one plan, many seeds.
    .time("run-steps-random", target: .operationsPerSecond(atLeast: 2_500)) {
      walking(plan(.steps))
    },
    .time("run-swift-random", target: .operationsPerSecond(atLeast: 2_500)) {
      walking(plan(.swift))
    },
  ])

private enum Program { case steps, swift, model }

private func plan(_ program: Program) -> WorldPlan {
  var controller = ReferenceBindingController.controller(workers: 2)
  if program == .steps {
    controller = Controller(
      "binding-steps", for: DeviceBinding.type, workers: 2,
      program: .steps { BindingSteps($0) })
  }
  if program == .model { controller = allocFinalizer.controller(workers: 2) }
  let pool = object(
    Pool.type,
    """
    {"metadata":{"name":"gpus"},"spec":{"type":"gpu","backing":"ledger","count":16}}
    """)
  let bindings = (0..<10).map { index in
    object(
      DeviceBinding.type,
      """
      {"metadata":{"name":"train-\(index)","namespace":"default"},\
      "spec":{"pool":"gpus","count":\(index % 2 + 1)}}
      """)
  }
  return WorldPlan(
    objects: [pool], processes: [WorldPlan.Process(name: "binder-0", controllers: [controller])],
    workload: bindings.map { WorldPlan.Step(.apply($0)) }
      + bindings.map { WorldPlan.Step(.delete($0.type, $0.key), .settled) })
}

private func object(_ type: ResourceType, _ text: String) -> APIObject {
  var reader = JSONReader()
  let value = read(text, with: &reader)
  do { return try APIObject(decoding: value, as: type) } catch { fatalError("\(error)") }
}

private func made(_ plan: WorldPlan) -> World {
  do { return try World(plan) } catch { fatalError("\(error)") }
}

/// A world in which half of the bindings are there and a worker is at work.
private func midway(in plan: WorldPlan) -> World {
  var world = made(plan)
  while let decision = world.defaultDecision {
    if world.step > 40, case .proceed = decision { return world }
    world.take(decision)
  }
  fatalError("the run is over before its middle")
}

@inline(never)
private func copied(_ world: World) -> World { world }

@inline(never)
private func decided(_ world: World) -> World {
  var copy = world
  if let decision = copy.defaultDecision { copy.take(decision) }
  return copy
}

/// Takes decisions, in as many worlds as it needs; making them counts.
private func deciding(_ plan: WorldPlan) -> Benchmark.Batch {
  var world = made(plan)
  return { decide($0, in: &world, of: plan) }
}

private func decide(_ iterations: Int, in world: inout World, of plan: WorldPlan) {
  for _ in 0..<iterations {
    if let decision = world.defaultDecision {
      world.take(decision)
    } else {
      checkHeld(world)
      world = made(plan)
    }
  }
}

private func running(_ plan: WorldPlan) -> Benchmark.Batch {
  return { for _ in 0..<$0 { run(plan, DefaultSource()) } }
}

/// Random walks with up to four faults each.
private func walking(_ plan: WorldPlan) -> Benchmark.Batch {
  var seed: UInt64 = 0
  let budget = FaultBudget(
    outcomes: [.crashBefore, .crashAfter, .lostReply, .refused, .conflict], count: 4)
  return { iterations in
    for _ in 0..<iterations {
      seed += 1
      run(plan, RandomSource(seed: seed, budget: budget))
    }
  }
}

private func run(_ plan: WorldPlan, _ source: some DecisionSource) {
  do { checkHeld(try Runner.run(plan, source).world) } catch { fatalError("\(error)") }
}

/// A figure of a run that went wrong would say nothing.
private func checkHeld(_ world: World) {
  if let violation = world.violations.first { fatalError(violation.sentence) }
}

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
    .time("run-steps-random") { walking(plan(.steps)) },
    .time("run-model-random") { walking(plan(.model)) },
    .time("run-swift-random") { walking(plan(.swift)) },
    // The same fifty writes with one rest among them instead of ten, each of which has every object looked at again:
    // some two hundred decisions a run.
    .time("campaign-model", target: .operationsPerSecond(atLeast: 2_500)) {
      walking(plan(.model, deleting: .together))
    },
    .time("campaign-swift", target: .operationsPerSecond(atLeast: 1_000)) {
      walking(plan(.swift, deleting: .together))
    },
  ])

private enum Program { case steps, swift, model }

/// When the user deletes the bindings: each at rest, or all of them once everything rests.
private enum Deleting { case oneByOne, together }

private func plan(_ program: Program, deleting: Deleting = .oneByOne) -> WorldPlan {
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
      + bindings.enumerated().map { index, binding in
        let isAtRest = index == 0 || deleting == .oneByOne
        return WorldPlan.Step(
          .delete(binding.type, binding.key), isAtRest ? .settled : .immediately)
      })
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

/// Takes decisions, in as many worlds as it needs, which are copies of one beginning as a campaign's are.
private func deciding(_ plan: WorldPlan) -> Benchmark.Batch {
  let start = made(plan)
  var world = start
  return { decide($0, in: &world, from: start) }
}

private func decide(_ iterations: Int, in world: inout World, from start: World) {
  for _ in 0..<iterations {
    if let decision = world.defaultDecision {
      world.take(decision)
    } else {
      checkHeld(world)
      world = start
    }
  }
}

private func running(_ plan: WorldPlan) -> Benchmark.Batch {
  return { for _ in 0..<$0 { run(plan, DefaultSource()) } }
}

/// A campaign on the default strategy with up to four faults a run; an operation is a run.
private func walking(_ plan: WorldPlan) -> Benchmark.Batch {
  var next = 0
  let budget = FaultBudget(
    outcomes: [.crashBefore, .crashAfter, .lostReply, .refused, .conflict], count: 4)
  var campaign = Campaign(plan, budget: budget)
  do { try campaign.calibrate() } catch { fatalError("\(error)") }
  return { runs in
    let numbers = next..<next + runs
    next += runs
    do {
      let tally = try campaign.run(numbers, stopsAtViolation: true)
      precondition(tally.violatedCount == 0, "a run that went wrong would say nothing")
    } catch {
      fatalError("\(error)")
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

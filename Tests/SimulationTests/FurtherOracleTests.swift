import APIAllocation
import APIMachinery
import Allocation
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

private let mapType = ResourceRegistry.builtIn("v1", "ConfigMap")

private func map(
  _ name: String, finalizers: [String] = [], owners: [Value] = []
) -> APIObject {
  var metadata: [(Key, Value)] = []
  if !finalizers.isEmpty {
    metadata.append((Key("finalizers"), Value(finalizers.map { Value($0) })))
  }
  if !owners.isEmpty {
    metadata.append((Key("ownerReferences"), Value(owners)))
  }
  return APIObject(
    type: mapType, header: ObjectHeader(namespace: "default", name: name),
    body: metadata.isEmpty ? .emptyMap : ["metadata": Value(members: metadata)])
}

/// A reference without an identity, which the user looks up.
private func reference(to name: String) -> Value {
  ["apiVersion": "v1", "kind": "ConfigMap", "name": Value(name)]
}

/// A controller of config maps whose reconcile is a closure.
private func keeper(
  _ name: String = "test",
  _ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
) -> Controller {
  Controller(name, for: ConfigMap.self, reconciler: Doing(body))
}

private struct ConfigMap: Resource {
  static let type = mapType
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

private enum Seen: ProcessMemoryKey {
  static let name = "seen"
  static let initial = false
}

private func judging(_ oracles: Violation.Oracle..., in plan: WorldPlan) -> WorldPlan {
  var plan = plan
  for oracle in oracles { plan.oracles.judged.insert(oracle) }
  return plan
}

private func suspicions(_ result: RunResult) -> [Violation.Oracle] {
  result.world.suspicions.map(\.oracle)
}

@Suite(
  "Oracles of claims, owners, leaders and reads: each finds what it is there for, and nothing else")
struct FurtherOracleTests {
  // MARK: Demand

  @Test("Surplus: a claim that records more than it asks for")
  func surplus() throws {
    let greedy = doing { request, context in
      guard var binding = try await context.get(DeviceBinding.self, request),
        binding.devices.isEmpty
      else { return .done }
      let grants = try await context.pool("gpus").ensure(2, for: binding)
      binding.devices = grants.map {
        DeviceBinding.Device(name: $0.item, generation: $0.generation)
      }
      try await context.updateStatus(binding)
      return .done
    }
    let plan = judging(.surplus, in: planned(greedy, one))
    let result = try run(plan)
    #expect(result.violations.map(\.oracle) == [.surplus])
    #expect(
      sentence(result)
        == "DeviceBinding default/a asks for 1 of pool gpus and records gpu-0, gpu-1.")
    #expect(try run(planned(greedy, one)).outcome == .held)
    #expect(try run(judging(.surplus, in: planned(reference, one))).outcome == .held)
  }

  @Test("Unsatisfied: a claim that waits and does not say for what")
  func unsatisfied() throws {
    let idle = doing { _, _ in .done }
    let result = try run(judging(.unsatisfied, in: planned(idle, one)))
    #expect(result.violations.map(\.oracle) == [.unsatisfied])
    #expect(result.violations.first?.bugClass == .capacity)
    #expect(
      sentence(result) == "DeviceBinding default/a asks for 1 of pool gpus, has 0, and its status "
        + "does not say why; 4 are free.")
    // Who says why not is satisfied.
    let empty = planned(
      reference, pool: pool(1), one + [WorldPlan.Step(.apply(binding("b")))])
    #expect(try run(judging(.unsatisfied, in: empty)).outcome == .held)
  }

  // MARK: Leaders

  /// Lets the first process that is about to call the pool wait until another one leads and has called.
  private struct Pausing: DecisionSource {
    var paused: Int?
    var enabled: [Decision] = []

    mutating func choose(in world: World) throws(Divergence) -> Decision? {
      if paused == nil {
        paused = (0...1).first {
          world.turn(process: $0, controller: 0, worker: 0)?.operation == "ensure"
        }
      }
      guard let paused, world.ledger.openCount == 0 else { return world.defaultDecision }
      world.enabledDecisions(into: &enabled)
      let other = enabled.first { decision in
        switch decision {
        case .deliver(let process, _), .start(let process, _, _), .proceed(let process, _, _, _):
          process != paused
        default: false
        }
      }
      return other ?? (world.isEnabled(.wait) ? .wait : world.defaultDecision)
    }
  }

  @Test("Stale leader: a deposed one's call is carried out, where nobody looks at its epoch")
  func staleLeader() throws {
    func run(isFencing: Bool) throws -> RunResult {
      let election = LeaderElection(lease: "binder", isFencing: isFencing)
      return try Runner.run(planned(reference.elected(election), processes: 2, one), Pausing())
    }
    let result = try run(isFencing: false)
    #expect(oracle(result) == .staleLeader)
    #expect(sentence(result).contains("which has lost the lease default/binder to p"))
    #expect(try run(isFencing: true).outcome == .held)
  }

  // MARK: Incarnations

  @Test("Wrong incarnation: a decision about one object deletes the next of its name")
  func incarnation() throws {
    func plan(isCareful: Bool) -> WorldPlan {
      let reaper = keeper { request, context in
        guard let map = try await context.get(ConfigMap.self, request) else { return .done }
        guard map.object.body["data"]?["done"] != nil else { return .done }
        try await context.sleep(.seconds(10))
        if isCareful {
          _ = try? await context.delete(ConfigMap.self, request, DeleteOptions(uid: map.object.uid))
        } else {
          _ = try? await context.delete(ConfigMap.self, request)
        }
        return .done
      }
      let done = APIObject(
        type: mapType, header: ObjectHeader(namespace: "default", name: "a"),
        body: ["data": ["done": "yes"]])
      return WorldPlan(
        processes: [WorldPlan.Process(name: "p", controllers: [reaper])],
        workload: [
          WorldPlan.Step(.apply(done)),
          WorldPlan.Step(.delete(mapType, key("a")), .after(.seconds(2))),
          WorldPlan.Step(.apply(map("a")), .after(.seconds(3))),
        ])
    }
    let result = try run(plan(isCareful: false))
    #expect(oracle(result) == .wrongIncarnation)
    #expect(sentence(result).contains("hits another object of the same name"))
    #expect(try run(plan(isCareful: true)).outcome == .held)
  }

  // MARK: Order

  @Test("Order: a grant before the finalizer, and a finalizer that goes before the release")
  func order() throws {
    let hasty = doing { request, context in
      guard var binding = try await context.get(DeviceBinding.self, request),
        binding.devices.isEmpty
      else { return .done }
      let grants = try await context.pool("gpus").ensure(1, for: binding)
      binding.devices = grants.map {
        DeviceBinding.Device(name: $0.item, generation: $0.generation)
      }
      try await context.updateStatus(binding)
      return .done
    }
    let early = try run(judging(.order, in: planned(hasty, one)))
    #expect(oracle(early) == .order && sentence(early).contains("before it has a finalizer"))

    let careless = doing { request, context in
      guard var binding = try await context.get(DeviceBinding.self, request) else { return .done }
      if binding.isDeleting {
        _ = binding.removeFinalizer("example.com/x")
        try await context.update(binding)
      } else if binding.addFinalizer("example.com/x") {
        try await context.update(binding)
      } else if binding.devices.isEmpty {
        let grants = try await context.pool("gpus").ensure(1, for: binding)
        binding.devices = grants.map {
          DeviceBinding.Device(name: $0.item, generation: $0.generation)
        }
        try await context.updateStatus(binding)
      }
      return .done
    }
    let gone = one + [WorldPlan.Step(.delete(bindingType, key("a")), .settled)]
    let late = try run(judging(.order, in: planned(careless, gone)))
    #expect(oracle(late) == .order && sentence(late).contains("takes the last finalizer off"))
    #expect(try run(judging(.order, in: planned(reference, comings))).outcome == .held)
  }

  // MARK: Owners

  private func collected(_ collector: Controller, _ steps: [WorldPlan.Step]) -> WorldPlan {
    var plan = WorldPlan(
      processes: [WorldPlan.Process(name: "system", controllers: [collector])], workload: steps)
    plan.oracles.collectors.append("sloppy")
    return plan
  }

  @Test("Orphan: what has lost its owner stays, where the collector does not see it")
  func orphan() throws {
    let steps = [
      WorldPlan.Step(.apply(map("a"))),
      WorldPlan.Step(.apply(map("b", owners: [reference(to: "a")])), .settled),
      WorldPlan.Step(.delete(mapType, key("a")), .settled),
    ]
    let idle = keeper("sloppy") { _, _ in .done }
    let result = try run(collected(idle, steps))
    #expect(oracle(result) == .orphan)
    #expect(
      sentence(result) == "ConfigMap default/b stays, though its owner ConfigMap a is gone and "
        + "nobody else owns it.")
    let collector = try #require(
      ControlPlane.controllers.first { $0.name == ControlPlane.garbageCollector })
    #expect(try run(collected(collector.make(1), steps)).outcome == .held)
  }

  @Test("Wrongful delete: a collector takes what has an owner")
  func wrongfulDelete() throws {
    let sloppy = keeper("sloppy") { request, context in
      guard let map = try await context.get(ConfigMap.self, request),
        !map.object.ownerReferences.isEmpty
      else { return .done }
      try await context.delete(ConfigMap.self, request)
      return .done
    }
    let steps = [
      WorldPlan.Step(.apply(map("a"))),
      WorldPlan.Step(.apply(map("b", owners: [reference(to: "a")])), .settled),
    ]
    let result = try run(collected(sloppy, steps))
    #expect(oracle(result) == .wrongfulDelete)
    #expect(
      sentence(result) == "system/sloppy deletes ConfigMap default/b, though its owner ConfigMap "
        + "default/a is there.")
    var other = collected(sloppy, steps)
    other.oracles.collectors = []
    #expect(try run(other).outcome == .held)
  }

  @Test("Owner cycle: two objects that only own each other are a suspicion")
  func cycle() throws {
    let collector = try #require(
      ControlPlane.controllers.first { $0.name == ControlPlane.garbageCollector })
    let steps = [
      WorldPlan.Step(.apply(map("a"))),
      WorldPlan.Step(.apply(map("b", owners: [reference(to: "a")])), .settled),
      WorldPlan.Step(.apply(map("a", owners: [reference(to: "b")])), .settled),
    ]
    let result = try run(collected(collector.make(1), steps))
    #expect(result.outcome == .held && suspicions(result) == [.ownerCycle])
    let straight = try run(collected(collector.make(1), Array(steps.dropLast())))
    #expect(suspicions(straight) == [])
  }

  // MARK: Errors and rest

  @Test("Bounded error: a key that fails with the same error again and again")
  func boundedError() throws {
    struct Broken: Error, CustomStringConvertible { let description = "no such thing" }
    let failing = keeper { _, _ in throw Broken() }
    var plan = WorldPlan(
      objects: [map("a")], processes: [WorldPlan.Process(name: "p", controllers: [failing])])
    plan.oracles.failuresMax = 5
    let result = try run(judging(.boundedError, in: plan))
    #expect(oracle(result) == .boundedError)
    #expect(
      sentence(result)
        == "p/test has failed on default/a 6 times in a row with the same error: no such thing.")
    #expect(oracle(try run(plan)) == .neverSettled)
  }

  @Test("Never settled: an object that goes round is told of long before the bound on decisions")
  func oscillation() throws {
    let flipping = keeper { request, context in
      guard let map = try await context.get(ConfigMap.self, request) else { return .done }
      let next = map.object.body["data"]?["side"]?.string == "left" ? "right" : "left"
      try await context.mergePatch(ConfigMap.self, request, ["data": ["side": Value(next)]])
      return .done
    }
    let plan = WorldPlan(
      objects: [map("a")], processes: [WorldPlan.Process(name: "p", controllers: [flipping])])
    let result = try run(plan)
    #expect(oracle(result) == .neverSettled)
    #expect(sentence(result).contains("goes round through 2 states, lastly by p/test"))
    #expect(result.world.step < 6_000)
  }

  // MARK: Suspicions

  @Test("Idempotence: a reconcile of what is settled writes again")
  func idempotence() throws {
    let stubborn = keeper { request, context in
      guard try await context.get(ConfigMap.self, request) != nil else { return .done }
      try await context.mergePatch(ConfigMap.self, request, ["data": ["seen": "yes"]])
      return .done
    }
    let plan = WorldPlan(
      objects: [map("a")], processes: [WorldPlan.Process(name: "p", controllers: [stubborn])])
    let result = try run(judging(.idempotence, in: plan))
    #expect(result.outcome == .held && suspicions(result) == [.idempotence])
    #expect(try run(plan).world.suspicions.isEmpty)
    #expect(suspicions(try run(judging(.idempotence, in: planned(reference, comings)))) == [])
  }

  @Test(
    "API contract: status by the wrong door, a write without a revision, a conflict that is swallowed"
  )
  func contract() throws {
    func subject(_ body: @escaping @Sendable (DeviceBinding, ReconcileContext) async throws -> Void)
      throws -> [String]
    {
      let controller = doing { request, context in
        guard let binding = try await context.get(DeviceBinding.self, request) else { return .done }
        try await body(binding, context)
        return .done
      }
      let result = try run(judging(.apiContract, in: planned(controller, one)))
      return result.world.suspicions.filter { $0.oracle == .apiContract }.map(\.sentence)
    }
    let wrongDoor = try subject { binding, context in
      var binding = binding
      binding.message = "hello"
      try await context.update(binding)
    }
    #expect(wrongDoor.count == 1 && wrongDoor[0].contains("which the server drops"))
    let blind = try subject { binding, context in
      var header = binding.object.header
      header.resourceVersion = 0
      try await context.update(DeviceBinding(binding.object.with(header: header)))
    }
    #expect(blind.count == 1 && blind[0].contains("without its resource version"))
    let swallowed = try subject { binding, context in
      var header = binding.object.header
      header.resourceVersion -= 1
      _ = try? await context.update(DeviceBinding(binding.object.with(header: header)))
    }
    #expect(swallowed.count == 1 && swallowed[0].contains("ends as if it had written"))
    #expect(suspicions(try run(judging(.apiContract, in: planned(reference, comings)))) == [])
  }

  @Test("Session: a process that reads an object older than before, and writes")
  func session() throws {
    let plan = planned(
      doing { request, context in
        guard let live = try await context.get(DeviceBinding.self, request, from: .server) else {
          return .done
        }
        guard let cached = try await context.get(DeviceBinding.self, request) else { return .done }
        if cached.object.resourceVersion < live.object.resourceVersion {
          try await context.mergePatch(
            DeviceBinding.self, request, ["metadata": ["labels": ["x": "y"]]])
        }
        return .done
      }, lag: .seconds(5),
      [
        WorldPlan.Step(.apply(binding("a"))),
        WorldPlan.Step(
          .patch(bindingType, key("a"), ["spec": ["count": 2]]), .after(.seconds(4))),
        WorldPlan.Step(.apply(binding("b")), .after(.seconds(20))),
      ])
    let result = try run(judging(.session, in: plan))
    #expect(suspicions(result) == [.session])
  }

  @Test("Level trigger: a controller that remembers what it has done")
  func levelTrigger() throws {
    let counting = keeper { request, context in
      guard let map = try await context.get(ConfigMap.self, request) else { return .done }
      if context[memory: Seen.self, for: request] { return .done }
      context[memory: Seen.self, for: request] = true
      let count = map.object.body["data"]?["starts"]?.string.flatMap { Int($0) } ?? 0
      try await context.mergePatch(
        ConfigMap.self, request, ["data": ["starts": Value(String(count + 1))]])
      return .done
    }
    let plan = WorldPlan(
      objects: [map("a")], processes: [WorldPlan.Process(name: "p", controllers: [counting])])
    let result = try run(judging(.levelTrigger, in: plan))
    #expect(suspicions(result) == [.levelTrigger])
    let steady = try run(judging(.levelTrigger, in: planned(reference, comings)))
    #expect(suspicions(steady) == [] && steady.outcome == .held)
  }

  // MARK: Thresholds

  @Test("Thresholds: a release that takes too long")
  func threshold() throws {
    let slow = doing { request, context in
      guard var binding = try await context.get(DeviceBinding.self, request) else { return .done }
      if binding.isDeleting {
        try await context.sleep(.seconds(20))
        _ = binding.removeFinalizer("example.com/x")
        try await context.update(binding)
      } else if binding.addFinalizer("example.com/x") {
        try await context.update(binding)
      }
      return .done
    }
    var plan = planned(slow, one + [WorldPlan.Step(.delete(bindingType, key("a")), .settled)])
    plan.oracles.judged.insert(.threshold)
    plan.oracles.thresholds = [
      Threshold(.deletionToRemoval, warning: .seconds(5), critical: .seconds(60))
    ]
    let warned = try run(plan)
    #expect(warned.outcome == .held && suspicions(warned) == [.threshold])
    plan.oracles.thresholds = [Threshold(.deletionToRemoval, critical: .seconds(10))]
    let result = try run(plan)
    #expect(oracle(result) == .threshold)
    #expect(
      sentence(result)
        == "deletionToRemoval of DeviceBinding default/a is 20s, more than 10s.")
  }

  @Test("Metrics: how long items are held, and how long what was deleted takes")
  func metrics() throws {
    let workload =
      one + [
        WorldPlan.Step(.look, .settled),
        WorldPlan.Step(.delete(bindingType, key("a")), .after(.seconds(100))),
      ]
    let metrics = ReleaseMetrics(try run(planned(reference, workload)).world)
    #expect(metrics.percentile(50, of: .held) == .seconds(100))
    #expect(metrics.percentile(99, of: .deletionToRelease) == .zero)
    #expect(metrics.percentile(50, of: .deletionToRemoval) == .zero)
    #expect(metrics.percentile(50, of: .orphanAge) == nil)
  }

  @Test("Finalizer phases: registered, requested, queued, running, released, removed")
  func phases() throws {
    let workload =
      one + [WorldPlan.Step(.delete(bindingType, key("a")), .after(.seconds(100)))]
    let plan = planned(reference, lag: .seconds(2), workload)
    let phases = try run(plan, isTold: true).world.finalizerPhases
    #expect(phases.count == 1)
    let phase = try #require(phases.first)
    let start = plan.startTime
    #expect(phase.object == "DeviceBinding default/a" && phase.registered == start + .seconds(2))
    #expect(phase.requested == start + .seconds(100) && phase.queued == start + .seconds(102))
    #expect(phase.running == start + .seconds(102) && phase.released == start + .seconds(102))
    let removed = try #require(phase.removed)
    #expect(removed >= start + .seconds(102))
  }

  // MARK: No false alarm

  @Test("No rule is broken by the reference controller, whatever goes wrong", arguments: 0..<4)
  func noFalseAlarm(part: Int) throws {
    var plan = planned(reference, processes: 1, comings)
    plan.oracles = OracleSettings()
    plan.oracles.judged = OracleSet(
      Violation.Oracle.allCases.filter { $0 != .session && $0 != .idempotence })
    for number in 0..<40 {
      let source = RandomSource(seed: UInt64(part * 1_000 + number), budget: anyFault)
      let result = try Runner.run(plan, source)
      #expect(result.outcome == .held, "\(sentence(result))")
      #expect(result.world.suspicions.isEmpty, "\(result.world.suspicions.map(\.sentence))")
    }
  }

  @Test("What is judged changes no run")
  func hashes() throws {
    var judged = planned(reference, comings)
    judged.oracles = OracleSettings(judged: OracleSet(Violation.Oracle.allCases))
    var blind = planned(reference, comings)
    blind.oracles = OracleSettings(judged: OracleSet())
    for seed: UInt64 in 0..<20 {
      let source = RandomSource(seed: seed, budget: anyFault)
      #expect(
        try Runner.run(judged, source).world.traceHash
          == Runner.run(blind, source).world.traceHash)
    }
  }
}

import APIAllocation
import APIMachinery
import Allocation
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// A controller whose reconcile is a closure.
struct Doing: Reconciler {
  let body: @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult

  init(
    _ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
  ) {
    self.body = body
  }

  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    try await body(request, context)
  }
}

/// A controller of bindings whose reconcile is a closure.
func doing(
  workers: Int = 1,
  _ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
) -> Controller {
  Controller("test", for: DeviceBinding.self, workers: workers, reconciler: Doing(body))
}

/// One scenario for each oracle that fires it, and its neighbour that does not.
///
/// Each begins without any fault, so that a mutant of the oracle itself has nowhere to hide.
@Suite("Oracles: each finds what it is there for, and nothing else")
struct OracleTests {
  @Test("Leak: a grant that no object records, once at rest")
  func leak() throws {
    let taker = doing { request, context in
      guard let binding = try await context.get(DeviceBinding.self, request) else { return .done }
      _ = try await context.pool("gpus").ensure(1, for: binding)
      return .done
    }
    let result = try run(planned(taker, one))
    #expect(result.violations.map(\.oracle) == [.leak])
    #expect(result.violations.first?.item?.name == "gpu-0")
    #expect(result.violations.first?.item?.pool == "gpus")
  }

  @Test("Leak: at a rest in the middle of a workload too")
  func leakInTheMiddle() throws {
    let taker = doing { request, context in
      guard let binding = try await context.get(DeviceBinding.self, request) else { return .done }
      if binding.name == "b" {
        for grant in try await context.pool("gpus").grants(of: binding.uid) {
          try await context.pool("gpus").release(grant)
        }
      } else {
        _ = try await context.pool("gpus").ensure(1, for: binding)
      }
      return .done
    }
    let result = try run(planned(taker, one + [WorldPlan.Step(.look, .settled)]))
    #expect(oracle(result) == .leak)
    #expect(result.world.timeline == nil)
  }

  @Test("No leak: what is recorded by its owner, live or being deleted")
  func noLeak() throws {
    #expect(try run(planned(reference, one)).outcome == .held)
  }

  /// Writes into the status of every binding that it has `gpu-0`, with or without asking the pool.
  private func scribe(asks: Bool, generation: UInt32? = nil) -> Controller {
    doing { request, context in
      guard var binding = try await context.get(DeviceBinding.self, request),
        binding.devices.isEmpty
      else { return .done }
      if asks { _ = try await context.pool("gpus").raw.take(1, for: binding) }
      binding.devices = [DeviceBinding.Device(name: "gpu-0", generation: generation)]
      try await context.updateStatus(binding)
      return .done
    }
  }

  @Test("Dangling record: a live object records what nobody granted it")
  func dangling() throws {
    let result = try run(planned(scribe(asks: false), one))
    #expect(oracle(result) == .danglingRecord)
    #expect(
      sentence(result)
        == "DeviceBinding default/a records gpu-0 of pool gpus, but it is granted to nobody.")
  }

  @Test("Dangling record: the right item of the wrong generation")
  func danglingGeneration() throws {
    #expect(oracle(try run(planned(scribe(asks: true, generation: 2), one))) == .danglingRecord)
    #expect(try run(planned(scribe(asks: true, generation: 1), one)).outcome == .held)
  }

  @Test("Dangling record: a live object's grant is closed behind its back, or begins to be")
  func danglingRelease() throws {
    for isComplete in [true, false] {
      let thief = doing { request, context in
        guard let binding = try await context.get(DeviceBinding.self, request),
          binding.name == "b",
          let victim = try await context.get(DeviceBinding.self, key("a"))
        else { return .done }
        if isComplete {
          try await context.pool("gpus").raw.free("gpu-0")
        } else {
          try await context.pool("gpus").beginRelease(victim.uid)
        }
        return .done
      }
      var plan = planned(reference, one + [WorldPlan.Step(.apply(binding("b")), .settled)])
      plan.processes.append(WorldPlan.Process(name: "thief", controllers: [thief]))
      let result = try run(plan)
      #expect(oracle(result) == .danglingRecord)
      #expect(
        sentence(result)
          == "DeviceBinding default/a records gpu-0 of pool gpus, but thief/test, at work on "
          + "default/b, \(isComplete ? "has given it back" : "is giving it back").")
    }
  }

  @Test("Dangling record: books in memory give back what a live object records")
  func danglingMemory() throws {
    let thief = doing { request, context in
      guard request == key("b") else { return .done }
      try await context.pool("gpus").raw.free("gpu-0")
      return .done
    }
    var plan = planned(
      reference, pool: pool(backing: "memory"),
      one + [WorldPlan.Step(.apply(binding("b")), .settled)])
    plan.processes[0].controllers.append(thief)
    let result = try run(plan)
    #expect(oracle(result) == .danglingRecord)
    #expect(
      sentence(result)
        == "DeviceBinding default/a records gpu-0 of pool gpus, but p0/test, at work on default/b, "
        + "has given it back.")
  }

  @Test("Double holder: two live objects record one item")
  func doubleRecord() throws {
    let result = try run(
      planned(
        scribe(asks: false), pool: pool(backing: "memory"),
        one + [WorldPlan.Step(.apply(binding("b")))]))
    #expect(oracle(result) == .doubleHolder)
    #expect(
      sentence(result) == "gpu-0 of pool gpus has two holders: DeviceBinding default/a and "
        + "DeviceBinding default/b.")
  }

  @Test("Double holder: two books grant one item")
  func doubleGrant() throws {
    let taker = doing { request, context in
      guard let binding = try await context.get(DeviceBinding.self, request) else { return .done }
      _ = try await context.pool("gpus").raw.take(1, for: binding)
      return .done
    }
    var plan = planned(
      taker, pool: pool(backing: "memory"), processes: 2,
      one + [WorldPlan.Step(.apply(binding("b")))])
    plan.processes[0].controllers = [
      doing { request, context in
        guard let binding = try await context.get(DeviceBinding.self, request),
          binding.name == "a"
        else { return .done }
        _ = try await context.pool("gpus").raw.take(1, for: binding)
        return .done
      }
    ]
    plan.processes[1].controllers = [
      doing { request, context in
        guard let binding = try await context.get(DeviceBinding.self, request),
          binding.name == "b"
        else { return .done }
        _ = try await context.pool("gpus").raw.take(1, for: binding)
        return .done
      }
    ]
    #expect(oracle(try run(plan)) == .doubleHolder)
  }

  @Test("Stuck deletion: a finalizer that nobody takes off")
  func stuck() throws {
    let object = binding("a")
    let held = object.with(
      body: try #require(
        object.body.setting(
          FieldPath(Fields.metadata, Fields.finalizers), to: ["example.com/x", "example.com/y"])))
    let result = try run(
      planned(
        doing { _, _ in .done },
        [WorldPlan.Step(.apply(held)), WorldPlan.Step(.delete(bindingType, key("a")))]))
    #expect(oracle(result) == .stuckDeletion)
    #expect(
      sentence(result) == "DeviceBinding default/a is being deleted and never goes: its finalizers "
        + "example.com/x, example.com/y stay, and nobody works on it; user wrote it last.")
  }

  @Test("Never settled: a key that fails for ever")
  func failing() throws {
    struct Refusal: Error {}
    let result = try run(planned(doing { _, _ in throw Refusal() }, one))
    #expect(oracle(result) == .neverSettled)
    #expect(sentence(result).contains("p0/test keeps failing on default/a ("))
    // It is the time without a change that is bounded; the bound on decisions is far away.
    #expect(result.world.step < 1_000)
  }

  @Test("Never settled: two writers that undo each other")
  func oscillating() throws {
    var plan = planned(
      doing { request, context in
        try await context.mergePatch(
          DeviceBinding.self, request, ["metadata": ["labels": ["who": "first"]]])
        return .done
      }, one)
    plan.processes.append(
      WorldPlan.Process(
        name: "p1",
        controllers: [
          doing { request, context in
            try await context.mergePatch(
              DeviceBinding.self, request, ["metadata": ["labels": ["who": "second"]]])
            return .done
          }
        ]))
    plan.decisionsMax = 2_000
    let result = try run(plan)
    #expect(oracle(result) == .neverSettled)
    #expect(sentence(result).hasPrefix("The world did not come to rest after 2000 decisions"))
  }

  @Test("Never settled: a reconcile that asks for ever says who and what")
  func endlessEffects() throws {
    var plan = planned(
      doing { request, context in
        while true { _ = try? await context.get(DeviceBinding.self, request) }
      }, one)
    plan.decisionsMax = 500
    let result = try run(plan)
    #expect(oracle(result) == .neverSettled)
    #expect(
      sentence(result).hasSuffix("p0/test is still at work on default/a, about to cached-get."))
  }
}

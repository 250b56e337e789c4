import Allocation
import APIStore
import APIServer
import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// The rows of the table of what is wrong with the naive controller (semantics 6.2).
@Suite("Naive: each of its defects is found, and named")
struct NaiveTests {
  private let foreign = "example.com/other"

  private func foreignBinding(_ name: String) -> APIObject {
    binding(name).with(
      body: binding(name).body.setting(
        FieldPath(Fields.metadata, Fields.finalizers), to: [Value(foreign)])
        ?? binding(name).body)
  }

  @Test(
    "Row 2: deleted before its first reconcile and kept by another's finalizer, it fails for ever")
  func row2() throws {
    let result = try run(
      planned(
        naive,
        [
          WorldPlan.Step(.apply(foreignBinding("a"))),
          WorldPlan.Step(.delete(bindingType, key("a"))),
        ]),
      leaving: ["p0 deliver devicebindings default/a #1": "user step 2"])
    #expect(oracle(result) == .neverSettled)
    #expect(sentence(result).contains("p0/naive-binding keeps failing on default/a"))
  }

  @Test("Row 3: its own finalizer gone and another's left, it fails for ever")
  func row3() throws {
    let result = try run(
      planned(
        naive,
        [
          WorldPlan.Step(.apply(foreignBinding("a"))),
          WorldPlan.Step(.delete(bindingType, key("a")), .settled),
        ]))
    #expect(oracle(result) == .neverSettled)
    #expect(sentence(result).contains("keeps failing on default/a"))
  }

  @Test("Row 5: a crash after the allocation leaks")
  func row5() throws {
    let result = try run(planned(naive, one), FaultScript.Fault(.crashAfter, at: "allocate"))
    #expect(oracle(result) == .leak)
    #expect(
      sentence(result)
        == "gpu-0 of pool gpus leaked: p0/naive-binding took it for DeviceBinding default/a, its "
        + "process crashed before it had the reply to allocate, and no object records it.")
  }

  @Test("Row 5, between the calls: a crash before the status is sent leaks")
  func row5BeforeStatus() throws {
    let result = try run(planned(naive, one), FaultScript.Fault(.crashBefore, at: "update-status"))
    #expect(oracle(result) == .leak)
    #expect(sentence(result).contains("its process crashed before it could send update-status"))
  }

  @Test("A lost reply of the allocation leaks")
  func lostAllocation() throws {
    let result = try run(planned(naive, one), FaultScript.Fault(.lostReply, at: "allocate"))
    #expect(oracle(result) == .leak)
    #expect(sentence(result).contains("the reply to its allocate was lost"))
  }

  @Test("Row 6: a conflict of the status write leaks")
  func row6() throws {
    let result = try run(planned(naive, one), FaultScript.Fault(.conflict, at: "update-status"))
    #expect(oracle(result) == .leak)
    #expect(sentence(result).contains("its update-status met a conflict"))
  }

  @Test("Row 6, without a fault: somebody touches the object between allocation and status")
  func row6Foreign() throws {
    let touch: Value = ["metadata": ["labels": ["touched": "yes"]]]
    let result = try run(
      planned(
        naive, one + [WorldPlan.Step(.patch(bindingType, key("a"), touch))]),
      leaving: ["p0/naive-binding update-status for default/a #1": "user step 2"])
    #expect(oracle(result) == .leak)
    #expect(
      sentence(result)
        == "gpu-0 of pool gpus leaked: p0/naive-binding took it for DeviceBinding default/a, and no "
        + "object records it.")
  }

  @Test(
    "Row 7: a status write that is carried out and not answered leaks, with a cache that is behind")
  func row7() throws {
    // The retry comes after 5 ms and reads a cache that is 10 ms behind.
    let result = try run(
      planned(naive, lag: .milliseconds(10), one),
      FaultScript.Fault(.lostReply, at: "update-status"))
    #expect(oracle(result) == .leak)
    #expect(sentence(result).contains("gpu-1 of pool gpus leaked"))
  }

  @Test("Row 8: a second reconcile before the cache has the status allocates again")
  func row8() throws {
    let touch: Value = ["metadata": ["labels": ["touched": "yes"]]]
    // The touch comes while the key is with the worker, so the key is queued again at once; its informer's event of
    // the status write is still on its way.
    let result = try run(
      planned(
        naive, one + [WorldPlan.Step(.patch(bindingType, key("a"), touch))]),
      leaving: [
        "p0/naive-binding cached-get for default/a #2": "user step 2",
        "p0 deliver devicebindings default/a #4": "p0/naive-binding start default/a",
        "p0 deliver devicebindings default/a #4": "p0/naive-binding cached-get for default/a",
      ])
    #expect(oracle(result) == .leak)
    #expect(sentence(result).contains("gpu-1 of pool gpus leaked"))
  }

  @Test("Row 9: the delete branch reads a status that lacks what was taken")
  func row9() throws {
    let result = try run(
      planned(naive, one + [WorldPlan.Step(.delete(bindingType, key("a")))]),
      leaving: ["p0/naive-binding update-status for default/a #1": "user step 2"])
    #expect(oracle(result) == .leak)
    #expect(result.world.server.store.object(bindingType, key("a")) == nil)
  }

  @Test("Row 10: an error of the release is ignored, and the last pointer destroyed")
  func row10() throws {
    let result = try run(
      planned(naive, one + [WorldPlan.Step(.delete(bindingType, key("a")), .settled)]),
      FaultScript.Fault(.refused, at: "free"))
    #expect(oracle(result) == .leak)
    #expect(
      sentence(result)
        == "gpu-0 of pool gpus leaked: p0/naive-binding took it for DeviceBinding default/a, its free "
        + "was refused, and no object records it any more.")
  }

  @Test("Row 11: releasing twice frees what another has been given in between")
  func row11() throws {
    let result = try run(
      planned(
        naive, pool: pool(1),
        [
          WorldPlan.Step(.apply(binding("a"))), WorldPlan.Step(.apply(binding("b"))),
          WorldPlan.Step(.delete(bindingType, key("a")), .after(.seconds(1))),
        ]),
      FaultScript.Fault(.conflict, at: "update", object: key("a"), occurrence: 2))
    #expect(oracle(result) == .danglingRecord)
    #expect(
      sentence(result)
        == "DeviceBinding default/b records gpu-0 of pool gpus, but p0/naive-binding, at work on "
        + "default/a, has given it back.")
  }

  @Test("Row 13: two replicas with books of their own hand out one device twice")
  func row13() throws {
    let plan = planned(
      naive, pool: pool(backing: "memory"), processes: 2,
      one + [WorldPlan.Step(.apply(binding("b")))])
    var sentences: [String] = []
    for seed in 0..<UInt64(100) {
      let result = try Runner.run(plan, RandomSource(seed: seed))
      if oracle(result) == .doubleHolder { sentences.append(sentence(result)) }
    }
    #expect(!sentences.isEmpty)
    #expect(
      sentences.allSatisfy { $0.hasSuffix("p0 and p1 each keep books of their own.") })
  }

  @Test("Row 14: books that a restart has emptied hand out what another's status records")
  func row14() throws {
    let result = try run(
      planned(
        naive, pool: pool(backing: "memory"),
        [
          WorldPlan.Step(.apply(binding("a"))), WorldPlan.Step(.apply(binding("b"))),
        ]),
      FaultScript.Fault(.crashBefore, at: "allocate", object: key("b")))
    #expect(oracle(result) == .doubleHolder)
    #expect(
      sentence(result)
        == "gpu-0 of pool gpus has two holders: DeviceBinding default/a and DeviceBinding default/b; "
        + "p0 had handed it out to the first and forgot that in a crash.")
  }

  @Test("Row 17: a user who clears the finalizer takes the last pointer away")
  func row17() throws {
    let result = try run(
      planned(
        naive,
        one + [
          WorldPlan.Step(.delete(bindingType, key("a")), .settled),
          WorldPlan.Step(.patch(bindingType, key("a"), ["metadata": ["finalizers": .null]])),
        ]),
      leaving: ["p0 deliver devicebindings default/a #4": "user step 3"])
    #expect(oracle(result) == .leak)
    #expect(sentence(result).hasSuffix("and no object records it any more."))
  }

  @Test("Without faults the naive controller does its work")
  func withoutFaults() throws {
    #expect(try run(planned(naive, comings)).outcome == .held)
  }

  @Test("Random faults find leaks, double holders of memory books and dangling records")
  func random() throws {
    var found: Set<Violation.Oracle> = []
    for seed in 0..<UInt64(150) {
      for backing in ["ledger", "memory"] {
        let plan = planned(naive, pool: pool(3, backing: backing), processes: 2, comings)
        let result = try Runner.run(plan, RandomSource(seed: seed, budget: anyFault))
        if let oracle = oracle(result) { found.insert(oracle) }
      }
    }
    #expect(found.isSuperset(of: [.leak, .doubleHolder]))
  }
}

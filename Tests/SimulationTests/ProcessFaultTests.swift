import APIAllocation
import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

@Suite("Faults of processes and of what others do")
struct ProcessFaultTests {
  private func lasting(
    _ kind: FaultKind, at seconds: Int64, for duration: GoDuration? = nil
  ) -> FaultScript.Fault {
    var fault = FaultScript.Fault(kind, after: .seconds(seconds), process: "p0")
    fault.duration = duration
    return fault
  }

  private func told(
    _ controller: Controller, _ fault: FaultScript.Fault?,
    _ workload: [WorldPlan.Step] = [], _ change: (inout WorldPlan) -> Void = { _ in }
  ) throws -> RunResult {
    var plan = planned(controller, workload)
    let script = FaultScript(fault.map { [$0] } ?? [])
    plan.appointments = script.times
    if let fault, let duration = fault.duration { plan.faults.allow([duration], of: fault.kind) }
    change(&plan)
    let result = try Runner.run(plan, DefaultSource(script), isTold: true)
    #expect(result.missed == [])
    return result
  }

  @Test("F12: a process that stands still goes on with what it had in hand")
  func paused() throws {
    let prober = Prober()
    let effects = [
      Effect.sleep(.seconds(2)), .api(.create(binding("a"))), .sleep(.seconds(1)),
      .api(.get(bindingType, key("a"))),
    ]
    _ = try told(prober.controller(effects), lasting(.pause, at: 1, for: .minutes(1)))
    #expect(prober.told == ["done", "at 61", "ok", "at 61", "done", "at 62", "ok", "at 62"])
  }

  @Test("F23: a controller that starves gets no turn")
  func starved() throws {
    let prober = Prober()
    let effects = [Effect.sleep(.seconds(2)), .api(.create(binding("a")))]
    _ = try told(prober.controller(effects), lasting(.starve, at: 1, for: .seconds(30)))
    #expect(prober.told == ["done", "at 31", "ok", "at 31"])
  }

  @Test("F11: a clock jumps, and stays ahead over a restart")
  func clocks() throws {
    let prober = Prober()
    let effects = [Effect.sleep(.seconds(2)), .api(.get(bindingType, key("a")))]
    let result = try told(
      prober.controller(effects), lasting(.clockJump, at: 1, for: .minutes(5)),
      [WorldPlan.Step(.restart(process: "p0"), .after(.seconds(10)))])
    #expect(prober.told.filter { $0.hasPrefix("at") } == ["at 302", "at 302", "at 313", "at 313"])
    #expect(result.world.now - WorldPlan.defaultStartTime < .minutes(1))
    let skewed = Prober()
    _ = try told(skewed.controller(effects), nil) { $0.processes[0].clockSkew = .seconds(30) }
    #expect(skewed.told.last == "at 32")
  }

  @Test("F19: a key is reconciled though nothing has happened to it")
  func spurious() throws {
    var plan = planned(reference, comings)
    plan.appointments = [.seconds(40)]
    let fault = FaultScript.Fault(.spurious, after: .seconds(40))
    let result = try Runner.run(plan, DefaultSource(FaultScript([fault])), isTold: true)
    #expect(result.missed == [] && result.outcome == .held && result.world.faultCount == 1)
    let calm = try Runner.run(plan, DefaultSource(), isTold: true)
    func starts(_ run: RunResult) -> Int {
      run.world.timeline?.entries.filter { $0.text.hasPrefix("reconciles ") }.count ?? 0
    }
    #expect(starts(result) == starts(calm) + 1)
  }

  @Test("F21: a process is upgraded, and goes back the next time")
  func upgraded() throws {
    let (old, new) = (Prober(), Prober())
    let read = [Effect.api(.get(bindingType, key("a")))]
    let steps = [10, 20].map { WorldPlan.Step(.upgrade(process: "p0"), .after(.seconds($0))) }
    _ = try told(old.controller(read), nil, steps) {
      $0.processes[0].otherVersion = [new.controller(read)]
    }
    #expect(old.told == ["NotFound", "at 0", "NotFound", "at 21"])
    #expect(new.told == ["NotFound", "at 11"])
  }

  @Test("A process whose caches hold too much is killed, and started again")
  func memory() throws {
    let result = try told(reference, nil, [WorldPlan.Step(.apply(binding("a")))]) {
      $0.processes[0].cacheMax = 2
    }
    #expect(result.outcome == .held)
    let killed = try told(
      reference, nil,
      ["a", "b", "c"].map { WorldPlan.Step(.apply(binding($0))) }
        + [WorldPlan.Step(.delete(bindingType, key("a")), .after(.seconds(30)))]
    ) {
      $0.processes[0].cacheMax = 2
      $0.decisionsMax = 2_000
    }
    let lines = killed.world.timeline?.entries.filter { $0.text.contains("OOMKilled") } ?? []
    #expect(lines.count > 1)
  }

  // MARK: What others do

  @Test("F18: an override is named in what is found after it")
  func overrides() throws {
    let strip = try told(
      reference, nil,
      [
        WorldPlan.Step(.apply(binding("a"))),
        WorldPlan.Step(.forceDelete(bindingType, key("a")), .settled),
      ])
    #expect(oracle(strip) == .leak || strip.outcome == .held)
    if strip.outcome == .violated {
      #expect(sentence(strip).contains("after an operator override: the user deleted"))
    }
    let behind = try told(
      reference, nil,
      [
        WorldPlan.Step(.apply(binding("a"))),
        WorldPlan.Step(.release(item: "gpu-0", pool: "gpus"), .settled),
        WorldPlan.Step(.apply(binding("b"))),
      ])
    #expect(behind.outcome == .violated)
    #expect(sentence(behind).contains("somebody gave gpu-0 of pool gpus back"))
  }

  @Test("F18: steps of people: strip, recreate, scale, edit a status, take an item")
  func steps() throws {
    let naiveSteps: [WorldPlan.UserAction] = [
      .stripFinalizers(bindingType, key("a"), []), .recreate(bindingType, key("a")),
      .take(item: "gpu-3", pool: "gpus"),
    ]
    for action in naiveSteps {
      let result = try told(
        reference, nil,
        [WorldPlan.Step(.apply(binding("a"))), WorldPlan.Step(action, .settled)])
      #expect(result.outcome == .held, "\(sentence(result))")
    }
    let taken = try told(
      reference, nil,
      [
        WorldPlan.Step(.take(item: "gpu-3", pool: "gpus")),
        WorldPlan.Step(.apply(binding("a", count: 4))),
      ]
    )
    #expect(taken.world.holdings().rows.filter { $0.holder == "operator" }.isEmpty)
    #expect(taken.world.holdings().rows.contains { $0.item == "gpu-3" && $0.holder == "user" })
  }

  @Test("A step waits for a condition, and is left out where that never holds")
  func conditions() throws {
    let allocated = WorldPlan.Condition("a has a finalizer", of: bindingType, key("a")) {
      $0?.hasFinalizers ?? false
    }
    let never = WorldPlan.Condition("a is blue", of: bindingType, key("a")) { _ in false }
    let result = try told(
      reference, nil,
      [
        WorldPlan.Step(.apply(binding("a"))),
        WorldPlan.Step(.delete(bindingType, key("a")), .when(allocated)),
        WorldPlan.Step(.apply(binding("z")), .when(never)),
        WorldPlan.Step(.apply(binding("b"))),
      ])
    #expect(result.outcome == .held)
    let lines = result.world.timeline?.entries.filter { $0.actor == "user" }.map(\.text) ?? []
    #expect(
      lines == [
        "creates devicebinding default/a", "deletes devicebinding default/a",
        "has waited in vain until a is blue", "creates devicebinding default/b",
      ])
  }
}

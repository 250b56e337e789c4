import Scalars
import ControllerRuntime
import APIMachinery
import APIServer
import Exploration
import Scenarios
import Simulation
import Testing
import YAMLCoding

@Suite("Scenarios: what a file says is what is run")
struct ScenarioTests {
  @Test("Every field is read")
  func everyField() throws {
    let scenario = try read(wholeScenario)
    #expect(scenario.name == "whole")
    #expect(scenario.summary == "Everything that a scenario can say.")
    #expect(scenario.path == "in/test.yaml")
    let plan = scenario.plan(seed: 9)
    #expect(plan.seed == 9)
    #expect(plan.objects.map(\.type.kind) == ["Pool", "DeviceBinding"])
    #expect(plan.objects.map(\.key.path) == ["gpus", "default/first"])
    #expect(plan.processes.map(\.name) == ["binder-0", "binder-1"])
    #expect(plan.processes.allSatisfy { $0.informerLag == .seconds(1) })
    #expect(plan.processes.allSatisfy { $0.restartDelay == .seconds(2) })
    #expect(
      plan.processes.flatMap(\.controllers).map(\.name) == ["naive-binding", "naive-binding"])
    #expect(plan.processes.flatMap(\.controllers).map(\.workers) == [3, 3])
    #expect(
      plan.workload.map(\.moment) == [.immediately, .after(.seconds(5)), .settled, .settled])
    #expect(scenario.budget.outcomes == [.crashBefore, .crashAfter, .lostReply])
    #expect(scenario.budget.count == 2)
    #expect(scenario.budget.odds == 10)
    let fault = try #require(scenario.script.faults.first)
    #expect(fault.outcome == .conflict)
    #expect(fault.operation == "update")
    #expect(fault.object?.path == "default/train")
    #expect(fault.process == "binder-1")
    #expect(fault.occurrence == 2)
    #expect(plan.virtualTimeMax == .hours(1))
    #expect(plan.decisionsMax == 1_000)
  }

  @Test("System controllers run in a process of their own, and the server agrees with what runs")
  func systemControllers() throws {
    func plan(_ names: String) throws -> WorldPlan {
      try read(
        wholeScenario.replacing(
          "  limits:", with: "  systemControllers: [\(names)]\n  limits:", maxReplacements: 1)
      ).plan
    }
    let all = try plan(
      "garbage-collector, namespace-lifecycle, crd-cleanup, pvc-protection, pv-protection")
    #expect(all.processes.map(\.name) == ["binder-0", "binder-1", "system"])
    #expect(all.processes.last?.controllers.count == 5)
    #expect(all.settings.hasGarbageCollector && all.settings.protectsStorage)
    let some = try plan("pvc-protection, namespace-lifecycle")
    #expect(!some.settings.hasGarbageCollector && !some.settings.protectsStorage)
    let none = try plan("")
    #expect(none.processes.map(\.name) == ["binder-0", "binder-1"])
    #expect(!none.settings.hasGarbageCollector)
    // They can be listed like any other controller, too.
    let listed = try read(
      wholeScenario.replacing("use: naive-binding", with: "use: garbage-collector"))
    #expect(listed.plan.settings.hasGarbageCollector)
  }

  @Test("A deletion says what becomes of dependents")
  func propagation() throws {
    let scenario = try read(
      wholeScenario.replacing(
        "namespace: default, name: train}",
        with: "namespace: default, name: train, propagationPolicy: Foreground}"))
    let policies = scenario.plan.workload.compactMap { step in
      if case .delete(_, _, let options) = step.action { options.propagationPolicy } else { nil }
    }
    #expect(policies == [.foreground])
  }

  @Test("What is left out has its default")
  func defaults() throws {
    let scenario = try read(
      "{apiVersion: drydock.dev/v1alpha1, kind: Scenario, metadata: {name: a}, spec: {}}")
    #expect(scenario.summary.isEmpty)
    #expect(scenario.plan.processes.isEmpty)
    #expect(scenario.plan.virtualTimeMax == .hours(4))
    #expect(scenario.budget == .none)
    #expect(scenario.script.faults.isEmpty)
    #expect(try Runner.run(scenario.plan, DefaultSource()).outcome == .held)
  }

  @Test("Allowing faults without a budget allows one")
  func oneFault() throws {
    let scenario = try read(wholeScenario.replacing("    budget: 2\n", with: ""))
    #expect(scenario.budget.count == 1)
  }

  @Test("The digest is that of all files, and of nothing else")
  func digest() throws {
    let digest = try read(wholeScenario).digest
    #expect(try read(wholeScenario).digest == digest)
    #expect(try read(wholeScenario + "# a remark\n").digest != digest)
    let other = includedPool.replacing("count: 4", with: "count: 5")
    #expect(try read(wholeScenario, ["in/pools/gpus.yaml": other]).digest != digest)
  }

  @Test("A trace is read as it was written")
  func traceRoundTrip() throws {
    for seed in 0..<UInt64(20) {
      let scenario = try read(wholeScenario)
      let result = try Runner.run(
        scenario.plan(seed: seed), RandomSource(seed: seed, budget: scenario.budget),
        isNamed: true)
      let trace = Trace(of: result, scenario: "in/test.yaml", digest: scenario.digest, seed: seed)
      let text = YAMLEmitter().string(trace.value)
      let again = try Trace(reading: YAMLSource(name: "t.yaml", text: text))
      #expect(again == trace)
      let replay = try Runner.run(scenario.plan(seed: again.seed), ReplaySource(again.deviations))
      #expect(replay.world.traceHash == again.hash)
    }
  }

  @Test("Every field of a trace is read")
  func trace() throws {
    let trace = try Trace(reading: YAMLSource(name: "t.yaml", text: wholeTrace))
    #expect(trace.scenario == "whole.yaml")
    #expect(trace.digest == 255)
    #expect(trace.seed == 7)
    #expect(
      trace.deviations == [
        Deviation(
          at: "p0/c update for default/a #1", take: "p0/c update for default/a !lost-reply")
      ])
    #expect(trace.verdict == "leak")
    #expect(trace.sentence == "Something leaked: it is gone.")
    #expect(trace.decisions == 12)
    #expect(trace.hash == .max)
  }
}

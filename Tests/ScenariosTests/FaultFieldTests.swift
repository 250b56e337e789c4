import APIMachinery
import Allocation
import ControllerRuntime
import Exploration
import Scalars
import Scenarios
import Simulation
import Testing
import YAMLCoding

@Suite("Scenarios: faults, steps and limits are read as they are written")
struct FaultFieldTests {
  private func scenario(_ spec: String) throws(SourceDiagnostic) -> Scenario {
    let head = """
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: faults}
      spec:
        include: [pools/gpus.yaml]
        processes:
        - name: binder
          controllers: [{use: reference-binding}]

      """
    return try read(head + spec)
  }

  @Test("No faults are told from nothing said about faults")
  func none() throws {
    #expect(try !scenario("").saysFaults)
    #expect(try !scenario("  faults: {script: []}\n").saysFaults)
    for text in ["budget: 0", "allow: []", "allow: [], budget: 1"] {
      let none = try scenario("  faults: {\(text)}\n")
      #expect(none.saysFaults)
      #expect(none.budget.count == 0 || none.budget.rules.isEmpty)
    }
    let many = try scenario("  faults: {budget: 7}\n")
    #expect(many.budget.count == 7 && many.budget.rules.map(\.kind) == FaultKind.legal)
  }

  @Test("Kinds, groups and numbers; who says more means it")
  func allowed() throws {
    let text = """
        faults:
          until: 10m
          allow:
          - stale
          - F1
          - {fault: watch-delay, process: binder-0, kind: devicebindings, object: train, for: [30s, 6m], budget: 1, odds: 7}
          - {fault: clock-jump, for: -5m}

      """
    let scenario = try scenario(text)
    let kinds = scenario.budget.rules.map(\.kind)
    #expect(kinds == [.timeTravel, .crashBefore, .crashAfter, .kill, .watchDelay, .clockJump])
    let rule = try #require(scenario.budget.rules.first { $0.kind == .watchDelay })
    #expect(rule.process == "binder-0" && rule.count == 1 && rule.odds == 7)
    #expect(rule.type?.kind == "DeviceBinding" && rule.object?.path == "default/train")
    #expect(rule.durations == [.seconds(30), .minutes(6)])
    #expect(scenario.plan.faults.until == .minutes(10))
    #expect(scenario.plan.faults.durations(of: .watchDelay) == [.seconds(30), .minutes(6)])
    #expect(scenario.plan.faults.durations(of: .clockJump).map(\.wholeSeconds) == [-300])
  }

  @Test("A script names times and operations")
  func script() throws {
    let text = """
        faults:
          script:
          - {fault: pause, process: binder-0, at: 20s, for: 1m}
          - {fault: relist, operation: ensure, kind: devicebindings}
          - {fault: time-travel, at: 5s, number: 4}

      """
    let scenario = try scenario(text)
    let faults = scenario.script.faults
    #expect(faults.map(\.kind) == [.pause, .relist, .timeTravel])
    #expect(faults[0].time == .seconds(20) && faults[0].duration == .minutes(1))
    #expect(faults[1].operation == "ensure" && faults[1].type?.kind == "DeviceBinding")
    #expect(faults[2].number == 4)
    #expect(scenario.plan.appointments == [.seconds(5), .seconds(20)])
    let run = try Runner.run(scenario.plan, DefaultSource(scenario.script))
    #expect(run.world.injectedFaults.map(\.kind) == ["pause"])
  }

  @Test(
    "Mistakes are told at their place",
    arguments: [
      ("faults: {allow: [crush]}", "\"spec.faults.allow[0]\" is \"crush\""),
      ("faults: {allow: [{fault: pause, operation: ensure}]}", "pause hits no operation"),
      ("faults: {allow: [{fault: refused, for: 3s}]}", "refused lasts no time"),
      ("faults: {script: [{fault: refused, at: 3s}]}", "refused hits an effect"),
      ("faults: {script: [{fault: pause}]}", "has no operation"),
      ("faults: {script: [{fault: pause, at: 3s, process: nobody}]}", "is \"nobody\""),
      (
        "faults: {script: [{fault: relist, at: 3s, kind: Nothing}]}", "there is no kind \"Nothing\""
      ),
      ("server: {replicas: 0}", "\"spec.server.replicas\" is 0"),
      ("limits: {watchHistory: -1}", "\"spec.limits.watchHistory\" is -1"),
      ("workload: [{restart: {process: nobody}}]", "is \"nobody\""),
      ("workload: [{upgrade: {process: binder-0}}]", "is \"binder-0\""),
      ("workload: [{repeat: {times: 2, every: 1m, steps: [{repeat: {}}]}}]", "a repetition in a"),
      ("workload: [{look: , at: 3s}]", "a step has one moment"),
      ("workload: [{delete: {kind: Pod, name: a}, when: {kind: Pod, name: a}}]", "has no path"),
    ])
  func mistakes(text: String, message: String) {
    do {
      _ = try scenario("  \(text)\n")
      Issue.record("\(text) was read")
    } catch { #expect(error.message.contains(message), "\(error.message)") }
  }

  @Test("Lags by kind, clocks, memory, replicas, history and other versions")
  func processes() throws {
    let text = """
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: processes}
      spec:
        processes:
        - name: binder
          controllers: [{use: reference-binding}]
          informerLag: {all: 1s, DeviceBinding: 2s}
          clockSkew: -30s
          cacheObjects: 5
          upgrade: {controllers: [{use: naive-binding}]}
        server: {replicas: 3}
        limits: {watchHistory: 9}

      """
    let plan = try read(text).plan
    let process = plan.processes[0]
    #expect(process.informerLag == .seconds(1))
    #expect(process.informerLags.map(\.lag) == [.seconds(2)])
    #expect(process.informerLags.map(\.type.kind) == ["DeviceBinding"])
    #expect(process.clockSkew.wholeSeconds == -30 && process.cacheMax == 5)
    #expect(process.otherVersion.map(\.name) == ["naive-binding"])
    #expect(plan.replicas == 3 && plan.watchHistoryMax == 9)
    #expect(throws: SourceDiagnostic.self) {
      try read(text.replacing("DeviceBinding: 2s", with: "Pod: 2s"))
    }
  }

  @Test("Steps of all sorts")
  func steps() throws {
    let object = "kind: DeviceBinding, name: a"
    let text = """
        workload:
        - scale: {\(object), replicas: 3}
          at: 30s
        - recreate: {\(object)}
          when: {\(object), path: status.phase, is: Bound}
        - stripFinalizers: {\(object), finalizers: [x/y]}
          when: {\(object), state: deleting}
        - forceDelete: {\(object)}
        - release: {pool: gpus, item: gpu-0}
        - take: {pool: gpus, item: gpu-1}
        - restart: {process: binder-0}
        - patch: {\(object), merge: {status: {}}, subresource: status}
        - repeat: {times: 3, every: 1m, steps: [{delete: {\(object), gracePeriodSeconds: 0}}, {look: }]}
          at: 10m

      """
    let workload = try scenario(text).plan.workload
    #expect(workload.count == 8 + 6)
    #expect(workload[0].moment == .after(.seconds(30)))
    if case .when(let condition) = workload[1].moment {
      #expect("\(condition)" == "status.phase of devicebinding default/a is \"Bound\"")
    } else {
      Issue.record("\(workload[1].moment)")
    }
    #expect(workload[8].moment == .after(.minutes(10)) && workload[9].moment == .settled)
    #expect(workload[12].moment == .after(.minutes(12)))
    if case .delete(_, _, let options) = workload[8].action {
      #expect(options.gracePeriodSeconds == 0)
    } else {
      Issue.record("\(workload[8].action)")
    }
  }

  @Test("Hours of changes every two minutes, with a short history of watches, are run and hold")
  func hours() throws {
    let text = """
        workload:
        - repeat:
            times: 60
            every: 2m
            steps:
            - apply:
                apiVersion: drydock.dev/v1alpha1
                kind: DeviceBinding
                metadata: {name: train}
                spec: {pool: gpus}
            - patch: {kind: DeviceBinding, name: train, merge: {spec: {count: 2}}}
              when: {kind: DeviceBinding, name: train, finalizer: drydock.dev/device-binding}
            - delete: {kind: DeviceBinding, name: train}
        faults: {budget: 20, odds: 60}
        limits: {watchHistory: 4, decisions: 1000000}

      """
    let scenario = try scenario(text)
    let source = RandomSource(seed: 1, budget: scenario.budget)
    let world = try Runner.run(scenario.plan, source).world
    #expect(world.violations.isEmpty, "\(world.violations.map(\.sentence))")
    #expect(world.now - scenario.plan.startTime > .minutes(117) && world.ledger.openCount == 0)
    #expect(world.faultCount > 10)
  }
}

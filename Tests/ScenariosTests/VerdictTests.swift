import APIMachinery
import APIServer
import APIStore
import Allocation
import Exploration
import Scalars
import Scenarios
import Simulation
import Testing
import YAMLCoding

@Suite("Verdicts: what is called wrong is wrong, and what is wrong is not overlooked")
struct VerdictTests {
  /// A controller that makes a child, and its kind.
  private static let crews = """
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: one}
    spec:
      for: {kind: Crew}
      owns: [{kind: Pod}]
      steps:
      - get: {}
      - create:
          kind: Pod
          name: object.metadata.name
          template: {spec: {containers: [{name: main, image: "app:1"}]}}
        onError: {AlreadyExists: ignore}
    ---
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: crews.crew.example.com}
    spec:
      group: crew.example.com
      scope: Namespaced
      names: {plural: crews, singular: crew, kind: Crew}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}

    """

  private func scenario(_ spec: String, and more: String = "") throws -> Scenario {
    let head = """
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: verdicts}
      spec:
        include: [pools/gpus.yaml]

      """
    return try read(head + spec + more)
  }

  private func run(_ spec: String, and more: String = "") throws -> World {
    let scenario = try scenario(spec, and: more)
    return try Runner.run(scenario.plan(seed: 0), DefaultSource(scenario.script)).world
  }

  private static let binder = """
      processes: [{name: b, controllers: [{use: reference-binding}]}]
      workload:
      - apply:
          apiVersion: drydock.dev/v1alpha1
          kind: DeviceBinding
          metadata: {name: a}
          spec: {pool: gpus}
    """

  @Test("Two that undo each other's work at one moment go on until the event that ends it comes")
  func timePasses() throws {
    let world = try run(
      """
        processes:
        - name: crew
          controllers: [{use: one}]
          informerLag: {crews: 2s}
        systemControllers: [garbage-collector]
        workload:
        - apply: {apiVersion: crew.example.com/v1, kind: Crew, metadata: {name: c}}
        - delete: {kind: Crew, name: c}
          at: 1m

      """, and: Self.crews)
    #expect(world.outcome == .held, "\(world.violations.map(\.sentence))")
    #expect(world.step > 5_000)
  }

  /// A controller of bindings that takes so many devices, and goes on like this.
  private static func taker(_ count: Int, _ rest: String) -> String {
    """
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: taker}
    spec:
      for: {kind: DeviceBinding}
      finalizer: example.com/taker
      steps:
      - get: {}
      - ensureFinalizer: {}
      - allocate: {pool: object.spec.pool, key: one, as: one, count: \(count)}
    \(rest)
    """
  }

  private static let taking = """
      processes: [{name: b, controllers: [{use: taker}]}]
      workload:
      - apply:
          apiVersion: drydock.dev/v1alpha1
          kind: DeviceBinding
          metadata: {name: a}
          spec: {pool: gpus}

    """

  @Test("Who takes a part, and gives it back where the rest is not to be had, is at rest")
  func partly() throws {
    let rest = """
        - allocate: {pool: object.spec.pool, key: other, selector: "{'product': 'none-such'}"}
          onError: {Exhausted: {goto: back}}
        - done:
        - label: back
          updateStatus: {set: {message: "'waits for both'"}}
        - release: {pool: object.spec.pool, by: record, items: one}
        - requeue: 30s

      """
    let world = try run(Self.taking, and: Self.taker(1, rest))
    #expect(world.outcome == .held, "\(world.violations.map(\.sentence))")
    #expect(world.ledger.openCount == 0)
    // Some periods, and no more than it takes to see that they are all the same.
    #expect((4..<40).contains(world.ledger.entries.count { $0.event == .opened }))
  }

  @Test("What never comes to rest is not made smaller by taking its pool away")
  func poolsStay() throws {
    let plan = try scenario(Self.taking, and: Self.taker(0, "  - fail: none is left\n")).plan(
      seed: 0)
    var shrinker = Shrinker(plan, oracle: .neverSettled)
    let smallest = try #require(try shrinker.shrink([]))
    #expect(!smallest.reduction.objects.contains { $0.contains("Pool") })
    let sentence = try #require(smallest.run.violations.first).sentence
    #expect(sentence.contains("none is left"), "\(sentence)")
  }

  @Test(
    "What was tried in vain while a fault lasted is tried again before anything is judged at rest")
  func healed() throws {
    let world = try run(
      """
        processes:
        - {name: b, replicas: 2, controllers: [{use: marker}]}
        workload:
        - apply:
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
        faults:
          script:
          - {fault: no-space, at: 0s, for: 30s}
        properties:
        - {name: marked, settled: "objects.ConfigMap.all(c, has(c.data.marked))"}

      """,
      and: """
        ---
        apiVersion: drydock.dev/v1alpha1
        kind: ControllerModel
        metadata: {name: marker}
        spec:
          for: {kind: ConfigMap}
          leaderElection: {lease: marker}
          steps:
          - get: {}
          - update: {set: {"data.marked": "'yes'"}}

        """)
    #expect(world.outcome == .held, "\(world.violations.map(\.sentence))")
  }

  @Test("Whom priorities hold back is not held back for ever: that is no fault of the controllers")
  func fairness() throws {
    let plan = try scenario(
      """
        processes: [{name: crew, controllers: [{use: one}]}]
        systemControllers: [garbage-collector]
        workload:
        - apply: {apiVersion: crew.example.com/v1, kind: Crew, metadata: {name: c}}
        - delete: {kind: Crew, name: c}
          at: 1m
        limits: {decisions: 8000}

      """, and: Self.crews
    ).plan(seed: 0)
    var longest = 0
    for seed in [UInt64(21), 68, 74] {
      let result = try Runner.run(plan, PrioritySource(seed: seed, depth: 2, length: 60))
      #expect(result.violations.map(\.sentence) == [], "seed \(seed)")
      longest = max(longest, result.world.step)
    }
    #expect(longest > 2_000, "nobody was held back for long")
  }

  @Test("A second deletion may ask for another propagation", arguments: ["Foreground", "Orphan"])
  func secondDeletion(_ policy: String) throws {
    let world = try run(
      """
        processes: [{name: p, controllers: [{use: reference-binding}]}]
        systemControllers: [garbage-collector]
        workload:
        - apply:
            apiVersion: crew.example.com/v1
            kind: Crew
            metadata: {name: c, finalizers: [example.com/x]}
        - delete: {kind: Crew, name: c}
        - delete: {kind: Crew, name: c, propagationPolicy: \(policy)}
          at: 1m

      """, and: Self.crews)
    #expect(world.violations.map(\.oracle) == [.stuckDeletion])
  }

  @Test("However short the server's memory is, the oracles see every write", arguments: [0, 1, 2])
  func shortHistory(_ count: Int) throws {
    let world = try run(Self.binder + "\n  limits: {watchHistory: \(count)}\n")
    #expect(world.outcome == .held, "\(world.violations.map(\.sentence))")
    let type = try #require(world.server.registry.types.first { $0.kind == "DeviceBinding" })
    #expect(world.server.store.events(type, after: 0).count == count)
    #expect(world.writes(of: type).first?.kind == .added)
    #expect(world.writes(of: type).count >= 3)
  }

  @Test("What the server has forgotten still counts for times and for how often things were made")
  func compaction() throws {
    var world = try run(Self.binder + "\n")
    let before = ReleaseMetrics(world)
    let summary = EndSummary(world)
    world.forgetHistory()
    #expect(ReleaseMetrics(world) == before)
    #expect(EndSummary(world).firstDifference(from: summary) == nil)
  }

  @Test("A process that starts again has not failed yet")
  func failuresEndWithTheirProcess() throws {
    func worst(_ kill: String) throws -> [Violation.Oracle] {
      try run(
        Self.binder + """

            faults:
              allow: []
              script:
              - {fault: no-space, at: 0s, for: 30s}
          \(kill)
            oracles: {judge: [bounded-error]}

          """
      ).violations.map(\.oracle)
    }
    #expect(try worst("    - {fault: kill, process: b-0, at: 3s}").isEmpty)
  }

  @Test("What is wanted of the whole scenario is not looked for in a part of it")
  func vacuous() throws {
    let scenario = try scenario(
      """
        processes: [{name: b, controllers: [{use: reference-binding}]}]
        workload:
        - apply:
            apiVersion: drydock.dev/v1alpha1
            kind: DeviceBinding
            metadata: {name: a}
            spec: {pool: gpus, count: 2}
        - delete: {kind: DeviceBinding, name: a}
          at: 20s
        properties:
        - {name: two-used-once, eventually: "pools.gpus.free == pools.gpus.total - 2"}
        faults: {allow: [delete, pause, crash], budget: 2}

      """)
    let plan = scenario.plan(seed: 0)
    #expect(try Runner.run(plan, DefaultSource()).outcome == .held)
    var found: RunResult?
    for seed in 1...200 where found == nil {
      let result = try Runner.run(
        plan, RandomSource(seed: UInt64(seed), budget: scenario.budget), isNamed: true)
      if result.violations.first?.oracle == .property { found = result }
    }
    let failing = try #require(found)
    var shrinker = Shrinker(plan, oracle: .property)
    let smallest = try #require(try shrinker.shrink(failing.deviations))
    #expect(!smallest.run.deviations.isEmpty)
    #expect(
      smallest.run.world.plan.workload.contains {
        if case .apply = $0.action { true } else { false }
      })
  }

  @Test("What never comes to rest says why its keys fail")
  func reasons() throws {
    let world = try run(
      """
        processes: [{name: p, controllers: [{use: one}]}]
        workload:
        - apply: {apiVersion: crew.example.com/v1, kind: Crew, metadata: {name: c}}

      """,
      and: Self.crews.replacing(
        "name: object.metadata.name", with: "name: object.metadata.labels.nam"))
    let sentence = try #require(world.violations.first).sentence
    #expect(sentence.contains("keeps failing on default/c"))
    #expect(sentence.contains("times): ") && sentence.contains("nam"), "\(sentence)")
  }

  @Test("What never comes to rest says which process does not fit into its memory")
  func memory() throws {
    let world = try run(
      """
        processes: [{name: p, controllers: [{use: one}], cacheObjects: 1}]
        workload:
        - apply: {apiVersion: crew.example.com/v1, kind: Crew, metadata: {name: c}}
        limits: {decisions: 200}

      """, and: Self.crews)
    let violation = try #require(world.violations.first)
    #expect(violation.oracle == .neverSettled && violation.subject == "one")
    #expect(violation.sentence.contains("p-0 was killed for want of memory "))
    #expect(violation.sentence.contains("times (more than 1 object in its caches)"))
  }

  @Test("A pool that nobody makes is a mistake in the expression")
  func unknownPool() throws {
    let mistake = #expect(throws: SourceDiagnostic.self) {
      try scenario(
        Self.binder + "\n  properties:\n  - {name: p, settled: \"pools.gpsu.free == 4\"}\n")
    }
    #expect(mistake?.message == "there is no pool \"gpsu\"")
    #expect(mistake?.suggestion == "gpus")
    _ = try scenario(
      Self.binder
        + "\n  properties:\n  - {name: p, settled: \"pools.all(p, pools[p].total > 0)\"}\n")
  }

  @Test("A claim that asks a pool which is not there is warned of, with its place")
  func awaitedPool() throws {
    let warnings = try scenario(Self.binder.replacing("{pool: gpus}", with: "{pool: gpuz}"))
      .warnings
    #expect(
      warnings.map(\.message) == ["there is no pool \"gpuz\", so this DeviceBinding waits for one"])
    #expect(warnings.map(\.severity) == [.warning] && warnings[0].suggestion == "gpus")
    #expect(warnings[0].mark.map { "\($0)" } == "in/test.yaml:12:20")
    #expect(try scenario(Self.binder).warnings.isEmpty)
    let patch = "\n  - patch: {kind: DeviceBinding, name: a, merge: {spec: {pool: gpsu}}}\n"
    #expect(try scenario(Self.binder + patch).warnings.map(\.suggestion) == ["gpus"])
    // One that comes later is there.
    let later = """

        - apply: {apiVersion: drydock.dev/v1alpha1, kind: Pool, metadata: {name: gpuz}, spec: {type: gpu, count: 1}}
          at: 1m

      """
    let waits = Self.binder.replacing("{pool: gpus}", with: "{pool: gpuz}")
    #expect(try scenario(waits + later).warnings.isEmpty)
  }

  @Test("Each model of a scenario tells of its own mistake")
  func twoModels() throws {
    func model(_ name: String, _ step: String) -> String {
      """

      ---
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: \(name)}
      spec:
        for: {kind: PortClaim}
        steps:
        - \(step): {}

      """
    }
    let mistake = #expect(throws: SourceDiagnostic.self) {
      try scenario(Self.binder, and: model("one", "gett") + model("two", "gte") + model("x", "get"))
    }
    #expect(mistake?.message == "there is no step \"gett\"")
    #expect(mistake?.others.map(\.message) == ["there is no step \"gte\""])
    #expect(
      mistake.map { "\($0)".contains("\nin/test.yaml:29:5: error: ") } == true,
      "\(mistake.map { "\($0)" } ?? "")")
  }

  @Test("A model is tried with the pool that its file has")
  func modelWithItsPool() throws {
    let scenario = try read(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: m}
      spec:
        for: {kind: DeviceBinding}
        steps:
        - get: {}
        - allocate: {pool: "'gpus'"}
      ---
      apiVersion: drydock.dev/v1alpha1
      kind: Pool
      metadata: {name: gpus}
      spec: {type: gpu, count: 3}
      """)
    let world = try Runner.run(scenario.plan(seed: 0), DefaultSource()).world
    #expect(world.allBooks.map(\.capacity.total) == [3])
  }
}

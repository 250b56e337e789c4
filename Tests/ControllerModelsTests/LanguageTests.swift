import APIAllocation
import APIMachinery
import APIServer
import APIStore
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// What the words of a model do.
@Suite("Language: steps do what they say")
struct LanguageTests {
  private func binder(_ spec: String) throws -> Controller {
    try model(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: m}
      spec:
        for: {kind: DeviceBinding}
        finalizer: example.com/m
      \(spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n"))
      """
    ).controller()
  }

  private func phase(_ world: World, _ name: String = "a") -> String? {
    world.binding(name)?.object.body["status"]?["phase"]?.string
  }

  @Test("A write that is ignored, retried, or led elsewhere when it fails")
  func reactions() throws {
    func outcome(_ reaction: String) throws -> (phase: String?, step: Int) {
      let controller = try binder(
        """
        steps:
        - get: {}
        - updateStatus: {set: {phase: "'first'"}}
          onError: {ServiceUnavailable: \(reaction)}
          when: "!has(object.status.phase)"
        - updateStatus: {set: {phase: "'second'"}}
        - done:
          when: has(object.status.phase)
        - label: elsewhere
          updateStatus: {set: {phase: "'elsewhere'"}}
        """)
      let plan = planned(controller, [apply(binding("a"))])
      let world = try beforeResync(plan, [fault(.refused, "update-status", "a")])
      return (phase(world), world.step)
    }
    #expect(try outcome("ignore").phase == "second")
    #expect(try outcome("retry").phase == "second")
    #expect(try outcome("{goto: elsewhere}").phase == "second")
    #expect(try outcome("fail").phase == "second")
    #expect(try outcome("done").phase == nil)
    #expect(try outcome("{requeue: 5s}").phase == "second")
    #expect(try outcome("requeue").phase == "second")
    #expect(try outcome("ignore").step != outcome("retry").step)
  }

  @Test("What is unchanged is not written; what is null is taken out")
  func unchanged() throws {
    let controller = try binder(
      """
      steps:
      - get: {}
      - updateStatus: {set: {phase: "'x'", message: "null", devices: "[]"}, changed: first}
      - updateStatus: {set: {phase: "'x'"}, changed: second}
      - update: {set: {"metadata.annotations[first]": string(first), "metadata.annotations[second]": string(second)}}
        when: first
      """)
    let result = try run(planned(controller, [apply(binding("a"))]))
    let annotations = result.world.binding("a")?.object.body["metadata"]?["annotations"]
    #expect(annotations?["first"]?.string == "true")
    #expect(annotations?["second"]?.string == "false")
    #expect(result.world.binding("a")?.object.body["status"] == ["phase": "x"])
  }

  @Test(
    "Finalizers by update, merge patch and JSON patch",
    arguments: ["update", "mergePatch", "jsonPatch"])
  func finalizers(_ form: String) throws {
    let controller = try binder(
      """
      steps:
      - get: {}
      - if: object.metadata.deletionTimestamp != null
        then:
        - removeFinalizer: {by: \(form)}
        - done:
      - ensureFinalizer: {by: \(form)}
      - updateStatus: {set: {phase: "'kept'"}, by: \(form)}
      """)
    let other = binding("a", finalizers: ["example.com/other"])
    let result = try run(
      planned(
        controller,
        [
          apply(other), patch("a", ["metadata": ["finalizers": ["example.com/m"]]]), delete("a"),
        ]))
    #expect(result.violations.isEmpty)
    #expect(result.world.binding("a") == nil)
    let kept = try run(planned(controller, [apply(other)])).world.binding("a")
    #expect(kept?.finalizers == ["example.com/other", "example.com/m"])
    #expect(kept?.object.body["status"]?["phase"]?.string == "kept")
  }

  @Test("A process's variables are lost at a crash, and start rebuilds them before the first key")
  func memory() throws {
    let controller = try binder(
      """
      variables:
        known: {initial: 0}
        seen: {scope: object, initial: 0}
      start:
      - list: {from: server, as: all}
      - set: {known: size(all)}
      steps:
      - get: {}
      - set: {seen: seen + 1}
      - updateStatus: {set: {phase: "string(known) + ' ' + string(seen)"}}
        when: "!has(object.status.phase)"
      """)
    let two = [apply(binding("a")), apply(binding("b"), .settled)]
    let world = try run(planned(controller, two)).world
    // One was there when the process began to work; each object counts for itself.
    #expect(phase(world, "a") == "1 1")
    #expect(phase(world, "b") == "1 1")
    let crashed = try run(planned(controller, two), [fault(.crashBefore, "cached-get", "b")]).world
    #expect(phase(crashed, "b") == "2 1")
  }

  @Test("A start that fails is begun anew by the next key")
  func failingStart() throws {
    let controller = try binder(
      """
      variables: {known: {initial: 0}}
      start:
      - list: {from: server, as: all}
      - set: {known: size(all)}
      steps:
      - get: {}
      - updateStatus: {set: {phase: string(known)}}
        when: "!has(object.status.phase)"
      """)
    let world = try run(
      planned(controller, [apply(binding("a"))]), [fault(.refused, "list", "a")]
    ).world
    #expect(phase(world) == "1")
  }

  @Test("Handlers change memory, queue other keys, and drop events")
  func handlers() throws {
    let controller = try model(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: m}
      spec:
        for:
          kind: DeviceBinding
          handlers:
            added:
            - set: {added: added + 1}
            - drop:
              when: object.metadata.name == 'dropped'
            deleted:
            - enqueue: {name: "'a'"}
            - set: {gone: object.metadata.name}
            - forget: [added]
        variables:
          added: {initial: 0}
          gone: {initial: none}
        steps:
        - get: {}
        - updateStatus: {set: {phase: "string(added) + ' ' + gone"}}
      """
    ).controller()
    let world = try beforeResync(
      planned(
        controller,
        [apply(binding("a")), apply(binding("dropped")), delete("dropped", .immediately)]))
    #expect(phase(world) == "0 dropped")
    #expect(phase(world, "dropped") == nil)
  }

  @Test("Predicates, selectors and conditions leave events out")
  func predicates() throws {
    func reconciles(_ rules: String) throws -> Int {
      let controller = try model(
        """
        apiVersion: drydock.dev/v1alpha1
        kind: ControllerModel
        metadata: {name: m}
        spec:
          for: {kind: DeviceBinding\(rules)}
          steps:
          - get: {}
        """
      ).controller()
      let world = try beforeResync(
        planned(
          controller,
          [
            apply(binding("a")),
            patch("a", ["metadata": ["labels": ["l": "1"]]], .after(.seconds(1))),
            patch("a", ["spec": ["count": 2]], .after(.seconds(2))),
          ]))
      return world.step
    }
    let all = try reconciles("")
    #expect(try reconciles(", predicates: [generationChanged]") == all - 2)
    #expect(try reconciles(", predicates: [labelsChanged]") == all - 2)
    #expect(try reconciles(", when: \"event == 'added'\"") == all - 4)
    #expect(try reconciles(", selector: l=1") == all - 2)
  }

  @Test(
    "Children are made with owner and name, seen by their owner's key, and deleted on conditions")
  func children() throws {
    let controller = try binder(
      """
      owns: [{kind: ConfigMap}]
      steps:
      - get: {}
      - list: {kind: ConfigMap, namespace: request.namespace, as: mine, where: "item.metadata.ownerReferences.exists(r, r.uid == object.metadata.uid)"}
      - if: size(mine) == 0
        then:
        - create: {kind: ConfigMap, generateName: "request.name + '-'", template: {metadata: {labels: {of: m}}, data: {k: v}}, set: {data.count: "string(object.spec.count)"}, as: made}
        - updateStatus: {set: {phase: made.metadata.name}}
        - done:
      - forEach: mine
        as: one
        do:
        - delete: {of: one, precondition: [uid, resourceVersion]}
          when: one.data.count != string(object.spec.count)
      """)
    let world = try run(
      planned(controller, [apply(binding("a")), patch("a", ["spec": ["count": 2]])])
    ).world
    let type = ResourceRegistry.builtIn("v1", "ConfigMap")
    let made = world.server.store.list(type)
    #expect(made.count == 1)
    #expect(made.first?.body["data"] == ["k": "v", "count": "2"])
    #expect(made.first?.labels.first?.value == "m")
    #expect(made.first?.ownerReferences.first?.controller == true)
    #expect(made.first?.name == phase(world))
  }

  @Test("An exit ends the process, and a terminal failure the key")
  func ends() throws {
    func run(_ kind: String) throws -> World {
      let controller = try binder(
        """
        steps:
        - get: {}
        - random: {below: 10, as: number}
        - fail: {message: "'no'", kind: \(kind)}
          when: "number >= 0"
        """)
      var plan = planned(controller, [apply(binding("a"))])
      plan.decisionsMax = 60
      return try Runner.run(plan, DefaultSource(), isTold: true).world
    }
    #expect(try run("exit").timeline?.entries.contains { $0.text.contains("CRASHES") } == true)
    #expect(try run("terminal").violations.isEmpty)
    #expect(try run("error").violations.first?.oracle == .neverSettled)
  }

  @Test("A step that is tried again gives up after five tries, however it reads before it writes")
  func triesEnd() throws {
    for from in ["object", "server"] {
      let controller = try binder(
        """
        variables: {count: {scope: object, initial: 1}}
        steps:
        - get: {}
        - update: {from: \(from), set: {spec.count: "count + object.spec.count"}}
          onError: {Conflict: retry}
          when: object.spec.count == 1
        """)
      var plan = planned(controller, [apply(binding("a"))])
      plan.decisionsMax = 400
      let conflicts = (1...5).map { fault(.conflict, "update", "a", occurrence: $0) }
      // Five conflicts end the reconcile; it fails, comes back, and the sixth try is carried out.
      let result = try Runner.run(
        plan, DefaultSource(FaultScript(conflicts)), isTold: true)
      #expect(result.missed == [])
      #expect(result.world.binding("a")?.count == 2)
      let failures = result.world.timeline?.entries.count { $0.text.contains("fails") }
      #expect(failures == 1, "\(from)")
    }
  }

  @Test("A loop that waits for nothing is an error, not a hang")
  func endlessLoop() throws {
    let controller = try binder(
      """
      steps:
      - get: {}
      - label: again
        set: {a: 1}
      - goto: again
      """)
    var plan = planned(controller, [apply(binding("a"))])
    plan.decisionsMax = 10
    let world = try Runner.run(plan, DefaultSource(), isTold: true).world
    #expect(
      world.timeline?.entries.contains { $0.text.contains("leads back for ever") } == true)
  }

  @Test("An expression reads what it names, and macros' own names are nobody's")
  func names() throws {
    // `of` and `g` are names of the model that nothing has set where macros have variables of that name.
    let controller = try binder(
      """
      steps:
      - get: {}
      - set: {parts: "{'a': 1}.transformMap(of, g, g + size(of)).map(g, g)"}
      - updateStatus: {set: {phase: "parts[0]"}}
      - set: {of: 1, g: 2}
      """)
    let world = try run(planned(controller, [apply(binding("a"))])).world
    #expect(phase(world) == "a")
  }
}

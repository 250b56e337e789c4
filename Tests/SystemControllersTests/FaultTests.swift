import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Exploration
import Foundation
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

/// Something for every controller to do, and what is to be left of it.
struct Busy {
  let plan: WorldPlan
  /// A hash of everything that is left when all went well.
  let end: UInt64

  init(workers: Int = 1, lag: GoDuration = .zero) throws {
    var plan = planned(ControlPlane.controllers.map { $0.make(workers) }, lag: lag)
    let definition = CustomResourceDefinition(shipDefinition())
    let ship = plan.registry.register(try definition.resource().definition)
    let set = Kinds.replicaSet
    plan.objects = [
      definition.object, object(Kinds.namespace, "team"),
      object(Kinds.deployment, "web"),
      dependent(set, "web-1", of: [owner(Kinds.deployment, "web", blocks: true)]),
      dependent(Kinds.pod, "a", of: [owner(set, "web-1", blocks: true)]),
      dependent(Kinds.pod, "b", of: [owner(set, "web-1", blocks: true)]),
      object(set, "left"),
      dependent(Kinds.pod, "orphan", of: [owner(set, "left")]),
      object(Kinds.configMap, "one"), object(Kinds.configMap, "two"),
      dependent(
        Kinds.secret, "kept", of: [owner(Kinds.configMap, "one"), owner(Kinds.configMap, "two")]),
      object(Kinds.configMap, "m", in: "team"),
      object(Kinds.secret, "s", in: "team", finalizers: ["example.com/hold"]),
      object(ship, "s", in: "team"), object(ship, "s"), object(ship, "held"),
      object(Kinds.claim, "data"), object(Kinds.claim, "used"),
      object(
        Kinds.pod, "user",
        [
          "spec": [
            "nodeName": "n",
            "volumes": [["name": "v", "persistentVolumeClaim": ["claimName": "used"]]],
          ]
        ]),
      object(Kinds.volume, "disk"),
    ]
    func delete(_ type: ResourceType, _ name: String, _ policy: PropagationPolicy? = nil)
      -> WorldPlan.Step
    {
      let space = type.definition.isNamespaced ? "default" : ""
      return WorldPlan.Step(
        .delete(
          type, ObjectKey(namespace: space, name: name), DeleteOptions(propagationPolicy: policy)))
    }
    plan.workload = [
      delete(Kinds.deployment, "web", .foreground), delete(set, "left", .orphan),
      delete(Kinds.configMap, "one"), delete(Kinds.namespace, "team"),
      delete(Kinds.claim, "data"), delete(Kinds.volume, "disk"),
      WorldPlan.Step(
        .patch(
          Kinds.secret, ObjectKey(namespace: "team", name: "s"),
          ["metadata": ["finalizers": .null]]), .after(.seconds(20))),
      delete(CustomResourceDefinition.type, "ships.sea.example.com"),
    ]
    self.plan = plan
    var world = try World(plan)
    world.settle()
    #expect(world.violations.isEmpty, "\(world.violations)")
    end = world.server.store.contentHash
    let left = [Kinds.pod, Kinds.secret, Kinds.claim, Kinds.configMap, set, Kinds.volume]
      .flatMap { type in world.server.store.list(type).map { "\(type.kind) \($0.name)" } }
    #expect(
      left == [
        "Pod orphan", "Pod user", "Secret kept", "PersistentVolumeClaim used", "ConfigMap two",
      ])
    #expect(world.server.store.object(ship, ObjectKey(namespace: "default", name: "s")) == nil)
  }
}

@Suite("System controllers: nothing is lost, whatever legal fault happens")
struct FaultTests {
  @Test("Every single fault at every effect of the default schedule")
  func singleFaults() throws {
    let busy = try Busy()
    var tried: [String: Int] = [:]
    var world = try World(busy.plan)
    while let decision = world.defaultDecision {
      if case .proceed(let process, let controller, let worker, _) = decision {
        let turn = world.turn(process: process, controller: controller, worker: worker)
        for outcome in world.outcomes(process: process, controller: controller, worker: worker)
        where outcome != .normal {
          // Most looks at empty kinds are alike, and so is much else.
          let name = "\(turn?.operation ?? "") \(outcome)"
          if !isSoaking, tried[name, default: 0] > (turn?.operation == "deletecollection" ? 2 : 8) {
            continue
          }
          var fork = world
          fork.take(.proceed(process: process, controller: controller, worker: worker, outcome))
          while let next = fork.defaultDecision { fork.take(next) }
          #expect(fork.outcome == .held, "\(name) at step \(world.step): \(fork.violations)")
          #expect(
            fork.server.store.contentHash == busy.end, "\(name) at step \(world.step)")
          tried[name, default: 0] += 1
        }
      }
      world.take(decision)
    }
    for operation in ["delete", "patch", "update", "update-status", "update-finalize"] {
      #expect(tried["\(operation) crashAfter", default: 0] > 0, "\(operation)")
    }
    #expect(tried.values.reduce(0, +) > 100)
  }

  @Test("Random schedules with up to four faults, several workers and caches that are behind")
  func random() throws {
    let any = FaultBudget(
      outcomes: [.refused, .conflict, .lostReply, .crashBefore, .crashAfter], count: 4, odds: 40)
    var faults = 0
    for (workers, lag) in [(1, GoDuration.zero), (3, .zero), (2, .milliseconds(20))] {
      let busy = try Busy(workers: workers, lag: lag)
      for seed in 0..<UInt64(isSoaking ? 300 : 4) {
        // The seed of the world stays: what is left is compared by its UIDs.
        let result = try Runner.run(busy.plan, RandomSource(seed: seed, budget: any))
        faults += result.world.faultCount
        #expect(result.outcome == .held, "seed \(seed): \(result.violations)")
        #expect(result.world.server.store.contentHash == busy.end, "seed \(seed)")
      }
    }
    #expect(faults > 12)
  }

  @Test("The same seed makes the same run, twice, and repeated reconciles do the same again")
  func determinism() throws {
    var plan = try Busy(workers: 2).plan
    let budget = FaultBudget(outcomes: [.lostReply, .crashAfter], count: 3, odds: 40)
    var hashes: Set<UInt64> = []
    for seed in 0..<UInt64(3) {
      plan.checksRepetition = seed == 0
      let first = try Runner.run(plan, RandomSource(seed: seed, budget: budget))
      let second = try Runner.run(plan, RandomSource(seed: seed, budget: budget))
      #expect(first.world.traceHash == second.world.traceHash)
      #expect(first.world.stateHash == second.world.stateHash)
      #expect(first.outcome == .held, "\(first.violations)")
      hashes.insert(first.world.traceHash)
    }
    #expect(hashes.count == 3)
  }

  @Test("A fork at any step ends as the original does")
  func forks() throws {
    let plan = try Busy().plan
    let source = RandomSource(
      seed: 3, budget: FaultBudget(outcomes: [.crashAfter, .refused], count: 2, odds: 40))
    func end(_ world: World, _ source: RandomSource) throws -> [UInt64] {
      var world = world
      var source = source
      while let decision = try source.choose(in: world) { world.take(decision) }
      return [world.traceHash, world.stateHash]
    }
    var world = try World(plan)
    let whole = try end(world, source)
    var walk = source
    while true {
      // A look every few steps; the graph is persistent or the copy would see the original's.
      if world.step % (isSoaking ? 1 : 29) == 0 {
        let copy = try end(world, walk)
        #expect(copy == whole, "the copy at step \(world.step)")
      }
      guard let decision = try walk.choose(in: world) else { break }
      world.take(decision)
    }
    #expect([world.traceHash, world.stateHash] == whole)
  }

  @Test("A crash wipes what is remembered, and the next process finds everything again")
  func crashWhileWaiting() throws {
    var cluster = try Cluster()
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    try cluster.delete(set, .foreground)
    cluster.settle()
    // At rest, with an owner that waits: a new process must not think that nothing blocks it.
    try cluster.create(object(Kinds.configMap, "stir"))
    var world = cluster.world
    world.take(.crash(process: 0))
    while let decision = world.defaultDecision { world.take(decision) }
    #expect(world.server.store.object(set.type, set.key)?.finalizers == ["foregroundDeletion"])
    _ = world.takeViolations()
    _ = world.perform(.mergePatch(pod.type, pod.key, ["metadata": ["finalizers": .null]]))
    world.settle()
    #expect(world.server.store.object(set.type, set.key) == nil)
  }

  @Test("Caches that are filled one by one, in any order, never let an owner go too early")
  func coldStart() throws {
    for seed in 0..<UInt64(40) {
      let objects = [
        object(Kinds.replicaSet, "web"),
        dependent(
          Kinds.pod, "a", of: [owner(Kinds.replicaSet, "web", blocks: true)],
          finalizers: ["example.com/hold"]),
      ]
      let key = ObjectKey(namespace: "default", name: "web")
      let plan = planned(
        [GarbageCollector.controller(workers: 2)], objects: objects,
        [
          WorldPlan.Step(
            .delete(Kinds.replicaSet, key, DeleteOptions(propagationPolicy: .foreground)))
        ])
      var world = try World(plan)
      var source = RandomSource(seed: seed, budget: .none)
      while let decision = try source.choose(in: world) { world.take(decision) }
      #expect(world.server.store.object(Kinds.replicaSet, key) != nil, "seed \(seed)")
    }
  }
}

@Suite("System controllers: what they cost")
struct CostTests {
  /// The decisions that it takes to collect this many dependents.
  static func decisions(_ count: Int, _ policy: PropagationPolicy) throws -> Int {
    let set = Kinds.replicaSet
    var objects = [object(set, "web")]
    for index in 0..<count {
      objects.append(dependent(Kinds.pod, "p\(index)", of: [owner(set, "web", blocks: true)]))
    }
    var plan = planned([GarbageCollector.controller()], objects: objects, [])
    plan.decisionsMax = 10_000_000
    var world = try World(plan)
    world.settle()
    let before = world.step
    _ = world.perform(
      .delete(
        set, ObjectKey(namespace: "default", name: "web"),
        DeleteOptions(propagationPolicy: policy)))
    world.settle()
    #expect(world.server.store.count(Kinds.pod) == 0 && world.server.store.count(set) == 0)
    return world.step - before
  }

  @Test("Collecting ten times as many dependents takes ten times as many decisions")
  func linear() throws {
    for policy in [PropagationPolicy.background, .foreground] {
      let few = try Self.decisions(40, policy)
      let many = try Self.decisions(400, policy)
      #expect(many < few * 10 + 20, "\(policy): \(few), \(many)")
    }
  }

  @Test("A world without a collector makes no informers and no graph, and its traces are the same")
  func noCost() throws {
    var plan = planned([PlainController.controller], objects: [object(Kinds.configMap, "a")])
    plan.workload = [
      WorldPlan.Step(.apply(object(Kinds.secret, "s"))),
      WorldPlan.Step(.apply(object(Kinds.pod, "p"))),
    ]
    var world = try World(plan, isTold: true)
    world.settle()
    let lists = world.timeline?.entries.filter { $0.text.hasPrefix("lists ") }.map(\.text) ?? []
    #expect(lists == ["lists configmaps: 1"])
  }

  @Test("Kinds of which there is nothing cost nothing: informers come with their first object")
  func lazyInformers() throws {
    var world = try World(planned([GarbageCollector.controller()]), isTold: true)
    world.settle()
    let lists = world.timeline?.entries.filter { $0.text.hasPrefix("lists ") }.map(\.text) ?? []
    #expect(lists == ["lists namespaces: 4"])
    _ = world.perform(.create(object(Kinds.secret, "s")))
    world.settle()
    let sees = world.timeline?.entries.filter { $0.text.hasPrefix("sees ") }.map(\.text) ?? []
    #expect(sees == ["sees secret default/s added"])
  }
}

/// Looks at config maps and does nothing.
struct PlainController: Reconciler {
  static var controller: Controller {
    Controller("plain", watching: [.own(Kinds.configMap)], reconciler: PlainController())
  }

  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult { .done }
}

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

@Suite("Soak: collecting many", .enabled(if: isSoaking))
struct SoakTests {
  @Test("10,000 dependents take ten times the decisions of 1,000")
  func many() throws {
    for policy in [PropagationPolicy.background, .foreground] {
      let few = try CostTests.decisions(1_000, policy)
      let many = try CostTests.decisions(10_000, policy)
      #expect(many < few * 10 + 20, "\(policy): \(few), \(many)")
    }
  }
}

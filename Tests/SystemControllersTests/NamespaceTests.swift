import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

@Suite("1.8 Namespace lifecycle")
struct NamespaceTests {
  private var cluster: Cluster
  private let namespace: APIObject

  init() throws {
    cluster = try Cluster()
    namespace = try cluster.create(object(Kinds.namespace, "team"))
  }

  @Test("1.8 order: pods first, and nothing else until there are none")
  mutating func podsFirst() throws {
    let pod = try cluster.create(
      object(Kinds.pod, "p", in: "team", finalizers: ["example.com/hold"]))
    let map = try cluster.create(object(Kinds.configMap, "m", in: "team"))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(cluster.now(pod)?.isDeleting == true)
    #expect(cluster.now(map)?.isDeleting == false)
    #expect(
      account(condition(cluster.now(namespace), "NamespaceContentRemaining"))
        == "True SomeResourcesRemain: Some resources are remaining: pods. has 1 resource instances")
    try cluster.patch(pod, ["metadata": ["finalizers": .null]])
    cluster.settle()
    #expect(!cluster.has(map) && !cluster.has(namespace))
    let order = cluster.removals(Kinds.pod, Kinds.configMap, Kinds.namespace)
    #expect(order == ["Pod p", "ConfigMap m", "Namespace team"])
  }

  @Test("1.8 content: everything in the namespace goes, custom kinds too, and nothing beside it")
  mutating func everything() throws {
    try cluster.create(shipDefinition())
    let ship = try cluster.create(object(try cluster.ship(), "s", in: "team"))
    let other = try cluster.create(object(try cluster.ship(), "s"))
    let node = try cluster.create(object(Kinds.node, "team"))
    let event = try cluster.create(object(Kinds.event, "e", in: "team"))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(!cluster.has(ship) && !cluster.has(event) && !cluster.has(namespace))
    #expect(cluster.has(other) && cluster.has(node))
    #expect(cluster.stuck == [])
  }

  @Test("1.8 conditions: what is left and which finalizers hold it, in Kubernetes' words")
  mutating func conditions() throws {
    for name in ["a", "b"] {
      try cluster.create(object(Kinds.configMap, name, in: "team", finalizers: ["example.com/x"]))
    }
    let set = try cluster.create(
      object(Kinds.replicaSet, "r", in: "team", finalizers: ["example.com/y", "example.com/x"]))
    // Told in the order of the texts, in which kinds do not come.
    let secret = try cluster.create(
      object(Kinds.secret, "s", in: "team", finalizers: ["example.com/x"]))
    try cluster.delete(namespace)
    cluster.settle()
    let now = cluster.now(namespace)
    let told = [
      "NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure",
      "NamespaceDeletionContentFailure", "NamespaceContentRemaining",
      "NamespaceFinalizersRemaining",
    ].map { account(condition(now, $0)) }
    #expect(
      told == [
        "False ResourcesDiscovered: All resources successfully discovered",
        "False ParsedGroupVersions: All legacy kube types successfully parsed",
        "False ContentDeleted: All content successfully deleted, may be waiting on finalization",
        "True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource "
          + "instances, replicasets.apps has 1 resource instances, secrets. has 1 resource instances",
        "True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: "
          + "example.com/x in 4 resource instances, example.com/y in 1 resource instances",
      ])
    #expect(cluster.stuck.contains { $0.hasPrefix("Namespace team is being deleted") })
    for object in [set, secret]
      + cluster.world.server.store.list(Kinds.configMap, namespace: "team")
    {
      try cluster.patch(object, ["metadata": ["finalizers": .null]])
    }
    cluster.settle()
    #expect(!cluster.has(namespace))
    let last = cluster.writes(namespace).last { $0.kind == .modified }?.object
    #expect(
      account(condition(last, "NamespaceContentRemaining"))
        == "False ContentRemoved: All content successfully removed")
    #expect(
      account(condition(last, "NamespaceFinalizersRemaining"))
        == "False ContentHasNoFinalizers: All content-preserving finalizers finished")
  }

  @Test("1.8 conditions: a try that finds the same writes nothing, and the time stays")
  mutating func conditionsStay() throws {
    try cluster.create(object(Kinds.configMap, "a", in: "team", finalizers: ["example.com/x"]))
    try cluster.delete(namespace)
    cluster.settle()
    let writes = cluster.writes(namespace).count
    let time = condition(cluster.now(namespace), "NamespaceContentRemaining")?["lastTransitionTime"]
    // Something else wakes it, much later.
    try cluster.create(object(Kinds.configMap, "b"))
    try cluster.patch(namespace, ["metadata": ["labels": ["a": "b"]]])
    cluster.settle()
    #expect(cluster.writes(namespace).count == writes + 1)
    let now = condition(cluster.now(namespace), "NamespaceContentRemaining")?["lastTransitionTime"]
    #expect(now == time)
  }

  @Test("1.8 estimate: what only finalizers hold is looked at again after 15 s")
  mutating func estimate() throws {
    try cluster.create(object(Kinds.configMap, "a", in: "team", finalizers: ["example.com/x"]))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(cluster.told.contains("asks to come back in 15s"))
  }

  @Test("1.8 estimate: pods have the time of their grace")
  mutating func estimateOfPods() throws {
    let pod = try cluster.create(
      object(
        Kinds.pod, "p", in: "team",
        ["spec": ["nodeName": "n", "terminationGracePeriodSeconds": 45]]))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(cluster.told.contains("asks to come back in 45s"))
    // The node says that it is done.
    try cluster.send(.delete(pod.type, pod.key, DeleteOptions(gracePeriodSeconds: 0)))
    cluster.settle()
    #expect(!cluster.has(namespace))
  }

  /// Writes the namespace with these changes through the endpoint that takes an update and nothing else.
  private mutating func finalize(_ changes: Value) throws {
    let current = try #require(cluster.now(namespace))
    try cluster.send(
      .update(current.with(body: current.body.merging(changes)), subresource: .finalize))
  }

  @Test(
    "1.8 estimate: a pod that has finished meanwhile needs no time, and only finalizers hold it")
  mutating func estimateOfFinishedPods() throws {
    let pod = try cluster.create(
      object(
        Kinds.pod, "p", in: "team", finalizers: ["example.com/x"],
        ["spec": ["nodeName": "n", "terminationGracePeriodSeconds": 45]]))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(!cluster.told.contains("asks to come back in 15s"))
    try cluster.patch(pod, ["status": ["phase": "Succeeded"]], subresource: .status)
    cluster.settle()
    #expect(cluster.told.contains("asks to come back in 15s"))
  }

  @Test("1.8 content: where a kind's collections cannot be deleted, its objects are, one by one")
  func oneByOne() throws {
    var plan = planned()
    var definition = Kinds.configMap.definition
    definition.verbs.removeAll { $0 == "deletecollection" }
    let type = plan.registry.register(definition)
    var cluster = try Cluster(plan)
    let namespace = try cluster.create(object(Kinds.namespace, "team"))
    let maps = try ["a", "b"].map { try cluster.create(object(type, $0, in: "team")) }
    try cluster.delete(namespace)
    cluster.settle()
    #expect(!cluster.has(maps[0]) && !cluster.has(maps[1]) && !cluster.has(namespace))
    #expect(cluster.told.filter { $0.hasPrefix("delete configmaps team/") }.count == 2)
  }

  @Test("1.8 finalize: other finalizers of the spec stay, and hold the namespace")
  mutating func otherFinalizers() throws {
    let spec: Value = ["spec": ["finalizers": ["example.com/z", "kubernetes"]]]
    try finalize(spec)
    try cluster.delete(namespace)
    cluster.settle()
    let path = FieldPath(Fields.spec, Fields.finalizers)
    #expect(cluster.now(namespace)?.body[path] == ["example.com/z"])
    try finalize(["spec": ["finalizers": .null]])
    cluster.settle()
    #expect(!cluster.has(namespace))
  }

  @Test("1.8 discovery: as long as it fails, nothing is deleted, and the condition says so")
  mutating func discoveryFails() throws {
    let map = try cluster.create(object(Kinds.configMap, "m", in: "team"))
    try cluster.delete(namespace)
    var world = cluster.world
    var refused = false
    while let decision = world.defaultDecision, !refused {
      if case .proceed(let p, let c, let w, _) = decision,
        world.turn(process: p, controller: c, worker: w)?.operation == "discover"
      {
        world.take(.proceed(process: p, controller: c, worker: w, .refused))
        refused = true
      } else {
        world.take(decision)
      }
    }
    // Up to the word about it; the write itself brings the next try.
    let told =
      "True DiscoveryFailed: Discovery failed for some groups, 1 failing: "
      + "the server is currently unable to handle the request"
    until(told, "NamespaceDeletionDiscoveryFailure", &world)
    #expect(refused && world.server.store.object(map.type, map.key) != nil)
    world.settle()
    #expect(world.server.store.object(namespace.type, namespace.key) == nil)
  }

  @Test("1.8 failures: a kind that cannot be deleted is told, and does not keep the others")
  mutating func contentFails() throws {
    let map = try cluster.create(object(Kinds.configMap, "m", in: "team"))
    let secret = try cluster.create(object(Kinds.secret, "s", in: "team"))
    try cluster.delete(namespace)
    var world = cluster.world
    while let decision = world.defaultDecision {
      // The first turn that would delete the config map.
      if case .proceed(let p, let c, let w, _) = decision,
        let turn = world.turn(process: p, controller: c, worker: w),
        turn.operation == "deletecollection"
      {
        var fork = world
        fork.take(decision)
        if fork.server.store.object(map.type, map.key) == nil {
          world.take(.proceed(process: p, controller: c, worker: w, .refused))
          break
        }
      }
      world.take(decision)
    }
    let told =
      "True ContentDeletionFailed: Failed to delete all resource types, 1 remaining: "
      + "the server is currently unable to handle the request"
    until(told, "NamespaceDeletionContentFailure", &world)
    #expect(world.server.store.object(map.type, map.key) != nil)
    #expect(world.server.store.object(secret.type, secret.key) == nil)
    world.settle()
    // With the delay of failures, and not at once.
    let accounts = world.timeline?.entries.map(\.text) ?? []
    #expect(accounts.contains { $0.hasPrefix("fails: the server is currently unable") })
    #expect(world.server.store.object(namespace.type, namespace.key) == nil)
  }

  /// Goes on until the namespace has the condition.
  private func until(_ told: String, _ type: String, _ world: inout World) {
    func now() -> String {
      account(condition(world.server.store.object(namespace.type, namespace.key), type))
    }
    while now() != told, let decision = world.defaultDecision { world.take(decision) }
    #expect(now() == told)
  }

  @Test("Switched off: a namespace stays Terminating, and nobody calls that stuck")
  func switchedOff() throws {
    var cluster = try Cluster(planned([GarbageCollector.controller()]))
    let namespace = try cluster.create(object(Kinds.namespace, "team"))
    try cluster.delete(namespace)
    cluster.settle()
    #expect(cluster.now(namespace)?.body[FieldPath(Fields.status, "phase")] == "Terminating")
    #expect(cluster.stuck == [])
  }
}

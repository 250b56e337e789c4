import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

@Suite("1.10 Garbage collector")
struct CollectorTests {
  private var cluster: Cluster
  init() throws { cluster = try Cluster() }

  // MARK: Dangling

  @Test("1.10 dangling: dependents of an owner that is deleted are deleted, down to the last")
  mutating func background() throws {
    let deployment = try cluster.create(object(Kinds.deployment, "web"))
    let set = try cluster.create(
      object(Kinds.replicaSet, "web-1", owners: [reference(deployment)]))
    let pod = try cluster.create(object(Kinds.pod, "web-1-a", owners: [reference(set)]))
    let other = try cluster.create(object(Kinds.pod, "other"))
    cluster.settle()
    #expect(cluster.has(set) && cluster.has(pod))
    try cluster.delete(deployment, .background)
    cluster.settle()
    #expect(
      cluster.removals(Kinds.deployment, Kinds.replicaSet, Kinds.pod)
        == ["Deployment web", "ReplicaSet web-1", "Pod web-1-a"])
    #expect(cluster.has(other))
  }

  @Test("1.10 dangling: another object of the owner's name is not the owner")
  mutating func otherIdentity() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    try cluster.delete(owner)
    let successor = try cluster.create(object(Kinds.configMap, "owner"))
    let late = try cluster.create(object(Kinds.secret, "late", owners: [reference(owner)]))
    let kept = try cluster.create(object(Kinds.secret, "kept", owners: [reference(successor)]))
    cluster.settle()
    #expect(!cluster.has(late) && cluster.has(kept))
  }

  @Test("1.10 dangling: a UID that no server prints is nobody's, and neither is one in upper case")
  mutating func foreignUID() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    for (name, uid) in [("a", "no-uuid"), ("b", owner.uid.description.uppercased())] {
      var wrong = reference(owner)
      wrong.uid = uid
      let made = try cluster.create(object(Kinds.secret, name, owners: [wrong]))
      cluster.settle()
      #expect(!cluster.has(made), "\(uid)")
    }
    #expect(cluster.has(owner))
  }

  @Test("1.10 dangling: a cluster-scoped object whose owner is in a namespace is never collected")
  mutating func clusterScopedDependent() throws {
    let map = try cluster.create(object(Kinds.configMap, "owner"))
    let node = try cluster.create(object(Kinds.node, "n", owners: [reference(map)]))
    cluster.settle()
    try cluster.delete(map)
    cluster.settle()
    #expect(cluster.has(node))
  }

  @Test("1.10 dangling: a cluster-scoped owner owns objects in every namespace")
  mutating func clusterScopedOwner() throws {
    let node = try cluster.create(object(Kinds.node, "n"))
    let here = try cluster.create(object(Kinds.secret, "s", owners: [reference(node)]))
    let there = try cluster.create(
      object(Kinds.secret, "s", in: "kube-system", owners: [reference(node)]))
    cluster.settle()
    #expect(cluster.has(here) && cluster.has(there))
    try cluster.delete(node)
    cluster.settle()
    #expect(!cluster.has(here) && !cluster.has(there))
  }

  @Test("1.10 dangling: a reference to a kind that is not served waits, and the world rests")
  mutating func unknownKind() throws {
    let unknown = OwnerReference(
      apiVersion: "sea.example.com/v1", kind: "Ship", name: "x",
      uid: "00000000-0000-4000-8000-000000000001")
    let made = try cluster.create(object(Kinds.secret, "s", owners: [unknown]))
    cluster.settle()
    #expect(cluster.has(made))
    #expect(cluster.stuck == [])
    // Once the kind is there, the owner is seen not to be.
    try cluster.create(shipDefinition())
    cluster.settle()
    #expect(!cluster.has(made))
  }

  @Test("1.10 virtual owners: one that goes before any cache has had it is missed all the same")
  mutating func virtualOwnerGone() throws {
    cluster = try Cluster(planned(lag: .seconds(1)))
    try cluster.create(object(Kinds.secret, "first"))
    let owner = try cluster.create(object(Kinds.deployment, "owner"))
    let made = try cluster.create(object(Kinds.secret, "s", owners: [reference(owner)]))
    var world = cluster.world
    func tells(_ world: World, _ text: String) -> Bool {
      world.timeline?.entries.contains { $0.text.hasPrefix(text) } ?? false
    }
    // Whatever can be done but to let the cache see the owner.
    var decisions: [Decision] = []
    while !tells(world, "get deployments default/owner: revision") {
      world.enabledDecisions(into: &decisions)
      let next = decisions.first { decision in
        var fork = world
        fork.take(decision)
        return !tells(fork, "sees deployment")
      }
      world.take(try #require(next))
    }
    _ = world.perform(.delete(owner.type, owner.key))
    world.forgetHistory()
    world.settle()
    #expect(world.server.store.object(made.type, made.key) == nil)
  }

  // MARK: Cross-namespace owners

  @Test("1.10 cross-namespace: an owner in another namespace is none, and a warning says so")
  mutating func crossNamespace() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner", in: "kube-system"))
    let kept = try cluster.create(
      object(Kinds.secret, "kept", in: "kube-system", owners: [reference(owner)]))
    let lost = try cluster.create(object(Kinds.secret, "lost", owners: [reference(owner)]))
    let next = try cluster.create(object(Kinds.secret, "next", owners: [reference(owner)]))
    cluster.settle()
    #expect(!cluster.has(lost) && !cluster.has(next) && cluster.has(kept))
    let sentence =
      "says: OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: \(owner.uid)] "
      + "does not exist in namespace \"default\""
    #expect(cluster.told.filter { $0 == sentence }.count == 2)
  }

  @Test("1.10 absent owners: what is absent in one namespace is not thought absent in another")
  mutating func absentMemoryKnowsNamespaces() throws {
    // The wrong one first: what it teaches must not concern the right one.
    let owner = try cluster.create(object(Kinds.configMap, "owner", in: "kube-system"))
    let wrong = try cluster.create(object(Kinds.secret, "a", owners: [reference(owner)]))
    cluster.settle()
    #expect(!cluster.has(wrong))
    // It has lost another owner, so it is judged with all that is remembered.
    let gone = OwnerReference(
      apiVersion: "v1", kind: "ConfigMap", name: "gone",
      uid: "00000000-0000-4000-8000-000000000001")
    let right = try cluster.create(
      object(Kinds.secret, "b", in: "kube-system", owners: [reference(owner), gone]))
    cluster.settle()
    #expect(cluster.now(right)?.ownerReferences.map(\.name) == ["owner"])
  }

  @Test("1.10 absent owners: the server is asked for an absent owner once, whoever names it")
  mutating func absentMemory() throws {
    let gone = OwnerReference(
      apiVersion: "v1", kind: "ConfigMap", name: "gone",
      uid: "00000000-0000-4000-8000-000000000001")
    for index in 0..<5 {
      try cluster.create(object(Kinds.secret, "s\(index)", owners: [gone]))
    }
    cluster.settle()
    #expect(cluster.world.server.store.count(Kinds.secret) == 0)
    #expect(cluster.told.filter { $0 == "get configmaps default/gone: NotFound" }.count == 1)
  }

  @Test("1.10 absent owners: one that is in no namespace is asked for once for all of them")
  mutating func absentEverywhere() throws {
    let gone = OwnerReference(
      apiVersion: "v1", kind: "Node", name: "gone", uid: "00000000-0000-4000-8000-000000000001")
    try cluster.create(object(Kinds.namespace, "team"))
    for space in ["default", "team"] {
      try cluster.create(object(Kinds.secret, "s", in: space, owners: [gone]))
    }
    cluster.settle()
    #expect(cluster.world.server.store.count(Kinds.secret) == 0)
    #expect(cluster.told.filter { $0 == "get nodes gone: NotFound" }.count == 1)
  }

  // MARK: Virtual owners

  @Test("1.10 virtual owners: one that no cache has yet is confirmed by the server")
  mutating func virtualOwner() throws {
    cluster = try Cluster(planned(lag: .seconds(1)))
    try cluster.create(object(Kinds.secret, "first"))
    let owner = try cluster.create(object(Kinds.deployment, "owner"))
    // Made in the same moment, and seen at different ones: secrets come before deployments.
    let made = try cluster.create(object(Kinds.secret, "s", owners: [reference(owner)]))
    cluster.settle()
    #expect(cluster.has(made))
    #expect(cluster.told.contains { $0.hasPrefix("get deployments default/owner: revision") })
    try cluster.delete(owner)
    cluster.settle()
    #expect(!cluster.has(made))
  }

  // MARK: Steps

  @Test("1.10 step 1: what is being deleted already, and not in the foreground, is left alone")
  mutating func step1() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    let made = try cluster.create(
      object(Kinds.secret, "s", owners: [reference(owner)], finalizers: ["example.com/hold"]))
    try cluster.delete(made)
    try cluster.delete(owner)
    cluster.settle()
    let writes = cluster.writes(made)
    #expect(writes.map(\.kind) == [.added, .modified])
    #expect(!cluster.told.contains { $0.hasPrefix("delete secrets default/s") })
  }

  @Test("1.10 step 2: a foreground deletion waits for its dependents")
  mutating func step2() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    cluster.settle()
    try cluster.delete(set, .foreground)
    cluster.settle()
    #expect(cluster.now(set)?.finalizers == ["foregroundDeletion"])
    #expect(cluster.now(pod)?.isDeleting == true)
    try cluster.patch(pod, ["metadata": ["finalizers": .null]])
    cluster.settle()
    #expect(cluster.removals(Kinds.replicaSet, Kinds.pod) == ["Pod a", "ReplicaSet web"])
  }

  @Test("1.10 step 3: an owner that is there keeps the object; lost ones are taken off it")
  mutating func step3Dangling() throws {
    let stays = try cluster.create(object(Kinds.configMap, "stays"))
    let goes = try cluster.create(object(Kinds.configMap, "goes"))
    let made = try cluster.create(
      object(Kinds.secret, "s", owners: [reference(goes), reference(stays)]))
    cluster.settle()
    #expect(cluster.now(made)?.ownerReferences.map(\.name) == ["goes", "stays"])
    try cluster.delete(goes)
    cluster.settle()
    #expect(cluster.now(made)?.ownerReferences.map(\.name) == ["stays"])
    try cluster.delete(stays)
    cluster.settle()
    #expect(!cluster.has(made))
  }

  @Test("1.10 step 3: an owner that waits is let go when another one stays")
  mutating func step3Waiting() throws {
    let stays = try cluster.create(object(Kinds.configMap, "stays"))
    let waits = try cluster.create(object(Kinds.configMap, "waits"))
    let made = try cluster.create(
      object(Kinds.secret, "s", owners: [reference(waits, blocks: true), reference(stays)]))
    try cluster.delete(waits, .foreground)
    cluster.settle()
    #expect(!cluster.has(waits))
    #expect(cluster.now(made)?.ownerReferences.map(\.name) == ["stays"])
  }

  @Test("1.10 step 4: below an owner that waits, an object with dependents waits for them too")
  mutating func step4() throws {
    let deployment = try cluster.create(object(Kinds.deployment, "web"))
    let set = try cluster.create(
      object(Kinds.replicaSet, "web-1", owners: [reference(deployment, blocks: true)]))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    cluster.settle()
    try cluster.delete(deployment, .foreground)
    cluster.settle()
    #expect(cluster.now(set)?.finalizers == ["foregroundDeletion"])
    try cluster.patch(pod, ["metadata": ["finalizers": .null]])
    cluster.settle()
    #expect(
      cluster.removals(Kinds.deployment, Kinds.replicaSet, Kinds.pod)
        == ["Pod a", "ReplicaSet web-1", "Deployment web"])
  }

  @Test("1.10 step 4: a circle in the foreground unblocks itself and goes")
  mutating func step4Circle() throws {
    let (a, b) = try circle()
    try cluster.delete(a, .foreground)
    cluster.settle()
    #expect(!cluster.has(a) && !cluster.has(b))
    let unblocked = cluster.writes(b).contains { event in
      event.object.ownerReferences.contains {
        $0.uid == a.uid.description && !$0.blockOwnerDeletion
      }
    }
    #expect(unblocked)
    #expect(cluster.stuck == [])
  }

  @Test("1.10 step 5: the object's own finalizers say how it is deleted")
  mutating func step5() throws {
    for (finalizer, policy) in [
      (nil, "Background"), ("orphan", "Orphan"), ("foregroundDeletion", "Foreground"),
    ] as [(String?, String)] {
      var cluster = try Cluster()
      let owner = try cluster.create(object(Kinds.configMap, "owner"))
      let made = try cluster.create(
        object(
          Kinds.replicaSet, "s", owners: [reference(owner)],
          finalizers: finalizer.map { [$0] } ?? []))
      let below = try cluster.create(
        object(Kinds.pod, "p", owners: [reference(made, blocks: true)]))
      cluster.settle()
      try cluster.delete(owner)
      cluster.settle()
      #expect(!cluster.has(made))
      #expect(cluster.has(below) == (policy == "Orphan"), "\(policy)")
      let order = cluster.removals(Kinds.replicaSet, Kinds.pod)
      let expected = [
        "Background": ["ReplicaSet s", "Pod p"], "Orphan": ["ReplicaSet s"],
        "Foreground": ["Pod p", "ReplicaSet s"],
      ]
      #expect(order == expected[policy], "\(policy)")
    }
  }

  // MARK: Preconditions

  @Test(
    "1.10 preconditions: a reference that changes after the judgement wins, and nothing is lost")
  mutating func revisionPrecondition() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    let rescuer = try cluster.create(object(Kinds.configMap, "rescuer"))
    let made = try cluster.create(object(Kinds.secret, "s", owners: [reference(owner)]))
    cluster.settle()
    try cluster.delete(owner)
    // Until the collector is about to delete.
    var world = cluster.world
    var isAbout = false
    while let decision = world.defaultDecision, !isAbout {
      world.take(decision)
      if case .proceed(let p, let c, let w, _)? = world.defaultDecision {
        isAbout = world.turn(process: p, controller: c, worker: w)?.operation == "delete"
      }
    }
    #expect(isAbout)
    let saved = Value([reference(owner).value, reference(rescuer).value])
    _ = world.perform(
      .mergePatch(made.type, made.key, ["metadata": ["ownerReferences": saved]]))
    world.settle()
    let left = world.server.store.object(made.type, made.key)
    #expect(left?.ownerReferences.map(\.name) == ["rescuer"])
  }

  @Test("1.10 preconditions: an object that was made again by the same name is another one")
  mutating func identityPrecondition() throws {
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    let made = try cluster.create(object(Kinds.secret, "s", owners: [reference(owner)]))
    cluster.settle()
    try cluster.delete(owner)
    try cluster.delete(made)
    let again = try cluster.create(object(Kinds.secret, "s"))
    cluster.settle()
    #expect(cluster.has(again))
  }

  // MARK: Foreground

  @Test("1.10 foreground: only dependents that block are waited for")
  mutating func onlyBlocking() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(Kinds.pod, "a", owners: [reference(set)], finalizers: ["example.com/hold"]))
    cluster.settle()
    try cluster.delete(set, .foreground)
    cluster.settle()
    #expect(!cluster.has(set))
    #expect(cluster.now(pod)?.isDeleting == true)
  }

  @Test("1.10 foreground: a dependent that stops blocking lets its owner go")
  mutating func stopsBlocking() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    try cluster.delete(set, .foreground)
    cluster.settle()
    #expect(cluster.has(set))
    let loose = Value([reference(set).value])
    try cluster.patch(pod, ["metadata": ["ownerReferences": loose]])
    cluster.settle()
    #expect(!cluster.has(set))
  }

  @Test("1.10 foreground: a dependent that comes while its owner waits is deleted, too")
  mutating func lateDependent() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    try cluster.delete(set, .foreground)
    cluster.settle()
    let late = try cluster.create(object(Kinds.pod, "b", owners: [reference(set, blocks: true)]))
    cluster.settle()
    #expect(!cluster.has(late) && cluster.has(pod) && cluster.has(set))
  }

  @Test("1.10 foreground: blockOwnerDeletion has no effect in the background")
  mutating func blockingInBackground() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pod = try cluster.create(
      object(
        Kinds.pod, "a", owners: [reference(set, blocks: true)], finalizers: ["example.com/hold"]))
    cluster.settle()
    try cluster.delete(set, .background)
    #expect(!cluster.has(set) && cluster.has(pod))
  }

  @Test("1.10 foreground: a controller that writes foregroundDeletion back is outrun, not obeyed")
  mutating func keptFinalizer() throws {
    let set = try cluster.create(object(Kinds.replicaSet, "web", finalizers: ["example.com/hold"]))
    try cluster.delete(set, .foreground)
    cluster.settle()
    // Nothing depends on it, so the collector's finalizer is off while the other one stays …
    #expect(cluster.now(set)?.finalizers == ["example.com/hold"])
    // … and nobody can put it back.
    #expect(throws: StatusError.self) {
      try cluster.patch(
        set, ["metadata": ["finalizers": ["example.com/hold", "foregroundDeletion"]]])
    }
  }

  // MARK: Orphans and circles

  @Test("1.10 orphan: dependents lose the reference and stay, then the owner goes")
  mutating func orphan() throws {
    let other = try cluster.create(object(Kinds.configMap, "other"))
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pods = try (0..<3).map { index in
      try cluster.create(
        object(
          Kinds.pod, "p\(index)",
          owners: index == 2
            ? [reference(other), reference(set, blocks: true)] : [reference(set, blocks: true)]))
    }
    cluster.settle()
    try cluster.delete(set, .orphan)
    #expect(cluster.has(set))
    cluster.settle()
    #expect(!cluster.has(set))
    #expect(pods.allSatisfy(cluster.has))
    #expect(pods.map { cluster.now($0)?.ownerReferences.map(\.name) } == [[], [], ["other"]])
  }

  @Test("1.10 cycles: two objects that own each other are never collected")
  mutating func circleStays() throws {
    let (a, b) = try circle()
    cluster.settle()
    #expect(cluster.has(a) && cluster.has(b))
    #expect(cluster.stuck == [])
  }

  private mutating func circle() throws -> (APIObject, APIObject) {
    let a = try cluster.create(object(Kinds.configMap, "a"))
    let b = try cluster.create(object(Kinds.configMap, "b", owners: [reference(a, blocks: true)]))
    let back = Value([reference(b, blocks: true).value])
    try cluster.patch(a, ["metadata": ["ownerReferences": back]])
    cluster.settle()
    return (a, b)
  }

  // MARK: Kinds

  @Test("A kind that is defined later is looked after from its first object on")
  mutating func laterKinds() throws {
    try cluster.create(shipDefinition())
    let ship = try cluster.create(object(try cluster.ship(), "s"))
    let cargo = try cluster.create(object(Kinds.secret, "cargo", owners: [reference(ship)]))
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    let boat = try cluster.create(object(try cluster.ship(), "boat", owners: [reference(owner)]))
    cluster.settle()
    #expect(cluster.has(cargo) && cluster.has(boat))
    try cluster.delete(ship)
    try cluster.delete(owner)
    cluster.settle()
    #expect(!cluster.has(cargo) && !cluster.has(boat))
  }

  @Test("Events are left alone, and a process without a collector has no use for any of this")
  mutating func exemptKinds() throws {
    let gone = OwnerReference(
      apiVersion: "v1", kind: "ConfigMap", name: "gone",
      uid: "00000000-0000-4000-8000-000000000001")
    let event = try cluster.create(object(Kinds.event, "e", owners: [gone]))
    cluster.settle()
    #expect(cluster.has(event))
    #expect(!cluster.told.contains { $0.contains("event default/e") })
  }

  @Test("Switched off: nothing is collected, and the server adds none of its finalizers")
  func switchedOff() throws {
    let others = ControlPlane.controllers.filter { $0.name != ControlPlane.garbageCollector }
    var cluster = try Cluster(planned(others.map { $0.make(1) }))
    let owner = try cluster.create(object(Kinds.configMap, "owner"))
    let made = try cluster.create(object(Kinds.secret, "s", owners: [reference(owner)]))
    try cluster.delete(owner, .foreground)
    cluster.settle()
    #expect(!cluster.has(owner) && cluster.has(made))
  }
}

import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

@Suite("1.11 Storage protection")
struct StorageTests {
  private var cluster: Cluster
  init() throws { cluster = try Cluster() }

  /// A pod that uses the claim `data`.
  private func pod(_ name: String, node: String = "n", ephemeral: Bool = false) -> APIObject {
    let volume: Value =
      ephemeral
      ? ["name": "scratch", "ephemeral": .emptyMap]
      : ["name": "v", "persistentVolumeClaim": ["claimName": "data"]]
    return object(
      Kinds.pod, name,
      ["spec": ["nodeName": Value(node), "volumes": [volume], "terminationGracePeriodSeconds": 30]])
  }

  @Test("1.11 pvc-protection: the finalizer is there from the start, by admission")
  mutating func admission() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    #expect(claim.finalizers == ["kubernetes.io/pvc-protection"])
    let volume = try cluster.create(object(Kinds.volume, "disk"))
    #expect(volume.finalizers == ["kubernetes.io/pv-protection"])
  }

  @Test("1.11 pvc-protection: a claim that no pod uses goes at once")
  mutating func unused() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    try cluster.delete(claim)
    cluster.settle()
    #expect(!cluster.has(claim))
  }

  @Test("1.11 pvc-protection: a claim waits for the pod that uses it")
  mutating func used() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    let user = try cluster.create(pod("p"))
    try cluster.delete(claim)
    cluster.settle()
    #expect(cluster.has(claim))
    // Being deleted, it runs until its node says that it does not.
    try cluster.delete(user)
    cluster.settle()
    #expect(cluster.has(claim))
    try cluster.send(.delete(user.type, user.key, DeleteOptions(gracePeriodSeconds: 0)))
    cluster.settle()
    #expect(!cluster.has(user) && !cluster.has(claim))
  }

  @Test("1.11 pvc-protection: a pod that uses another claim does not count")
  mutating func otherClaim() throws {
    let claim = try cluster.create(object(Kinds.claim, "other"))
    try cluster.create(pod("p"))
    try cluster.delete(claim)
    cluster.settle()
    #expect(!cluster.has(claim))
  }

  @Test("1.11 pvc-protection: a pod that no node has does not count")
  mutating func unscheduled() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    try cluster.create(pod("p", node: ""))
    try cluster.delete(claim)
    cluster.settle()
    #expect(!cluster.has(claim))
  }

  @Test("1.11 pvc-protection: a pod that is down, with no grace left, does not count")
  mutating func shutDown() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    let user = try cluster.create(pod("p"))
    try cluster.patch(user, ["metadata": ["finalizers": ["example.com/hold"]]])
    try cluster.delete(claim)
    cluster.settle()
    try cluster.send(.delete(user.type, user.key, DeleteOptions(gracePeriodSeconds: 0)))
    cluster.settle()
    #expect(cluster.has(user) && !cluster.has(claim))
  }

  @Test("1.11 pvc-protection: the claim of an ephemeral volume is called after pod and volume")
  mutating func ephemeral() throws {
    let claim = try cluster.create(object(Kinds.claim, "p-scratch"))
    let user = try cluster.create(pod("p", ephemeral: true))
    try cluster.delete(claim)
    cluster.settle()
    #expect(cluster.has(claim) && cluster.has(user))
  }

  @Test("1.11 pvc-protection: a pod in another namespace uses another claim")
  mutating func otherNamespace() throws {
    let claim = try cluster.create(object(Kinds.claim, "data", in: "kube-system"))
    try cluster.create(pod("p"))
    try cluster.delete(claim)
    cluster.settle()
    #expect(!cluster.has(claim))
  }

  @Test("1.11 pvc-protection: a cache that has not seen the pod yet frees nothing")
  func staleCache() throws {
    var cluster = try Cluster(planned(lag: .seconds(1)))
    let claim = try cluster.create(object(Kinds.claim, "data"))
    cluster.settle()
    try cluster.delete(claim)
    // The claim's deletion is seen first; the pod comes just before that, and is not seen yet.
    var world = cluster.world
    while let decision = world.defaultDecision {
      if case .proceed(let p, let c, let w, _) = decision,
        world.turn(process: p, controller: c, worker: w)?.operation == "cached-list"
      {
        break
      }
      world.take(decision)
    }
    _ = world.perform(.create(pod("p")))
    world.settle()
    #expect(world.server.store.object(claim.type, claim.key) != nil)
  }

  @Test("1.11 pv-protection: a volume goes when it is bound no longer")
  mutating func volume() throws {
    let volume = try cluster.create(object(Kinds.volume, "disk"))
    try cluster.patch(volume, ["status": ["phase": "Bound"]], subresource: .status)
    try cluster.delete(volume)
    cluster.settle()
    #expect(cluster.has(volume))
    try cluster.patch(volume, ["status": ["phase": "Released"]], subresource: .status)
    cluster.settle()
    #expect(!cluster.has(volume))
  }

  @Test("1.11: one that has lost its finalizer gets it back while it is there to stay")
  mutating func putsBack() throws {
    let claim = try cluster.create(object(Kinds.claim, "data"))
    let volume = try cluster.create(object(Kinds.volume, "disk"))
    for object in [claim, volume] {
      try cluster.patch(object, ["metadata": ["finalizers": ["example.com/other"]]])
    }
    cluster.settle()
    #expect(
      cluster.now(claim)?.finalizers == ["example.com/other", "kubernetes.io/pvc-protection"])
    #expect(
      cluster.now(volume)?.finalizers == ["example.com/other", "kubernetes.io/pv-protection"])
  }

  @Test("Switched off: neither finalizer is added, and claims go at once")
  func switchedOff() throws {
    var cluster = try Cluster(planned([GarbageCollector.controller()]))
    let claim = try cluster.create(object(Kinds.claim, "data"))
    #expect(claim.finalizers == [])
    try cluster.delete(claim)
    #expect(!cluster.has(claim))
  }
}

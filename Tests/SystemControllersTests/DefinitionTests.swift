import APIMachinery
import APIServer
import APIStore
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

@Suite("1.9 Definitions with instances")
struct DefinitionTests {
  private var cluster: Cluster
  private let definition: APIObject

  init() throws {
    cluster = try Cluster()
    definition = try cluster.create(shipDefinition())
  }

  /// The reasons of the condition `Terminating`, one after the other.
  private func reasons() -> [String] {
    var reasons: [String] = []
    for event in cluster.writes(definition) where event.kind == .modified {
      let told = account(condition(event.object, "Terminating"))
      if reasons.last != told { reasons.append(told) }
    }
    return reasons
  }

  @Test("1.9: objects of all namespaces go, then the definition, and the kind is served no longer")
  mutating func goes() throws {
    let ship = try cluster.ship()
    try cluster.create(object(Kinds.namespace, "team"))
    for (name, space) in [("a", "default"), ("b", "default"), ("a", "team")] {
      try cluster.create(object(ship, name, in: space))
    }
    try cluster.delete(definition)
    cluster.settle()
    #expect(
      cluster.removals(ship, definition.type).last
        == "CustomResourceDefinition ships.sea.example.com")
    #expect(cluster.world.server.store.count(ship) == 0)
    #expect(cluster.world.server.registry.type(named: "ships") == nil)
    #expect(cluster.stuck == [])
    // Once in each namespace that has any.
    #expect(cluster.told.filter { $0.hasPrefix("deletecollection ships") }.count == 2)
  }

  @Test("1.9: the objects of a kind without namespaces go, too")
  mutating func clusterScoped() throws {
    try cluster.delete(definition)
    cluster.settle()
    let wide = try cluster.create(shipDefinition(scope: "Cluster"))
    let ship = try cluster.create(object(try cluster.ship(), "a"))
    try cluster.delete(wide)
    cluster.settle()
    #expect(!cluster.has(ship) && !cluster.has(wide))
  }

  @Test("1.9 conditions: pending, in progress, and a check after a minute of looks that found some")
  mutating func stuck() throws {
    let ship = try cluster.create(
      object(try cluster.ship(), "a", finalizers: ["example.com/hold"]))
    let start = cluster.world.now
    try cluster.delete(definition)
    cluster.settle()
    #expect(
      reasons() == [
        "True InstanceDeletionPending: CustomResourceDefinition marked for deletion; "
          + "CustomResource deletion will begin soon",
        "True InstanceDeletionInProgress: CustomResource deletion is in progress",
        "True InstanceDeletionCheck: could not confirm zero CustomResources remaining: "
          + "timed out waiting for the condition",
      ])
    let told = cluster.writes(definition).last { $0.kind == .modified }
    #expect(told.map { $0.time - start } == .seconds(60))
    #expect(cluster.now(definition)?.finalizers == [CustomResourceDefinition.cleanupFinalizer])
    #expect(cluster.told.contains("asks to come back in 1m0s"))
    try cluster.patch(ship, ["metadata": ["finalizers": .null]])
    cluster.settle()
    #expect(!cluster.has(definition) && !cluster.has(ship))
  }

  @Test("1.9: looks come every 5 s, so an object that goes late ends the wait early")
  mutating func polls() throws {
    let ship = try cluster.create(
      object(try cluster.ship(), "a", finalizers: ["example.com/hold"]))
    try cluster.delete(definition)
    var world = cluster.world
    let start = world.now
    while let decision = world.defaultDecision, world.now - start < .seconds(7) {
      world.take(decision)
    }
    _ = world.perform(.mergePatch(ship.type, ship.key, ["metadata": ["finalizers": .null]]))
    while let decision = world.defaultDecision {
      world.take(decision)
      if world.server.store.object(definition.type, definition.key) == nil { break }
    }
    #expect(world.now - start == .seconds(15) || world.now - start == .seconds(10))
  }

  @Test("1.9: while the definition goes, no object of its kind can come")
  mutating func noNewObjects() throws {
    let ship = try cluster.ship()
    try cluster.create(object(ship, "a", finalizers: ["example.com/hold"]))
    try cluster.delete(definition)
    cluster.settle()
    let refusal = #expect(throws: StatusError.self) { try cluster.create(object(ship, "b")) }
    #expect(refusal?.reason == .forbidden)
    #expect(
      refusal?.message.hasSuffix(
        "create not allowed while custom resource definition is terminating") == true)
  }

  @Test("1.9: a failed deletion is told and tried again")
  mutating func deletionFails() throws {
    try cluster.create(object(try cluster.ship(), "a"))
    try cluster.delete(definition)
    var world = cluster.world
    while let decision = world.defaultDecision {
      if case .proceed(let p, let c, let w, _) = decision,
        world.turn(process: p, controller: c, worker: w)?.operation == "deletecollection"
      {
        world.take(.proceed(process: p, controller: c, worker: w, .refused))
        break
      }
      world.take(decision)
    }
    world.settle()
    let told = world.server.store.events(definition.type, after: 0).map {
      account(condition($0.object, "Terminating"))
    }
    #expect(
      told.contains(
        "True InstanceDeletionFailed: could not issue all deletes: "
          + "the server is currently unable to handle the request"))
    #expect(world.server.store.object(definition.type, definition.key) == nil)
  }

  @Test("1.9: the end is told in the write that takes the finalizer off")
  mutating func completed() throws {
    try cluster.create(object(try cluster.ship(), "a"))
    try cluster.delete(definition)
    var world = cluster.world
    var last: APIObject?
    while let decision = world.defaultDecision {
      last = world.server.store.object(definition.type, definition.key) ?? last
      world.take(decision)
    }
    // The removal is not an update, so the last state that was stored is the one before.
    #expect(condition(last, "Terminating")?["reason"] == "InstanceDeletionInProgress")
    #expect(last?.finalizers == [CustomResourceDefinition.cleanupFinalizer])
    #expect(world.server.store.object(definition.type, definition.key) == nil)
  }

  @Test("1.9: a definition that never was established is let go without a look at objects")
  mutating func neverEstablished() throws {
    try cluster.patch(definition, ["status": ["conditions": []]], subresource: .status)
    try cluster.delete(definition)
    cluster.settle()
    #expect(!cluster.has(definition))
    #expect(!cluster.told.contains { $0.hasPrefix("list ships") })
  }

  @Test("Switched off: the definition waits for whoever cleans up")
  func switchedOff() throws {
    var cluster = try Cluster(planned([GarbageCollector.controller()]))
    let definition = try cluster.create(shipDefinition())
    try cluster.delete(definition)
    cluster.settle()
    #expect(cluster.now(definition)?.finalizers == [CustomResourceDefinition.cleanupFinalizer])
  }
}

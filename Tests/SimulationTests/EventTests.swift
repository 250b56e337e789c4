import APIAllocation
import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

@Suite("Events: what controllers say, as objects")
struct EventTests {
  /// Says its messages each time it is asked, and wants to be asked again.
  private struct Talker: Reconciler {
    let messages: [String]
    var isWarning = false
    var repeats = true

    func reconcile(
      _ request: ReconcileRequest, _ context: ReconcileContext
    ) async throws -> ReconcileResult {
      guard let binding = try await context.get(DeviceBinding.self, request) else { return .done }
      for message in messages {
        try context.event(binding, isWarning: isWarning, reason: "Said", message)
      }
      return repeats ? .requeue(after: .seconds(30)) : .done
    }
  }

  private let eventType = ResourceRegistry.builtIn("v1", "Event")

  private func plan(_ talker: Talker, isRecorded: Bool = true) -> WorldPlan {
    var plan = planned(
      Controller("talker", for: DeviceBinding.self, workers: 1, reconciler: talker), one)
    plan.recordsEvents = isRecorded
    return plan
  }

  private func events(_ world: World) -> [APIObject] { world.server.store.list(eventType) }

  @Test("An Event names its object, the controller, the word, the sentence and the time")
  func fields() throws {
    let result = try run(plan(Talker(messages: ["hello"], isWarning: true, repeats: false)))
    let event = try #require(events(result.world).first)
    let binding = try #require(result.world.server.store.object(bindingType, key("a")))
    #expect(events(result.world).count == 1)
    #expect(event.namespace == "default" && event.name.hasPrefix("a.") && event.name.count == 18)
    let time = Value(WorldPlan.defaultStartTime.text(.seconds))
    #expect(
      event.body.removing("metadata") == [
        "involvedObject": [
          "apiVersion": "drydock.dev/v1alpha1", "kind": "DeviceBinding", "name": "a",
          "namespace": "default", "uid": Value(binding.uid.description),
        ],
        "reason": "Said", "message": "hello", "type": "Warning",
        // It is said again when the world is resynced, before it counts as settled.
        "count": 2,
        "firstTimestamp": time, "lastTimestamp": time, "source": ["component": "talker"],
        "reportingComponent": "talker", "reportingInstance": "",
      ])
  }

  @Test("Repeats are counted in one object; they keep no world from coming to rest")
  func repeats() throws {
    let result = try run(plan(Talker(messages: ["waiting"])))
    #expect(result.outcome == .held)
    let all = events(result.world)
    let event = try #require(all.first)
    #expect(all.count == 1)
    #expect(try #require(event.body["count"]?.int) > 2)
    #expect(event.body["firstTimestamp"]?.string == "2026-01-01T00:00:00Z")
    #expect(event.body["lastTimestamp"] != event.body["firstTimestamp"])
  }

  @Test("From the tenth that differs only in its message on, Events are combined")
  func similar() throws {
    let messages = (1...14).map { "number \($0)" }
    let result = try run(plan(Talker(messages: messages, repeats: false)))
    let texts = EventOrder.byWrite(events(result.world)).map { $0.body["message"]?.string ?? "" }
    #expect(texts.dropLast() == messages.prefix(9))
    #expect(texts.last == "(combined from similar events): number 14")
    let combined = EventOrder.byWrite(events(result.world)).last
    // Five of a reconcile; the resync at the end makes a second one.
    #expect(combined?.body["count"] == 10)
  }

  private enum EventOrder {
    static func byWrite(_ events: [APIObject]) -> [APIObject] {
      events.sorted { $0.resourceVersion < $1.resourceVersion }
    }
  }

  @Test("A world that records none is the same run, and has no Events")
  func unrecorded() throws {
    let talker = Talker(messages: ["waiting"])
    let with = try run(plan(talker))
    let without = try run(plan(talker, isRecorded: false))
    #expect(events(without.world).isEmpty)
    #expect(with.world.step == without.world.step)
    #expect(with.world.now == without.world.now)
  }

  @Test("Events that were last seen long ago are forgotten, and leave no count behind")
  func forgotten() throws {
    var world = try run(plan(Talker(messages: ["hello"], repeats: false))).world
    world.forgetEvents(before: WorldPlan.defaultStartTime)
    #expect(events(world).count == 1)
    world.forgetEvents(before: WorldPlan.defaultStartTime + .seconds(1))
    #expect(events(world).isEmpty)
    #expect(!world.clusterState.counters.contains { $0.type == eventType })
  }

  @Test("Controllers of claims tell what was got, what was not, and what went back")
  func claims() throws {
    var plan = planned(
      reference, pool: pool(2),
      [
        WorldPlan.Step(.apply(binding("a", count: 2))),
        WorldPlan.Step(.apply(binding("b")), .settled),
        WorldPlan.Step(.delete(bindingType, key("a")), .settled),
      ])
    plan.recordsEvents = true
    let result = try run(plan)
    #expect(result.outcome == .held)
    let told = EventOrder.byWrite(events(result.world)).map {
      "\($0.body["involvedObject"]?["name"]?.string ?? "") \($0.body["type"]?.string ?? "") "
        + "\($0.body["reason"]?.string ?? ""): \($0.body["message"]?.string ?? "")"
    }
    #expect(
      told == [
        "a Normal Allocated: Got gpu-0, gpu-1 from pool gpus",
        "b Warning PoolExhausted: pool \"gpus\" is exhausted: 1 wanted, 0 free",
        "a Normal Released: Gave gpu-0, gpu-1 back to pool gpus",
        "b Normal Allocated: Got gpu-0 from pool gpus",
      ])
  }
}

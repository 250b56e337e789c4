import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Synchronization
import Testing
import ValueTree

/// A controller that sends requests one after the other, and remembers what came back and when.
final class Prober: Sendable {
  private let answers = Mutex<[String]>([])

  var told: [String] { answers.withLock { $0 } }

  func controller(_ effects: [Effect]) -> Controller {
    var controller = Controller(
      "probe", program: .steps { _ in Probe(effects: effects, told: self) })
    controller.startKeys = [ObjectKey(name: "probe")]
    return controller
  }

  private struct Probe: StepReconcile {
    let effects: [Effect]
    let told: Prober
    var next = 0
    var isAsking = false
    var stateHash: UInt64 { UInt64(next) }

    mutating func next(_ reply: Reply?) -> Step {
      if let reply {
        if isAsking, case .time(let time) = reply {
          told.add("at \((time - WorldPlan.defaultStartTime).wholeSeconds)")
        } else {
          told.add(reply)
        }
      }
      if !isAsking, reply != nil {
        isAsking = true
        return .effect(.clock)
      }
      isAsking = false
      guard next < effects.count else { return .finish(.done) }
      next += 1
      return .effect(effects[next - 1])
    }
  }

  private func add(_ text: String) { answers.withLock { $0.append(text) } }

  private func add(_ reply: Reply) {
    switch reply {
    case .api(.success(.removed)): add("removed")
    case .api(.success): add("ok")
    case .api(.failure(let error)):
      add(error.reason.rawValue + (error.retryAfterSeconds.map { " \($0)" } ?? ""))
    case .allocator(.success(let grants)): add("\(grants.count) items")
    case .allocator(.failure(let error)): add("\(error)")
    default: add("done")
    }
  }
}

private let owner = UID(high: 1, low: 2)

private func ask(_ count: Int = 1) -> AllocationRequest {
  AllocationRequest(pool: "gpus", owner: owner, holder: "probe", count: count)
}

private let create = Effect.api(.create(binding("a")))
private let read = Effect.api(.get(bindingType, key("a")))
private let remove = Effect.api(.delete(bindingType, key("a")))
private let patch = Effect.api(
  .mergePatch(bindingType, key("a"), ["metadata": ["labels": ["a": "b"]]]))

@Suite("Faults of effects: what comes back, and what was done")
struct EffectFaultTests {
  private func told(
    _ effects: [Effect], _ faults: FaultScript.Fault...,
    changing change: (inout WorldPlan) -> Void = { _ in }
  ) throws -> [String] {
    let prober = Prober()
    var plan = planned(prober.controller(effects), [])
    let script = FaultScript(faults)
    plan.appointments = script.times
    for fault in faults {
      if let duration = fault.duration { plan.faults.allow([duration], of: fault.kind) }
    }
    change(&plan)
    var world = try World(plan)
    var source = DefaultSource(script)
    while let decision = try source.choose(in: world) { world.take(decision) }
    #expect(source.missed == [])
    return prober.told
  }

  private func fault(_ kind: FaultKind, _ operation: String) -> FaultScript.Fault {
    FaultScript.Fault(of: kind, at: operation)
  }

  @Test("F1: a process stops before it sends, before it has the reply, or in between")
  func crashes() throws {
    // Started again after a second, it begins anew.
    #expect(
      try told([create, read], fault(.crashBefore, "create")) == ["ok", "at 1", "ok", "at 1"])
    #expect(
      try told([create, read], fault(.crashAfter, "create")) == [
        "AlreadyExists", "at 1", "ok", "at 1",
      ])
    let kill = FaultScript.Fault(.kill, after: .seconds(3))
    #expect(
      try told([create, .sleep(.seconds(5))], kill) == [
        "ok", "at 0", "AlreadyExists", "at 4", "done", "at 9",
      ])
  }

  @Test("F2 and F3: what was refused, or came too late, is not done; what was not answered is")
  func failures() throws {
    #expect(
      try told([create, read], fault(.refused, "create")) == [
        "ServiceUnavailable", "at 0", "NotFound", "at 0",
      ])
    #expect(
      try told([create, read], fault(.lostReply, "create")) == ["Timeout", "at 0", "ok", "at 0"])
    var header = binding("a").header
    header.resourceVersion = 7
    let update = Effect.api(.update(binding("a").with(header: header)))
    #expect(try told([update, read], fault(.conflict, "update")).first == "Conflict")
    #expect(try told([update, read]).first == "NotFound")
  }

  @Test("F2: a request that times out may be carried out later")
  func late() throws {
    let told = try told(
      [create, read, .sleep(.seconds(3)), read], fault(.lateSuccess, "create"))
    #expect(
      told == ["Timeout", "at 0", "NotFound", "at 0", "done", "at 3", "ok", "at 3"])
  }

  @Test("F2: a late request can come between retries")
  func lateBetween() throws {
    let prober = Prober()
    let plan = planned(prober.controller([create, create]), [])
    var world = try World(plan)
    var source = DefaultSource(FaultScript([fault(.lateSuccess, "create")]))
    var arrived = false
    var enabled: [Decision] = []
    while let decision = try source.choose(in: world) {
      world.enabledDecisions(into: &enabled)
      if let arrival = enabled.first(where: { if case .arrive = $0 { true } else { false } }) {
        #expect(world.name(of: arrival) == "late p0/probe create for probe")
        world.take(arrival)
        arrived = true
      } else {
        world.take(decision)
      }
    }
    #expect(arrived && prober.told == ["Timeout", "at 0", "AlreadyExists", "at 0"])
  }

  @Test("F3: what the transport sends twice is done twice, and the second answer comes back")
  func twice() throws {
    #expect(try told([create], fault(.sentTwice, "create")).first == "AlreadyExists")
    #expect(
      try told([create, remove], fault(.sentTwice, "delete"))[2] == "NotFound")
    let raw = Effect.allocator(.takeRaw(ask()))
    let held = Effect.allocator(.held(pool: "gpus", owner: owner))
    #expect(
      try told([raw, held], fault(.sentTwice, "allocate")) == [
        "1 items", "at 0", "2 items", "at 0",
      ])
    let keyed = Effect.allocator(.ensure(ask()))
    #expect(try told([keyed, held], fault(.sentTwice, "ensure"))[2] == "1 items")
  }

  @Test("F4: throttled, failing and slow servers")
  func overload() throws {
    #expect(
      try told([create, read], fault(.throttled, "create")) == [
        "TooManyRequests 1", "at 0", "NotFound", "at 0",
      ])
    #expect(try told([create, read], fault(.serverError, "create")).first == "InternalError")
    #expect(
      try told([create, read], fault(.slowReply, "create")) == ["ok", "at 5", "ok", "at 5"])
  }

  @Test("F4: a slow reply can be missed, and the effect is done all the same")
  func slowAndGone() throws {
    let prober = Prober()
    let plan = planned(prober.controller([create, read]), [])
    var world = try World(plan)
    var source = DefaultSource(FaultScript([fault(.slowReply, "create")]))
    while let decision = try source.choose(in: world), decision != .wait { world.take(decision) }
    #expect(world.server.store.object(bindingType, key("a")) != nil)
    world.take(.wait)
    #expect(world.outcomes(process: 0, controller: 0, worker: 0) == [.normal, .crashBefore])
    world.take(.proceed(process: 0, controller: 0, worker: 0, .crashBefore))
    world.settle()
    #expect(prober.told == ["AlreadyExists", "at 6", "ok", "at 6"])
  }

  @Test("F14 and F16: refusals at the server's door")
  func refusals() throws {
    #expect(try told([create], fault(.rejected, "create")).first == "BadRequest")
    #expect(try told([create], fault(.webhookTimeout, "create")).first == "InternalError")
    #expect(try told([create], fault(.quota, "create")).first == "Forbidden")
    let world = try World(planned(Prober().controller([remove]), []))
    #expect(world.outcome == nil)
  }

  @Test("F16: without space creates and updates are refused, reads and deletions are not")
  func space() throws {
    var fault = FaultScript.Fault(.noSpace, after: .seconds(1))
    fault.duration = .seconds(10)
    let told = try told(
      [create, .sleep(.seconds(2)), patch, read, remove, create, .sleep(.seconds(20)), create],
      fault)
    #expect(
      told == [
        "ok", "at 0", "done", "at 2", "InternalError", "at 2", "ok", "at 2", "removed", "at 2",
        "InternalError", "at 2", "done", "at 22", "ok", "at 22",
      ])
  }

  @Test("F17: a pool that says it has nothing, and one that does not know what it has")
  func pools() throws {
    let ensure = Effect.allocator(.ensure(ask()))
    let held = Effect.allocator(.held(pool: "gpus", owner: owner))
    #expect(
      try told([ensure, held], fault(.exhausted, "ensure")).prefix(3) == [
        "pool \"gpus\" is exhausted: 1 wanted, 0 free", "at 0", "0 items",
      ])
    #expect(try told([ensure, held, held], fault(.notFound, "held"))[2] == "0 items")
    #expect(try told([ensure, held, held], fault(.notFound, "held"))[4] == "1 items")
    let release = Effect.allocator(
      .release(pool: "gpus", item: "gpu-0", generation: 1, owner: owner))
    let spurned = try told([ensure, release, held], fault(.notFound, "release"))
    #expect(spurned[2] == "the pool has no item \"gpu-0\"" && spurned[4] == "1 items")
  }

  @Test("F17: who was told that a pool has nothing is woken when that is over")
  func woken() throws {
    var exhausted = fault(.exhausted, "ensure")
    exhausted.duration = .seconds(5)
    #expect(
      try told([.allocator(.ensure(ask()))], exhausted) == [
        "pool \"gpus\" is exhausted: 1 wanted, 0 free", "at 0", "1 items", "at 5",
      ])
  }

  @Test("F17: a pool that has nothing left says so to everybody until that is over")
  func lasting() throws {
    var exhausted = fault(.exhausted, "ensure")
    exhausted.duration = .seconds(5)
    let ensure = Effect.allocator(.ensure(ask()))
    let refusal = "pool \"gpus\" is exhausted: 1 wanted, 0 free"
    #expect(
      try told([ensure, ensure], exhausted) == [
        refusal, "at 0", refusal, "at 0", "1 items", "at 5", "1 items", "at 5",
      ])
  }

  @Test("F13: nothing gets through a partition, in one direction or in both")
  func partitions() throws {
    var both = FaultScript.Fault(.partition, after: .seconds(1))
    both.duration = .seconds(15)
    let effects = [Effect.sleep(.seconds(2)), create, .sleep(.seconds(30)), read]
    // The client gives up after ten seconds.
    #expect(
      try told(effects, both) == [
        "done", "at 2", "ServiceUnavailable", "at 12", "done", "at 42", "NotFound", "at 42",
      ])
    var oneWay = FaultScript.Fault(.partitionReplies, after: .seconds(1))
    oneWay.duration = .seconds(15)
    #expect(
      try told(effects, oneWay) == [
        "done", "at 2", "Timeout", "at 12", "done", "at 42", "ok", "at 42",
      ])
    var pools = FaultScript.Fault(.partitionAllocator, after: .seconds(1))
    pools.duration = .seconds(15)
    let calls = [Effect.sleep(.seconds(2)), .allocator(.ensure(ask())), create]
    #expect(
      try told(calls, pools) == [
        "done", "at 2", "the allocator could not be reached", "at 12", "ok", "at 12",
      ])
  }
}

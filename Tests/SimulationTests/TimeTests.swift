import APIAllocation
import APIMachinery
import APIServer
import APIStore
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Synchronization
import Testing
import ValueTree

/// When things were done, in time since the world's beginning.
final class Diary: Sendable {
  private let lines = Mutex<[String]>([])

  func note(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

@Suite("Time: timers, lag, restarts and rest")
struct TimeTests {
  private func since(_ time: Timestamp) -> GoDuration { time - WorldPlan.defaultStartTime }

  /// A controller that notes when it is called, and goes on as `next` says.
  private func noting(
    _ diary: Diary, workers: Int = 1,
    _ next: @escaping @Sendable (Int) throws -> ReconcileResult
  ) -> Controller {
    doing(workers: workers) { request, context in
      _ = try await context.get(DeviceBinding.self, request)
      diary.note("\(request.name) at \(context.now - WorldPlan.defaultStartTime)")
      return try next(diary.all.count)
    }
  }

  @Test("Three quiet periods of a timer are rest, however long they are")
  func periodicTimer() throws {
    for period in [GoDuration.seconds(30), .hours(10)] {
      let diary = Diary()
      let result = try run(planned(noting(diary) { _ in .requeue(after: period) }, one))
      #expect(result.outcome == .held)
      // Its event; three periods; the resync, which the timer does not count; three periods once more.
      #expect(diary.all.count == 8)
      #expect(since(result.world.now) == GoDuration(nanoseconds: period.nanoseconds * 6))
    }
  }

  @Test("A timer whose reconcile changes something is no rest")
  func busyTimer() throws {
    let diary = Diary()
    var plan = planned(
      doing { request, context in
        diary.note("tick")
        let count = diary.all.count
        if count < 10 {
          try await context.mergePatch(
            DeviceBinding.self, request,
            ["metadata": ["labels": ["count": Value("\(count)")]]])
        }
        return .requeue(after: .seconds(60))
      }, one)
    plan.decisionsMax = 1_000
    #expect(try run(plan).outcome == .held)
    #expect(diary.all.count > 12)
  }

  @Test("Backoff is no rest: it doubles to its bound, and after hours without a change it is told")
  func backoff() throws {
    struct Refusal: Error {}
    let diary = Diary()
    let result = try run(planned(noting(diary) { _ in throw Refusal() }, one))
    #expect(oracle(result) == .neverSettled)
    #expect(
      diary.all.prefix(5) == ["a at 0s", "a at 5ms", "a at 15ms", "a at 35ms", "a at 75ms"])
    #expect(since(result.world.now) > .hours(4))
  }

  @Test("Time until a user's next step does not count as failing for ever")
  func userMends() throws {
    struct Refusal: Error {}
    let controller = doing { request, context in
      let binding = try await context.get(DeviceBinding.self, request)
      if binding?.object.body["metadata"]?["labels"] == nil { throw Refusal() }
      return .done
    }
    let mend = WorldPlan.Step(
      .patch(bindingType, key("a"), ["metadata": ["labels": ["ok": "yes"]]]), .after(.hours(9)))
    #expect(try run(planned(controller, one + [mend])).outcome == .held)
  }

  @Test("A key that succeeds is not held back by its earlier failures")
  func recovered() throws {
    struct Refusal: Error {}
    let diary = Diary()
    let result = try run(
      planned(
        noting(diary) { count in
          if count < 4 { throw Refusal() }
          return .done
        }, one))
    #expect(result.outcome == .held)
    #expect(Array(diary.all.prefix(4)) == ["a at 0s", "a at 5ms", "a at 15ms", "a at 35ms"])
  }

  @Test("An informer that lags sees nothing before its time, and everything after it")
  func lag() throws {
    let diary = Diary()
    let result = try run(planned(noting(diary) { _ in .done }, lag: .seconds(7), one))
    #expect(result.outcome == .held)
    #expect(diary.all.first == "a at 7s")
  }

  @Test("The first list does not lag")
  func listIsFresh() throws {
    let diary = Diary()
    var plan = planned(noting(diary) { _ in .done }, lag: .seconds(7), [])
    plan.objects.append(binding("a"))
    #expect(try run(plan).outcome == .held)
    #expect(diary.all.first == "a at 0s")
  }

  @Test("A process is started again after its delay, with empty memory and caches")
  func restart() throws {
    enum Calls: ProcessMemoryKey {
      static let name = "calls"
      static let initial = 0
    }
    let diary = Diary()
    let controller = doing { request, context in
      context[memory: Calls.self] += 1
      _ = try await context.list(DeviceBinding.self, from: .server)
      diary.note("\(context[memory: Calls.self]) at \(context.now - WorldPlan.defaultStartTime)")
      return .done
    }
    let result = try run(
      planned(controller, restart: .seconds(9), one),
      FaultScript.Fault(.crashBefore, at: "list", occurrence: 2))
    #expect(result.outcome == .held)
    #expect(diary.all.first == "1 at 0s")
    #expect(diary.all.dropFirst().first == "1 at 9s")
  }

  @Test("A step `after` a time comes then and not before, in order")
  func after() throws {
    let result = try run(
      planned(
        reference,
        [
          WorldPlan.Step(.apply(binding("a")), .after(.seconds(20))),
          WorldPlan.Step(.apply(binding("b")), .after(.seconds(10))),
          WorldPlan.Step(.apply(binding("c")), .after(.minutes(2))),
        ]))
    let created = result.world.server.store.list(bindingType).compactMap(\.header.creationTimestamp)
    #expect(created.map(since) == [.seconds(20), .seconds(20), .minutes(2)])
  }

  @Test("A sleep takes its time and nobody else's")
  func sleep() throws {
    let diary = Diary()
    let controller = doing(workers: 2) { request, context in
      if request.name == "a" { try await context.sleep(.seconds(50)) }
      diary.note("\(request.name) at \(context.now - WorldPlan.defaultStartTime)")
      return .done
    }
    let result = try run(planned(controller, one + [WorldPlan.Step(.apply(binding("b")))]))
    #expect(result.outcome == .held)
    #expect(Array(diary.all.prefix(2)) == ["b at 0s", "a at 50s"])
  }

  @Test("At rest every informer tells of every object once more before the run is over")
  func resync() throws {
    let diary = Diary()
    let result = try run(planned(noting(diary) { _ in .done }, one), isTold: true)
    #expect(diary.all == ["a at 0s", "a at 0s"])
    let resyncs = result.world.timeline?.entries.filter { $0.text.contains("resync") }
    #expect(resyncs?.count == 1)
  }

  @Test("A world without anything in it holds")
  func nothing() throws {
    #expect(try run(WorldPlan()).outcome == .held)
  }

  @Test("A pool that is applied again keeps its books")
  func poolAgain() throws {
    let result = try run(
      planned(reference, one + [WorldPlan.Step(.apply(pool()), .settled)]))
    #expect(result.outcome == .held)
    #expect(result.world.holdings().rows.first?.holder == "DeviceBinding default/a")
  }
}

@Suite("Processes: they share nothing but the server and the books that outlive them")
struct ProcessTests {
  @Test("A crash of one process leaves the others alone")
  func crashIsLocal() throws {
    var world = try World(planned(reference, processes: 2, restart: .hours(1), one))
    while let decision = world.defaultDecision, world.step < 6 { world.take(decision) }
    world.take(.crash(process: 0))
    #expect(!world.isEnabled(.crash(process: 0)))
    #expect(world.isEnabled(.crash(process: 1)))
    while let decision = world.defaultDecision, world.now == world.plan.startTime {
      world.take(decision)
    }
    // Long before the first is back, the second has done the work.
    #expect(
      world.holdings().rows.contains { $0.holder == "DeviceBinding default/a" && $0.isRecorded })
    while let decision = world.defaultDecision { world.take(decision) }
    #expect(world.outcome == .held)
  }

  @Test("I8: workers of a process are never with one key at a time")
  func oneWorkerAKey() throws {
    let busy = Mutex<[String]>([])
    let overlaps = Mutex(0)
    let most = Mutex(0)
    let controller = doing(workers: 4) { request, context in
      busy.withLock { busy in
        if busy.contains(request.name) { overlaps.withLock { $0 += 1 } }
        busy.append(request.name)
        most.withLock { $0 = max($0, busy.count) }
      }
      defer { busy.withLock { $0.removeAll { $0 == request.name } } }
      _ = try await context.get(DeviceBinding.self, request)
      try await context.mergePatch(
        DeviceBinding.self, request,
        ["metadata": ["labels": ["n": Value("\(try context.random(below: 2))")]]])
      return .done
    }
    let steps = ["a", "b", "c", "d", "e"].map { WorldPlan.Step(.apply(binding($0))) }
    for seed in 0..<UInt64(50) {
      var plan = planned(controller, steps)
      plan.decisionsMax = 300
      _ = try Runner.run(plan, RandomSource(seed: seed))
      #expect(busy.withLock { $0.removeAll() } == ())
    }
    #expect(overlaps.withLock { $0 } == 0)
    #expect(most.withLock { $0 } >= 3)
  }

  @Test("A controller can read kinds that it does not watch")
  func unwatchedKind() throws {
    let found = Mutex(0)
    let controller = doing { _, context in
      let pools = try await context.list(Pool.self)
      found.withLock { $0 = pools.count }
      return .done
    }
    #expect(try run(planned(controller, one)).outcome == .held)
    #expect(found.withLock { $0 } == 1)
  }

  @Test("An effect can meet the faults that its way has, and no others")
  func outcomes() throws {
    func outcomes(_ backing: String) throws -> [String: [Decision.Outcome]] {
      var outcomes: [String: [Decision.Outcome]] = [:]
      var world = try World(planned(reference, pool: pool(backing: backing), one))
      while let decision = world.defaultDecision {
        if case .proceed(let process, let controller, let worker, _) = decision,
          let turn = world.turn(process: process, controller: controller, worker: worker)
        {
          outcomes[turn.operation] = world.outcomes(
            process: process, controller: controller, worker: worker)
        }
        world.take(decision)
      }
      return outcomes
    }
    let ledger = try outcomes("ledger")
    #expect(ledger["cached-get"] == [.normal, .crashBefore])
    let read: [Decision.Outcome] = [
      .normal, .refused, .crashBefore, .throttled, .serverError, .slowReply,
    ]
    #expect(ledger["list"] == read)
    #expect(
      ledger["update"] == [
        .normal, .refused, .conflict, .lostReply, .crashBefore, .crashAfter, .lateSuccess,
        .sentTwice, .throttled, .serverError, .slowReply, .rejected, .webhookTimeout,
      ])
    #expect(
      ledger["ensure"] == [
        .normal, .refused, .lostReply, .crashBefore, .crashAfter, .lateSuccess, .sentTwice,
        .slowReply, .exhausted,
      ])
    // Nothing can come between a process and its own memory.
    #expect(try outcomes("memory")["ensure"] == [.normal, .crashBefore, .crashAfter])
  }
}

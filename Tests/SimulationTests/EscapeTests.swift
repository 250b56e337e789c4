import Allocation
import APIAllocation
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
@testable import Simulation
import Synchronization
import Testing

/// What reconciles do that cannot be repeated is reported, or is harmless (reconcilers.md, "Escapes").
@Suite("Escapes: code that leaves its context is found")
struct EscapeTests {
  private func escape(
    _ controller: Controller, _ faults: FaultScript.Fault..., checks: Bool = false
  ) throws -> String {
    var plan = planned(controller, one)
    plan.checksRepetition = checks
    let result = try Runner.run(plan, DefaultSource(FaultScript(faults)))
    #expect(oracle(result) == .escapedReconcile)
    return sentence(result)
  }

  @Test("Task.sleep is reported with its place, and its late wake-up harms nobody")
  func taskSleep() async throws {
    let sleeper = doing { request, context in
      _ = try await context.get(DeviceBinding.self, request)
      try await Task.sleep(nanoseconds: 50_000_000)
      return .done
    }
    #expect(
      try escape(sleeper)
        == "p0/test with default/a: the reconcile waits for something outside its context, after "
        + "cached-get devicebindings default/a; use context.sleep, and no tasks or clocks of its own."
    )
    try await Task.sleep(nanoseconds: 150_000_000)
    #expect(try run(planned(reference, one)).outcome == .held)
  }

  @Test("A continuation that is resumed elsewhere is reported")
  func continuation() throws {
    let waiter = doing { _, _ in
      await withCheckedContinuation { continuation in
        Task.detached {
          // Longer than this thread may be kept from its processor: what is resumed before it is waited for
          // is not waited for.
          try? await Task.sleep(nanoseconds: 500_000_000)
          continuation.resume()
        }
      }
      return .done
    }
    #expect(
      try escape(waiter).contains("waits for something outside its context, before its first"))
  }

  @Test("A loop of yields without an effect is reported")
  func yields() throws {
    let loop = doing { _, _ in while true { await Task.yield() } }
    #expect(try escape(loop).contains("runs on without any effect"))
  }

  @Test("A loop of effects that are answered at once is reported")
  func inlineEffects() throws {
    let loop = doing { _, context in while true { _ = try context.random(below: 6) } }
    #expect(try escape(loop).contains("runs on without any effect"))
  }

  @Test("Hidden state shows when each reconcile is run once more over its replies")
  func hiddenCounter() throws {
    let count = Mutex(0)
    let hider = doing { request, context in
      let isFirst = count.withLock { count in
        count += 1
        return count % 2 == 1
      }
      _ = try await context.get(DeviceBinding.self, request, from: isFirst ? .cache : .server)
      return .done
    }
    #expect(
      try escape(hider, checks: true).contains("it depends on hidden state: keep state in"))
  }

  @Test("Hidden state that changes only what is remembered, or the result, shows too")
  func hiddenMemory() throws {
    enum Note: ProcessMemoryKey {
      static let name = "note"
      static let initial = 0
    }
    let count = Mutex(0)
    let remembering = doing { _, context in
      context[memory: Note.self] = count.withLock { count in
        count += 1
        return count
      }
      return .done
    }
    #expect(try escape(remembering, checks: true).contains("hidden state"))
    let resulting = doing { _, _ in
      count.withLock { count in
        count += 1
        return count % 2 == 0 ? .done : .requeue(after: .seconds(1))
      }
    }
    #expect(try escape(resulting, checks: true).contains("hidden state"))
  }

  @Test(
    "A reconcile that is restored and stops at another effect gets no reply meant for the first")
  func restoredElsewhere() throws {
    let count = Mutex(0)
    let hider = doing { request, context in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      if isFirst {
        _ = try await context.get(DeviceBinding.self, request)
      } else {
        _ = try await context.pool("gpus").raw.free("gpu-0")
      }
      return .done
    }
    var world = try World(planned(hider, one))
    while let decision = world.defaultDecision {
      if case .proceed = decision {
        var fork = world
        fork.take(decision)
      }
      world.take(decision)
    }
    #expect(world.violations.first?.oracle == .escapedReconcile)
  }

  @Test("A context that is kept for longer than its reconcile answers nothing")
  func stashedContext() throws {
    final class Stash: @unchecked Sendable {
      var context: ReconcileContext?
      var refusals = 0
    }
    let stash = Stash()
    let stasher = doing { request, context in
      if let old = stash.context {
        do { _ = try old.random(below: 6) } catch is ProcessCrashed { stash.refusals += 1 }
        do { _ = try await old.get(DeviceBinding.self, request) } catch is ProcessCrashed {
          stash.refusals += 1
        }
      }
      stash.context = context
      return .done
    }
    #expect(try run(planned(stasher, one)).outcome == .held)
    #expect(stash.refusals >= 2)
  }

  @Test("Child tasks that keep away from the context are deterministic")
  func childTasks() throws {
    let parent = doing { request, context in
      async let four = 2 + 2
      let sum = await withTaskGroup(of: Int.self) { group in
        for number in 1...3 { group.addTask { number } }
        return await group.reduce(0, +)
      }
      if await four + sum == 10 { _ = try await context.get(DeviceBinding.self, request) }
      return .done
    }
    var hashes: Set<UInt64> = []
    for _ in 0..<50 { hashes.insert(try run(planned(parent, one)).world.traceHash) }
    #expect(hashes.count == 1)
  }
}

/// After a crash (reconcilers.md): every effect throws, the eighth cancels, the sixty-fourth parks.
@Suite("After a crash nothing that the code still does counts")
struct PoisonedTests {
  @Test("Swallowing the crash changes nothing")
  func swallowed() throws {
    let strikes = Mutex(0)
    let swallower = doing { request, context in
      _ = try await context.get(DeviceBinding.self, request)
      do { _ = try await context.list(DeviceBinding.self, from: .server) } catch {
        for _ in 0..<5 {
          _ = try? await context.pool("gpus").raw.free("gpu-0")
          strikes.withLock { $0 += 1 }
        }
      }
      return .requeue(after: .seconds(1))
    }
    var plan = planned(swallower, one)
    plan.decisionsMax = 60
    let result = try run(plan, FaultScript.Fault(.crashBefore, at: "list"))
    #expect(strikes.withLock { $0 } == 5)
    #expect(result.world.ledger.entries.isEmpty)
  }

  @Test("The eighth effect cancels the task")
  func cancelled() throws {
    let effects = Mutex(0)
    let stubborn = doing { request, context in
      while !Task.isCancelled {
        do { _ = try await context.get(DeviceBinding.self, request) } catch {
          effects.withLock { $0 += 1 }
        }
      }
      return .done
    }
    var world = try World(planned(stubborn, one))
    while let decision = world.defaultDecision, world.step < 8 { world.take(decision) }
    world.take(.crash(process: 0))
    // The one that was pending, and eight more.
    #expect(effects.withLock { $0 } == 9)
    #expect(world.executor.parkedCount == 0)
  }

  @Test("The sixty-fourth effect parks a task that will not end")
  func parked() throws {
    let effects = Mutex(0)
    let endless = doing { request, context in
      while true {
        do { _ = try await context.get(DeviceBinding.self, request) } catch {
          effects.withLock { $0 += 1 }
        }
      }
    }
    var world = try World(planned(endless, one))
    while let decision = world.defaultDecision, world.step < 8 { world.take(decision) }
    world.take(.crash(process: 0))
    // The one that was pending, and sixty-three more.
    #expect(effects.withLock { $0 } == 64)
    #expect(world.executor.parkedCount == 1)
  }

  @Test("A reconcile whose worlds are gone ends")
  func abandoned() throws {
    let ends = Mutex(0)
    let waiter = doing { request, context in
      defer { ends.withLock { $0 += 1 } }
      _ = try await context.get(DeviceBinding.self, request)
      return .done
    }
    do {
      var world = try World(planned(waiter, one))
      while let decision = world.defaultDecision {
        if case .proceed = decision { break }
        world.take(decision)
      }
      let copy = world
      #expect(ends.withLock { $0 } == 0)
      withExtendedLifetime(copy) {}
    }
    #expect(ends.withLock { $0 } == 1)
  }
}

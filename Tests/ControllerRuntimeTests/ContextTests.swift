import APIMachinery
import Allocation
import ControllerRuntime
import Scalars
import Testing
import ValueTree

@Suite("Reconcile context: the API")
struct ContextClientTests {
  private let one = ConfigMap("a", revision: 3)

  @Test("Reads ask the cache, or the server when told to; what is not there is nil")
  func get() async throws {
    let driver = ScriptedDriver(
      .reply(.cached(one.object)), .reply(.cached(nil)),
      .reply(.api(.success(.object(one.object)))),
      .reply(.api(.failure(.notFound(ConfigMap.type, "a")))))
    let context = ReconcileContext(driver)
    #expect(try await context.get(ConfigMap.self, key("a")) == one)
    #expect(try await context.get(ConfigMap.self, key("a")) == nil)
    #expect(try await context.get(ConfigMap.self, key("a"), from: .server) == one)
    #expect(try await context.get(ConfigMap.self, key("a"), from: .server) == nil)
    let cached = Effect.cachedGet(ConfigMap.type, key("a"))
    let live = Effect.api(.get(ConfigMap.type, key("a")))
    #expect(driver.effects == [cached, cached, live, live])
  }

  @Test("Lists come from the cache or the server, in one namespace or all")
  func list() async throws {
    let driver = ScriptedDriver(
      .reply(.cachedList([one.object])),
      .reply(.api(.success(.list([one.object, one.object], revision: 9)))),
      .reply(.api(.failure(StatusError(.serviceUnavailable, "down")))))
    let context = ReconcileContext(driver)
    #expect(try await context.list(ConfigMap.self, namespace: "default") == [one])
    #expect(try await context.list(ConfigMap.self, from: .server).count == 2)
    await #expect(throws: StatusError(.serviceUnavailable, "down")) {
      try await context.list(ConfigMap.self, from: .server)
    }
    #expect(driver.effects[0] == .cachedList(ConfigMap.type, namespace: "default"))
    #expect(driver.effects[1] == .api(.list(ConfigMap.type, namespace: nil)))
  }

  @Test("Writes say what they are, and answer with the server's object")
  func writes() async throws {
    let stored = ConfigMap("a", revision: 4)
    let answer = ScriptedDriver.Answer.reply(.api(.success(.object(stored.object))))
    let driver = ScriptedDriver(answer, answer, answer, answer, answer, answer)
    let context = ReconcileContext(driver)
    let patch: Value = ["data": ["x": "y"]]
    let guarded = DeleteOptions(uid: one.uid, resourceVersion: 3)
    #expect(try await context.create(one) == stored)
    #expect(try await context.update(one) == stored)
    #expect(try await context.updateStatus(one) == stored)
    #expect(try await context.mergePatch(ConfigMap.self, key("a"), patch) == stored)
    let status = try await context.mergePatch(
      ConfigMap.self, key("a"), patch, subresource: .status)
    #expect(status == stored)
    try await context.delete(ConfigMap.self, key("a"), guarded)
    #expect(
      driver.effects == [
        .api(.create(one.object)), .api(.update(one.object)),
        .api(.update(one.object, subresource: .status)),
        .api(.mergePatch(ConfigMap.type, key("a"), patch)),
        .api(.mergePatch(ConfigMap.type, key("a"), patch, subresource: .status)),
        .api(.delete(ConfigMap.type, key("a"), guarded)),
      ])
  }

  @Test("A refusal is thrown as the server said it; a missing object is nil for reads only")
  func refusals() async throws {
    let conflict = StatusError.conflict(ConfigMap.type, "a", StatusError.modifiedDetail)
    let missing = StatusError.notFound(ConfigMap.type, "a")
    let driver = ScriptedDriver(
      .reply(.api(.failure(conflict))), .reply(.api(.failure(missing))),
      .reply(.api(.failure(conflict))))
    let context = ReconcileContext(driver)
    await #expect(throws: conflict) { try await context.update(one) }
    await #expect(throws: missing) { try await context.delete(ConfigMap.self, key("a")) }
    await #expect(throws: conflict) {
      try await context.get(ConfigMap.self, key("a"), from: .server)
    }
  }

  @Test("A reply that is not there at once is waited for")
  func later() async throws {
    let driver = ScriptedDriver(.later(.cached(one.object)), .later(.done))
    let context = ReconcileContext(driver)
    #expect(try await context.get(ConfigMap.self, key("a")) == one)
    try await context.sleep(.seconds(3))
    #expect(driver.waits == 2 && driver.effects.last == .sleep(.seconds(3)))
  }

  @Test("After a crash every effect throws, and nothing traps")
  func crashed() async throws {
    let driver = ScriptedDriver(.crash)
    let context = ReconcileContext(driver)
    await #expect(throws: ProcessCrashed()) { try await context.update(one) }
    await #expect(throws: ProcessCrashed()) { try await context.pool("p").grants(of: one.uid) }
    await #expect(throws: ProcessCrashed()) { try await context.sleep(.seconds(1)) }
    #expect(throws: ProcessCrashed()) { try context.random(below: 2) }
    #expect(throws: ProcessCrashed()) { try context.event(one, reason: "R", "m") }
    context[memory: Count.self] += 1
    #expect(context[memory: Count.self] == Count.initial)
    // A driver that has given up on the process does not answer at all.
    driver.script = [.later(.done)]
    #expect(context[memory: Count.self] == Count.initial)
    #expect(throws: ProcessCrashed()) { try context.random(below: 2) }
  }
}

private enum Count: ProcessMemoryKey {
  static let name = "count"
  static let initial = 10
}

@Suite("Reconcile context: time, chance, people and memory")
struct ContextOwnTests {
  @Test("Time is that of the last reply and no effect")
  func now() {
    let driver = ScriptedDriver()
    #expect(ReconcileContext(driver).now == Timestamp(seconds: 1_000))
    #expect(driver.effects.isEmpty)
  }

  @Test("A drawn number is below its bound")
  func random() throws {
    let driver = ScriptedDriver(.reply(.number(23)), .reply(.number(.max)))
    let context = ReconcileContext(driver)
    #expect(try context.random(below: 10) == 3)
    #expect(try context.random(below: 1) == 0)
    #expect(driver.effects == [.random, .random])
  }

  @Test("An event names its object")
  func event() throws {
    let driver = ScriptedDriver(.reply(.done), .reply(.done))
    let context = ReconcileContext(driver)
    try context.event(ConfigMap("a"), reason: "Bound", "has it")
    try context.event(ConfigMap("a"), isWarning: true, reason: "Lost", "has it not")
    #expect(
      driver.effects == [
        .event(
          EventNote(
            ConfigMap.type, key("a"), uid: ConfigMap("a").uid, reason: "Bound", message: "has it")),
        .event(
          EventNote(
            ConfigMap.type, key("a"), uid: ConfigMap("a").uid, isWarning: true, reason: "Lost",
            message: "has it not")),
      ])
  }

  @Test("Memory begins with its initial value, and is read and written by name")
  func memory() {
    let driver = ScriptedDriver(
      .reply(.memory(nil)), .reply(.done), .reply(.memory(MemoryValue(11))),
      .reply(.memory(MemoryValue("of another type"))))
    let context = ReconcileContext(driver)
    context[memory: Count.self] += 1
    #expect(context[memory: Count.self] == 11)
    #expect(context[memory: Count.self] == Count.initial)
    #expect(driver.effects[0] == .readMemory("count"))
    #expect(driver.effects[1] == .writeMemory("count", MemoryValue(11)))
  }
}

@Suite("Reconcile context: pools")
struct PoolClientTests {
  private let owner = ConfigMap("a", uid: 5)

  @Test("Each call says what it is")
  func calls() async throws {
    let empty = ScriptedDriver.Answer.reply(.allocator(.success([])))
    let driver = ScriptedDriver(empty, empty, empty, empty, empty, empty, empty, empty)
    let pool = ReconcileContext(driver).pool("gpus")
    let selector = [AttributeRequirement("node", "n1")]
    let given = grant("gpu-0", generation: 3)
    _ = try await pool.ensure(
      2, for: owner, key: "k", selector: selector, matchAttribute: "rack")
    try await pool.beginRelease(owner.uid)
    try await pool.finishRelease(owner.uid)
    try await pool.release(given)
    _ = try await pool.grants(of: owner.uid)
    try await pool.rebuild(from: [])
    _ = try await pool.raw.take(1, for: owner)
    try await pool.raw.free("gpu-0")
    let request = AllocationRequest(
      pool: "gpus", owner: owner.uid, holder: "ConfigMap default/a", key: "k", count: 2,
      selector: selector, matchAttribute: "rack")
    let naive = AllocationRequest(
      pool: "gpus", owner: owner.uid, holder: "ConfigMap default/a")
    let calls: [AllocatorCall] = [
      .ensure(request), .beginRelease(pool: "gpus", owner: owner.uid),
      .finishRelease(pool: "gpus", owner: owner.uid),
      .release(pool: "gpus", item: "gpu-0", generation: 3, owner: given.owner),
      .held(pool: "gpus", owner: owner.uid), .rebuild(pool: "gpus", records: []),
      .takeRaw(naive), .freeRaw(pool: "gpus", item: "gpu-0"),
    ]
    #expect(driver.effects == calls.map(Effect.allocator))
    #expect(calls.filter { !$0.isWrite }.map(\.operation) == ["held"])
    #expect(calls.allSatisfy { $0.pool == "gpus" })
  }

  @Test("Grants come back, and errors are thrown as the allocator said them")
  func answers() async throws {
    let full = AllocationError.exhausted(pool: "gpus", wanted: 1, free: 0)
    let driver = ScriptedDriver(
      .reply(.allocator(.success([grant("gpu-0")]))), .reply(.allocator(.failure(full))),
      .reply(.allocator(.failure(.timeout))))
    let pool = ReconcileContext(driver).pool("gpus")
    #expect(try await pool.ensure(1, for: owner) == [grant("gpu-0")])
    await #expect(throws: full) { try await pool.ensure(1, for: owner) }
    await #expect(throws: AllocationError.timeout) { try await pool.finishRelease(owner.uid) }
  }

  @Test("Rebuilding says which records were not entered; ready books enter none and refuse none")
  func rebuild() async throws {
    let driver = ScriptedDriver(
      .reply(.allocator(.success([grant("gpu-0")]))), .reply(.allocator(.success([]))))
    let pool = ReconcileContext(driver).pool("gpus")
    let mine = AllocationRecord(
      pool: "gpus", item: "gpu-0", generation: 1, owner: UID(high: 1, low: 1), holder: "a")
    var theirs = mine
    theirs.owner = UID(high: 1, low: 2)
    #expect(try await pool.rebuild(from: [theirs, mine]) == [theirs])
    #expect(try await pool.rebuild(from: [theirs, mine]).isEmpty)
  }
}

@Suite("Reconcile context: objects of any kind")
struct ContextObjectTests {
  private let one = ConfigMap("a", revision: 3).object

  @Test("Discovery answers with kinds, with nil for what is not served, or with the refusal")
  func discovery() async throws {
    let driver = ScriptedDriver(
      .reply(.discovered(.success([ConfigMap.type]))), .reply(.discovered(.success([]))),
      .reply(.discovered(.success([ConfigMap.type, Deployment.type]))),
      .reply(.discovered(.failure(StatusError(.serviceUnavailable, "down")))))
    let context = ReconcileContext(driver)
    #expect(try await context.discover(apiVersion: "v1", kind: "ConfigMap") == ConfigMap.type)
    #expect(try await context.discover(apiVersion: "v1", kind: "Ship") == nil)
    #expect(try await context.discoverEverything() == [ConfigMap.type, Deployment.type])
    await #expect(throws: StatusError(.serviceUnavailable, "down")) {
      try await context.discoverEverything()
    }
    #expect(driver.effects[1] == .discover(.kind(apiVersion: "v1", kind: "Ship")))
    #expect(driver.effects[2] == .discover(.everything))
  }

  @Test("Owners and dependents come from the caches of all kinds")
  func owners() async throws {
    let driver = ScriptedDriver(.reply(.cached(one)), .reply(.cachedList([one])))
    let context = ReconcileContext(driver)
    #expect(try await context.cachedObject(one.uid) == one)
    #expect(try await context.cachedDependents(of: one.uid) == [one])
    #expect(driver.effects == [.cachedObject(one.uid), .cachedDependents(one.uid)])
  }

  @Test("Reads and writes say what they are")
  func requests() async throws {
    let answer = ScriptedDriver.Answer.reply(.api(.success(.object(one))))
    let list = ScriptedDriver.Answer.reply(.api(.success(.list([one], revision: 9))))
    let driver = ScriptedDriver(
      .reply(.cached(one)), answer, .reply(.api(.failure(.notFound(ConfigMap.type, "a")))),
      .reply(.cachedList([one])), list, answer, answer, answer, list)
    let context = ReconcileContext(driver)
    let type = ConfigMap.type
    #expect(try await context.get(type, key("a")) == one)
    #expect(try await context.get(type, key("a"), from: .server) == one)
    #expect(try await context.get(type, key("a"), from: .server) == nil)
    #expect(try await context.list(type, namespace: "default") == [one])
    #expect(try await context.list(type, from: .server) == [one])
    try await context.update(one, subresource: .finalize)
    try await context.mergePatch(type, key("a"), ["x": 1])
    let options = DeleteOptions(propagationPolicy: .foreground)
    try await context.delete(type, key("a"), options)
    let chosen = ListOptions(namespace: "default")
    #expect(try await context.deleteCollection(type, chosen, options) == [one])
    let live = Effect.api(.get(type, key("a")))
    #expect(
      driver.effects == [
        .cachedGet(type, key("a")), live, live, .cachedList(type, namespace: "default"),
        .api(.list(type, namespace: nil)), .api(.update(one, subresource: .finalize)),
        .api(.mergePatch(type, key("a"), ["x": 1])), .api(.delete(type, key("a"), options)),
        .api(.deleteCollection(type, chosen, options)),
      ])
  }
}

import APIMachinery
import Allocation
import ControllerRuntime
import Scalars
import Testing
import ValueTree

@Suite("Stable hashes of effects and replies: what differs is told apart")
struct EffectHashTests {
  private func expectDistinct(_ hashes: [UInt64], sourceLocation: SourceLocation = #_sourceLocation)
  {
    for (index, hash) in hashes.enumerated() {
      let first = hashes.firstIndex(of: hash)
      #expect(first == index, "entries \(first ?? -1) and \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test("Calls: operation, pool, owner, key, count, selector, attribute, item, generation, records")
  func calls() {
    let uid = UID(high: 1, low: 1)
    let base = AllocationRequest(pool: "p", owner: uid, holder: "h")
    func changed(_ change: (inout AllocationRequest) -> Void) -> AllocatorCall {
      var request = base
      change(&request)
      return .ensure(request)
    }
    let entry = AllocationRecord(pool: "p", item: "i", generation: 1, owner: uid, holder: "h")
    func rebuild(_ change: (inout AllocationRecord) -> Void) -> AllocatorCall {
      var record = entry
      change(&record)
      return .rebuild(pool: "p", records: [record])
    }
    let calls: [AllocatorCall] = [
      .ensure(base), .takeRaw(base), changed { $0.pool = "q" },
      changed { $0.owner = UID(high: 1, low: 2) }, changed { $0.owner = UID(high: 2, low: 1) },
      changed { $0.key = "k" }, changed { $0.count = 2 }, changed { $0.holder = "g" },
      changed { $0.selector = [AttributeRequirement("a", "b")] },
      changed { $0.selector = [AttributeRequirement("a", "c")] },
      changed { $0.matchAttribute = "node" },
      .beginRelease(pool: "p", owner: uid), .finishRelease(pool: "p", owner: uid),
      .held(pool: "p", owner: uid), .held(pool: "p", owner: UID(high: 2, low: 1)),
      .release(pool: "p", item: "i", generation: 1, owner: uid),
      .release(pool: "p", item: "i", generation: 2, owner: uid),
      .release(pool: "p", item: "j", generation: 1, owner: uid),
      .freeRaw(pool: "p", item: "i"), .freeRaw(pool: "p", item: "j"),
      .rebuild(pool: "p", records: []), .rebuild(pool: "p", records: [entry, entry]),
      rebuild { _ in }, rebuild { $0.item = "j" }, rebuild { $0.generation = 2 },
      rebuild { $0.owner = UID(high: 1, low: 2) }, rebuild { $0.requestKey = "k" },
      rebuild { $0.isTerminating = true },
    ]
    expectDistinct(calls.map(\.stableHash))
    expectDistinct(calls.map { Effect.allocator($0).stableHash })
    #expect(calls[0].stableHash == AllocatorCall.ensure(base).stableHash)
  }

  @Test("Effects: each kind, and everything it says; a memory write counts by its name")
  func effects() {
    let object = ConfigMap("a").object
    let effects: [Effect] = [
      .cachedGet(ConfigMap.type, key("a")), .cachedGet(ConfigMap.type, key("b")),
      .cachedGet(Deployment.type, key("a")),
      .cachedGet(ConfigMap.type, ObjectKey(namespace: "other", name: "a")),
      .cachedList(ConfigMap.type, namespace: nil),
      .cachedList(ConfigMap.type, namespace: "default"),
      .cachedList(Deployment.type, namespace: nil),
      .cachedObject(UID(high: 1, low: 1)), .cachedObject(UID(high: 1, low: 2)),
      .cachedDependents(UID(high: 1, low: 1)), .cachedDependents(UID(high: 1, low: 2)),
      .discover(.everything), .discover(.kind(apiVersion: "v1", kind: "A")),
      .discover(.kind(apiVersion: "v2", kind: "A")), .discover(.kind(apiVersion: "v1", kind: "B")),
      .api(.get(ConfigMap.type, key("a"))), .api(.list(ConfigMap.type, namespace: nil)),
      .api(.create(object)), .api(.update(object)), .api(.update(object, subresource: .status)),
      .api(.update(object.with(resourceVersion: 2))), .api(.update(object.with(body: ["x": 1]))),
      .api(.delete(ConfigMap.type, key("a"), .none)),
      .api(.delete(ConfigMap.type, key("a"), DeleteOptions(resourceVersion: 1))),
      .api(.mergePatch(ConfigMap.type, key("a"), ["x": 1])),
      .api(.mergePatch(ConfigMap.type, key("a"), ["x": 2])),
      .sleep(.seconds(1)), .sleep(.seconds(2)), .random,
      .event(EventNote(ConfigMap.type, key("a"), reason: "r", message: "m")),
      .event(EventNote(Deployment.type, key("a"), reason: "r", message: "m")),
      .event(EventNote(ConfigMap.type, key("b"), reason: "r", message: "m")),
      .event(EventNote(ConfigMap.type, key("a"), isWarning: true, reason: "r", message: "m")),
      .event(EventNote(ConfigMap.type, key("a"), reason: "r", message: "n")),
      .readMemory("x"), .readMemory("y"), .writeMemory("x", MemoryValue(1)),
    ]
    expectDistinct(effects.map(\.stableHash))
    #expect(
      Effect.writeMemory("x", MemoryValue(1)).stableHash
        == Effect.writeMemory("x", MemoryValue(2)).stableHash)
    #expect(
      effects.filter(\.isInline).map(\.operation) == [
        "random", "event", "event", "event", "event", "event", "read-memory", "read-memory",
        "write-memory",
      ])
    #expect(
      effects.filter(\.isWrite).map(\.operation) == [
        "create", "update", "update-status", "update", "update", "delete", "delete", "patch",
        "patch",
      ])
  }

  @Test("Replies: each kind, and everything it says; memory does not count")
  func replies() {
    let object = ConfigMap("a").object
    let conflict = StatusError.conflict(ConfigMap.type, "a", "x")
    var other = grant("gpu-0")
    other = Grant(
      pool: other.pool, item: other.item, generation: 1, owner: UID(high: 1, low: 9),
      requestKey: "default", state: .open)
    let replies: [Reply] = [
      .cached(nil), .cached(object), .cached(object.with(resourceVersion: 2)), .cachedList([]),
      .cachedList([object]), .cachedList([object.with(resourceVersion: 2)]),
      .api(.success(.object(object))), .api(.success(.list([object], revision: 1))),
      .api(.success(.list([object], revision: 2))), .api(.failure(conflict)),
      .api(.failure(.conflict(ConfigMap.type, "a", "y"))),
      .api(.failure(.notFound(ConfigMap.type, "a"))), .allocator(.success([])),
      .allocator(.success([grant("gpu-0")])), .allocator(.success([grant("gpu-1")])),
      .allocator(.success([grant("gpu-0", generation: 2)])),
      .allocator(.success([grant("gpu-0", state: .closing)])), .allocator(.success([other])),
      .allocator(.failure(.timeout)), .allocator(.failure(.unavailable)),
      .allocator(.failure(.exhausted(pool: "p", wanted: 1, free: 0))),
      .allocator(.failure(.exhausted(pool: "p", wanted: 2, free: 0))),
      .discovered(.success([])), .discovered(.success([ConfigMap.type])),
      .discovered(.success([Deployment.type])), .discovered(.failure(conflict)),
      .number(1), .number(2), .done, .memory(nil),
    ]
    expectDistinct(replies.map(\.stableHash))
    #expect(Reply.memory(nil).stableHash == Reply.memory(MemoryValue(1)).stableHash)
  }

  @Test("Subjects and operations read as schedules name them")
  func names() {
    let get = Effect.cachedGet(ConfigMap.type, key("a"))
    #expect("\(get.operation) \(get.subject)" == "cached-get configmaps default/a")
    let list = Effect.cachedList(ConfigMap.type, namespace: nil)
    #expect("\(list.operation) \(list.subject)" == "cached-list configmaps *")
    let uid = "00000000-0000-0001-0000-000000000002"
    let dependents = Effect.cachedDependents(UID(high: 1, low: 2))
    #expect("\(dependents.operation) \(dependents.subject)" == "cached-dependents \(uid)")
    let owner = Effect.cachedObject(UID(high: 1, low: 2))
    #expect("\(owner.operation) \(owner.subject)" == "cached-object \(uid)")
    let kind = Effect.discover(.kind(apiVersion: "apps/v1", kind: "ReplicaSet"))
    #expect("\(kind.operation) \(kind.subject)" == "discover apps/v1 ReplicaSet")
    let free = Effect.allocator(.freeRaw(pool: "gpus", item: "x"))
    #expect("\(free.operation) \(free.subject)" == "free pool gpus")
    #expect(Effect.sleep(.milliseconds(1_500)).subject == "1.5s")
  }

  @Test("Memory values compare by value, and by type")
  func memory() {
    #expect(MemoryValue([1, 2]) == MemoryValue([1, 2]))
    #expect(MemoryValue([1, 2]) != MemoryValue([1, 3]))
    #expect(MemoryValue("1") != MemoryValue(1))
  }
}

@Suite("Finalizer helpers")
struct FinalizerTests {
  @Test("Adding says whether there is something to write, and keeps the others")
  func add() {
    var map = ConfigMap("a")
    do {
      let isChanged = map.addFinalizer("x.dev/one")
      #expect(isChanged)
    }
    do {
      let isChanged = map.addFinalizer("x.dev/two")
      #expect(isChanged)
    }
    do {
      let isChanged = map.addFinalizer("x.dev/one")
      #expect(!isChanged)
    }
    #expect(map.finalizers == ["x.dev/one", "x.dev/two"])
    #expect(map.hasFinalizer("x.dev/two") && !map.hasFinalizer("x.dev/three"))
  }

  @Test("Removing takes off this one only; the last one takes the list with it")
  func remove() {
    var map = ConfigMap("a")
    let bare = map
    _ = map.addFinalizer("x.dev/one")
    _ = map.addFinalizer("x.dev/two")
    #expect(map.removeFinalizer("x.dev/one") && map.finalizers == ["x.dev/two"])
    do {
      let isChanged = map.removeFinalizer("x.dev/one")
      #expect(!isChanged)
    }
    do {
      let isChanged = map.removeFinalizer("x.dev/two")
      #expect(isChanged)
    }
    #expect(!map.object.hasFinalizers && map.finalizers == bare.finalizers)
  }
}

@Suite("Step programs")
struct StepReconcileTests {
  /// Reads, then draws until the number is even.
  private struct Machine: StepReconcile {
    let key: ObjectKey
    var draws = 0
    mutating func next(_ reply: Reply?) -> Step {
      switch reply {
      case nil: return .effect(.cachedGet(ConfigMap.type, key))
      case .cached(nil): return .fail(TerminalError("gone"))
      case .number(let number) where number.isMultiple(of: 2): return .finish(.done)
      default:
        draws += 1
        return .effect(.random)
      }
    }
    var stateHash: UInt64 { UInt64(draws) }
  }

  private func run(_ machine: inout Machine, _ replies: [Reply]) -> [String] {
    var steps: [String] = []
    var next: Reply?
    var rest = replies
    while true {
      switch machine.next(next) {
      case .effect(let effect): steps.append(effect.operation)
      case .finish(let result):
        steps.append("\(result)")
        return steps
      case .fail(let error):
        steps.append("\(error)")
        return steps
      }
      next = rest.removeFirst()
    }
  }

  @Test("A machine goes from effect to effect; a copy goes its own way")
  func run() {
    let controller = Controller(
      "machine", for: ConfigMap.type, program: .steps { Machine(key: $0) })
    guard case .steps(let make) = controller.program,
      var machine = make(key("a")) as? Machine
    else {
      Issue.record("a step program makes machines")
      return
    }
    var copy = machine
    let found = Reply.cached(ConfigMap("a").object)
    #expect(
      run(&machine, [found, .number(3), .number(4)]) == ["cached-get", "random", "random", "done"])
    #expect(run(&copy, [.cached(nil)]) == ["cached-get", "gone"])
    #expect(machine.stateHash != copy.stateHash)
  }
}

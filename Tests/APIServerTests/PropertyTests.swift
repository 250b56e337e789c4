import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

@Suite("Semantics 6.5: invariants under random requests")
struct PropertyTests {
  private static let kinds = ["devicebindings", "pods", "configmaps", "nodes", "namespaces"]
  private static let finalizers = ["example.com/a", "example.com/b", "orphan"]

  /// A request with anything in it, good or bad; half of the updates start from what is stored.
  private static func request(_ random: inout SeededRandom, _ server: APIServer) -> APIRequest {
    let name = random.pick(kinds)
    guard let type = server.registry.type(named: name) else { preconditionFailure(name) }
    let key = ObjectKey(
      namespace: type.definition.isNamespaced ? random.pick(["default", "x"]) : "",
      name: random.pick(["x", "y", "z"]))
    var metadata: [(Key, Value)] = []
    if random.below(2) == 0 {
      let count = random.below(3)
      metadata.append(("finalizers", Value(finalizers.prefix(count).map { Value($0) })))
    }
    if random.below(4) == 0 { metadata.append(("labels", ["a": Value(random.pick(["b", "-"]))])) }
    let body: Value = [
      "metadata": Value(members: metadata), "spec": ["n": Value(random.below(3))],
      "status": ["m": Value(random.below(2))],
    ]
    let subresource = random.pick([nil, nil, Subresource.status, .finalize])
    switch random.below(6) {
    case 0, 1:
      return .create(
        APIObject(
          type: type, header: ObjectHeader(namespace: key.namespace, name: key.name), body: body))
    case 2:
      var header = ObjectHeader(namespace: key.namespace, name: key.name)
      if let stored = server.store.object(type, key), random.below(4) > 0 {
        header = stored.header
      }
      return .update(APIObject(type: type, header: header, body: body), subresource: subresource)
    case 3: return .mergePatch(type, key, body, subresource: subresource)
    case 4: return .get(type, key)
    default:
      return deletion(&random, type, key)
    }
  }

  private static func deletion(
    _ random: inout SeededRandom, _ type: ResourceType, _ key: ObjectKey
  ) -> APIRequest {
    var options = DeleteOptions(resourceVersion: random.below(5) == 0 ? 3 : nil)
    if random.below(3) == 0 { options.propagationPolicy = random.pick(PropagationPolicy.allCases) }
    if random.below(9) == 0 { options.orphanDependents = random.below(2) == 0 }
    if random.below(3) == 0 { options.gracePeriodSeconds = Int64(random.below(20) - 2) }
    options.isDryRun = random.below(9) == 0
    if random.below(9) > 0 { return .delete(type, key, options) }
    return .deleteCollection(type, ListOptions(namespace: key.namespace), options)
  }

  /// How many writes a request may lead to: a deletion without grace of a pod is two, a
  /// deletion of many any number.
  private static func writesMax(_ request: APIRequest, _ isAnswered: Bool) -> Int {
    switch request {
    case .deleteCollection: request.isDryRun ? 0 : .max
    case .delete where isAnswered: request.isDryRun ? 0 : 2
    default: request.isWrite && isAnswered ? 1 : 0
    }
  }

  @Test("I6, I7, I9, I10: revisions, deletion, generation and silence, for each object and watcher")
  func invariants() throws {
    var accepted = 0
    for seed in UInt64(0)..<60 {
      var random = SeededRandom(seed: seed)
      var server = APIServer(registry: .schemaless, startedAt: .unixEpoch)
      var alive: [UID: APIObject] = [:]
      var dead: Set<UID> = []
      for namespace in server.store.events(
        server.registry.types.first { $0.kind == "Namespace" } ?? server.registry.types[0],
        after: 0)
      {
        alive[namespace.object.uid] = namespace.object
      }
      for step in 0..<400 {
        let place = "seed \(seed), step \(step)"
        let before = server
        let request = Self.request(&random, server)
        let now = Timestamp(seconds: Int64(step))
        var response: APIResponse?
        do { response = try server.handle(request, at: now) } catch {}
        let revision = before.store.revision
        let events = server.registry.types.flatMap { server.store.events($0, after: revision) }
        // I6: a request writes at most once, and takes the next revision.
        #expect(events.count == Int(server.store.revision - revision), "\(place)")
        #expect(events.count <= Self.writesMax(request, response != nil), "\(place)")
        if response != nil, request.isWrite { accepted += 1 }
        // I10: what emits nothing has changed nothing.
        if events.isEmpty {
          #expect(server.store.contentHash == before.store.contentHash, "\(place)")
        }
        for (index, event) in events.enumerated() {
          #expect(event.revision == revision + 1 + UInt64(index), "\(place)")
          let object = event.object
          // I6: DELETED is the last of a UID.
          #expect(!dead.contains(object.uid), "\(place)")
          #expect((event.kind == .added) == (alive[object.uid] == nil), "\(place)")
          #expect(event.previous?.header == alive[object.uid]?.header, "\(place)")
          if let old = alive[object.uid], event.kind == .modified {
            // I10: and what is emitted has changed something.
            #expect(old.contentHash != object.contentHash, "\(place)")
            // I9: generation only grows.
            #expect(object.header.generation >= old.header.generation, "\(place)")
            #expect(object.header.generation <= old.header.generation + 1, "\(place)")
            #expect(object.header.creationTimestamp == old.header.creationTimestamp, "\(place)")
            if old.isDeleting {
              // I7: the deletion stays, and comes no later; finalizers do not grow but for the collector's.
              if let time = object.header.deletionTimestamp, let due = old.header.deletionTimestamp
              {
                #expect(time <= due, "\(place)")
              } else {
                Issue.record("the deletion is taken back, \(place)")
              }
              let collectors: Set = ["orphan", "foregroundDeletion"]
              #expect(
                Set(object.finalizers).subtracting(collectors).isSubset(of: old.finalizers),
                "\(place)")
            }
          }
          if event.kind == .deleted {
            alive[object.uid] = nil
            dead.insert(object.uid)
          } else {
            alive[object.uid] = object
          }
        }
        for object in alive.values where events.last?.object === object {
          #expect(server.store.object(object.type, object.key) === object, "\(place)")
        }
      }
      let all = server.registry.types.flatMap { server.store.list($0) }
      #expect(all.count == alive.count, "seed \(seed)")
      #expect(server.store.contentHash == all.reduce(0) { $0 &+ $1.contentHash }, "seed \(seed)")
    }
    #expect(accepted > 5_000, "the requests are worth something: \(accepted)")
  }

  @Test("The same requests lead to the same store, hashes and UIDs")
  func determinism() {
    for seed in UInt64(0)..<20 {
      func run() -> (APIServer, UInt64) {
        var random = SeededRandom(seed: seed)
        var server = APIServer(registry: .schemaless, startedAt: .unixEpoch)
        var trace = StableHash()
        for step in 0..<300 {
          let request = Self.request(&random, server)
          trace.combine(request.stableHash)
          do {
            let answer = try server.handle(request, at: Timestamp(seconds: Int64(step)))
            trace.combine(answer.stableHash)
          } catch { trace.combine(error.message) }
        }
        return (server, trace.value)
      }
      let (a, b) = (run(), run())
      #expect(a.1 == b.1, "seed \(seed)")
      #expect(a.0.store.contentHash == b.0.store.contentHash, "seed \(seed)")
      for type in a.0.registry.types {
        #expect(
          a.0.store.events(type, after: 0) == b.0.store.events(type, after: 0), "seed \(seed)")
      }
    }
  }

  @Test("The hash of a fixed run is this number, in debug and release and on every machine")
  func golden() throws {
    var random = SeededRandom(seed: 2_026)
    var server = APIServer(registry: .schemaless, startedAt: .unixEpoch)
    for step in 0..<500 {
      let request = Self.request(&random, server)
      _ = try? server.handle(request, at: Timestamp(seconds: Int64(step)))
    }
    #expect(server.store.contentHash == 3_093_613_024_719_278_794)
    #expect(server.store.revision == 99)
  }

  @Test("UIDs and generated names do not depend on what else was made, or when")
  func independence() throws {
    var random = SeededRandom(seed: 9)
    var orders: [[String: UID]] = []
    var hashes: Set<UInt64> = []
    for _ in 0..<10 {
      var bench = Bench()
      var uids: [String: UID] = [:]
      for name in ["a", "b", "c", "d"].shuffled(using: &random) {
        bench.now = Timestamp(seconds: Int64(random.below(1_000_000)))
        let binding = try bench.create("devicebindings", name)
        try bench.delete(binding)
        uids[name] = try bench.create("devicebindings", name).uid
        let pod = try bench.create("pods", "", metadata: ["generateName": Value(name + "-")])
        uids[pod.name] = pod.uid
      }
      orders.append(uids)
      hashes.insert(bench.server.store.contentHash)
    }
    #expect(orders.allSatisfy { $0 == orders[0] })
    #expect(hashes.count == 1)
  }

  @Test("An object that is made again has another UID, each time")
  func incarnations() throws {
    var bench = Bench()
    var seen: Set<UID> = []
    for _ in 0..<20 {
      let object = try bench.create("devicebindings", "a")
      #expect(seen.insert(object.uid).inserted)
      try bench.delete(object)
    }
    var other = Bench(seed: 1)
    #expect(try !seen.contains(other.create("devicebindings", "a").uid), "worlds differ by seed")
  }

  @Test("A fork answers for itself")
  func forks() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a", body: ["spec": ["n": 0]])
    var fork = bench
    let left = try bench.change(object, ["spec": ["n": 1]])
    let right = try fork.change(object, ["spec": ["n": 2]])
    #expect(left.resourceVersion == right.resourceVersion)
    #expect(try bench.get(object) === left)
    #expect(try fork.get(object) === right)
    fork.server.register(
      .init(group: "example.com", version: "v1", kind: "Widget", plural: "widgets"))
    #expect(bench.server.registry.type(named: "widgets") == nil)
    try fork.create("widgets", "w")
    #expect(bench.revision + 1 == fork.revision)
  }
}

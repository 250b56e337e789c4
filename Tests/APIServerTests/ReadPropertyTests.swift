import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

@Suite("Semantics 2.5 and 2.6: lists, pages and watches under random writes")
struct ReadPropertyTests {
  private static let namespaces = ["default", "x", "x-1"]
  private static let selectors = ["", "a=b", "a!=b", "a in (b, c),!z", "z"]

  /// One random write of a config map, or of another kind.
  private static func write(_ bench: inout Bench, _ random: inout SeededRandom) {
    let kind = random.pick(["configmaps", "configmaps", "configmaps", "secrets"])
    var metadata: Value = ["namespace": Value(random.pick(namespaces))]
    var labels: [(Key, Value)] = []
    if random.below(3) > 0 { labels.append(("a", Value(random.pick(["b", "c", "d"])))) }
    if random.below(4) == 0 { labels.append(("z", "")) }
    metadata = metadata.setting("labels", to: Value(members: labels))
    if random.below(5) == 0 {
      metadata = metadata.setting("finalizers", to: ["example.com/f"])
    }
    let name = "n\(random.below(12))"
    let body: Value = ["data": ["n": Value("\(random.below(3))")]]
    guard let object = try? bench.object(kind, name, metadata: metadata, body: body) else { return }
    switch random.below(4) {
    case 0: _ = try? bench.create(object)
    case 1, 2: _ = (try? bench.create(object)) ?? (try? bench.update(object))
    default: _ = try? bench.delete(object)
    }
  }

  private func bench() throws -> Bench {
    var bench = Bench()
    for namespace in Self.namespaces.dropFirst() { try bench.create("namespaces", namespace) }
    return bench
  }

  /// The config maps after each revision, replayed from the log; those that a selection chooses.
  private func states(
    _ bench: Bench, _ options: ListOptions
  ) -> [UInt64: [ObjectKey: APIObject]] {
    let selection = ObjectSelection(options)
    var states: [UInt64: [ObjectKey: APIObject]] = [:]
    var state: [ObjectKey: APIObject] = [:]
    let events = bench.server.store.events(bench.kind("configmaps"), after: 0)
    var next = 0
    for revision in 0...bench.revision {
      while next < events.count, events[next].revision == revision {
        let event = events[next]
        let isChosen =
          event.kind != .deleted && selection.contains(event.object.key)
          && selection.matches(event.object)
        state[event.object.key] = isChosen ? event.object : nil
        next += 1
      }
      states[revision] = state
    }
    return states
  }

  @Test("2.5: a list at revision r is the replay of the events up to r, with any selectors")
  func replay() throws {
    for seed in UInt64(0)..<6 {
      var random = SeededRandom(seed: seed)
      var bench = try bench()
      for _ in 0..<200 { Self.write(&bench, &random) }
      for selector in Self.selectors {
        for namespace in [nil] + Self.namespaces.map({ $0 as String? }) {
          var options = try ListOptions.of(labels: selector, namespace: namespace)
          let states = states(bench, options)
          for revision in stride(from: UInt64(1), through: bench.revision, by: 7) {
            options.resourceVersion = "\(revision)"
            options.resourceVersionMatch = "Exact"
            let list = try bench.list("configmaps", options)
            let state = states[revision] ?? [:]
            #expect(list.revision == revision)
            #expect(
              list.objects == state.keys.sorted().compactMap { state[$0] },
              "seed \(seed), revision \(revision), selector \(selector)")
          }
        }
      }
    }
  }

  @Test("2.5: pages of any limit over a changing store are the list at the first page's revision")
  func paging() throws {
    var pageCount = 0
    for seed in UInt64(0)..<100 {
      var random = SeededRandom(seed: seed)
      var bench = try bench()
      for _ in 0..<60 + random.below(200) { Self.write(&bench, &random) }
      let selector = random.pick(Self.selectors)
      let namespace = random.pick([nil, nil, "x"] as [String?])
      let place = "seed \(seed), selector \(selector), namespace \(namespace ?? "all")"
      let whole = try bench.list("configmaps", .of(labels: selector, namespace: namespace))
      var seen: [APIObject] = []
      var token = ""
      repeat {
        let limit = 1 + random.below(9)
        let page = try bench.list(
          "configmaps", .of(limit: limit, labels: selector, namespace: namespace, token: token))
        #expect(page.revision == whole.revision, "\(place)")
        #expect(page.objects.count <= limit, "\(place)")
        seen += page.objects
        token = page.continueToken
        pageCount += 1
        if !token.isEmpty {
          let left = selector.isEmpty ? whole.objects.count - seen.count : nil
          #expect(page.remainingItemCount == left, "\(place)")
        }
        // Other lists begin meanwhile, and keep states of their own.
        for _ in 0..<random.below(60) { Self.write(&bench, &random) }
        _ = try bench.list("configmaps", .of(limit: 1))
      } while !token.isEmpty
      #expect(seen == whole.objects, "\(place)")
    }
    #expect(pageCount > 200, "the pages are worth something: \(pageCount)")
  }

  @Test("2.6: a watch from r with selectors turns the chosen state at r into each later one")
  func watching() throws {
    var told = 0
    for seed in UInt64(0)..<40 {
      var random = SeededRandom(seed: seed)
      var bench = try bench()
      for _ in 0..<120 { Self.write(&bench, &random) }
      let options = try ListOptions.of(
        labels: random.pick(Self.selectors), namespace: random.pick([nil, "x"] as [String?]))
      let states = states(bench, options)
      let start = 1 + UInt64(random.below(Int(bench.revision)))
      var begun = options
      begun.resourceVersion = random.below(4) == 0 ? "" : "\(start)"
      var stream = try bench.watch("configmaps", WatchOptions(begun, allowsBookmarks: true))
      var state = begun.resourceVersion.isEmpty ? [:] : states[start] ?? [:]
      var last = UInt64(0)
      let place = "seed \(seed) from \(begun.resourceVersion) by \(options.labels)"
      while case .event(let event) = stream.next(in: bench.server, at: bench.now) {
        let key = event.object.key
        #expect((state[key] == nil) == (event.kind == .added), "\(place)")
        told += 1
        if begun.resourceVersion.isEmpty {
          state[key] = event.object
          continue
        }
        // I6: in the order of revisions, and DELETED with that of the write which ended it.
        #expect(event.object.resourceVersion > last, "\(place)")
        last = event.object.resourceVersion
        if event.kind == .deleted { #expect(state[key]?.body == event.object.body, "\(place)") }
        state[key] = event.kind == .deleted ? nil : event.object
        #expect(state == states[last], "\(place), revision \(last)")
      }
      #expect(state == states[bench.revision], "\(place)")
    }
    #expect(told > 400, "the watches are worth something: \(told)")
  }

  @Test("2.6: a stream that is taken up anywhere tells the same as one that was never broken")
  func resuming() throws {
    for seed in UInt64(100)..<120 {
      var random = SeededRandom(seed: seed)
      var bench = try bench()
      let options = try ListOptions.of("1", labels: random.pick(Self.selectors))
      var steady = try bench.watch("configmaps", WatchOptions(options))
      var broken = steady
      var one: [String] = []
      var other: [String] = []
      for _ in 0..<100 {
        Self.write(&bench, &random)
        if random.below(3) == 0 { one += bench.drain(&steady) }
        if random.below(3) == 0 { other += bench.drain(&broken) }
        if random.below(5) == 0 {
          var from = options
          from.resourceVersion = "\(broken.revision)"
          broken = try bench.watch("configmaps", WatchOptions(from))
        }
      }
      one += bench.drain(&steady)
      other += bench.drain(&broken)
      #expect(one == other, "seed \(seed)")
    }
  }
}

import APIMachinery
import APIStore
import PersistentCollections
import Scalars
import Testing

@Suite("The store under random operations is what a model on the side says")
struct StoreModelTests {
  private static let namespaces = ["a", "a-b", "b", "default"]
  private static let names = ["x", "y", "a-longer-name-number-1", "a-longer-name-number-2", "z"]

  /// One run; the store, the model, and a random number generator for questions.
  private func run(
    seed: UInt64, writes: Int, historyLimit: Int = 100_000
  ) -> (store: APIStore, model: StoreModel, random: SeededRandom) {
    var random = SeededRandom(seed: seed)
    var store = APIStore(historyLimit: historyLimit)
    var model = StoreModel()
    while model.events.count < writes {
      let type = [Kinds.pods, Kinds.pods, Kinds.nodes][random.below(3)]
      let namespace = type === Kinds.pods ? Self.namespaces[random.below(4)] : ""
      let key = ObjectKey(namespace: namespace, name: Self.names[random.below(5)])
      let number = random.below(3) == 0 ? nil : random.below(5)
      let time = Timestamp(seconds: Int64(model.events.count))
      if let event = store.write(type, key, number, time: time) { model.note(event) }
    }
    return (store, model, random)
  }

  @Test("Objects, lists, counts and events")
  func present() {
    for seed in UInt64(0)..<30 {
      let (store, model, _) = run(seed: seed, writes: 150)
      #expect(store.revision == 150)
      for type in [Kinds.pods, Kinds.nodes, Kinds.leases] {
        let expected = model.objects(type, at: 150)
        #expect(store.list(type) == expected, "seed \(seed)")
        #expect(store.objects(type).map(\.value) == expected, "seed \(seed)")
        #expect(store.count(type) == expected.count)
        for object in expected { #expect(store.object(type, object.key) === object) }
        for namespace in Self.namespaces + ["none"] {
          #expect(
            store.list(type, namespace: namespace)
              == expected.filter { $0.namespace == namespace }, "seed \(seed)")
        }
        let events = model.events.filter { $0.object.type === type }
        #expect(store.events(type, after: 0) == events, "seed \(seed)")
        #expect(store.lastRevision(type) == events.last?.revision ?? 0)
      }
    }
  }

  @Test("A snapshot at any retained revision is the state after that write")
  func snapshots() {
    for seed in UInt64(0)..<8 {
      // Long enough for checkpoints, and for revisions on both sides of each.
      let (store, model, _) = run(seed: seed, writes: 400)
      for revision in 0...400 {
        for type in [Kinds.pods, Kinds.nodes, Kinds.leases] {
          let snapshot = store.objects(type, at: UInt64(revision))
          #expect(
            snapshot?.map(\.value) == model.objects(type, at: revision),
            "seed \(seed), revision \(revision)")
        }
      }
      #expect(store.objects(Kinds.pods, at: 401) == nil, "the future has no snapshot")
    }
  }

  @Test("A list at revision r is the replay of the events up to r")
  func replay() {
    for seed in UInt64(50)..<54 {
      let (store, _, _) = run(seed: seed, writes: 200)
      var replayed: [ObjectKey: APIObject] = [:]
      for event in store.events(Kinds.pods, after: 0) {
        replayed[event.object.key] = event.kind == .deleted ? nil : event.object
        let listed = store.objects(Kinds.pods, at: event.revision)?.map(\.value) ?? []
        #expect(listed == replayed.keys.sorted().compactMap { replayed[$0] }, "seed \(seed)")
      }
    }
  }

  @Test("After compaction what is retained still answers, and what is not says so")
  func compaction() {
    for seed in UInt64(100)..<110 {
      var (store, model, random) = run(seed: seed, writes: 300)
      let floor = UInt64(random.below(301))
      store.compact(through: floor)
      #expect(store.compactedRevision == floor)
      for revision in UInt64(0)...300 {
        let snapshot = store.objects(Kinds.pods, at: revision)
        #expect(
          snapshot?.map(\.value)
            == (revision < floor ? nil : model.objects(Kinds.pods, at: Int(revision))),
          "seed \(seed), compacted \(floor), revision \(revision)")
      }
      #expect(store.events(Kinds.pods, after: 0).allSatisfy { $0.revision > floor })
      #expect(store.list(Kinds.pods) == model.objects(Kinds.pods, at: 300))
      store.compact(through: floor / 2)
      #expect(store.compactedRevision == floor, "compaction does not go back")
      store.compact(through: 1_000)
      #expect(store.compactedRevision == 300, "nor beyond the present")
      #expect(store.objects(Kinds.pods, at: 300) != nil)
    }
  }

  @Test("The history limit holds for each kind by itself")
  func historyLimit() throws {
    var store = APIStore(historyLimit: 10)
    store.write(Kinds.nodes, ObjectKey(name: "quiet"), 1)
    for number in 0..<50 {
      store.write(Kinds.pods, ObjectKey(namespace: "a", name: "busy"), number)
    }
    #expect(store.compactedRevision(Kinds.pods) == 41)
    #expect(store.events(Kinds.pods, after: 41).count == 10)
    #expect(store.objects(Kinds.pods, at: 40) == nil)
    #expect(store.objects(Kinds.pods, at: 41)?.count == 1)
    #expect(store.compactedRevision(Kinds.nodes) == 0, "a busy kind expires no other")
    #expect(store.events(Kinds.nodes, after: 0).count == 1)
    #expect(store.objects(Kinds.nodes, at: 0)?.isEmpty == true)
    for seed in UInt64(200)..<205 {
      let (store, model, _) = run(seed: seed, writes: 300, historyLimit: 70)
      for revision in store.compactedRevision(Kinds.pods)...300 {
        #expect(
          store.objects(Kinds.pods, at: revision)?.map(\.value)
            == model.objects(Kinds.pods, at: Int(revision)), "seed \(seed)")
      }
    }
  }

  @Test("Forks do not see each other, at any depth")
  func forks() {
    for seed in UInt64(300)..<310 {
      var (store, model, random) = run(seed: seed, writes: 100)
      let before = store
      var fork = store
      for number in 0..<100 {
        let key = ObjectKey(namespace: "a", name: Self.names[random.below(5)])
        fork.write(Kinds.pods, key, number + 10)
        if let event = store.write(
          Kinds.pods, key, random.below(2) == 0 ? nil : number, time: .unixEpoch)
        {
          model.note(event)
        }
      }
      #expect(before.list(Kinds.pods) == model.objects(Kinds.pods, at: 100), "seed \(seed)")
      #expect(before.revision == 100 && before.events(Kinds.pods, after: 100).isEmpty)
      #expect(
        store.list(Kinds.pods) == model.objects(Kinds.pods, at: model.events.count),
        "seed \(seed)")
      #expect(fork.revision == 200)
      #expect(fork.events(Kinds.pods, after: 100).count == 100)
      #expect(fork.contentHash != before.contentHash)
    }
  }

  @Test("The content hash is that of the objects alone: recomputed, in any order of writing")
  func contentHash() {
    #expect(APIStore().contentHash == 0)
    for seed in UInt64(400)..<420 {
      let (store, model, _) = run(seed: seed, writes: 120)
      let objects = model.objects(Kinds.pods, at: 120) + model.objects(Kinds.nodes, at: 120)
      let sum = objects.reduce(UInt64(0)) { $0 &+ $1.contentHash }
      #expect(store.contentHash == sum, "seed \(seed)")
      var other = APIStore()
      for object in objects.reversed() {
        let written = object.with(resourceVersion: other.revision + 1)
        other.commit(StoreEvent(kind: .added, object: written, previous: nil, time: .unixEpoch))
      }
      #expect(other.contentHash == store.contentHash, "seed \(seed)")
    }
  }
}

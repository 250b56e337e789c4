import APIMachinery
import APIStore
import Scalars
import Testing

@Suite("Semantics 2.1 and 2.5: states that are kept for pages, and snapshots that are gone back to")
struct KeptStateTests {
  private static let names = ["x", "y", "z", "a-longer-name-number-1"]

  private func write(_ store: inout APIStore, _ random: inout SeededRandom) -> StoreEvent? {
    let type = random.below(4) == 0 ? Kinds.nodes : Kinds.pods
    let key = ObjectKey(
      namespace: type === Kinds.pods ? "a" : "", name: Self.names[random.below(4)])
    let number = random.below(4) == 0 ? nil : random.below(50)
    return store.write(type, key, number, time: .unixEpoch)
  }

  @Test("2.5: keeping states changes what a read costs and nothing that it says")
  func keeping() {
    for seed in UInt64(0)..<12 {
      var random = SeededRandom(seed: seed)
      var store = APIStore(historyLimit: 150 + random.below(200))
      var model = StoreModel()
      while model.events.count < 500 {
        if let event = write(&store, &random) { model.note(event) }
        // Also twice at one state, and where only another kind was written.
        if random.below(1 + Int(seed % 6) * 10) == 0 { store.keepState(of: Kinds.pods) }
        if random.below(30) == 0 { store.keepState(of: Kinds.pods) }
        if random.below(200) == 0 { store.compact(through: store.revision / 2) }
      }
      for type in [Kinds.pods, Kinds.nodes] {
        for revision in UInt64(0)...500 {
          let expected =
            revision < store.compactedRevision(type)
            ? nil : model.objects(type, at: Int(revision))
          #expect(
            store.objects(type, at: revision)?.map(\.value) == expected,
            "seed \(seed), revision \(revision)")
        }
      }
    }
  }

  @Test("2.6: only who has missed a write is behind what is forgotten")
  func forgotten() {
    var store = APIStore()
    store.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), 1)
    for number in 0..<5 { store.write(Kinds.nodes, ObjectKey(name: "n"), number) }
    store.compact(through: 5)
    #expect(store.hasForgotten(Kinds.pods, after: 0))
    #expect(!store.hasForgotten(Kinds.pods, after: 1), "nothing of the kind came behind")
    #expect(store.hasForgotten(Kinds.nodes, after: 4) && !store.hasForgotten(Kinds.nodes, after: 5))
    #expect(!store.hasForgotten(Kinds.leases, after: 0))
    #expect(store.writeCount(Kinds.nodes) == 5 && store.writeCount(Kinds.leases) == 0)
  }

  @Test("2.1: a store goes back to any earlier copy of itself, with and without the bump")
  func restoring() {
    for seed in UInt64(20)..<40 {
      var random = SeededRandom(seed: seed)
      var store = APIStore()
      var model = StoreModel()
      var copies: [APIStore] = []
      while model.events.count < 200 {
        copies.append(store)
        if let event = write(&store, &random) { model.note(event) }
      }
      let snapshot = copies[random.below(copies.count)]
      let state = model.objects(Kinds.pods, at: Int(snapshot.revision))
      var back = store
      back.restoreSnapshot(snapshot, bump: false)
      #expect(back.revision == snapshot.revision && back.list(Kinds.pods) == state, "seed \(seed)")
      #expect(back.contentHash == snapshot.contentHash)
      #expect(back.events(Kinds.pods, after: 0) == snapshot.events(Kinds.pods, after: 0))
      #expect(!back.hasForgotten(Kinds.pods, after: 0))
      var on = store
      on.restoreSnapshot(snapshot, bump: true)
      #expect(on.revision == 201 && on.list(Kinds.pods) == state, "seed \(seed)")
      #expect(on.contentHash == snapshot.contentHash)
      for type in [Kinds.pods, Kinds.nodes, Kinds.leases] {
        #expect(on.events(type, after: 0).isEmpty && on.compactedRevision(type) == 201)
        #expect(on.hasForgotten(type, after: 200) && !on.hasForgotten(type, after: 201))
        #expect(on.objects(type, at: 200) == nil && on.objects(type, at: 201) != nil)
      }
      for name in Self.names {
        // The next identity is behind all that were given: those that are gone, and one that is there.
        let key = ObjectKey(namespace: "a", name: name)
        let given =
          store.incarnation(Kinds.pods, key) + (store.object(Kinds.pods, key) == nil ? 0 : 1)
        for restored in [back, on] {
          let next =
            restored.incarnation(Kinds.pods, key)
            + (restored.object(Kinds.pods, key) == nil ? 0 : 1)
          #expect(next >= given, "seed \(seed), \(name)")
        }
      }
      #expect(on.write(Kinds.pods, ObjectKey(namespace: "a", name: "new"), 1)?.revision == 202)
    }
  }
}

import APIMachinery
import APIStore
import Testing

@Suite("Revisions, events and cursors")
struct WatchTests {
  private func names(_ cursor: inout WatchCursor, _ store: APIStore) -> [String] {
    var seen: [String] = []
    while case .event(let event) = cursor.next(in: store) {
      seen.append("\(event.kind.rawValue) \(event.object.key) \(event.revision)")
    }
    return seen
  }

  @Test("One counter for all kinds; events carry the object before and after")
  func revisions() throws {
    var store = APIStore()
    let key = ObjectKey(namespace: "a", name: "x")
    let first = store.write(Kinds.pods, key, 1)
    store.write(Kinds.nodes, ObjectKey(name: "n"), 1)
    let second = store.write(Kinds.pods, key, 2)
    let third = store.write(Kinds.pods, key, nil)
    let (added, modified, deleted) = (
      try #require(first), try #require(second), try #require(third)
    )
    #expect([added, modified, deleted].map(\.revision) == [1, 3, 4])
    #expect(store.events(Kinds.pods, after: 0) == [added, modified, deleted])
    #expect(store.events(Kinds.pods, after: 1) == [modified, deleted])
    #expect(store.nextEvent(Kinds.pods, after: 1) == modified)
    #expect(store.nextEvent(Kinds.pods, after: 2) == modified, "the next one of this kind")
    #expect(store.nextEvent(Kinds.pods, after: 4) == nil)
    #expect(store.nextEvent(Kinds.leases, after: 0) == nil)
    #expect(added.previous == nil)
    #expect(modified.previous === added.object)
    #expect(deleted.previous === modified.object)
    #expect(deleted.object.body == modified.object.body, "the last state")
    #expect(deleted.object.resourceVersion == 4, "with the revision of the removal")
    #expect(store.revision == 4)
    #expect(store.lastRevision(Kinds.pods) == 4)
    #expect(store.lastRevision(Kinds.nodes) == 2)
  }

  @Test("A cursor sees each event of its kind once, in order")
  func cursor() {
    var store = APIStore()
    store.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), 1)
    var cursor = WatchCursor(Kinds.pods, after: 0)
    var late = WatchCursor(Kinds.pods, after: 1)
    store.write(Kinds.nodes, ObjectKey(name: "n"), 1)
    store.write(Kinds.pods, ObjectKey(namespace: "b", name: "y"), 1)
    #expect(names(&cursor, store) == ["ADDED a/x 1", "ADDED b/y 3"])
    #expect(names(&late, store) == ["ADDED b/y 3"])
    #expect(cursor == late)
    #expect(cursor.next(in: store) == .upToDate)
    store.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), nil)
    #expect(names(&cursor, store) == ["DELETED a/x 4"])
    #expect(cursor.revision == 4)
  }

  @Test("A cursor of one namespace passes over the others")
  func namespaced() {
    var store = APIStore()
    var cursor = WatchCursor(Kinds.pods, namespace: "a", after: 0)
    for namespace in ["a", "b", "a-b", "a"] {
      store.write(Kinds.pods, ObjectKey(namespace: namespace, name: "x"), 1)
    }
    store.write(Kinds.pods, ObjectKey(namespace: "b", name: "x"), nil)
    #expect(names(&cursor, store) == ["ADDED a/x 1", "MODIFIED a/x 4"])
    #expect(cursor.revision == 5, "what was passed over is not looked at again")
  }

  @Test("A cursor whose events are forgotten is told so; one that has seen them is not")
  func expired() {
    var store = APIStore()
    for number in 0..<5 { store.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), number) }
    store.compact(through: 3)
    var behind = WatchCursor(Kinds.pods, after: 2)
    var just = WatchCursor(Kinds.pods, after: 3)
    #expect(behind.next(in: store) == .expired)
    #expect(behind.next(in: store) == .expired)
    #expect(names(&just, store) == ["MODIFIED a/x 4", "MODIFIED a/x 5"])
    var limited = APIStore(historyLimit: 2)
    for number in 0..<5 { limited.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), number) }
    limited.write(Kinds.nodes, ObjectKey(name: "n"), 1)
    var pods = WatchCursor(Kinds.pods, after: 1)
    var nodes = WatchCursor(Kinds.nodes, after: 1)
    #expect(pods.next(in: limited) == .expired)
    #expect(names(&nodes, limited) == ["ADDED n 6"], "another kind's history is not its own")
  }

  @Test("A cursor that stood in one fork goes on in another")
  func forked() {
    var store = APIStore()
    store.write(Kinds.pods, ObjectKey(namespace: "a", name: "x"), 1)
    var cursor = WatchCursor(Kinds.pods, after: 0)
    #expect(names(&cursor, store).count == 1)
    var left = store
    var right = store
    left.write(Kinds.pods, ObjectKey(namespace: "a", name: "left"), 1)
    right.write(Kinds.pods, ObjectKey(namespace: "a", name: "right"), 1)
    var other = cursor
    #expect(names(&cursor, left) == ["ADDED a/left 2"])
    #expect(names(&other, right) == ["ADDED a/right 2"])
  }

  @Test("Incarnations count removals of a name, generated names count up")
  func names() {
    var store = APIStore()
    let key = ObjectKey(namespace: "a", name: "x")
    #expect(store.incarnation(Kinds.pods, key) == 0)
    store.write(Kinds.pods, key, 1)
    store.write(Kinds.pods, key, 2)
    #expect(store.incarnation(Kinds.pods, key) == 0)
    store.write(Kinds.pods, key, nil)
    #expect(store.incarnation(Kinds.pods, key) == 1)
    #expect(store.incarnation(Kinds.pods, ObjectKey(namespace: "b", name: "x")) == 0)
    #expect(store.incarnation(Kinds.nodes, key) == 0)
    #expect(store.generatedNames(Kinds.pods, namespace: "a", base: "x-") == 0)
    let fork = store
    store.noteGeneratedNames(3, Kinds.pods, namespace: "a", base: "x-")
    #expect(store.generatedNames(Kinds.pods, namespace: "a", base: "x-") == 3)
    #expect(store.generatedNames(Kinds.pods, namespace: "b", base: "x-") == 0)
    #expect(fork.generatedNames(Kinds.pods, namespace: "a", base: "x-") == 0)
  }
}

import APIMachinery
import ControllerRuntime
import PersistentCollections
import Testing
import ValueTree

@Suite("Informer cache")
struct InformerCacheTests {
  private func map(_ objects: ConfigMap...) -> PersistentMap<ObjectKey, APIObject> {
    var map = PersistentMap<ObjectKey, APIObject>()
    for object in objects { map.updateValue(object.object, forKey: object.key) }
    return map
  }

  @Test("The first list fills the cache: every object is new, in key order")
  func first() {
    var cache = InformerCache()
    #expect(!cache.isSynced && cache.object(key("a")) == nil)
    let events = cache.replace(with: map(ConfigMap("b"), ConfigMap("a")), revision: 7)
    #expect(cache.isSynced && cache.revision == 7)
    #expect(events.map { $0.new?.key } == [key("a"), key("b")])
    #expect(events.allSatisfy { $0.old == nil })
    #expect(cache.object(key("a")) == ConfigMap("a").object)
  }

  @Test(
    "A relist tells of a missed deletion with the last state known, and of everything else as old and new"
  )
  func missed() {
    var cache = InformerCache()
    let gone = ConfigMap("a", revision: 3, body: ["data": ["x": "last"]])
    _ = cache.replace(with: map(gone, ConfigMap("b", revision: 4)), revision: 4)
    let events = cache.replace(
      with: map(ConfigMap("b", revision: 9), ConfigMap("c", revision: 8)), revision: 9)
    #expect(events.map { $0.object?.key } == ["b", "c", "a"].map(key))
    #expect(events[0].old?.resourceVersion == 4 && events[0].new?.resourceVersion == 9)
    #expect(events[1].old == nil)
    #expect(events[2].old == gone.object && events[2].new == nil)
    #expect(cache.object(key("a")) == nil && cache.revision == 9)
  }

  @Test(
    "An object that was deleted and made again unseen comes as old and new of different identities")
  func remade() {
    var cache = InformerCache()
    _ = cache.replace(with: map(ConfigMap("a", uid: 1, revision: 1)), revision: 1)
    let events = cache.replace(with: map(ConfigMap("a", uid: 2, revision: 5)), revision: 5)
    #expect(events.count == 1 && events[0].old?.uid != events[0].new?.uid)
  }

  @Test("Watch events change the cache before they are told")
  func apply() {
    var cache = InformerCache()
    _ = cache.replace(with: map(), revision: 1)
    let one = ConfigMap("a", revision: 2).object
    let two = ConfigMap("a", revision: 3).object
    #expect(cache.apply(WatchEvent(.added, one)) == InformerEvent(old: nil, new: one))
    #expect(cache.apply(WatchEvent(.modified, two)) == InformerEvent(old: one, new: two))
    #expect(cache.object(key("a")) == two && cache.revision == 3)
    let final = ConfigMap("a", revision: 4).object
    #expect(cache.apply(WatchEvent(.deleted, final)) == InformerEvent(old: final, new: nil))
    #expect(cache.object(key("a")) == nil && cache.revision == 4)
  }

  @Test("A copy goes its own way")
  func fork() {
    var cache = InformerCache()
    _ = cache.replace(with: map(ConfigMap("a")), revision: 1)
    var copy = cache
    _ = copy.apply(WatchEvent(.deleted, ConfigMap("a", revision: 2).object))
    #expect(cache.object(key("a")) != nil && cache.revision == 1)
  }
}

@Suite("Watches: which keys an event queues")
struct WatchTests {
  private func owned(by references: [OwnerReference]) -> APIObject {
    ConfigMap("child", body: ["metadata": ["ownerReferences": Value(references.map(\.value))]])
      .object
  }

  private func reference(
    _ name: String, controller: Bool = true, apiVersion: String = "apps/v1",
    kind: String = "Deployment"
  ) -> OwnerReference {
    OwnerReference(
      apiVersion: apiVersion, kind: kind, name: name, uid: "u", controller: controller)
  }

  @Test("The own kind queues itself, also when it is gone")
  func own() {
    let watch = Watch.own(ConfigMap.type)
    let object = ConfigMap("a").object
    #expect(watch.map(InformerEvent(old: nil, new: object)) == [key("a")])
    #expect(watch.map(InformerEvent(old: object, new: object)) == [key("a")])
    #expect(watch.map(InformerEvent(old: object, new: nil)) == [key("a")])
    #expect(watch.map(InformerEvent(old: nil, new: nil)).isEmpty)
  }

  @Test("An owned kind queues its controlling owner, the old one and the new one")
  func owner() {
    let watch = Watch.owned(ConfigMap.type, by: Deployment.type)
    let first = owned(by: [reference("one")])
    let second = owned(by: [reference("two")])
    #expect(watch.map(InformerEvent(old: first, new: second)) == ["one", "two"].map(key))
    #expect(watch.map(InformerEvent(old: first, new: first)) == [key("one")])
    #expect(watch.map(InformerEvent(old: first, new: nil)) == [key("one")])
  }

  @Test("Only the controller counts, of the owner's group and kind, in whatever version")
  func references() {
    let watch = Watch.owned(ConfigMap.type, by: Deployment.type)
    func keys(_ reference: OwnerReference) -> [ObjectKey] {
      watch.map(InformerEvent(old: nil, new: owned(by: [reference])))
    }
    #expect(keys(reference("x", controller: false)).isEmpty)
    #expect(keys(reference("x", kind: "ReplicaSet")).isEmpty)
    #expect(keys(reference("x", apiVersion: "v1")).isEmpty)
    #expect(keys(reference("x", apiVersion: "other/v1")).isEmpty)
    #expect(keys(reference("x", apiVersion: "apps/v1beta2")) == [key("x")])
  }

  @Test("A cluster-scoped owner has no namespace")
  func clusterScoped() {
    let watch = Watch.owned(ConfigMap.type, by: Node.type)
    let object = owned(by: [reference("n1", apiVersion: "v1", kind: "Node")])
    #expect(watch.map(InformerEvent(old: nil, new: object)) == [ObjectKey(name: "n1")])
  }

  @Test(
    "A controller watches its own kind first, and what it is told to, with mappings of one's own")
  func controller() {
    struct Idle: Reconciler {
      func reconcile(
        _ request: ReconcileRequest, _ context: ReconcileContext
      ) async throws -> ReconcileResult { .done }
    }
    let controller = Controller("idle", for: Deployment.self, workers: 3, reconciler: Idle())
      .owns(ConfigMap.self)
      .watches(Node.self) { event in
        [event.old, event.new].compactMap { $0 }.map { key("for-\($0.name)") }
      }
    #expect(controller.type == Deployment.type && controller.workers == 3)
    #expect(controller.watches.map(\.type) == [Deployment.type, ConfigMap.type, Node.type])
    let node = APIObject(type: Node.type, header: ObjectHeader(name: "n"), body: .emptyMap)
    let keys = controller.watches[2].map(InformerEvent(old: node, new: node))
    #expect(keys == [key("for-n"), key("for-n")])
  }
}

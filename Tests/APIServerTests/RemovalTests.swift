import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 1.2 C6, 1.9, 1.11, 2.5: removals that others can come between, and of many")
struct RemovalTests {
  /// A deletion that has read its object and not removed it yet.
  private func begun(
    _ bench: inout Bench, _ object: APIObject, _ options: DeleteOptions = .none
  ) throws -> PendingRemoval {
    let progress = try bench.server.beginDeletion(
      object.type, object.key, options, at: bench.tick())
    guard case .pending(let removal) = progress else {
      throw StatusError(.internalError, "nothing is left to do: \(progress)")
    }
    return removal
  }

  @Test(
    "1.2 C6: a finalizer that comes between read and removal: kept when fixed, lost as in Kubernetes"
  )
  func race() throws {
    for race in ServerSettings.FinalizerRace.allCases {
      var bench = Bench(settings: ServerSettings(deleteFinalizerRace: race))
      let object = try bench.create("devicebindings", "a")
      let removal = try begun(&bench, object)
      try bench.change(object, ["metadata": ["finalizers": ["example.com/a"]]])
      let deletion = try bench.server.finish(removal, at: bench.tick())
      #expect(deletion.isRemoval == (race == .legacy))
      let left = bench.server.store.object(object.type, object.key)
      #expect((left == nil) == (race == .legacy), "\(race)")
      #expect(left.map(\.isDeleting) ?? true)
    }
  }

  @Test("1.2 C6: the client's own preconditions are looked at once more, in both worlds")
  func racePreconditions() throws {
    for race in ServerSettings.FinalizerRace.allCases {
      var bench = Bench(settings: ServerSettings(deleteFinalizerRace: race))
      let object = try bench.create("devicebindings", "a")
      let options = DeleteOptions(resourceVersion: object.resourceVersion)
      let removal = try begun(&bench, object, options)
      try bench.change(object, ["metadata": ["finalizers": ["example.com/a"]]])
      let error = try bench.refusal { try $0.server.finish(removal, at: $0.now) }
      #expect(error.isConflict)
    }
  }

  @Test("1.2 B: a removal that another request has done is not found")
  func quicker() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    let removal = try begun(&bench, object)
    try bench.delete(object)
    #expect(try bench.refusal { try $0.server.finish(removal, at: $0.now) }.isNotFound)
  }

  @Test(
    "1.6: a kind whose deletion is silent keeps its generation, by pods' grace and by finalizers")
  func silent() throws {
    let settings = ServerSettings(kindsWithSilentDeletion: ["pods", "devicebindings.drydock.dev"])
    for kind in ["pods", "devicebindings", "deployments"] {
      var bench = Bench(settings: settings)
      let object = try bench.create(
        kind, "a", metadata: ["finalizers": ["example.com/a"]], body: ["spec": ["nodeName": "n"]])
      let deleting = try bench.delete(object)
      #expect(deleting.header.generation == (kind == "deployments" ? 2 : 1), "\(kind)")
    }
  }

  @Test(
    "1.2: a dry run does everything but the write, with preconditions, and answers what would be")
  func dryRun() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    let held = try bench.create(
      "devicebindings", "b", metadata: ["finalizers": ["example.com/a"]])
    let before = bench.server.store.contentHash
    func rehearse(_ request: APIRequest) throws -> APIResponse {
      try bench.server.handle(request, at: bench.now)
    }
    let dry = DeleteOptions(isDryRun: true)
    #expect(try rehearse(.delete(object.type, object.key, dry)) == .removed(object))
    let marked = try #require(try rehearse(.delete(held.type, held.key, dry)).object)
    #expect(marked.isDeleting && marked.resourceVersion == held.resourceVersion)
    var wrong = DeleteOptions(resourceVersion: 1)
    wrong.isDryRun = true
    #expect(throws: StatusError.self) {
      try bench.server.handle(.delete(object.type, object.key, wrong), at: bench.now)
    }
    let options = WriteOptions(isDryRun: true)
    let fresh = try bench.object("devicebindings", "c")
    let created = try #require(try rehearse(.create(fresh, options)).object)
    #expect(created.resourceVersion == 0 && created.header.uid != nil)
    let changed = object.with(body: ["spec": ["pool": "x"]])
    let updated = try #require(try rehearse(.update(changed, options: options)).object)
    #expect(updated.resourceVersion == object.resourceVersion)
    #expect(updated.header.generation == object.header.generation + 1)
    let patch = APIRequest.patch(
      object.type, object.key, .merge(["spec": ["pool": "y"]]), options: options)
    #expect(try rehearse(patch).object?.body[FieldPath("spec", "pool")] == "y")
    let all = try rehearse(.deleteCollection(object.type, ListOptions(namespace: "default"), dry))
    guard case .list(let list) = all else { throw StatusError(.internalError, "\(all)") }
    #expect(list.objects.map(\.name) == ["a", "b"])
    #expect(bench.server.store.contentHash == before)
    #expect(bench.revision == held.resourceVersion)
  }

  @Test("2.5: a deletion of many deletes what the selectors choose, one by one, and is not atomic")
  func collection() throws {
    var bench = Bench()
    for (name, app) in [("a", "x"), ("b", "y"), ("c", "x"), ("d", "x")] {
      try bench.create("configmaps", name, metadata: ["labels": ["app": Value(app)]])
    }
    try bench.create("namespaces", "other")
    try bench.create(
      "configmaps", "e", metadata: ["namespace": "other", "labels": ["app": "x"]])
    let held = try bench.object("configmaps", "c")
    try bench.change(held, ["metadata": ["finalizers": ["example.com/a"]]])
    let start = bench.revision
    let chosen = ListOptions(namespace: "default", labels: try LabelSelector(parsing: "app=x"))
    let list = try bench.server.deleteCollection(bench.kind("configmaps"), chosen, at: bench.tick())
    #expect(list.objects.map(\.name) == ["a", "c", "d"])
    #expect(
      bench.events("configmaps", after: start) == [
        "DELETED a \(start + 1)", "MODIFIED c \(start + 2)", "DELETED d \(start + 3)",
      ])
    #expect(bench.server.store.list(held.type).map(\.name) == ["b", "c", "e"])
    // A precondition that holds for one only: the first refusal ends it.
    let b = try bench.get(bench.object("configmaps", "b"))
    let error = try bench.refusal {
      try $0.server.deleteCollection(
        b.type, ListOptions(namespace: "other"), DeleteOptions(uid: b.uid), at: $0.now)
    }
    #expect(error.isConflict)
  }

  @Test("1.11: new claims and volumes are protected where the setting says so")
  func storage() throws {
    for isProtected in [false, true] {
      var bench = Bench(settings: ServerSettings(protectsStorage: isProtected))
      let claim = try bench.create("persistentvolumeclaims", "a")
      let volume = try bench.create(
        "persistentvolumes", "a", metadata: ["finalizers": ["kubernetes.io/pv-protection"]])
      let other = try bench.create("configmaps", "a")
      #expect(claim.finalizers == (isProtected ? ["kubernetes.io/pvc-protection"] : []))
      #expect(volume.finalizers == ["kubernetes.io/pv-protection"], "not twice")
      #expect(other.finalizers == [])
    }
  }
}

@Suite("Semantics 1.9: definitions with objects")
struct DefinitionRemovalTests {
  private static let body: Value = [
    "spec": [
      "group": "net.example.com", "scope": "Namespaced",
      "names": ["plural": "vlans", "kind": "VLAN"],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true,
          "schema": ["openAPIV3Schema": ["type": "object"]],
        ]
      ],
    ]
  ]

  private func defined() throws -> (Bench, APIObject, APIObject) {
    var bench = Bench()
    let definition = try bench.create(
      "customresourcedefinitions", "vlans.net.example.com", body: Self.body)
    let vlan = try bench.create("vlans", "a")
    return (bench, definition, vlan)
  }

  @Test("1.9: DELETE marks, adds the finalizer and the condition; no generation, no grace")
  func marks() throws {
    var (bench, definition, _) = try defined()
    let deleting = try bench.delete(definition)
    #expect(deleting.isDeleting && deleting.header.deletionGracePeriodSeconds == nil)
    #expect(deleting.header.generation == definition.header.generation)
    #expect(deleting.finalizers == ["customresourcecleanup.apiextensions.k8s.io"])
    let conditions = deleting.body[FieldPath("status", "conditions")]?.elements.map(\.self) ?? []
    let terminating = try #require(conditions.first { $0["type"] == "Terminating" })
    #expect(terminating["status"] == "True" && terminating["reason"] == "InstanceDeletionPending")
    #expect(conditions.contains { $0["type"] == "Established" }, "the others stay")
  }

  @Test("1.9: while it goes, its objects can be changed and deleted, but not made")
  func refusal() throws {
    var (bench, definition, vlan) = try defined()
    try bench.delete(definition)
    let error = try bench.refusal { try $0.create("vlans", "b") }
    #expect(error.code == 403)
    #expect(
      error.message
        == "vlans.net.example.com \"b\" is forbidden: create not allowed while custom resource "
        + "definition is terminating")
    try bench.change(vlan, ["metadata": ["labels": ["a": "b"]]])
    try bench.delete(vlan)
  }

  @Test("1.9: the finalizer comes off through status, and then the kind is served no longer")
  func removal() throws {
    var (bench, definition, vlan) = try defined()
    try bench.delete(definition)
    try bench.delete(vlan)
    try bench.change(definition, ["metadata": ["finalizers": .null]], .status)
    #expect(try bench.refusal { try $0.get(definition) }.isNotFound)
    #expect(bench.server.registry.type(named: "vlans") == nil)
    #expect(bench.server.registry.type(apiVersion: "net.example.com/v1", kind: "VLAN") == nil)
    // Defined again, it finds its place and the names of its past objects.
    try bench.create("customresourcedefinitions", "vlans.net.example.com", body: Self.body)
    let again = try bench.create("vlans", "a")
    #expect(again.type.index == vlan.type.index && again.uid != vlan.uid)
  }

  @Test("1.9: a server that is restored refuses new objects as before")
  func restored() throws {
    var (bench, definition, _) = try defined()
    try bench.delete(definition)
    var server = APIServer(
      restoring: bench.server.store, registry: bench.server.registry,
      identity: bench.server.identity)
    let object = try bench.object("vlans", "b")
    #expect(throws: StatusError.self) { try server.create(object, at: bench.now) }
  }
}

import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Exploration
import Scalars
import Scenarios
import Simulation
import SystemControllers
import Testing
import ValueTree

/// The kinds that the tests use.
enum Kinds {
  static let configMap = ResourceRegistry.builtIn("v1", "ConfigMap")
  static let event = ResourceRegistry.builtIn("v1", "Event")
  static let namespace = ResourceRegistry.builtIn("v1", "Namespace")
  static let node = ResourceRegistry.builtIn("v1", "Node")
  static let pod = ResourceRegistry.builtIn("v1", "Pod")
  static let claim = ResourceRegistry.builtIn("v1", "PersistentVolumeClaim")
  static let volume = ResourceRegistry.builtIn("v1", "PersistentVolume")
  static let secret = ResourceRegistry.builtIn("v1", "Secret")
  static let replicaSet = ResourceRegistry.builtIn("apps/v1", "ReplicaSet")
  static let deployment = ResourceRegistry.builtIn("apps/v1", "Deployment")
}

/// All system controllers with one worker each.
var everyController: [Controller] { ControlPlane.controllers.map { $0.make(1) } }

/// A plan with one process that runs these controllers, and a server that agrees with them.
func planned(
  _ controllers: [Controller] = everyController, lag: GoDuration = .zero,
  objects: [APIObject] = [], _ workload: [WorldPlan.Step] = []
) -> WorldPlan {
  var plan = WorldPlan(
    objects: objects,
    processes: [WorldPlan.Process(name: "system", controllers: controllers, informerLag: lag)],
    workload: workload)
  plan.adaptSettings()
  return plan
}

/// What an object of this kind cannot do without.
private func required(_ type: ResourceType) -> Value {
  let pod: Value = ["containers": [["name": "c", "image": "i"]]]
  switch type {
  case Kinds.pod: return ["spec": pod]
  case Kinds.replicaSet, Kinds.deployment:
    let labels: Value = ["app": "web"]
    return [
      "spec": [
        "selector": ["matchLabels": labels],
        "template": ["metadata": ["labels": labels], "spec": pod],
      ]
    ]
  case Kinds.event: return ["involvedObject": ["kind": "Pod", "namespace": "default"]]
  default: return .emptyMap
  }
}

/// An object to be made.
func object(
  _ type: ResourceType, _ name: String, in namespace: String = "default",
  owners: [OwnerReference] = [], finalizers: [String] = [], _ body: Value = .emptyMap
) -> APIObject {
  var body = required(type).merging(body)
  if !owners.isEmpty {
    body = body.setting(Fields.ownerReferencesPath, to: Value(owners.map(\.value))) ?? body
  }
  if !finalizers.isEmpty {
    body =
      body.setting(Fields.finalizersPath, to: Value(finalizers.map { Value($0) })) ?? body
  }
  let space = type.definition.isNamespaced ? namespace : ""
  return APIObject(
    type: type, header: ObjectHeader(namespace: space, name: name), body: body)
}

/// An owner without the UID, which a world fills in for its user.
func owner(_ type: ResourceType, _ name: String, blocks: Bool = false) -> Value {
  var reference: Value = [
    "apiVersion": Value(type.apiVersion), "kind": Value(type.kind), "name": Value(name),
  ]
  if blocks { reference = reference.setting(Fields.blockOwnerDeletion, to: true) }
  return reference
}

/// An object that names owners without their UIDs.
func dependent(
  _ type: ResourceType, _ name: String, of owners: [Value], finalizers: [String] = []
) -> APIObject {
  let bare = object(type, name, finalizers: finalizers)
  return bare.with(body: bare.body.setting(Fields.ownerReferencesPath, to: Value(owners)) ?? .null)
}

/// A world that is at rest between the steps of a test.
struct Cluster {
  private(set) var world: World

  init(_ plan: WorldPlan = planned()) throws {
    world = try World(plan, isTold: true)
    settle()
  }

  /// What the user does.
  @discardableResult
  mutating func send(_ request: APIRequest) throws -> APIObject? {
    try world.perform(request).get().object
  }

  @discardableResult
  mutating func create(_ object: APIObject) throws -> APIObject {
    try #require(try send(.create(object)))
  }

  mutating func delete(_ object: APIObject, _ policy: PropagationPolicy? = nil) throws {
    try send(.delete(object.type, object.key, DeleteOptions(propagationPolicy: policy)))
  }

  mutating func patch(
    _ object: APIObject, _ patch: Value, subresource: Subresource? = nil
  ) throws {
    try send(.mergePatch(object.type, object.key, patch, subresource: subresource))
  }

  /// Forgets all that has been written so far.
  mutating func forgetHistory() { world.forgetHistory() }

  /// Plays a backup in.
  mutating func restore(_ store: APIStore, bump: Bool) {
    world.restoreSnapshot(store, bump: bump)
  }

  /// Runs until nothing moves any more; what is stuck is what some tests are about.
  mutating func settle() {
    world.settle()
    stuck = world.takeViolations().map(\.sentence)
  }

  /// What the oracles said when the world last came to rest.
  private(set) var stuck: [String] = []

  /// The object as it is now.
  func now(_ object: APIObject) -> APIObject? { world.server.store.object(object.type, object.key) }

  func has(_ object: APIObject) -> Bool { now(object)?.uid == object.uid }

  /// The accounts of all turns so far.
  var told: [String] { world.timeline?.entries.map(\.text) ?? [] }

  /// The revisions at which objects were removed, by kind and key.
  func removals(_ types: ResourceType...) -> [String] {
    types.flatMap { world.server.store.events($0, after: 0) }
      .filter { $0.kind == .deleted }.sorted { $0.revision < $1.revision }
      .map { "\($0.object.type.kind) \($0.object.name)" }
  }

  /// The writes to an object, as kinds of events.
  func writes(_ object: APIObject) -> [StoreEvent] {
    world.server.store.events(object.type, after: 0).filter { $0.object.key == object.key }
  }
}

/// A reference to an object as one owner among others.
func reference(_ owner: APIObject, blocks: Bool = false) -> OwnerReference {
  var reference = OwnerReference(controlledBy: owner)
  reference.controller = false
  reference.blockOwnerDeletion = blocks
  return reference
}

/// The condition of this type.
func condition(_ object: APIObject?, _ type: String) -> Value? {
  object?.body[FieldPath(Fields.status, "conditions")]?.elements.first {
    $0["type"]?.string == type
  }
}

/// A message and what it is about, on one line: `True SomeResourcesRemain: Some resources …`.
func account(_ condition: Value?) -> String {
  guard let condition else { return "none" }
  func text(_ key: Key) -> String { condition[key]?.string ?? "" }
  return "\(text("status")) \(text("reason")): \(text("message"))"
}

/// A definition of the kind `Ship` in the group `sea.example.com`.
func shipDefinition(scope: String = "Namespaced") -> APIObject {
  object(
    CustomResourceDefinition.type, "ships.sea.example.com",
    [
      "spec": [
        "group": "sea.example.com", "scope": Value(scope),
        "names": ["plural": "ships", "singular": "ship", "kind": "Ship"],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "schema": [
              "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
            ],
          ]
        ],
      ]
    ])
}

extension Cluster {
  /// The kind `Ship`, once it is defined.
  func ship() throws -> ResourceType {
    try #require(world.server.registry.type(apiVersion: "sea.example.com/v1", kind: "Ship"))
  }
}

import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("Semantics 2.2, 2.7: patches")
struct PatchTests {
  private func patch(
    _ bench: inout Bench, _ object: APIObject, _ operations: Value, _ part: Subresource? = nil
  ) throws -> APIObject {
    let request = APIRequest.patch(
      object.type, object.key, .json(operations), subresource: part)
    let response = try bench.server.handle(request, at: bench.now)
    return try #require(response.object)
  }

  @Test("2.2: a JSON patch without a resource version applies to whatever is stored")
  func jsonPatch() throws {
    var bench = Bench()
    let object = try bench.create("configmaps", "a", body: ["data": ["k": "v"]])
    try bench.change(object, ["data": ["other": "x"]])
    let patched = try patch(
      &bench, object,
      [
        ["op": "test", "path": "/data/k", "value": "v"],
        ["op": "add", "path": "/metadata/labels", "value": ["example.com/a": "b"]],
        ["op": "replace", "path": "/metadata/labels/example.com~1a", "value": "c"],
        ["op": "move", "from": "/data/k", "path": "/data/l"],
      ])
    #expect(patched.body["data"] == ["l": "v", "other": "x"])
    #expect(patched.body[Fields.labelsPath] == ["example.com/a": "c"])
    #expect(patched.resourceVersion == bench.revision)
    #expect(try bench.get(object) === patched)
  }

  @Test("2.2: a test of the resource version makes it conditional, and so does setting it")
  func conditional() throws {
    var bench = Bench()
    let object = try bench.create("configmaps", "a")
    let old = Value("\(object.resourceVersion)")
    try bench.change(object, ["data": ["a": "b"]])
    let tested = try bench.refusal {
      try patch(&$0, object, [["op": "test", "path": "/metadata/resourceVersion", "value": old]])
    }
    #expect(tested.code == 422)
    let set: Value = [["op": "replace", "path": "/metadata/resourceVersion", "value": old]]
    #expect(
      try bench.refusal { try patch(&$0, object, set) }
        == .conflict(object.type, "a", StatusError.modifiedDetail))
  }

  @Test("2.7: what a server says to patches that it cannot carry out")
  func refusals() throws {
    var bench = Bench()
    let object = try bench.create("configmaps", "a", body: ["data": ["k": "v"]])
    let failed = "the server rejected our request due to an error in our request"
    let many = Value(
      Array(repeating: ["op": "test", "path": "/data/k", "value": "v"] as Value, count: 10_001))
    let table: [(Value, StatusError.Reason, Int, String)] = [
      ([["op": "test", "path": "/data/k", "value": "w"]], .invalid, 422, failed),
      ([["op": "remove", "path": "/data/nothing"]], .invalid, 422, failed),
      ([["op": "spam", "path": "/data"]], .invalid, 422, failed),
      (
        ["data": [:]], .badRequest, 400,
        "json: cannot unmarshal object into Go value of type jsonpatch.Patch"
      ),
      (
        many, .requestEntityTooLarge, 413,
        "Request entity is too large: The allowed maximum operations in a JSON patch is 10000, "
          + "got 10001"
      ),
      (
        [["op": "replace", "path": "/metadata/name", "value": "b"]], .badRequest, 400,
        "the name of the object (b) does not match the name on the URL (a)"
      ),
    ]
    for (operations, reason, code, message) in table {
      let error = try bench.refusal { try patch(&$0, object, operations) }
      #expect(error.reason == reason, "\(operations)")
      #expect(error.code == code)
      #expect(error.message == message)
    }
    let uid: Value = [
      ["op": "replace", "path": "/metadata/uid", "value": "01234567-89ab-cdef-fedc-ba9876543210"]
    ]
    #expect(try bench.refusal { try patch(&$0, object, uid) }.causes.first?.field == "metadata.uid")
    let kind: Value = [["op": "replace", "path": "/kind", "value": "Secret"]]
    #expect(try bench.refusal { try patch(&$0, object, kind) }.code == 400)
    #expect(
      try bench.refusal { try patch(&$0, object, [["op": "remove", "path": ""]]) }.code == 422)
    let missing = object.with(header: ObjectHeader(namespace: "default", name: "b"))
    #expect(try bench.refusal { try patch(&$0, missing, []) } == .notFound(object.type, "b"))
  }

  @Test("2.4: a patch that changes nothing writes nothing")
  func noOp() throws {
    var bench = Bench()
    let object = try bench.create("configmaps", "a", body: ["data": ["k": "v"]])
    let revision = bench.revision
    _ = try patch(&bench, object, [["op": "add", "path": "/data/k", "value": "v"]])
    _ = try patch(&bench, object, [])
    #expect(bench.revision == revision)
  }

  @Test("2.2: a JSON patch of /status changes the status alone")
  func status() throws {
    var bench = Bench()
    let object = try bench.create("deployments", "a", body: ScaleTests.deployment(1))
    let patched = try patch(
      &bench, object,
      [
        ["op": "add", "path": "/status", "value": ["replicas": 1]],
        ["op": "replace", "path": "/spec/replicas", "value": 7],
      ], .status)
    #expect(patched.body[FieldPath("status", "replicas")] == 1)
    #expect(patched.body[FieldPath("spec", "replicas")] == 1)
    #expect(patched.header.generation == 1)
  }
}

@Suite("Semantics 2.2: the scale subresource")
struct ScaleTests {
  static func deployment(_ replicas: Int) -> Value {
    [
      "spec": [
        "replicas": Value(replicas),
        "selector": [
          "matchLabels": ["app": "web"],
          "matchExpressions": [["key": "tier", "operator": "In", "values": ["b", "a"]]],
        ],
        "template": [
          "metadata": ["labels": ["app": "web", "tier": "a"]],
          "spec": ["containers": [["name": "c", "image": "i"]]],
        ],
      ]
    ]
  }

  private func get(_ bench: inout Bench, _ object: APIObject) throws -> APIObject {
    let response = try bench.server.handle(
      .get(object.type, object.key, GetOptions(subresource: .scale)), at: bench.now)
    return try #require(response.object)
  }

  @Test("Get: an autoscaling/v1 Scale with the owner's identity, numbers and selector")
  func get() throws {
    var bench = Bench()
    let owner = try bench.create("deployments", "a", body: Self.deployment(3))
    try bench.change(owner, ["status": ["replicas": 2]], .status)
    let scale = try get(&bench, owner)
    let value = scale.value
    #expect(value["apiVersion"] == "autoscaling/v1")
    #expect(value["kind"] == "Scale")
    #expect(value["spec"] == ["replicas": 3])
    #expect(value["status"] == ["replicas": 2, "selector": "app=web,tier in (a,b)"])
    #expect(scale.uid == owner.uid)
    #expect(scale.resourceVersion == bench.revision)
    #expect(value["metadata"]?["generation"] == nil)
  }

  @Test("Which built-in kinds have one, and how their selector reads")
  func kinds() throws {
    var bench = Bench()
    for kind in ["deployments", "replicasets", "statefulsets"] {
      let owner = try bench.create(kind, "a", body: Self.deployment(3))
      #expect(try get(&bench, owner).body["spec"] == ["replicas": 3], "\(kind)")
    }
    let old = try bench.create(
      "replicationcontrollers", "a", body: ["spec": ["selector": ["b": "c", "a": "d"]]])
    #expect(try get(&bench, old).body["status"]?["selector"] == "a=d,b=c")
    #expect(try get(&bench, old).body["spec"] == ["replicas": 1])
    for kind in ["pods", "daemonsets", "jobs", "configmaps"] {
      let object = try bench.object(kind, "a")
      #expect(try bench.refusal { try get(&$0, object) } == .noSuchEndpoint, "\(kind)")
    }
    let missing = try bench.object("deployments", "b")
    #expect(try bench.refusal { try get(&$0, missing) } == .notFound(missing.type, "b"))
  }

  @Test("Update: sets the number, bumps the owner's generation, and nothing else counts")
  func update() throws {
    var bench = Bench()
    let owner = try bench.create("deployments", "a", body: Self.deployment(3))
    let scale = try get(&bench, owner)
    let changed = scale.with(body: [
      "spec": ["replicas": 5], "status": ["replicas": 9], "metadata": ["labels": ["a": "b"]],
    ])
    let answer = try bench.update(changed, .scale)
    #expect(answer.body["spec"] == ["replicas": 5])
    let stored = try bench.get(owner)
    #expect(stored.body[FieldPath("spec", "replicas")] == 5)
    #expect(stored.body["status"] == nil)
    #expect(stored.body[Fields.labelsPath] == nil)
    #expect(stored.header.generation == 2)
    #expect(answer.resourceVersion == stored.resourceVersion)
    // The Scale is older than the object now.
    #expect(try bench.refusal { try $0.update(changed, .scale) }.isConflict)
    // Without a version it does not matter.
    let zero = changed.with(resourceVersion: 0).with(body: ["spec": [:]])
    #expect(try bench.update(zero, .scale).body["spec"] == [:])
    #expect(try bench.get(owner).body[FieldPath("spec", "replicas")] == 0)
  }

  @Test("Patch: of the Scale, merged or as operations")
  func patch() throws {
    var bench = Bench()
    let owner = try bench.create("deployments", "a", body: Self.deployment(3))
    #expect(try bench.patch(owner, ["spec": ["replicas": 4]], .scale).type.kind == "Scale")
    #expect(try bench.get(owner).body[FieldPath("spec", "replicas")] == 4)
    let response = try bench.server.handle(
      .patch(
        owner.type, owner.key,
        .json([
          ["op": "test", "path": "/spec/replicas", "value": 4],
          ["op": "replace", "path": "/spec/replicas", "value": 6],
        ]), subresource: .scale), at: bench.now)
    #expect(response.object?.body["spec"] == ["replicas": 6])
    #expect(try bench.get(owner).header.generation == 3)
  }

  @Test("What is refused, and in which words")
  func refusals() throws {
    var bench = Bench()
    let owner = try bench.create("deployments", "a", body: Self.deployment(3))
    let negative = try bench.refusal { try $0.patch(owner, ["spec": ["replicas": -1]], .scale) }
    #expect(negative.code == 422)
    #expect(
      negative.message
        == "Scale.autoscaling \"a\" is invalid: spec.replicas: Invalid value: -1: must be greater "
        + "than or equal to 0")
    #expect(negative.causes.map(\.field) == ["spec.replicas"])
    let text = try bench.refusal { try $0.patch(owner, ["spec": ["replicas": "3"]], .scale) }
    #expect(text.code == 400)
    #expect(text.message.hasSuffix("ScaleSpec.spec.replicas of type int32"))
    #expect(
      try bench.refusal { try $0.patch(owner, ["spec": ["replicas": 3_000_000_000]], .scale) }.code
        == 400)
    var header = try get(&bench, owner).header
    header.uid = UID(high: 1, low: 2)
    let other = APIObject(type: try #require(owner.type.scale), header: header, body: [:])
    let uid = try bench.refusal { try $0.update(other, .scale) }
    #expect(uid.isConflict)
    #expect(
      uid.message.hasPrefix(
        "Operation cannot be fulfilled on deployments/scale.apps \"a\": Precondition failed: UID"))
    #expect(try bench.refusal { try $0.update(owner, .scale) }.code == 400)
  }
}

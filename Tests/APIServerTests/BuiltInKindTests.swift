import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("Built-in kinds: types, required fields, values and defaults")
struct BuiltInKindTests {
  /// A body that a server takes.
  static let good: [(String, Value)] = [
    ("configmaps", ["data": ["a": "b"], "binaryData": ["c": "aGVsbG8="]]),
    ("deployments", ScaleTests.deployment(2)), ("pods", pod([:])),
    ("services", ["spec": ["ports": [["port": 80, "protocol": "UDP", "targetPort": "web"]]]]),
    ("leases", ["spec": ["renewTime": "2026-01-01T00:00:00.000000Z", "leaseDurationSeconds": 15]]),
    ("storageclasses", ["provisioner": "example.com/a"]),
    ("resourcequotas", ["spec": ["hard": ["pods": 4, "requests.cpu": "500m"]]]),
    (
      "events",
      [
        "involvedObject": ["kind": "Pod"], "type": "Error",
        "firstTimestamp": "2026-01-01T00:00:00.123456+00:00",
      ]
    ),
  ]

  static func pod(_ container: Value) -> Value {
    let own: Value = ["name": "c", "image": "i"]
    return ["spec": ["containers": [own.merging(container)]]]
  }

  @Test("What is as it must be is stored as it is", arguments: good.indices)
  func accepted(_ index: Int) throws {
    let (kind, body) = Self.good[index]
    var bench = Bench(registry: .builtIn)
    let object = try bench.create(kind, "a", body: body)
    for (key, value) in body.members { #expect(object.body[key] == value, "\(kind)") }
    #expect(try #require(object.type.schema).accepts(object.body), "\(kind)")
  }

  @Test("Every built-in kind has its types, and takes an object of its own making twice")
  func kinds() throws {
    for type in ResourceRegistry.builtIn.types where !type.definition.isCustom {
      let schema = try #require(type.schema, "\(type)")
      let unknown = schema.unknownFields(in: ["spce": 1])
      #expect(unknown.map { "\($0.path)" } == ["spce"], "\(type)")
      let normal = schema.normalized(["spce": 1, "status": [:]])
      #expect(normal["spce"] == nil, "\(type)")
      #expect(schema.normalized(normal) == normal)
    }
  }

  /// Kind, content, and Go's words behind `cannot be handled as a …: `.
  static let undecodable: [(String, Value, String)] = [
    (
      "deployments", ["spec": ["replicas": "3"]],
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    ),
    (
      "deployments", ["spec": ["replicas": 3_000_000_000]],
      "json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of "
        + "type int32"
    ),
    (
      "pods", ["spec": ["containers": [:]]],
      "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type "
        + "[]v1.Container"
    ),
    (
      "pods", pod(["ports": [["containerPort": "http"]]]),
      "json: cannot unmarshal string into Go struct field "
        + "ContainerPort.spec.containers.ports.containerPort of type int32"
    ),
    (
      "configmaps", ["data": ["a": 1]],
      "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
    ),
    (
      "configmaps", ["data": ["a"]],
      "json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string"
    ),
    ("secrets", ["data": ["a": "%%%"]], "illegal base64 data at input byte 0"),
    (
      "resourcequotas", ["spec": ["hard": ["pods": "many"]]],
      "quantities must match the regular expression "
        + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    ),
    (
      "namespaces", ["spec": "x"],
      "json: cannot unmarshal string into Go struct field Namespace.spec of type v1.NamespaceSpec"
    ),
  ]

  @Test("2.7: a type that is wrong is a BadRequest in Go's words", arguments: undecodable.indices)
  func types(_ index: Int) throws {
    let (kind, body, message) = Self.undecodable[index]
    var bench = Bench(registry: .builtIn)
    let error = try bench.refusal { try $0.create(kind, "a", body: body) }
    let type = bench.kind(kind)
    #expect(error.code == 400)
    #expect(
      error.message
        == "\(type.kind) in version \"\(type.definition.version)\" cannot be handled as a "
        + "\(type.kind): \(message)")
  }

  @Test("2.7: what a patch makes of the wrong type is Invalid, and shown")
  func patched() throws {
    var bench = Bench(registry: .builtIn)
    let object = try bench.create("configmaps", "a")
    let error = try bench.refusal { try $0.patch(object, ["data": ["a": 1]]) }
    #expect(error.code == 422)
    #expect(error.message.hasPrefix(" \"\" is invalid: patch: Invalid value: \"{"))
    #expect(
      error.message.hasSuffix(
        "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"))
    let replaced = try bench.refusal { try $0.change(object, ["data": ["a": 1]]) }
    #expect(replaced.code == 400)
  }

  /// Kind, content, and the causes: field and message.
  static let invalid: [(String, Value, [(String, String)])] = [
    ("pods", [:], [("spec.containers", "Required value")]),
    ("pods", ["spec": ["containers": []]], [("spec.containers", "Required value")]),
    (
      "pods", ["spec": ["containers": [["image": "i"]]]],
      [("spec.containers[0].name", "Required value")]
    ),
    (
      "pods", ["spec": ["containers": [["name": ""]]]],
      [("spec.containers[0].name", "Required value")]
    ),
    (
      "deployments", [:],
      [
        ("spec.selector", "Required value"), ("spec.template.spec.containers", "Required value"),
      ]
    ),
    (
      "deployments", ScaleTests.deployment(1).merging(["spec": ["strategy": ["type": "Slow"]]]),
      [
        (
          "spec.strategy.type",
          "Unsupported value: \"Slow\": supported values: \"Recreate\", \"RollingUpdate\""
        )
      ]
    ),
    (
      "pods", pod(["imagePullPolicy": "Sometimes"]),
      [
        (
          "spec.containers[0].imagePullPolicy",
          "Unsupported value: \"Sometimes\": supported values: \"Always\", \"IfNotPresent\", \"Never\""
        )
      ]
    ),
    ("storageclasses", [:], [("provisioner", "Required value")]),
    (
      "rolebindings", ["roleRef": ["kind": "Role"]], [("roleRef.name", "Required value")]
    ),
  ]

  @Test(
    "2.7: what is missing or no such value is Invalid, a cause each", arguments: invalid.indices)
  func causes(_ index: Int) throws {
    let (kind, body, causes) = Self.invalid[index]
    var bench = Bench(registry: .builtIn)
    let error = try bench.refusal { try $0.create(kind, "a", body: body) }
    #expect(error.code == 422)
    #expect(error.causes.map { $0.field ?? "" } == causes.map(\.0), "\(kind)")
    #expect(error.causes.map(\.message) == causes.map(\.1), "\(kind)")
  }

  @Test("2.7: what is amiss in a status is not told where the spec is at fault")
  func statusBesideSpec() throws {
    var bench = Bench(registry: .builtIn)
    let object = try bench.create("deployments", "a", body: ScaleTests.deployment(2))
    // A condition without its type, which is required elsewhere.
    try bench.patch(object, ["status": ["conditions": [["status": "True"]]]], .status)
    let error = try bench.refusal {
      try $0.patch(object, ["spec": ["strategy": ["type": "Slow"]]])
    }
    #expect(error.causes.map(\.field) == ["spec.strategy.type"])
  }

  @Test("Fields that are not known are dropped, nulls are nothing, defaults are filled in")
  func normalized() throws {
    var bench = Bench(registry: .builtIn)
    let pod = try bench.create(
      "pods", "a",
      body: [
        "spce": 1,
        "spec": [
          "containers": [["name": "c", "nmae": "d", "ports": [["containerPort": 80]]]],
          "nodeName": .null,
        ],
      ])
    #expect(
      pod.body["spec"]
        == ["containers": [["name": "c", "ports": [["containerPort": 80, "protocol": "TCP"]]]]])
    #expect(pod.body["spce"] == nil)
    let service = try bench.create("services", "a", body: ["spec": ["ports": [["port": 1]]]])
    #expect(service.body["spec"] == ["ports": [["port": 1, "protocol": "TCP"]]])
    let controller = try bench.create("replicationcontrollers", "a", body: ["spec": [:]])
    #expect(controller.body["spec"] == ["replicas": 1])
    // The same again is no change.
    let revision = bench.revision
    try bench.patch(pod, ["spec": ["unknown": 1]])
    #expect(bench.revision == revision)
  }

  @Test("A status is its controllers' own: only its types are checked")
  func status() throws {
    var bench = Bench(registry: .builtIn)
    let pod = try bench.create("pods", "a", body: Self.pod([:]))
    let lax: Value = ["status": ["phase": "Sleepy", "conditions": [["type": "Ready"]]]]
    #expect(try bench.patch(pod, lax, .status).body["status"] == lax["status"])
    #expect(try bench.refusal { try $0.patch(pod, ["status": ["phase": 1]], .status) }.code == 422)
  }

  @Test("A misspelt field is told with its place, in lists and maps too")
  func unknown() throws {
    let type = try #require(ResourceRegistry.builtIn.type(named: "deployments"))
    let schema = try #require(type.schema)
    let body = ScaleTests.deployment(1).merging([
      "spec": ["replcias": 3, "template": ["spec": ["containers": [["name": "c", "imgae": "i"]]]]]
    ])
    #expect(
      schema.unknownFields(in: body).map { "\($0.path)" }
        == ["spec.replcias", "spec.template.spec.containers[0].imgae"])
    let recursive = try #require(ResourceRegistry.builtIn.type(named: "crds")?.schema)
    let definition = DefinitionTests.definition()
    #expect(recursive.unknownFields(in: definition).isEmpty)
    #expect(recursive.accepts(definition))
  }
}

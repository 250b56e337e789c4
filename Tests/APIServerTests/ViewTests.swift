import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("Views: kinds that are served in two versions with content of their own")
struct ViewTests {
  static let core: Value = [
    "involvedObject": ["kind": "Pod", "name": "web", "namespace": "default"], "message": "pulled",
    "reason": "Pulled", "type": "Normal", "count": 2, "source": ["component": "kubelet"],
    "reportingComponent": "kubelet", "reportingInstance": "n1",
    "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:01Z",
    "action": "Pulling",
  ]
  static let newer: Value = [
    "regarding": ["kind": "Pod", "name": "web", "namespace": "default"], "note": "pulled",
    "reason": "Pulled", "type": "Normal", "deprecatedCount": 2,
    "deprecatedSource": ["component": "kubelet"], "reportingController": "kubelet",
    "reportingInstance": "n1", "deprecatedFirstTimestamp": "2026-01-01T00:00:00Z",
    "deprecatedLastTimestamp": "2026-01-01T00:00:01Z", "action": "Pulling",
  ]

  private func bench() -> Bench { Bench(registry: .builtIn) }

  private func kind(_ bench: Bench, _ apiVersion: String, _ kind: String) throws -> ResourceType {
    try #require(bench.server.registry.type(apiVersion: apiVersion, kind: kind))
  }

  @Test("An event is one object with two names for its fields")
  func events() throws {
    var bench = bench()
    let view = try kind(bench, "events.k8s.io/v1", "Event")
    let stored = try bench.create("events", "a", body: Self.core)
    let shown = try bench.server.get(view, stored.key)
    #expect(shown.body.removing("metadata") == Self.newer)
    #expect(shown.value["apiVersion"] == "events.k8s.io/v1")
    let other = try APIObject(
      decoding: Self.newer.setting("metadata", to: ["name": "b", "namespace": "default"]), as: view)
    let created = try bench.create(other)
    #expect(created.type == view && created.body.removing("metadata") == Self.newer)
    let back = try bench.server.get(bench.kind("events"), created.key)
    #expect(back.body.removing("metadata") == Self.core)
    #expect(back.uid == created.uid)
    #expect(try bench.server.list(view).objects.map(\.name) == ["a", "b"])
    #expect(try bench.server.list(bench.kind("events")).objects.map(\.name) == ["a", "b"])
  }

  @Test("What is read through one name and written back through it changes nothing")
  func readModifyWrite() throws {
    var bench = bench()
    let view = try kind(bench, "events.k8s.io/v1", "Event")
    let stored = try bench.create("events", "a", body: Self.core)
    let before = bench.revision
    try bench.update(bench.server.get(view, stored.key))
    #expect(bench.revision == before)
    let patched = try bench.server.patch(
      view, stored.key, .merge(["note": "pushed"]), at: bench.tick())
    #expect(patched.type == view && patched.body["note"] == "pushed")
    let expected = Self.core.setting("message", to: "pushed")
    #expect(try bench.get(stored).body.removing("metadata") == expected)
    try bench.server.patch(
      view, stored.key, .json([["op": "test", "path": "/regarding/name", "value": "web"]]),
      at: bench.tick())
  }

  @Test("Selectors have the names of the version, and so do watches and collections")
  func selecting() throws {
    var bench = bench()
    let view = try kind(bench, "events.k8s.io/v1", "Event")
    try bench.create("events", "a", body: Self.core)
    try bench.create("events", "b", body: ["involvedObject": ["kind": "Node"]])
    func options(_ text: String) throws -> ListOptions {
      ListOptions(fields: try FieldSelector(parsing: text))
    }
    let chosen = try options("regarding.kind=Pod,reportingController=kubelet")
    #expect(try bench.server.list(view, chosen).objects.map(\.name) == ["a"])
    let refused = try bench.refusal { try $0.server.list(view, options("involvedObject.kind=Pod")) }
    #expect(refused.reason == .badRequest)
    var stream = try bench.server.watch(view, WatchOptions(chosen), at: bench.now)
    guard case .event(let event) = stream.next(in: bench.server, at: bench.now) else {
      Issue.record("nothing is told")
      return
    }
    #expect(event.object.type == view && event.object.body["note"] == "pulled")
    #expect(stream.next(in: bench.server, at: bench.now) == .upToDate)
    let gone = try bench.server.deleteCollection(view, chosen, at: bench.tick())
    #expect(gone.objects.map(\.type) == [view])
    #expect(try bench.server.list(view).objects.map(\.name) == ["b"])
  }

  @Test("Whoever asks through a view of another group is refused in the words of the stored kind")
  func refusals() throws {
    var bench = bench()
    let view = try kind(bench, "events.k8s.io/v1", "Event")
    let key = ObjectKey(namespace: "default", name: "a")
    let missing = try bench.refusal { try $0.server.get(view, key) }
    #expect(missing == .notFound(bench.kind("events"), "a"))
    let body: Value = ["metadata": ["name": "a", "namespace": "default"], "note": 5]
    let undecodable = try bench.refusal {
      try $0.create(APIObject(decoding: body, as: view))
    }
    #expect(
      undecodable.message
        == "Event in version \"v1\" cannot be handled as a Event: json: cannot unmarshal number "
        + "into Go struct field Event.note of type string")
  }

  // MARK: Autoscalers

  static func metric(_ type: String, _ source: String, _ content: Value) -> Value {
    ["type": Value(type), Key(source): content]
  }

  /// What `autoscaling/v2` can say of metrics; the CPU of all containers is last, where Kubernetes puts it.
  static let metrics: [Value] = [
    metric(
      "Resource", "resource",
      ["name": "memory", "target": ["type": "AverageValue", "averageValue": "1Gi"]]),
    metric(
      "Pods", "pods",
      [
        "metric": ["name": "rps", "selector": ["matchLabels": ["a": "b"]]],
        "target": ["type": "AverageValue", "averageValue": "10"],
      ]),
    metric(
      "Object", "object",
      [
        "describedObject": ["apiVersion": "v1", "kind": "Service", "name": "s"],
        "metric": ["name": "rps"], "target": ["type": "Value", "value": "10"],
      ]),
    metric(
      "Object", "object",
      [
        "describedObject": ["kind": "Service", "name": "s"],
        "metric": ["name": "rps", "selector": ["matchLabels": ["a": "b"]]],
        "target": ["type": "AverageValue", "averageValue": "10"],
      ]),
    metric(
      "External", "external",
      [
        "metric": ["name": "queue", "selector": ["matchLabels": ["a": "b"]]],
        "target": ["type": "Value", "value": "30"],
      ]),
    metric(
      "External", "external",
      ["metric": ["name": "queue"], "target": ["type": "AverageValue", "averageValue": "3"]]),
    metric(
      "ContainerResource", "containerResource",
      [
        "name": "cpu", "container": "app",
        "target": ["type": "Utilization", "averageUtilization": 70],
      ]),
    metric(
      "Resource", "resource",
      ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]]),
  ]

  static let behavior: Value = [
    "scaleDown": [
      "stabilizationWindowSeconds": 300, "selectPolicy": "Max",
      "policies": [["type": "Percent", "value": 100, "periodSeconds": 15]],
    ]
  ]

  static let status: Value = [
    "currentReplicas": 2, "desiredReplicas": 3,
    "currentMetrics": [
      metric(
        "Resource", "resource",
        ["name": "cpu", "current": ["averageUtilization": 90, "averageValue": "900m"]]),
      metric("Pods", "pods", ["metric": ["name": "rps"], "current": ["averageValue": "12"]]),
    ],
    "conditions": [["type": "AbleToScale", "status": "True", "reason": "Ready"]],
  ]

  static func spec(_ metrics: [Value]) -> Value {
    [
      "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"],
      "minReplicas": 1, "maxReplicas": 5, "metrics": Value(metrics), "behavior": behavior,
    ]
  }

  private func autoscaler(_ bench: inout Bench) throws -> APIObject {
    let object = try bench.create(
      "horizontalpodautoscalers", "web", metadata: ["annotations": ["mine": "stays"]],
      body: ["spec": Self.spec(Self.metrics)])
    return try bench.change(object, ["status": Self.status], .status)
  }

  @Test("autoscaling/v1 has a field for the CPU, and annotations for all else")
  func olderAutoscaler() throws {
    var bench = bench()
    let view = try kind(bench, "autoscaling/v1", "HorizontalPodAutoscaler")
    let stored = try autoscaler(&bench)
    #expect(stored.type.apiVersion == "autoscaling/v2")
    let shown = try bench.server.get(view, stored.key)
    let spec = try #require(shown.body["spec"])
    #expect(
      spec.members.map(\.key.text).sorted()
        == ["maxReplicas", "minReplicas", "scaleTargetRef", "targetCPUUtilizationPercentage"])
    #expect(spec["targetCPUUtilizationPercentage"] == 80)
    #expect(shown.body["status"]?["currentCPUUtilizationPercentage"] == 90)
    #expect(shown.body["status"]?["currentMetrics"] == nil)
    let notes = try #require(shown.body["metadata"]?["annotations"])
    #expect(
      notes.members.map(\.key.text).sorted() == [
        "autoscaling.alpha.kubernetes.io/behavior", "autoscaling.alpha.kubernetes.io/conditions",
        "autoscaling.alpha.kubernetes.io/current-metrics",
        "autoscaling.alpha.kubernetes.io/metrics",
        "mine",
      ])
    var reader = JSONReader()
    let text = try #require(notes["autoscaling.alpha.kubernetes.io/metrics"]?.string)
    #expect(
      try reader.read(text)[0]
        == Self.metric(
          "Resource", "resource", ["name": "memory", "targetAverageValue": "1Gi"]))
    let behavior = try #require(notes["autoscaling.alpha.kubernetes.io/behavior"]?.string)
    #expect(behavior.contains("\"ScaleDown\"") && behavior.contains("\"PeriodSeconds\""))
  }

  @Test("Nothing of an autoscaler is lost by whoever reads and writes the older version")
  func autoscalerRoundTrip() throws {
    var bench = bench()
    let view = try kind(bench, "autoscaling/v1", "HorizontalPodAutoscaler")
    let stored = try autoscaler(&bench)
    let before = bench.revision
    try bench.update(bench.server.get(view, stored.key))
    #expect(bench.revision == before, "writing back what was read is no write")
    let older = ["spec": ["targetCPUUtilizationPercentage": 60, "maxReplicas": 9]] as Value
    try bench.server.patch(view, stored.key, .merge(older), at: bench.tick())
    var metrics = Self.metrics
    metrics[7] = Self.metric(
      "Resource", "resource",
      ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60]])
    let now = try bench.get(stored)
    #expect(now.body["spec"] == Self.spec(metrics).setting("maxReplicas", to: 9))
    #expect(now.body["status"] == stored.body["status"])
    #expect(now.body["metadata"] == stored.body["metadata"])
    #expect(now.header.generation == 2)
    let status = try APIObject(
      decoding: bench.server.get(view, stored.key).value.merging([
        "status": ["desiredReplicas": 4]
      ]), as: view)
    try bench.update(status, .status)
    #expect(
      try bench.get(stored).body["status"] == Self.status.setting("desiredReplicas", to: 4))
  }

  @Test("What the older version says alone is the newer one's only metric")
  func createdOlder() throws {
    var bench = bench()
    let view = try kind(bench, "autoscaling/v1", "HorizontalPodAutoscaler")
    let spec: Value = [
      "scaleTargetRef": ["kind": "Deployment", "name": "web"], "maxReplicas": 5,
      "targetCPUUtilizationPercentage": 80,
    ]
    let created = try bench.create(
      APIObject(
        decoding: ["metadata": ["name": "web", "namespace": "default"], "spec": spec], as: view))
    #expect(created.body["spec"]?["targetCPUUtilizationPercentage"] == 80)
    let stored = try bench.server.get(bench.kind("hpa"), created.key)
    #expect(stored.body["spec"]?["metrics"] == Value([Self.metrics[7]]))
    #expect(stored.body["spec"]?["targetCPUUtilizationPercentage"] == nil)
  }
}

@Suite("Built-in kinds: verbs and parts, as discovery tells them")
struct VerbTests {
  private static let all = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  /// apiVersion, plural, and its parts as `name Kind verbs apiVersion`.
  static let endpoints: [(String, String, [String])] = [
    ("v1", "configmaps", []),
    ("v1", "namespaces", ["finalize Namespace update -", "status Namespace get,patch,update -"]),
    (
      "v1", "services",
      [
        "proxy ServiceProxyOptions create,delete,get,patch,update -",
        "status Service get,patch,update -",
      ]
    ),
    (
      "v1", "replicationcontrollers",
      [
        "scale Scale get,patch,update autoscaling/v1",
        "status ReplicationController get,patch,update -",
      ]
    ),
    ("v1", "serviceaccounts", ["token TokenRequest create authentication.k8s.io/v1"]),
    (
      "v1", "pods",
      [
        "attach PodAttachOptions create,get -", "binding Binding create -",
        "ephemeralcontainers Pod get,patch,update -", "eviction Eviction create policy/v1",
        "exec PodExecOptions create,get -", "log Pod get -",
        "portforward PodPortForwardOptions create,get -",
        "proxy PodProxyOptions create,delete,get,patch,update -", "resize Pod get,patch,update -",
        "status Pod get,patch,update -",
      ]
    ),
    (
      "apps/v1", "deployments",
      [
        "scale Scale get,patch,update autoscaling/v1", "status Deployment get,patch,update -",
      ]
    ),
    (
      "autoscaling/v1", "horizontalpodautoscalers",
      [
        "status HorizontalPodAutoscaler get,patch,update -"
      ]
    ),
    ("events.k8s.io/v1", "events", []),
  ]

  @Test("Parts of a kind", arguments: endpoints.indices)
  func parts(_ index: Int) throws {
    let (apiVersion, plural, expected) = Self.endpoints[index]
    let words = apiVersion.split(separator: "/").map(String.init)
    let type = try #require(
      ResourceRegistry.builtIn.type(
        group: words.count == 2 ? words[0] : "", version: words[words.count - 1], plural: plural))
    #expect(type.apiVersion == apiVersion)
    #expect(
      type.definition.subresources.map {
        "\($0.name) \($0.kind) \($0.verbs.joined(separator: ",")) \($0.apiVersion ?? "-")"
      } == expected)
  }

  @Test("Every built-in kind has all verbs, but namespaces are not deleted as a collection")
  func verbs() {
    for type in ResourceRegistry.builtIn.types where !type.definition.isCustom {
      let isNamespace = type.kind == "Namespace"
      #expect(
        type.definition.verbs == Self.all.filter { !isNamespace || $0 != "deletecollection" },
        "\(type)")
    }
    #expect(
      ResourceRegistry.unstoredKinds.map { "\($0.plural) \($0.verbs.joined(separator: ","))" }
        .contains("componentstatuses get,list"))
  }

  @Test("What an endpoint does not take is 405 MethodNotAllowed, and a part that is not there 404")
  func refusals() throws {
    var bench = Bench()
    let namespaces = bench.kind("namespaces")
    let key = ObjectKey(name: "default")
    let requests: [(APIRequest, StatusError)] = [
      (.deleteCollection(namespaces, ListOptions()), .methodNotAllowed),
      (.get(namespaces, key, GetOptions(subresource: .finalize)), .methodNotAllowed),
      (.mergePatch(namespaces, key, [:], subresource: .finalize), .methodNotAllowed),
      (
        .get(
          bench.kind("configmaps"), ObjectKey(namespace: "default", name: "a"),
          GetOptions(subresource: .finalize)), .noSuchEndpoint
      ),
    ]
    for (request, expected) in requests {
      let error = try bench.refusal { try $0.server.handle(request, at: $0.now) }
      #expect(error == expected, "\(request.verb)")
    }
    #expect(StatusError.methodNotAllowed.value["code"] == 405)
    #expect(
      StatusError.methodNotAllowed.value["message"]
        == "the server does not allow this method on the requested resource")
  }
}

import APIAllocation
import APIMachinery
import ControllerModels
import Exploration
import Scalars
import Simulation
import ValueTree

/// The scenario in which a model is tried that comes without one: objects of its kind come, change and go.
struct ModelTrial {
  let model: ControllerModel
  let path: String
  let digest: UInt64

  /// The scenario: one process, three objects, and the pools that objects of the kind ask.
  func scenario(_ base: WorldPlan) -> Scenario {
    var plan = base
    // What comes with the model in its file is there already.
    let given = base.objects.filter { $0.type == Pool.type }.map(\.name)
    plan.objects += pools.filter { !given.contains($0.name) }
    plan.processes = [WorldPlan.Process(name: model.name, controllers: [model.controller()])]
    plan.workload = workload
    return Scenario(
      name: "\(model.name)-trial",
      summary: "Three objects of kind \(model.type.kind) come, one changes, all go.", plan: plan,
      script: FaultScript(),
      budget: FaultBudget(
        outcomes: [.crashBefore, .crashAfter, .lostReply, .refused, .conflict], count: 2),
      saysFaults: true, path: path, digest: digest)
  }

  private var workload: [WorldPlan.Step] {
    let keys = ["a", "b", "c"].map {
      ObjectKey(
        namespace: model.type.definition.isNamespaced ? "default" : "", name: "\(stem)-\($0)")
    }
    var steps = keys.map { key in
      WorldPlan.Step(
        .apply(
          APIObject(
            type: model.type, header: ObjectHeader(namespace: key.namespace, name: key.name),
            body: sample.body)))
    }
    steps.append(WorldPlan.Step(.look, .settled))
    if let change = sample.change {
      steps.append(WorldPlan.Step(.patch(model.type, keys[1], change), .settled))
    }
    steps.append(
      WorldPlan.Step(
        .patch(model.type, keys[0], ["metadata": ["labels": ["tried": "yes"]]]), .settled))
    steps.append(WorldPlan.Step(.delete(model.type, keys[0]), .settled))
    steps.append(WorldPlan.Step(.look, .settled))
    for key in keys.dropFirst() { steps.append(WorldPlan.Step(.delete(model.type, key), .settled)) }
    return steps
  }

  private var stem: String { model.type.definition.singular }

  /// An object of a kind, and a change that means something to its controller.
  private var sample: (body: Value, change: Value?) {
    switch model.type.kind {
    case "DeviceBinding", "GPUClaim":
      (["spec": ["pool": "gpus", "count": 1]], ["spec": ["count": 2]])
    case "PortClaim": (["spec": ["pool": "ports"]], nil)
    case "IPClaim": (["spec": ["pool": "ips"]], nil)
    case "Service":
      (
        [
          "spec": [
            "type": "LoadBalancer", "selector": ["app": "web"],
            "ports": [["port": 80, "protocol": "TCP"]],
          ]
        ], ["spec": ["ports": [["port": 81, "protocol": "TCP"]]]]
      )
    case "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job":
      (Self.workload(model.type.kind), ["spec": ["replicas": 3]])
    case "Pod": (["spec": Self.podSpec], nil)
    case "ConfigMap", "Secret": (["data": [:]], nil)
    default: (.emptyMap, nil)
    }
  }

  private static let podSpec: Value = ["containers": [["name": "main", "image": "app:1"]]]

  private static func workload(_ kind: String) -> Value {
    var spec: Value = [
      "selector": ["matchLabels": ["app": "web"]],
      "template": ["metadata": ["labels": ["app": "web"]], "spec": podSpec],
    ]
    if kind == "Job" {
      spec = ["template": ["spec": podSpec.setting("restartPolicy", to: "Never")]]
    }
    if kind != "DaemonSet", kind != "Job" { spec = spec.setting("replicas", to: 2) }
    return ["spec": spec]
  }

  /// A pool of each sort: what is not asked does no harm.
  private var pools: [APIObject] {
    let specs: [(String, Value)] = [
      ("gpus", ["type": "gpu", "count": 4]),
      ("ports", ["type": "port", "ranges": ["30000-30007"]]),
      ("ips", ["type": "ip", "cidrs": ["192.0.2.0/28"]]),
    ]
    let asked = model.poolNames
    return specs.filter { name, _ in asked.contains(name) || asksByKind(name) }.map(Self.pool)
      + asked.filter { name in !specs.contains { $0.0 == name } }
      .map { Self.pool($0, ["type": "gpu", "count": 4]) }
  }

  private func asksByKind(_ name: String) -> Bool {
    switch model.type.kind {
    case "DeviceBinding", "GPUClaim": name == "gpus"
    case "PortClaim": name == "ports"
    case "IPClaim": name == "ips"
    default: false
    }
  }

  private static func pool(_ name: String, _ spec: Value) -> APIObject {
    APIObject(type: Pool.type, header: ObjectHeader(name: name), body: ["spec": spec])
  }
}

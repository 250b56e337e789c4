import APIAllocation
import APIMachinery
import ControllerModels
import ControllerRuntime
import Exploration
import Foundation
import Scalars
import Simulation
import Testing
import ValueTree
import YAMLCoding

/// The folder of the shipped models.
let modelsFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "manifests/models")

/// How many schedules a test draws: more when there is time.
func seeds(_ count: UInt64, soaking: UInt64 = 200) -> Range<UInt64> {
  let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"
  return 0..<(isSoaking ? soaking : count)
}

/// The text of a shipped model.
func modelText(_ name: String) throws -> String {
  try String(contentsOf: modelsFolder.appending(path: "\(name).yaml"), encoding: .utf8)
}

/// A model from its text; what is replaced must be there.
func model(
  _ text: String, replacing changes: KeyValuePairs<String, String> = [:],
  registry: ResourceRegistry = .builtIn
) throws -> ControllerModel {
  var text = text
  for (old, new) in changes {
    #expect(text.contains(old), "the model has no \(old)")
    text = text.replacingOccurrences(of: old, with: new)
  }
  let documents = try YAMLParser.documents(in: YAMLSource(name: "model.yaml", text: text))
  return try ControllerModel(reading: try #require(documents.first), registry: registry)
}

/// The key of a binding in `default`.
func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

/// A binding that asks for devices of the pool `gpus`.
func binding(_ name: String, count: Int64 = 1, finalizers: [String] = []) -> APIObject {
  var body: Value = ["spec": ["pool": "gpus", "count": Value(count)]]
  if !finalizers.isEmpty {
    body = body.setting("metadata", to: ["finalizers": Value(finalizers.map { Value($0) })])
  }
  return APIObject(
    type: DeviceBinding.type, header: ObjectHeader(namespace: "default", name: name), body: body)
}

/// The pool `gpus`.
func pool(_ count: Int64 = 4, backing: String = "ledger") -> APIObject {
  APIObject(
    type: Pool.type, header: ObjectHeader(name: "gpus"),
    body: ["spec": ["type": "gpu", "backing": Value(backing), "count": Value(count)]])
}

/// A plan with processes `p0`, `p1`, … that run these controllers each.
func planned(
  _ controller: Controller, and second: Controller? = nil, pool: APIObject = pool(),
  processes: Int = 1,
  lag: GoDuration = .zero, _ workload: [WorldPlan.Step]
) -> WorldPlan {
  WorldPlan(
    objects: [pool],
    processes: (0..<processes).map {
      WorldPlan.Process(
        name: "p\($0)", controllers: [controller, second].compactMap(\.self),
        informerLag: lag)
    }, workload: workload)
}

func apply(_ object: APIObject, _ moment: WorldPlan.Moment = .immediately) -> WorldPlan.Step {
  WorldPlan.Step(.apply(object), moment)
}

func delete(_ name: String, _ moment: WorldPlan.Moment = .settled) -> WorldPlan.Step {
  WorldPlan.Step(.delete(DeviceBinding.type, key(name)), moment)
}

func patch(
  _ name: String, _ patch: Value, _ moment: WorldPlan.Moment = .settled
) -> WorldPlan.Step {
  WorldPlan.Step(.patch(DeviceBinding.type, key(name), patch), moment)
}

/// The default schedule with faults at fixed places.
func run(
  _ plan: WorldPlan, _ faults: [FaultScript.Fault] = [], isTold: Bool = false
) throws -> RunResult {
  let result = try Runner.run(plan, DefaultSource(FaultScript(faults)), isTold: isTold)
  #expect(result.missed == [])
  return result
}

/// What the oracles found first.
func oracle(_ result: RunResult) -> Violation.Oracle? { result.violations.first?.oracle }

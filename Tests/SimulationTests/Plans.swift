import APIAllocation
import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

let bindingType = DeviceBinding.type

/// The key of a binding in `default`.
func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

/// A binding that asks for devices of the pool `gpus`.
func binding(_ name: String, count: Int64 = 1) -> APIObject {
  APIObject(
    bindingType, ObjectHeader(namespace: "default", name: name),
    ["spec": ["pool": "gpus", "count": Value(count)]])
}

/// The pool `gpus`.
func pool(_ count: Int64 = 4, backing: String = "ledger") -> APIObject {
  APIObject(
    Pool.type, ObjectHeader(name: "gpus"),
    ["spec": ["type": "gpu", "backing": Value(backing), "count": Value(count)]])
}

extension APIObject {
  convenience init(_ type: ResourceType, _ header: ObjectHeader, _ body: Value) {
    self.init(type: type, header: header, body: body)
  }
}

/// A plan with processes `p0`, `p1`, … that run one controller each.
func planned(
  _ controller: Controller, pool: APIObject = pool(), processes: Int = 1,
  lag: GoDuration = .zero, restart: GoDuration = .seconds(1), _ workload: [WorldPlan.Step]
) -> WorldPlan {
  WorldPlan(
    objects: [pool],
    processes: (0..<processes).map {
      WorldPlan.Process(
        name: "p\($0)", controllers: [controller], informerLag: lag, restartDelay: restart)
    },
    workload: workload)
}

let naive = NaiveBindingController.controller()
let reference = ReferenceBindingController.controller()

/// One binding comes and stays.
let one: [WorldPlan.Step] = [WorldPlan.Step(.apply(binding("a")))]

/// Two bindings come, go and are followed by a third.
let comings: [WorldPlan.Step] = [
  WorldPlan.Step(.apply(binding("a", count: 2))),
  WorldPlan.Step(.apply(binding("b"))),
  WorldPlan.Step(.delete(bindingType, key("a")), .settled),
  WorldPlan.Step(.apply(binding("c", count: 2))),
  WorldPlan.Step(.delete(bindingType, key("b")), .settled),
]

/// Every fault there is.
let anyFault = FaultBudget(
  outcomes: [.refused, .conflict, .lostReply, .crashBefore, .crashAfter], count: 4, odds: 15)

/// The default schedule with faults at fixed places.
func run(
  _ plan: WorldPlan, _ faults: FaultScript.Fault..., isTold: Bool = false
) throws -> RunResult {
  let result = try Runner.run(plan, DefaultSource(FaultScript(faults)), isTold: isTold)
  #expect(result.missed == [])
  return result
}

/// The default schedule, left at places that are given by name.
func run(_ plan: WorldPlan, leaving deviations: KeyValuePairs<String, String>) throws -> RunResult {
  try Runner.run(
    plan, ReplaySource(deviations.map { Deviation(at: $0.key, take: $0.value) }))
}

/// What the oracles found first.
func oracle(_ result: RunResult) -> Violation.Oracle? { result.violations.first?.oracle }

func sentence(_ result: RunResult) -> String { result.violations.first?.sentence ?? "held" }

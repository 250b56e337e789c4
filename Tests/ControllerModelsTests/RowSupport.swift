import APIAllocation
import APIMachinery
import APIServer
import APIStore
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// The reference model with one or two lines changed.
func mutant(_ changes: KeyValuePairs<String, String>) throws -> Controller {
  #expect(changes.count <= 2, "a row takes one or two lines")
  return try model(modelText("reference"), replacing: changes).controller()
}

/// The reference model as it is.
func reference() throws -> Controller { try mutant([:]) }

/// Lines of the reference model that rows change.
enum Line {
  static let key = "      key: devices\n"
  static let raw = "      by: raw\n"
  /// Ends where something is recorded: asking twice takes twice, so it must not be asked again.
  static let ready = "  - call: ready\n  - set: {count:"
  static let once =
    "  - {done: , when: \"has(object.status.devices)\"}\n  - set: {count:"
  static let release = "    - release: {pool: pool, by: owner, owner: owner}\n"
  /// Releases by name what the status says.
  static let releaseByName = """
        - release: {pool: pool, by: name, items: "object != null && has(object.status.devices) ? object.status.devices : []"}

    """
  /// The naive habit: raw, once.
  static let rawOnce: KeyValuePairs<String, String> = [key: raw, ready: once]
}

func fault(
  _ outcome: Decision.Outcome, _ operation: String, _ object: String? = nil, occurrence: Int = 1
) -> FaultScript.Fault {
  FaultScript.Fault(
    outcome, at: operation, object: object.map(key), occurrence: occurrence)
}

/// The world when its informers are about to tell of every object once more: luck has not helped yet.
func beforeResync(_ plan: WorldPlan, _ faults: [FaultScript.Fault] = []) throws -> World {
  var world = try World(plan)
  var source = DefaultSource(FaultScript(faults))
  while let decision = try source.choose(in: world) {
    if case .resync = decision { return world }
    world.take(decision)
  }
  return world
}

/// The first violation among schedules that are drawn, or nil.
func hunt(
  _ plan: WorldPlan, _ faults: [FaultScript.Fault] = [], seeds: Range<UInt64> = 0..<200,
  budget: FaultBudget = .none, until oracles: [Violation.Oracle] = []
) throws -> Violation? {
  for seed in seeds {
    var plan = plan
    plan.seed = seed
    let source = RandomSource(
      seed: seed, budget: budget, script: FaultScript(faults), detourOdds: 2)
    let result = try Runner.run(plan, source)
    if let found = result.violations.first(where: {
      oracles.isEmpty || oracles.contains($0.oracle)
    }) {
      return found
    }
  }
  return nil
}

/// What the right controller does under drawn schedules: nothing that anybody could blame.
func blame(
  _ plan: WorldPlan, _ faults: [FaultScript.Fault] = []
) throws -> Violation? {
  try hunt(plan, faults, seeds: seeds(25))
}

extension World {
  func binding(_ name: String) -> DeviceBinding? {
    server.store.object(DeviceBinding.type, key(name)).map(DeviceBinding.init)
  }

  /// How often the server refused something with this reason, as the timeline has it.
  func refusals(_ reason: String) -> Int {
    timeline?.entries.count { $0.text.contains(": \(reason)") } ?? 0
  }
}

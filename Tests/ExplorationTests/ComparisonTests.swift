import APIMachinery
import ControllerRuntime
import Exploration
import Simulation
import Testing
import ValueTree

private let mapType = ResourceRegistry.builtIn("v1", "ConfigMap")

private struct ConfigMap: Resource {
  static let type = mapType
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

private func map(_ name: String) -> APIObject {
  APIObject(
    type: mapType, header: ObjectHeader(namespace: "default", name: name), body: .emptyMap)
}

private enum Winner: ProcessMemoryKey {
  static let name = "winner"
  static let initial = false
}

/// Marks the first object that it comes to, which is a matter of luck.
private struct Racing: Reconciler {
  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard try await context.get(ConfigMap.self, request, from: .server) != nil,
      !context[memory: Winner.self]
    else { return .done }
    context[memory: Winner.self] = true
    try await context.mergePatch(
      ConfigMap.self, request, ["metadata": ["labels": ["first": "yes"]]])
    return .done
  }
}

/// Sees to it that there is a `b`.
private struct Maker: Reconciler {
  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    if try await context.get(ConfigMap.self, key("b"), from: .server) == nil {
      _ = try await context.create(ConfigMap(map("b")))
    }
    return .done
  }
}

@Suite(
  "Comparisons with the run on the default schedule: where it ends, and what it did on the way")
struct ComparisonTests {
  private func suspicions(
    of controller: Controller, _ objects: [String], _ rules: [FaultRule] = [],
    judging oracles: Violation.Oracle...
  ) throws -> [CampaignTally.Finding] {
    var plan = WorldPlan(
      objects: objects.map(map),
      processes: [WorldPlan.Process(name: "p", controllers: [controller])])
    for oracle in oracles { plan.oracles.judged.insert(oracle) }
    let budget = FaultBudget(rules: rules, count: 1, odds: 3)
    let campaign = Campaign(plan, strategy: .uniform, budget: budget, seed: 1)
    let tally = try campaign.run(0..<40, stopsAtViolation: false)
    #expect(tally.findings.isEmpty)
    return tally.suspicions
  }

  @Test("Confluence: an end that depends on who was first")
  func confluence() throws {
    let racing = Controller("race", for: ConfigMap.self, workers: 2, reconciler: Racing())
    let found = try suspicions(of: racing, ["a", "b"], judging: .confluence)
    #expect(found.map(\.oracle) == [.confluence])
    #expect(
      found.first?.sentence
        == "ConfigMap default/a ends otherwise than in the run without faults.")
    // One object alone is always the first, and nobody looks where nobody asks.
    #expect(try suspicions(of: racing, ["a"], judging: .confluence).isEmpty)
    #expect(try suspicions(of: racing, ["a", "b"]).isEmpty)
  }

  @Test("Differential: the same end, and something was made once more than without faults")
  func differential() throws {
    let maker = Controller("maker", for: ConfigMap.self, reconciler: Maker())
    var deletion = FaultRule(.delete)
    deletion.object = key("b")
    let found = try suspicions(
      of: maker, ["a"], [deletion], judging: .differential, .confluence)
    #expect(found.map(\.oracle) == [.differential])
    #expect(
      found.first?.sentence.hasSuffix(
        "default/b is made 2 times and taken away 1 times; without faults 1 and 0 times.") == true)
    #expect(try suspicions(of: maker, ["a"], judging: .differential, .confluence).isEmpty)
  }
}

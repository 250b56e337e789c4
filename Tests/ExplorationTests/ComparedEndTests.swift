import APIMachinery
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

private let mapType = ResourceRegistry.builtIn("v1", "ConfigMap")

private struct ConfigMap: Resource {
  static let type = mapType
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

private func map(_ name: String, _ data: Value = .emptyMap) -> APIObject {
  APIObject(
    type: mapType, header: ObjectHeader(namespace: "default", name: name), body: ["data": data])
}

/// What a controller does, as a closure.
private struct Doing: Reconciler {
  let body: @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult { try await body(request, context) }
}

@Suite("Runs that are compared with the one on the default schedule")
struct ComparedEndTests {
  private func campaign(
    _ oracle: Violation.Oracle?, faults: FaultBudget = .none,
    _ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
  ) -> Campaign {
    var plan = WorldPlan(
      processes: [
        WorldPlan.Process(
          name: "p",
          controllers: [Controller("test", for: ConfigMap.self, reconciler: Doing(body: body))])
      ],
      workload: ["a", "b"].map { WorldPlan.Step(.apply(map($0))) })
    if let oracle { plan.oracles.judged.insert(oracle) }
    return Campaign(plan, strategy: .uniform, budget: faults, seed: 3)
  }

  private func suspicions(_ campaign: Campaign) throws -> [String] {
    let tally = try campaign.run(0..<60, stopsAtViolation: false)
    #expect(tally.findings.isEmpty)
    return tally.suspicions.map { "\($0.oracle.rawValue) \($0.subject): \($0.sentence)" }
  }

  /// Makes an object, and takes it away and makes it anew where the answer was lost.
  private static let twice:
    @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult = {
      request, context in
      guard request.name == "a" else { return .done }
      do {
        _ = try await context.create(ConfigMap(map("made")))
      } catch let error as StatusError where error.reason == .timeout {
        try await context.delete(ConfigMap.self, key("made"))
        _ = try await context.create(ConfigMap(map("made")))
      } catch let error as StatusError where error.reason == .alreadyExists {}
      return .done
    }

  @Test("O7: it ends alike, and an object was made once more on the way")
  func differential() throws {
    let faults = FaultBudget(outcomes: [.lostReply], count: 1, odds: 2)
    #expect(
      try suspicions(campaign(.differential, faults: faults, Self.twice)) == [
        "differential ConfigMap: ConfigMap default/made is made 2 times and taken away 1 times; "
          + "without faults 1 and 0 times."
      ])
    // The ends are alike, so confluence has nothing to say; and without faults both runs are.
    #expect(try suspicions(campaign(.confluence, faults: faults, Self.twice)) == [])
    #expect(try suspicions(campaign(.differential, Self.twice)) == [])
  }
}

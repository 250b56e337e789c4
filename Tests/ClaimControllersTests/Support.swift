import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Exploration
import Scenarios
import Simulation
import YAMLCoding

/// A scenario that a test writes down.
struct TestScenario {
  let scenario: Scenario

  /// Pools, and what the scenario's spec has beside its processes.
  init(
    pools: String, controllers: [String], workers: Int = 1, replicas: Int = 1, _ spec: String
  ) throws {
    let uses = controllers.map { "\n    - {use: \($0), workers: \(workers)}" }.joined()
    let text = """
      \(pools)
      ---
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: test}
      spec:
        processes:
        - name: claims
          replicas: \(replicas)
          controllers:\(uses)
      \(spec.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      """
    scenario = try ScenarioReader().scenario(at: "test.yaml") { _ in Array(text.utf8) }
  }

  /// The default schedule, or the one of a seed.
  func run(seed: UInt64? = nil) throws -> World {
    guard let seed else {
      return try Runner.run(scenario.plan, DefaultSource(scenario.script)).world
    }
    let source = RandomSource(seed: seed, budget: scenario.budget, script: scenario.script)
    return try Runner.run(scenario.plan(seed: seed), source).world
  }
}

extension World {
  /// The object of this name, as the server has it.
  func object<R: Resource>(_: R.Type, _ name: String) -> R? {
    server.store.list(R.type).first { $0.name == name }.map(R.init)
  }

  /// What the claim's status says: phase, items and message.
  func status<C: PoolClaim>(_: C.Type, _ name: String) -> String {
    guard let claim = object(C.self, name) else { return "gone" }
    let items = claim.recordedItems.map { "\($0.name)#\($0.generation ?? 0)" }
    return ([claim.phase?.rawValue ?? "-"] + items + [claim.message].compactMap(\.self))
      .joined(separator: " ")
  }
}

/// A claim as a step of a workload.
func apply(_ kind: String, _ name: String, _ spec: String, when: String = "settled") -> String {
  """
  - apply:
      apiVersion: drydock.dev/v1alpha1
      kind: \(kind)
      metadata: {name: \(name)}
      spec: {\(spec)}
    when: \(when)

  """
}

/// A deletion as a step of a workload.
func delete(_ kind: String, _ name: String, when: String = "settled") -> String {
  "- delete: {kind: \(kind), name: \(name)}\n  when: \(when)\n"
}

enum Pools {
  static let ports = pool("ports", "type: port, ranges: [30000-30003], protocols: [TCP, UDP]")
  static let nodePorts = pool("ports", "type: port, ranges: [30000-30003], nodes: [a, b]")
  static let addresses = pool("ips", "type: ip, cidrs: [10.0.0.0/29, \"fd00::/126\"]")
  static let gpus = pool("gpus", "type: gpu, count: 3")

  static func pool(_ name: String, _ spec: String) -> String {
    """
    apiVersion: drydock.dev/v1alpha1
    kind: Pool
    metadata: {name: \(name)}
    spec: {\(spec)}
    """
  }

  static func all(_ pools: String...) -> String { pools.joined(separator: "\n---\n") }
}

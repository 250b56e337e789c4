import APIMachinery
import APIServer
import APIStore
import ControllerModels
import Exploration
import Foundation
import Scenarios
import Simulation
import Testing
import ValueTree
import YAMLCoding

/// The shipped models, each in its scenario.
@Suite("Shipped models: each runs, and holds where it says so")
struct ShippedModelTests {
  private static let manifests = modelsFolder.deletingLastPathComponent()

  static func scenario(_ path: String) throws -> Scenario {
    let file = manifests.appending(path: path).path
    return try ScenarioReader().scenario(at: file) { path throws(SourceDiagnostic) in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw SourceDiagnostic("there is no \(path)")
      }
      return Array(data)
    }
  }

  private static let scenarios = [
    "addresses", "allocfinalizer", "claims", "cloud-load-balancer", "elected", "reference",
    "replicaset", "reservations",
  ]

  @Test("Scenarios hold, in the default schedule and in drawn ones", arguments: scenarios)
  func holds(_ name: String) throws {
    let scenario = try Self.scenario("scenarios/model-\(name).yaml")
    let first = try Runner.run(
      scenario.plan(seed: 0), DefaultSource(scenario.script), isTold: true)
    #expect(first.violations.map(\.sentence) == [])
    #expect(first.missed == [])
    for seed in seeds(10) {
      let source = RandomSource(seed: seed, budget: scenario.budget, script: scenario.script)
      let result = try Runner.run(scenario.plan(seed: seed), source)
      #expect(result.violations.map(\.sentence) == [], "\(name), seed \(seed)")
    }
  }

  @Test("The naive model's scenario leaks")
  func naive() throws {
    let scenario = try Self.scenario("scenarios/model-naive.yaml")
    let result = try Runner.run(scenario.plan(seed: 0), DefaultSource(scenario.script))
    #expect(oracle(result) == .leak)
  }

  @Test(
    "Each model can be tried without a scenario",
    arguments: [
      "addresses", "allocfinalizer", "cloud-load-balancer", "elected", "naive", "reference",
      "replicaset",
    ])
  func trial(_ name: String) throws {
    let scenario = try Self.scenario("models/\(name).yaml")
    let result = try Runner.run(scenario.plan(seed: 0), DefaultSource(), isTold: true)
    #expect(result.world.step > 20)
    #expect(result.violations.map(\.sentence) == [], "\(name)")
  }

  @Test("As many pods as asked for, whatever fails")
  func replicas() throws {
    let scenario = try Self.scenario("scenarios/model-replicaset.yaml")
    for seed in seeds(10) {
      let source = RandomSource(seed: seed, budget: scenario.budget)
      let world = try Runner.run(scenario.plan(seed: seed), source).world
      let pods = world.server.store.list(ResourceRegistry.builtIn("v1", "Pod"))
      #expect(pods.count { !$0.isDeleting } == 2, "seed \(seed)")
    }
  }

  @Test("One process of two works at a time, and the other one takes over")
  func elected() throws {
    let scenario = try Self.scenario("scenarios/model-elected.yaml")
    let world = try Runner.run(
      scenario.plan(seed: 0), DefaultSource(scenario.script), isTold: true
    ).world
    let lease = world.server.store.list(
      ResourceRegistry.builtIn("coordination.k8s.io/v1", "Lease"))
    #expect(lease.count == 1)
    #expect((lease.first?.body["spec"]?["leaseTransitions"]?.int ?? 0) >= 1)
    let workers = world.timeline?.entries.filter { $0.text.hasPrefix("reconciles default/train") }
    #expect(Set((workers ?? []).map(\.actor)).count == 2)
  }
}

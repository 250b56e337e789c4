import APIAllocation
import Allocation
import Exploration
import Foundation
import Scenarios
import Simulation
import Testing
import YAMLCoding

@Suite("The scenario of claims that ships")
struct ShippedScenarioTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func scenario() throws -> Scenario {
    try ScenarioReader().scenario(at: "manifests/scenarios/claims.yaml") {
      path throws(SourceDiagnostic) in
      do {
        return Array(try Data(contentsOf: Self.root.appending(path: path).standardized))
      } catch { throw SourceDiagnostic("cannot read \(path)", at: nil) }
    }
  }

  @Test("Ports, addresses and GPUs come and go; nothing stays behind")
  func defaultSchedule() throws {
    let scenario = try scenario()
    let world = try Runner.run(scenario.plan, DefaultSource(scenario.script)).world
    #expect(world.violations.isEmpty)
    #expect(world.ledger.openCount == 0)
    #expect(Set(world.ledger.entries.map(\.pool)) == ["gpus", "ips", "ports"])
  }

  @Test("It holds under 20 seeds with faults")
  func seeds() throws {
    let scenario = try scenario()
    for seed in 0..<20 as Range<UInt64> {
      let source = RandomSource(seed: seed, budget: scenario.budget, script: scenario.script)
      let world = try Runner.run(scenario.plan(seed: seed), source).world
      #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.map(\.sentence))")
      #expect(world.ledger.openCount == 0, "seed \(seed)")
    }
  }
}

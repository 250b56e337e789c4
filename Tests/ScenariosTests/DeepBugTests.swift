import Exploration
import Foundation
import Scenarios
import Simulation
import Testing
import YAMLCoding

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

/// The deep bug, and the same claims with the model that asks whose a device is.
private enum Deep {
  static func campaign(isCured: Bool = false, _ strategy: Strategy = .mixed, seed: UInt64) throws
    -> Campaign
  {
    let path = Zoo.root.deletingLastPathComponent().appending(path: "scenarios/deep.yaml").path()
    let scenario = try ScenarioReader().scenario(at: path) { file throws(SourceDiagnostic) in
      let bytes = try Zoo.read(file)
      guard isCured, file == path else { return bytes }
      let text = String(decoding: bytes, as: UTF8.self)
      return Array(text.replacing("allocfinalizer-blind.yaml", with: "allocfinalizer.yaml").utf8)
    }
    var campaign = Campaign(
      scenario.plan(seed: 0), strategy: strategy, budget: scenario.budget, script: scenario.script,
      seed: seed)
    try campaign.calibrate()
    return campaign
  }
}

@Suite("The deep bug: three claims, two devices, two workers, one crash")
struct DeepBugTests {
  @Test("The default schedule holds, and so does what is cured on drawn ones")
  func holds() throws {
    let plan = try Deep.campaign(seed: 1).plan
    #expect(try Runner.run(plan, DefaultSource()).outcome == .held)
    let cured = try Deep.campaign(isCured: true, seed: 1).run(0..<50, stopsAtViolation: true)
    #expect(cured.findings.map(\.sentence) == [] && cured.faultyRunCount > 25)
  }
}

@Suite("Soak: the deep bug", .enabled(if: isSoaking))
struct SoakDeepBugTests {
  @Test("It is found within 40,000 runs, in the median of twenty seeds")
  func found() throws {
    let runs = try (UInt64(1)...20).map { seed -> Int in
      let tally = try Deep.campaign(seed: seed).run(0..<80_000, stopsAtViolation: true)
      #expect(tally.findings.allSatisfy { $0.oracle == .doubleHolder })
      return tally.firstFinding.map { $0.firstRun + 1 } ?? .max
    }.sorted()
    #expect((runs[9] + 1) / 2 + runs[10] / 2 <= 40_000, "\(runs)")
  }

  @Test("What is cured holds for 20,000 runs of the same schedules")
  func cured() throws {
    let tally = try Deep.campaign(isCured: true, seed: 1).run(0..<20_000, stopsAtViolation: true)
    #expect(tally.findings.map(\.sentence) == [])
  }
}

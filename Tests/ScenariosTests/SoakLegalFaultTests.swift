import Exploration
import Foundation
import Scenarios
import Simulation
import Testing

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

/// Semantics 6.5: a correct controller survives every legal fault, with books that outlive it.
@Suite("Soak: the reference controller under every legal fault", .enabled(if: isSoaking))
struct SoakLegalFaultTests {
  /// The 100,000 runs, in parts that run side by side.
  private static let parts = (0..<10).map { $0 * 10_000..<($0 + 1) * 10_000 }

  @Test("It holds for 100,000 runs, up to four faults each", arguments: parts)
  func reference(runs: Range<Int>) throws {
    let scenarios = Zoo.root.deletingLastPathComponent().appending(path: "scenarios")
    let scenario = try ScenarioReader().scenario(
      at: scenarios.appending(path: "reference-legal.yaml").path(), reading: Zoo.read)
    var campaign = Campaign(
      scenario.plan(seed: 0), budget: scenario.budget, script: scenario.script, seed: 1)
    try campaign.calibrate()
    let tally = try campaign.run(runs, stopsAtViolation: true)
    #expect(tally.findings.map(\.sentence) == [])
    #expect(tally.runCount == runs.count && tally.faultyRunCount > runs.count * 9 / 10)
    // A namespace's quota refuses creates, of which there are none.
    let fired = Set(tally.faultCounts.compactMap { FaultKind(rawValue: $0.kind) })
    #expect(Set(FaultKind.legal).subtracting(fired) == [.quota])
  }
}

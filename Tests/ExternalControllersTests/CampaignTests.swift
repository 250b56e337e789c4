import Scalars
import Scenarios
import Synchronization
import Testing

@testable import ExternalControllers

@Suite("What a campaign tries again, and what it says of it")
struct CampaignTests {
  /// Runs that are told and not made.
  final class Runs: Sendable {
    /// By plan: whether its n-th run breaks something.
    let broken: [FaultPlan: [Bool]]
    let counts = Mutex<[FaultPlan: Int]>([:])

    init(_ broken: [FaultPlan: [Bool]]) { self.broken = broken }

    func run(_ plan: FaultPlan, failure: String? = nil, held: [Bool] = []) -> ExternalResult {
      let count = counts.withLock { counts in
        counts[plan, default: 0] += 1
        return counts[plan, default: 0]
      }
      let answers = broken[plan] ?? []
      let isBroken = answers.indices.contains(count - 1) && answers[count - 1]
      let finding = ExternalResult.Finding(
        oracle: "leak", sentence: "30000/TCP leaked.", item: nil, isAtRest: true)
      return ExternalResult(
        plan: plan, fired: Set(plan.faults.map(\.place)), findings: isBroken ? [finding] : [],
        failure: failure, log: RunLog(), biographies: [], start: Timestamp(seconds: 0),
        elapsed: .zero, requestCount: 0, seen: [], propertiesHeld: held)
    }

    func count(_ plan: FaultPlan) -> Int { counts.withLock { $0[plan] ?? 0 } }
  }

  private static let plans: [FaultPlan] = (1...4).compactMap { number in
    RequestName("create configmaps default/a #\(number)")
      .map { FaultPlan([FaultPlan.Fault(.killAfter, at: $0)]) }
  }

  private func campaign(_ runs: Runs, keepsGoing: Bool = false) throws -> ExternalCampaign {
    let scenario = try ScenarioReader().scenario(at: "a.yaml") { _ in
      Array(
        "{apiVersion: drydock.dev/v1alpha1, kind: Scenario, metadata: {name: a}, spec: {}}".utf8)
    }
    return ExternalCampaign(
      scenario, Self.plans, settings: ExternalSettings(command: "", program: ""),
      keepsGoing: keepsGoing, isShared: false, tries: 5, isInterrupted: { false }
    ) { plan, _ in runs.run(plan) }
  }

  @Test("What never comes again is listed, and the rest is tried", arguments: [1, 3])
  func unconfirmed(jobs: Int) throws {
    let runs = Runs([Self.plans[1]: [true]])
    let tally = try campaign(runs).run(jobs: jobs)
    #expect(tally.failures.isEmpty)
    #expect(tally.unconfirmed.map(\.result.plan) == [Self.plans[1]])
    #expect(tally.unconfirmed.map(\.tries) == [5])
    #expect(tally.unconfirmed.map(\.hits) == [0])
    #expect(Self.plans.map(runs.count) == [1, 6, 1, 1])
    #expect(tally.isComplete)
  }

  @Test("What comes again now and then ends the campaign, with its rate", arguments: [1, 3])
  func flaky(jobs: Int) throws {
    let runs = Runs([Self.plans[0]: [true, false, true, true, false, false]])
    let tally = try campaign(runs).run(jobs: jobs)
    #expect(tally.failures.map(\.hits) == [2])
    #expect(tally.failures.map(\.tries) == [5])
    #expect(tally.failures.map(\.isSteady) == [false])
    #expect(tally.failures.map(\.isConfirmed) == [true])
    #expect(tally.failures.first?.held?.findings.isEmpty == true)
    // Others may have begun before the violation was seen.
    guard jobs == 1 else { return }
    #expect(Self.plans.map(runs.count) == [6, 0, 0, 0])
    #expect(!tally.isComplete)
  }

  @Test("Who keeps going finds all, confirmed or not")
  func all() throws {
    let always = [Bool](repeating: true, count: 6)
    let runs = Runs([Self.plans[0]: [true], Self.plans[1]: always, Self.plans[3]: always])
    let tally = try campaign(runs, keepsGoing: true).run(jobs: 2)
    #expect(tally.failures.map(\.result.plan) == [Self.plans[1], Self.plans[3]])
    #expect(tally.failures.map(\.isSteady) == [true, true])
    #expect(tally.unconfirmed.map(\.result.plan) == [Self.plans[0]])
    #expect(tally.isComplete)
  }

  @Test("A run without faults is tried again like any other")
  func base() throws {
    let runs = Runs([FaultPlan(): [true, false, true]])
    let failure = try campaign(runs).retried(runs.run(FaultPlan()), jobs: 1)
    #expect(failure.hits == 1)
    #expect(failure.tries == 5)
    #expect(failure.held?.plan == FaultPlan())
  }

  @Test("What was broken off is no plan that was tried, and a property holds once it has held")
  func counting() {
    let runs = Runs([:])
    var tally = ExternalCampaign.Tally()
    tally.planCount = 2
    tally.add(runs.run(Self.plans[0], held: [true, false]))
    tally.add(runs.run(Self.plans[1], failure: "interrupted", held: [true, true]))
    #expect(tally.runCount == 1)
    #expect(!tally.isComplete)
    #expect(tally.missedCount == 0)
    #expect(tally.propertiesHeld == [true, false])
    tally.add(runs.run(Self.plans[1], held: [false, true]))
    #expect(tally.isComplete)
    #expect(tally.propertiesHeld == [true, true])
  }
}

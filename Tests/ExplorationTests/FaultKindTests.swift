import APIAllocation
import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

private let reference = ReferenceBindingController.controller(workers: 2)

/// Two processes of the reference controller, three bindings, two of which are there from the start, and everything
/// that a fault of any kind needs.
private func plan() -> WorldPlan {
  var plan = plan(processes: 2)
  plan.objects += [binding("x"), binding("y")]
  for index in plan.processes.indices {
    plan.processes[index].controllers = [reference]
    plan.processes[index].informerLag = .milliseconds(20)
  }
  plan.processes[0].otherVersion = [ReferenceBindingController.controller(workers: 1)]
  plan.workload.append(WorldPlan.Step(.delete(DeviceBinding.type, key("x")), .settled))
  plan.replicas = 2
  plan.keepsSnapshots = true
  return plan
}

@Suite("Kinds of faults: each fires, is named and counted, replays, and can be left out")
struct FaultKindTests {
  /// The reference controller creates no objects.
  static let kinds = FaultKind.allCases.filter { $0 != .quota }

  private func campaign(_ kind: FaultKind) -> Campaign {
    Campaign(
      plan(), budget: FaultBudget(rules: [FaultRule(kind)], count: 2, odds: 5), seed: 5)
  }

  @Test("It fires, and the reference controller survives it where it is legal", arguments: kinds)
  func fires(kind: FaultKind) throws {
    let tally = try campaign(kind).run(0..<20, stopsAtViolation: false)
    #expect(tally.faultCounts.map(\.kind) == [kind.rawValue])
    switch kind.faultClass {
    case .legal: #expect(tally.findings.isEmpty, "\(tally.findings)")
    case .override:
      for finding in tally.findings {
        #expect(finding.sentence.contains("operator override"), "\(finding.sentence)")
      }
    case .illegal: break
    }
  }

  @Test("A run with it replays from names alone, and without it there is none", arguments: kinds)
  func replays(kind: FaultKind) throws {
    let campaign = campaign(kind)
    for number in 0..<60 {
      let run = try Runner.run(campaign.plan, campaign.source(ofRun: number), isNamed: true)
      guard run.world.faultCount > 0 else { continue }
      #expect(run.deviations.contains { $0.take.contains(" !\(kind.rawValue)") })
      let again = try Runner.run(campaign.plan, ReplaySource(run.deviations))
      #expect(again.world.traceHash == run.world.traceHash)
      let without = run.deviations.filter { !$0.take.contains(" !") }
      #expect(try Runner.run(campaign.plan, LenientSource(without)).world.faultCount == 0)
      return
    }
    Issue.record("\(kind.rawValue) never came")
  }

  @Test("Every outcome has a kind, and every kind a number and a sentence")
  func vocabulary() {
    for outcome in Decision.Outcome.allCases where outcome != .normal {
      #expect(FaultKind(outcome)?.outcome == outcome, "\(outcome.rawValue)")
    }
    #expect(Set(FaultKind.allCases.map(\.id)).count >= 20)
    #expect(FaultKind.allCases.allSatisfy { $0.summary.hasSuffix(".") })
    #expect(Set(FaultKind.allCases.map(\.summary)).count == FaultKind.allCases.count)
  }

  @Test("A rule hits whom it names, and no more often than it says")
  func rules() throws {
    var pause = FaultRule(.pause)
    pause.process = "p1"
    pause.count = 1
    pause.odds = 4
    var refused = FaultRule(.refused)
    refused.operation = "ensure"
    refused.object = key("b")
    let budget = FaultBudget(rules: [pause, refused], count: 9, odds: 3)
    let campaign = Campaign(plan(), budget: budget, seed: 1)
    var pauses = 0
    var refusals = 0
    for number in 0..<40 {
      let run = try Runner.run(campaign.plan, campaign.source(ofRun: number), isNamed: true)
      let names = run.deviations.map(\.take)
      let paused = names.filter { $0.contains("!pause") }
      #expect(paused.count <= 1 && paused.allSatisfy { $0.hasPrefix("p1 ") })
      let refused = names.filter { $0.contains("!refused") }
      #expect(refused.allSatisfy { $0.contains(" ensure for default/b ") })
      pauses += paused.count
      refusals += refused.count
    }
    #expect(pauses > 10 && refusals > 5, "\(pauses) \(refusals)")
  }

  @Test("After the horizon nothing is drawn, and what lasts ends")
  func horizon() throws {
    var plan = plan()
    plan.faults.until = .seconds(2)
    var long = FaultRule(.pause)
    long.durations = [.hours(1)]
    plan.faults.allow(long.durations, of: .pause)
    let campaign = Campaign(
      plan, budget: FaultBudget(rules: [long, FaultRule(.refused)], count: 50, odds: 4), seed: 2)
    var faults = 0
    for number in 0..<30 {
      var world = try World(plan)
      var source = campaign.source(ofRun: number)
      while let decision = try source.choose(in: world) {
        if decision.isFault { #expect(world.now - plan.startTime < .seconds(2)) }
        world.take(decision)
      }
      #expect(world.outcome == .held && world.now - plan.startTime < .minutes(30))
      faults += world.faultCount
    }
    #expect(faults > 30)
  }

  @Test("No faults are allowed where the budget is none, and all legal ones where it is every")
  func budgets() {
    #expect(FaultBudget.none.rules.isEmpty && FaultBudget.none.count == 0)
    #expect(FaultBudget.every.rules.map(\.kind) == FaultKind.legal)
    #expect(!FaultKind.legal.contains(.stripFinalizers) && !FaultKind.legal.contains(.corrupt))
  }

  @Test("The matrix tries the lag of each informer, and faults that hit no effect")
  func matrix() throws {
    var plan = plan(processes: 1)
    plan.workload = [plan.workload[0]]
    let claims = Controller(
      "claims", watching: [Watch(DeviceBinding.type) { _ in [] }, Watch(Pool.type) { _ in [] }],
      program: .steps { _ in Idle() })
    plan.processes[0].controllers = [reference, claims]
    let matrix = try FaultMatrix(of: plan, kinds: [.pause, .kill, .refused])
    let names = matrix.columns.map(\.name)
    #expect(names.contains("lag:pools") && names.contains("lag:devicebindings"))
    #expect(names.contains("pause") && names.contains("kill"))
    #expect(names.filter { $0 == "refused" }.count == 1)
    #expect(matrix.violatedCount == 0)
    for row in matrix.rows.prefix(4) {
      for column in matrix.columns where row.cells[column] != nil {
        let run = try FaultMatrix.run(plan, row: row.name, column)
        #expect(run.violations.first?.oracle == row.cells[column]?.oracle)
        if column.name == "lag:pools" {
          #expect(!run.deviations.contains { $0.at.contains("devicebindings") })
        }
        let again = try Runner.run(plan, ReplaySource(run.deviations))
        #expect(again.world.traceHash == run.world.traceHash, "\(row.name) \(column.name)")
      }
    }
  }
}

private struct Idle: StepReconcile {
  var stateHash: UInt64 { 0 }
  mutating func next(_ reply: Reply?) -> Step { .finish(.done) }
}

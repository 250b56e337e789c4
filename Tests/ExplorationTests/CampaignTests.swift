import APIMachinery
import BindingControllers
import ControllerRuntime
import Exploration
import Simulation
import Testing

private let naive = NaiveBindingController.controller(workers: 1)
private let reference = ReferenceBindingController.controller(workers: 1)

/// One process and two bindings, one of which goes again.
private func plan(_ controller: Controller) -> WorldPlan {
  var plan = plan(processes: 1)
  plan.processes[0].controllers = [controller]
  return plan
}

@Suite("Campaigns: many schedules, the same whoever runs them")
struct CampaignTests {
  private func campaign(
    _ controller: Controller, _ strategy: Strategy = .weighted
  ) throws -> Campaign {
    var campaign = Campaign(
      plan(controller), strategy: strategy, budget: .every, seed: 7)
    try campaign.calibrate()
    return campaign
  }

  static let strategies: [Strategy] = [
    .mixed, .weighted, .uniform, .swarm, .pct(depth: 3), .guided,
  ]

  @Test("Tallies of parts add up to the tally of the whole", arguments: strategies)
  func parts(strategy: Strategy) throws {
    let campaign = try campaign(naive, strategy)
    let whole = try campaign.run(0..<60, stopsAtViolation: false)
    var sum = CampaignTally()
    for start in [40, 0, 20] {
      sum.add(try campaign.run(start..<start + 20, stopsAtViolation: false))
    }
    #expect(sum == whole)
    #expect(whole.runCount == 60 && whole.schedules.count > 10 && whole.faultyRunCount > 0)
  }

  @Test("Every strategy finds the leak of the naive controller", arguments: strategies)
  func leaks(strategy: Strategy) throws {
    let campaign = try campaign(naive, strategy)
    let tally = try campaign.run(0..<300, stopsAtViolation: true)
    let finding = try #require(tally.firstFinding)
    #expect(tally.violatedCount == 1 && finding.firstRun == tally.runCount - 1)
    // The number of a run is all that is needed to have it again.
    let again = try Runner.run(campaign.plan, campaign.source(ofRun: finding.firstRun))
    #expect(again.violations.first?.sentence == finding.sentence)
  }

  @Test("The reference controller holds under every strategy", arguments: strategies)
  func holds(strategy: Strategy) throws {
    let campaign = try campaign(reference, strategy)
    let tally = try campaign.run(0..<100, stopsAtViolation: false)
    #expect(tally.findings.isEmpty && tally.faultyRunCount > 10)
  }

  @Test("Work that is interrupted has a tally of what was done")
  func interrupted() throws {
    var asked = 0
    let tally = try campaign(naive).run(0..<1_000, stopsAtViolation: false) {
      asked += 1
      return asked > 5
    }
    #expect(tally.runCount == 5)
  }

  @Test("Strategies have names that can be read back")
  func names() {
    for strategy in Self.strategies { #expect(Strategy(strategy.description) == strategy) }
    for name in ["", "pct:0", "pct:21", "pct:x", "Weighted"] { #expect(Strategy(name) == nil) }
  }

  @Test("The bound of PCT grows with runs and falls with depth")
  func bound() throws {
    let campaign = try campaign(reference, .pct(depth: 3))
    let few = try campaign.run(0..<10, stopsAtViolation: false)
    let many = try campaign.run(0..<100, stopsAtViolation: false)
    let bounds = [1, 2, 3].map { campaign.bound(depth: $0, many) }
    #expect(bounds[0] > bounds[1] && bounds[1] > bounds[2] && bounds[2] > 0)
    #expect(campaign.bound(depth: 2, few) < bounds[1])
    // One run among n actors meets a bug of depth 1 with 1/n.
    let one = try campaign.run(0..<1, stopsAtViolation: false)
    // The user, a worker and an informer.
    let actors = 3.0
    #expect(abs(campaign.bound(depth: 1, one) - 1 / actors) < 1e-12)
  }
}

@Suite("Shrinking: what is left cannot be left out")
struct ShrinkerTests {
  @Test("A leak that takes many choices is told in one, and no part of what is left can go")
  func minimal() throws {
    let plan = plan(naive)
    let campaign = Campaign(plan, strategy: .weighted, budget: .every, seed: 3)
    let tally = try campaign.run(0..<500, stopsAtViolation: true)
    let finding = try #require(tally.firstFinding)
    let found = try Runner.run(plan, campaign.source(ofRun: finding.firstRun), isNamed: true)
    var shrinker = Shrinker(plan, oracle: finding.oracle)
    let small = try #require(try shrinker.shrink(found.deviations))
    #expect(small.isMinimal && small.run.violations.first?.oracle == finding.oracle)
    #expect(small.run.deviations.count < found.deviations.count)
    #expect(small.run.deviations.count <= 3, "\(small.run.deviations)")
    #expect(!small.reduction.steps.isEmpty)
    let reduced = small.reduction.applied(to: plan)
    for index in small.run.deviations.indices {
      var fewer = small.run.deviations
      fewer.remove(at: index)
      let run = try Runner.run(reduced, LenientSource(fewer))
      #expect(run.violations.first?.oracle != finding.oracle)
    }
    // What is saved replays strictly.
    let again = try Runner.run(reduced, ReplaySource(small.run.deviations))
    #expect(again.world.traceHash == small.run.world.traceHash)
  }

  @Test("Steps that stay keep their numbers, and objects that are needed stay")
  func reduction() throws {
    let plan = plan(naive)
    let name = Reduction.name(of: plan.objects[0])
    let reduced = Reduction(steps: [1], objects: [name]).applied(to: plan)
    #expect(reduced.workload.map(\.number) == Array(2...plan.workload.count))
    #expect(reduced.objects.count == plan.objects.count - 1)
    let world = try World(Reduction(steps: [1]).applied(to: plan))
    #expect(world.name(of: .user) == "user step 2")
  }

  @Test("A run that breaks nothing cannot be made smaller, and time that is up is said")
  func nothing() throws {
    let plan = plan(naive)
    var shrinker = Shrinker(plan, oracle: .leak)
    #expect(try shrinker.shrink([]) == nil)
    let campaign = Campaign(plan, strategy: .weighted, budget: .every, seed: 3)
    let tally = try campaign.run(0..<500, stopsAtViolation: true)
    let run = try #require(tally.firstFinding).firstRun
    let found = try Runner.run(plan, campaign.source(ofRun: run), isNamed: true)
    var asked = 0
    var hasty = Shrinker(plan, oracle: try #require(tally.firstFinding).oracle) {
      asked += 1
      return asked > 2
    }
    let small = try #require(try hasty.shrink(found.deviations))
    #expect(!small.isMinimal && small.runCount == 3)
    #expect(small.run.outcome == .violated)
  }

  @Test(
    "What is known is not run again, and time that is up ends a run and a long list",
    .timeLimit(.minutes(1)))
  func noTime() throws {
    let plan = plan(naive)
    let campaign = Campaign(plan, strategy: .weighted, budget: .every, seed: 3)
    let finding = try #require(try campaign.run(0..<500, stopsAtViolation: true).firstFinding)
    let found = try Runner.run(
      plan, campaign.source(ofRun: finding.firstRun), isTold: true, isNamed: true)
    var hasty = Shrinker(plan, oracle: finding.oracle) { true }
    let same = try #require(try hasty.shrink(found.deviations, known: found))
    #expect(same.runCount == 0 && !same.isMinimal)
    #expect(same.run.world.traceHash == found.world.traceHash)
    #expect(same.run.deviations == found.deviations)

    // In a run, too, when it is long.
    var asked = 0
    var patient = Shrinker(plan, oracle: finding.oracle) {
      asked += 1
      return false
    }
    let small = try #require(try patient.shrink(found.deviations, known: found))
    #expect(small.isMinimal && asked > small.runCount, "\(asked) in \(small.runCount)")
    asked = 0
    var cut = Shrinker(plan, oracle: finding.oracle) {
      asked += 1
      return asked > 1
    }
    let first = try #require(try cut.shrink(found.deviations, known: found))
    #expect(asked == 2 && first.runCount == 1 && first.run.deviations == found.deviations)

    // As many choices as a run has that goes round in circles.
    let none = (0..<40_000).map { Deviation(at: "nowhere #\($0)", take: "nothing") }
    var late = Shrinker(plan, oracle: finding.oracle) { true }
    let long = try #require(try late.shrink(found.deviations + none))
    #expect(long.runCount == 1 && !long.isMinimal)
  }
}

@Suite("The matrix of faults: every effect, everything that can become of it")
struct FaultMatrixTests {
  @Test("Naive leaks where a device is taken and not written down, and each cell replays")
  func leaks() throws {
    let plan = plan(naive)
    let matrix = try FaultMatrix(of: plan)
    #expect(matrix.faultFree.oracle == nil && matrix.violatedCount > 0)
    for row in matrix.rows where row.name.contains(" allocate for ") {
      #expect(row.cells[.outcome(.crashAfter)]?.oracle == .leak, "\(row.name)")
      #expect(row.cells[.outcome(.lostReply)]?.oracle == .leak, "\(row.name)")
      #expect(row.cells[.outcome(.crashBefore)]?.oracle == nil, "\(row.name)")
      #expect(row.cells[.outcome(.conflict)] == nil, "\(row.name)")
    }
    for row in matrix.rows {
      for (column, cell) in row.cells.sorted(by: { $0.key.name < $1.key.name }) {
        let run = try FaultMatrix.run(plan, row: row.name, column)
        #expect(run.violations.first?.sentence ?? "" == cell.sentence, "\(row.name) \(column.name)")
        let again = try Runner.run(plan, ReplaySource(run.deviations))
        #expect(again.world.traceHash == run.world.traceHash, "\(row.name) \(column.name)")
      }
    }
  }

  @Test(
    "It has each effect of the fault-free run as a row, and each outcome that is possible as a cell"
  )
  func complete() throws {
    let plan = plan(reference)
    let matrix = try FaultMatrix(of: plan)
    var world = try World(plan)
    var effects = 0
    var outcomes = 0
    while let decision = world.defaultDecision {
      if case .proceed(let process, let controller, let worker, _) = decision {
        effects += 1
        outcomes +=
          world.outcomes(process: process, controller: controller, worker: worker).count - 1
      }
      world.take(decision)
    }
    #expect(matrix.rows.count == effects)
    let cells = matrix.rows.flatMap { Array($0.cells.keys) }
    #expect(cells.filter { $0 != .lag && $0 != .userFirst }.count == outcomes)
    #expect(cells.filter { $0 == .lag }.count == effects)
    #expect(matrix.violatedCount == 0, "the reference controller survives every single fault")
  }

  @Test("Pairs: the reference controller survives every two faults of one binding")
  func pairs() throws {
    var plan = plan(reference)
    plan = Reduction(steps: Array(2...plan.workload.count)).applied(to: plan)
    let matrix = try FaultMatrix(of: plan, isPaired: true)
    #expect(matrix.pairs.isEmpty && matrix.runCount > 400, "\(matrix.runCount)")
  }
}

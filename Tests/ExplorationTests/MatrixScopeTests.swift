import BindingControllers
import Exploration
import Simulation
import Testing

/// One process of the naive controller, and two bindings, one of which goes again.
private func naivePlan() -> WorldPlan {
  var plan = plan(processes: 1)
  plan.processes[0].controllers = [NaiveBindingController.controller(workers: 1)]
  return plan
}

@Suite("The matrix tries what is allowed, where it is allowed, and names the rest")
struct MatrixScopeTests {
  private let everything: [FaultMatrix.Column] = [.userFirst, .lag, .outcome(.crashAfter)]

  @Test("Without rules everything that can become of effects is tried, and lags")
  func unbounded() throws {
    let matrix = try FaultMatrix(of: naivePlan())
    for column in everything { #expect(matrix.columns.contains(column)) }
    #expect(!matrix.leftOut.contains { if case .outcome = $0 { true } else { false } })
    #expect(matrix.leftOut.contains(.fault(.pause)))
  }

  @Test("With rules only their kinds are, and the user's next step, which is no fault")
  func kinds() throws {
    let rules = [FaultRule(.crashAfter), FaultRule(.pause)]
    let matrix = try FaultMatrix(of: naivePlan(), allowing: rules)
    #expect(matrix.columns == [.outcome(.crashAfter), .userFirst, .fault(.pause)])
    #expect(matrix.leftOut.contains(.lag) && matrix.leftOut.contains(.outcome(.lostReply)))
    #expect(matrix.leftOut.contains(.fault(.kill)) && !matrix.leftOut.contains(.fault(.pause)))
    let all = try FaultMatrix(of: naivePlan(), kinds: [.pause])
    for (row, whole) in zip(matrix.rows, all.rows) {
      #expect(row.cells[.outcome(.crashAfter)] == whole.cells[.outcome(.crashAfter)])
      #expect(row.cells[.fault(.pause)] == whole.cells[.fault(.pause)])
    }
  }

  @Test("No rules allow no fault; a lag is allowed with watch-delay")
  func none() throws {
    let matrix = try FaultMatrix(of: naivePlan(), allowing: [])
    #expect(matrix.columns == [.userFirst] && matrix.leftOut.contains(.outcome(.refused)))
    let slow = try FaultMatrix(of: naivePlan(), allowing: [FaultRule(.watchDelay)])
    #expect(slow.columns.contains(.lag) && !slow.leftOut.contains(.lag))
  }

  @Test("A rule's operation and process bound the cells, and a cell replays within them")
  func places() throws {
    var crash = FaultRule(.crashAfter)
    crash.operation = "allocate"
    var kill = FaultRule(.kill)
    kill.process = "nobody"
    let plan = naivePlan()
    let matrix = try FaultMatrix(of: plan, allowing: [crash, kill])
    let hit = matrix.rows.filter { $0.cells[.outcome(.crashAfter)] != nil }
    #expect(!hit.isEmpty && hit.allSatisfy { $0.name.contains(" allocate for ") })
    #expect(matrix.rows.allSatisfy { $0.cells[.fault(.kill)] == nil })
    let row = try #require(hit.first)
    let run = try FaultMatrix.run(
      plan, allowing: [crash, kill], row: row.name, .outcome(.crashAfter))
    #expect(run.violations.first?.oracle == row.cells[.outcome(.crashAfter)]?.oracle)
  }

  @Test("A budget that cannot be spent allows nothing")
  func budget() {
    var rule = FaultRule(.crashAfter)
    #expect(FaultBudget(rules: [rule], count: 0).effectiveRules.isEmpty)
    #expect(FaultBudget(rules: [rule], count: 1).effectiveRules == [rule])
    rule.count = 0
    #expect(FaultBudget(rules: [rule], count: 1).effectiveRules.isEmpty)
  }
}

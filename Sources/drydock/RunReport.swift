import Allocation
import ControllerRuntime
import Exploration
import Reporting
import Scenarios
import Simulation

extension Scenario {
  /// Shows on standard error what its writer may not have meant.
  func warn() {
    for warning in warnings { Console.error("\(warning)") }
  }
}

/// What `run` and `replay` print.
struct RunReport {
  let result: RunResult
  let scenario: Scenario
  let style: Style

  init(_ result: RunResult, _ scenario: Scenario, style: Style) {
    self.result = result
    self.scenario = scenario
    self.style = style
  }

  /// What is run.
  var header: [String] {
    var lines = [style.strong("Scenario \(scenario.name)")]
    if !scenario.summary.isEmpty { lines.append(scenario.summary) }
    lines.append("")
    return lines
  }

  /// What happened.
  func timeline(linesMax: Int) -> [String] {
    guard let timeline = result.world.timeline else { return [] }
    return TimelineText(style: style, linesMax: linesMax).lines(timeline) + [""]
  }

  /// What became of it.
  var verdict: [String] {
    let world = result.world
    let size =
      "\(world.step) decisions, \(world.faultCount) \(world.faultCount == 1 ? "fault" : "faults"), "
      + "hash \(Trace.hex(world.traceHash))"
    guard let violation = result.violations.first else {
      return [
        style.good("HELD") + "  at rest, everything that is handed out is recorded by one owner.",
        style.faint("(\(size))"),
      ]
    }
    var lines = [
      style.bad("VIOLATED \(violation.oracle.rawValue)") + "  \(violation.sentence)",
      style.faint("(\(size))"),
    ]
    if let item = violation.item {
      lines.append("")
      lines.append("The life of \(item.name) of pool \(item.pool):")
      lines += BiographyText.lines(
        world.ledger.biography(pool: item.pool, item: item.name), since: world.plan.startTime
      ).map { "    " + $0 }
    }
    return lines
  }

  /// Scripted faults that came to nothing, which a scenario's writer wants to know.
  var warnings: [String] {
    result.missed.map { fault in
      let object = fault.object.map { " for \($0)" } ?? ""
      return style.warning("NOTE") + "  the scripted \(fault.kind.rawValue) of "
        + "\(fault.operation)\(object) never happened (occurrence \(fault.occurrence))."
    }
  }

  /// Where a trace goes that nobody has named a place for.
  var traceName: String { "\(scenario.name).trace.yaml" }

  /// What to do next.
  func next(trace: String) -> [String] {
    // As it was called, so that the line can be pasted.
    let program = CommandLine.arguments.first ?? "drydock"
    let input = scenario.path == RelativePath.standardInput ? " --scenario FILE" : ""
    var lines = [
      "", "Trace saved as \(trace). Replay it:",
      "    \(Shell.quoted(program)) replay \(Shell.quoted(trace))\(input)",
    ]
    let controllers = scenario.plan.processes.flatMap(\.controllers).map(\.name)
    if result.outcome == .violated, controllers.contains("naive-binding") {
      lines += [
        "Try the same faults on a controller that is idempotent: in the scenario, change",
        "    use: naive-binding   to   use: reference-binding",
      ]
    }
    return lines
  }
}

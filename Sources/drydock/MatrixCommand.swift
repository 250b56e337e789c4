import ArgumentParser
import Exploration
import Reporting
import Scenarios
import Simulation
import YAMLCoding

/// `drydock matrix`: every single fault at every effect.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix",
    abstract: "Try every single fault at every write, read and allocator call of a scenario.",
    usage: "drydock matrix <scenario> [<options>]",
    discussion: """
      The rows are the effects of the fault-free run, in order. The columns are what can become of them; \
      user-first takes the user's next step before the effect, lag keeps new events from the process, or from \
      one of its informers, until everything else has come to rest; faults that hit no effect come before it. \
      Where the scenario has faults.allow or faults.budget, only what it allows is tried (a lag where it allows \
      watch-delay), and where, and the rest is named at the end; --faults says something else. A scenario that \
      says nothing of faults allows all that can become of effects, and lags. The matrix is complete for that \
      scope; faults that the scenario has at fixed places are left out.

      With --pairs every second fault is tried behind every first one that the controllers survive.

      EXAMPLES
        drydock matrix manifests/scenarios/naive-random.yaml
        drydock matrix manifests/scenarios/reference-random.yaml --pairs
        drydock matrix manifests/scenarios/naive-random.yaml --save traces
        drydock matrix manifests/scenarios/naive-random.yaml --faults crash,lost-reply
      """)

  @Argument(help: "The scenario's file.")
  var scenario: String

  @Flag(help: "Try every two faults, too.")
  var pairs = false

  @Option(
    help: ArgumentHelp(
      "What is tried instead of what the scenario allows: kinds of faults and groups of them.",
      valueName: "kind,…|all"))
  var faults: String?

  @Option(help: "Save a trace of each violated cell in this folder.")
  var save: String?

  @Option(help: "The most violations that are told in full.")
  var lines = 20

  func run() throws {
    try reportingMistakes {
      let scenario = try ScenarioReader().scenario(at: scenario, reading: Files.read)
      scenario.warn()
      Interrupts.note()
      let plan = scenario.plan(seed: 0)
      let rules = try rules(of: scenario)
      let matrix = try FaultMatrix(of: plan, allowing: rules, isPaired: pairs) {
        Interrupts.isWanted
      }
      let style = Console.style
      let text = MatrixText(matrix, style: style)
      var output = [style.strong("Scenario \(scenario.name)"), ""] + text.lines + [""]
      output += try told(matrix, scenario, plan, rules, style)
      output += pairLines(matrix, style)
      output += text.summary
      Console.print(output)
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if matrix.violatedCount > 0 || !matrix.pairs.isEmpty || matrix.faultFree.oracle != nil {
        throw ExitCode.violated
      }
    }
  }

  /// What may be tried; nil where nobody says anything.
  private func rules(of scenario: Scenario) throws -> [FaultRule]? {
    guard let faults else {
      return scenario.saysFaults ? scenario.budget.effectiveRules : nil
    }
    if faults == "all" { return FaultKind.legal.map(FaultRule.init) }
    var rules: [FaultRule] = []
    for name in faults.split(separator: ",").map(String.init) {
      guard let kinds = Scenario.faultKinds(named: name) else {
        let meant = SourceDiagnostic.suggestion(for: name, among: Scenario.faultNames)
        throw ValidationError(
          "there is no kind of fault \"\(name)\""
            + (meant.map { "; did you mean \"\($0)\"?" } ?? "")
            + " (drydock schema scenario --tables lists them)")
      }
      for kind in kinds where !rules.contains(where: { $0.kind == kind }) {
        rules.append(FaultRule(kind))
      }
    }
    return rules
  }

  private func told(
    _ matrix: FaultMatrix, _ scenario: Scenario, _ plan: WorldPlan, _ rules: [FaultRule]?,
    _ style: Style
  ) throws -> [String] {
    var output: [String] = []
    if matrix.faultFree.oracle != nil {
      output.append(style.bad("Without any fault:") + " \(matrix.faultFree.sentence)")
    }
    let violations = MatrixText.violations(of: matrix)
    if let save, !violations.isEmpty { try Files.makeDirectory(save) }
    for (index, violation) in violations.enumerated() {
      guard index < lines else {
        output.append("… and \(violations.count - index) more")
        break
      }
      output.append(
        "\(index + 1). \(violation.row) !\(violation.column.name): \(violation.cell.sentence)")
      guard let save else { continue }
      let path = "\(save)/\(scenario.name)-\(index + 1).trace.yaml"
      let run = try FaultMatrix.run(
        plan, allowing: rules, row: violation.row, violation.column)
      let trace = Trace(
        of: run, scenario: RelativePath.from(path, to: scenario.path), digest: scenario.digest,
        seed: plan.seed)
      try Files.write(YAMLEmitter().string(trace.value), to: path)
      output.append(style.faint("   drydock replay \(path)"))
    }
    return output.isEmpty ? [] : output + [""]
  }

  private func pairLines(_ matrix: FaultMatrix, _ style: Style) -> [String] {
    var output: [String] = []
    for (index, pair) in matrix.pairs.enumerated() {
      guard index < lines else {
        output.append("… and \(matrix.pairs.count - index) pairs more")
        break
      }
      output.append("\(pair.first.take), then \(pair.second.take): \(pair.cell.sentence)")
    }
    return output.isEmpty ? [] : output + [""]
  }
}

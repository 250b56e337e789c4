public import Exploration
public import Scalars
import Simulation
public import ValueTree

/// What a campaign came to: for people, for programs, and for servers that collect test results.
public struct CampaignReport: Sendable {
  /// The violation that a campaign ended with, after it was made smaller.
  public struct Failure: Sendable {
    /// The number of the run.
    public var run: Int
    /// How many choices the run had made.
    public var deviationsBefore: Int
    /// The choices that are left.
    public var deviations: [Deviation]
    /// How many runs it took to get there.
    public var runsOfShrinking: Int
    /// Whether none of the choices can go.
    public var isMinimal: Bool
    /// What the scenario does without.
    public var leftOut: Reduction

    /// A violation.
    public init(
      run: Int, deviationsBefore: Int, deviations: [Deviation], runsOfShrinking: Int,
      isMinimal: Bool, leftOut: Reduction
    ) {
      self.run = run
      self.deviationsBefore = deviationsBefore
      self.deviations = deviations
      self.runsOfShrinking = runsOfShrinking
      self.isMinimal = isMinimal
      self.leftOut = leftOut
    }
  }

  private let scenario: String
  private let campaign: Campaign
  private let tally: CampaignTally
  private let failure: Failure?

  /// A report.
  public init(scenario: String, campaign: Campaign, tally: CampaignTally, failure: Failure?) {
    self.scenario = scenario
    self.campaign = campaign
    self.tally = tally
    self.failure = failure
  }

  // MARK: For people

  /// The report as lines.
  public func lines(_ style: Style, after elapsed: GoDuration) -> [String] {
    var lines: [String] = []
    if let failure { lines += told(failure, style) + [""] }
    let rate = Double(tally.runCount) / Swift.max(0.001, elapsed.seconds)
    let word = tally.violatedCount == 0 ? style.good("HELD") : style.bad("VIOLATED")
    lines.append(
      "\(word)  \(Self.count(tally.runCount, "run")) in \(Self.time(elapsed)) "
        + "(\(Self.grouped(Int(rate)))/s), strategy \(campaign.strategy), seed \(campaign.seed)")
    for finding in tally.findings {
      lines.append(
        "  \(finding.oracle.rawValue): \(Self.count(finding.count, "run")), "
          + "the first is run \(finding.firstRun)")
    }
    lines.append(style.faint("Covered:"))
    lines += covered.map { style.faint("  \($0)") }
    return lines
  }

  private func told(_ failure: Failure, _ style: Style) -> [String] {
    var lines = [
      "Run \(failure.run) made \(Self.count(failure.deviationsBefore, "choice")) of its own; "
        + "\(failure.deviations.count) "
        + (failure.deviations.count == 1 ? "is" : "are")
        + (failure.isMinimal ? " enough, and without any of them the failure is gone" : " left")
        + " (\(Self.count(failure.runsOfShrinking, "run")) to find out):"
    ]
    for (index, deviation) in failure.deviations.enumerated() {
      lines.append("  \(index + 1). \(style.strong(deviation.take))")
      lines.append(style.faint("     instead of \(deviation.at)"))
    }
    if failure.deviations.isEmpty {
      lines.append("  none: the default schedule fails by itself")
    }
    let steps = failure.leftOut.steps.count
    let objects = failure.leftOut.objects.count
    if steps + objects > 0 {
      lines.append(
        style.faint(
          "Not needed for it, and left out: \(Self.count(steps, "step")) of the workload, "
            + "\(Self.count(objects, "object"))."))
    }
    return lines
  }

  /// What was covered, and what was not.
  private var covered: [String] {
    var lines = [
      "\(Self.count(tally.schedules.count, "different schedule")), "
        + "\(Self.count(tally.ends.count, "different end")), "
        + "\(Self.grouped(tally.decisionCount)) decisions (\(tally.decisionsMax) at most in a run)",
      "\(Self.grouped(tally.faultyRunCount)) runs with faults: "
        + (tally.faultCounts.isEmpty
          ? "none"
          : tally.faultCounts.map { "\($0.kind) \(Self.grouped($0.count))" }
            .joined(separator: ", ")),
    ]
    let fired = Set(tally.faultCounts.map(\.kind))
    let silent = campaign.budget.rules.map(\.kind.rawValue).filter { !fired.contains($0) }
    if !silent.isEmpty, campaign.budget.count > 0 {
      lines.append("never fired, though allowed: \(silent.joined(separator: ", "))")
    }
    if case .pct(let depth) = campaign.strategy {
      let bounds = (1...Swift.max(1, Swift.min(3, depth))).map { depth in
        "depth \(depth) \(Self.percent(campaign.bound(depth: depth, tally)))"
      }
      lines.append(
        "a bug of its depth would have been met with at least: \(bounds.joined(separator: ", "))")
    }
    return lines
  }

  // MARK: For programs

  /// The report as a value.
  public var value: Value {
    var members: [(Key, Value)] = [
      ("scenario", Value(scenario)),
      ("strategy", Value(campaign.strategy.description)),
      ("seed", Value(String(campaign.seed))),
      ("verdict", Value(tally.violatedCount == 0 ? "held" : "violated")),
      ("runs", Value(tally.runCount)),
      ("decisions", Value(tally.decisionCount)),
      ("decisionsMax", Value(tally.decisionsMax)),
      ("schedules", Value(tally.schedules.count)),
      ("ends", Value(tally.ends.count)),
      ("faultyRuns", Value(tally.faultyRunCount)),
      (
        "faults",
        Value(
          members: tally.faultCounts.map { (Key($0.kind), Value($0.count)) })
      ),
      (
        "findings",
        Value(
          tally.findings.map { finding in
            [
              "oracle": Value(finding.oracle.rawValue), "sentence": Value(finding.sentence),
              "firstRun": Value(finding.firstRun), "runs": Value(finding.count),
            ]
          })
      ),
    ]
    if let failure {
      members.append(
        (
          "smallest",
          [
            "run": Value(failure.run), "isMinimal": Value(failure.isMinimal),
            "userSteps": Value(campaign.plan.workload.count - failure.leftOut.steps.count),
            "choices": Value(
              failure.deviations.map { ["at": Value($0.at), "take": Value($0.take)] }),
          ]
        ))
    }
    return Value(members: members)
  }

  /// The report as JUnit writes it: a case for each property.
  public func junit(_ elapsed: GoDuration) -> [String] {
    let broken = Dictionary(
      tally.findings.map { ($0.oracle, $0) }, uniquingKeysWith: { first, _ in first })
    let oracles = Violation.Oracle.allCases
    let name = Self.escaped(scenario)
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuite name=\"\(name)\" tests=\"\(oracles.count)\" failures=\"\(broken.count)\" "
        + "time=\"\(elapsed.seconds)\">",
    ]
    for oracle in oracles {
      let head = "  <testcase classname=\"\(name)\" name=\"\(oracle.rawValue)\""
      guard let finding = broken[oracle] else {
        lines.append(head + "/>")
        continue
      }
      lines.append(head + ">")
      lines.append(
        "    <failure message=\"\(Self.escaped(finding.sentence))\">run \(finding.firstRun), "
          + "\(Self.count(finding.count, "run")) of \(tally.runCount)</failure>")
      lines.append("  </testcase>")
    }
    lines.append("</testsuite>")
    return lines
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  // MARK: Words

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  private static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private static func time(_ elapsed: GoDuration) -> String {
    let hundredths = Int((elapsed.seconds * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  private static func percent(_ share: Double) -> String {
    let thousandths = Int((share * 100_000).rounded(.down))
    if thousandths == 0 { return "0 %" }
    let rest = thousandths % 1_000
    var digits = String(rest)
    while digits.utf8.count < 3 { digits = "0" + digits }
    return "\(thousandths / 1_000).\(digits) %"
  }
}

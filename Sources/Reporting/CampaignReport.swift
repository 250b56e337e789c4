public import Exploration
public import Scalars
import Simulation
public import ValueTree

/// What a campaign came to: for people, for programs, and for servers that collect test results.
public struct CampaignReport: Sendable {
  /// A violation that a campaign has found, after it was made smaller.
  public struct Failure: Sendable {
    /// The number of the run.
    public var run: Int
    /// The rule, and for which kinds, finalizers and controllers it was broken.
    public var finding: CampaignTally.Finding
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
    /// Where the trace lies; empty where it was not saved.
    public var trace = ""
    /// How many steps of the workload are left.
    public var userSteps = 0

    /// A violation.
    public init(
      run: Int, finding: CampaignTally.Finding, deviationsBefore: Int, deviations: [Deviation],
      runsOfShrinking: Int, isMinimal: Bool, leftOut: Reduction
    ) {
      self.run = run
      self.finding = finding
      self.deviationsBefore = deviationsBefore
      self.deviations = deviations
      self.runsOfShrinking = runsOfShrinking
      self.isMinimal = isMinimal
      self.leftOut = leftOut
    }
  }

  private let summary: CampaignSummary
  private let failures: [Failure]
  private let isShard: Bool

  /// A report.
  ///
  /// - Parameters:
  ///   - summary: What was covered and found.
  ///   - failures: The findings that were made smaller, the one that was told first.
  ///   - isShard: Whether others have run other parts, so that what is different must be counted together.
  public init(_ summary: CampaignSummary, failures: [Failure] = [], isShard: Bool = false) {
    self.summary = summary
    self.failures = failures
    self.isShard = isShard
  }

  // MARK: For people

  /// The report as lines.
  public func lines(_ style: Style, after elapsed: GoDuration?) -> [String] {
    var lines: [String] = []
    if let first = failures.first { lines += told(first, style) + [""] }
    for failure in failures.dropFirst() {
      let finding = failure.finding
      lines.append(
        "\(style.strong(finding.oracle.rawValue)) (\(finding.subject)), run \(failure.run): "
          + "\(Figures.count(failure.deviationsBefore, "choice")), of which "
          + "\(failure.deviations.count) \(failure.deviations.count == 1 ? "is" : "are") left")
      lines.append("  \(finding.sentence)")
      for deviation in failure.deviations.prefix(Self.choicesMax) {
        lines.append("  - \(deviation.take)")
      }
      lines += more(failure)
      if !failure.trace.isEmpty { lines.append(style.faint("  saved as \(failure.trace)")) }
      lines.append("")
    }
    return lines + summary.lines(style, after: elapsed)
  }

  /// What is not shown of a failure that is still large; its trace has all of it.
  private func more(_ failure: Failure) -> [String] {
    let count = failure.deviations.count - Self.choicesMax
    return count > 0 ? ["  … and \(Figures.count(count, "choice")) more, in the trace"] : []
  }

  private static let choicesMax = 40

  private func told(_ failure: Failure, _ style: Style) -> [String] {
    let count = failure.deviations.count
    let made =
      "Run \(failure.run) made \(Figures.count(failure.deviationsBefore, "choice")) of its own; "
    let left =
      switch (count, failure.isMinimal) {
      case (0, _): "none is needed"
      case (1, true): "1 is enough, and without it the failure is gone"
      case (_, true):
        "\(Figures.grouped(count)) are enough, and without any of them the failure is gone"
      case (1, false): "1 is left"
      case (_, false): "\(Figures.grouped(count)) are left"
      }
    var lines = [made + left + " (\(Figures.count(failure.runsOfShrinking, "run")) to find out):"]
    for (index, deviation) in failure.deviations.prefix(Self.choicesMax).enumerated() {
      lines.append("  \(index + 1). \(style.strong(deviation.take))")
      lines.append(style.faint("     instead of \(deviation.at)"))
    }
    lines += more(failure)
    if failure.deviations.isEmpty {
      lines.append("  none: the default schedule fails by itself")
    }
    let steps = failure.leftOut.steps.count
    let objects = failure.leftOut.objects.count
    if steps + objects > 0 {
      lines.append(
        style.faint(
          "Not needed for it, and left out: \(Figures.count(steps, "step")) of the workload, "
            + "\(Figures.count(objects, "object"))."))
    }
    return lines
  }

  // MARK: For programs

  /// The report as a value.
  public var value: Value {
    var members = summary.members
    if let first = failures.first { members.append(("smallest", Self.value(first))) }
    if failures.count > 1 {
      members.append(("others", Value(failures.dropFirst().map(Self.value))))
    }
    if isShard { members.append(("sketches", summary.sketches)) }
    return Value(members: members)
  }

  private static func value(_ failure: Failure) -> Value {
    [
      "run": Value(failure.run), "oracle": Value(failure.finding.oracle.rawValue),
      "subject": Value(failure.finding.subject), "isMinimal": Value(failure.isMinimal),
      "userSteps": Value(failure.userSteps),
      "choices": Value(
        failure.deviations.map { ["at": Value($0.at), "take": Value($0.take)] }),
    ]
  }

  /// The report as JUnit writes it: a case for each rule that was judged, and a failure for each finding.
  public func junit(_ elapsed: GoDuration) -> [String] {
    let name = Self.escaped(summary.scenario)
    var cases: [(name: String, finding: CampaignTally.Finding?)] = []
    for rule in summary.judged {
      let broken = summary.findings.filter { $0.oracle.rawValue == rule }
      if broken.isEmpty { cases.append((rule, nil)) }
      for finding in broken {
        cases.append(
          (broken.count == 1 ? rule : "\(rule) (\(finding.subject))", finding))
      }
    }
    for finding in summary.findings where !summary.judged.contains(finding.oracle.rawValue) {
      cases.append((finding.oracle.rawValue, finding))
    }
    let failed = cases.count { $0.finding != nil } + summary.unmet.count
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuite name=\"\(name)\" tests=\"\(cases.count + summary.unmet.count)\" "
        + "failures=\"\(failed)\" time=\"\(elapsed.seconds)\">",
    ]
    for (rule, finding) in cases {
      let head = "  <testcase classname=\"\(name)\" name=\"\(Self.escaped(rule))\""
      guard let finding else {
        lines.append(head + "/>")
        continue
      }
      lines.append(head + ">")
      lines.append(
        "    <failure message=\"\(Self.escaped(finding.sentence))\">run \(finding.firstRun), "
          + "\(Figures.count(finding.count, "run")) of \(summary.runs)</failure>")
      lines.append("  </testcase>")
    }
    for property in summary.unmet {
      lines.append("  <testcase classname=\"\(name)\" name=\"\(Self.escaped(property))\">")
      lines.append("    <failure message=\"held in no run\"/>")
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
}

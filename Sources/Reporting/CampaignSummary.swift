public import Exploration
public import Scalars
import Simulation

/// What a campaign covered and found: made of its tally, or read from what shards have written.
public struct CampaignSummary: Sendable, Hashable {
  /// The scenario's name.
  public var scenario: String
  /// The digest of the scenario, as text; empty where nobody knows it.
  public var digest: String
  /// How schedules were drawn.
  public var strategy: String
  /// What they were drawn from.
  public var seed: String
  /// How many actors there are.
  public var actors: Int
  /// How many runs there were.
  public var runs: Int
  /// How many broke a rule.
  public var violated: Int
  /// How many had a fault.
  public var faultyRuns: Int
  /// How many decisions they took.
  public var decisions: Int
  /// The longest run, in decisions.
  public var decisionsMax: Int
  /// The different schedules.
  public var schedules: HashSketch
  /// The different ends.
  public var ends: HashSketch
  /// The run that came to a new end last; nil where shards do not know of each other.
  public var lastNewEnd: Int?
  /// How many ends were first seen in the last tenth of the runs.
  public var lateEnds: Int?
  /// How often each kind of fault fired.
  public var faults: [CampaignTally.FaultCount]
  /// The kinds of faults that may be drawn.
  public var allowed: [String]
  /// The rules that were broken.
  public var findings: [CampaignTally.Finding]
  /// Hints that are no proof.
  public var suspicions: [CampaignTally.Finding]
  /// The rules that were judged and those of them that had something to judge, by name.
  public var judged: [String]
  /// Those of them that had something to judge.
  public var busy: [String]
  /// What was to hold in some run and held in none.
  public var unmet: [String]
  /// How long releases took, in virtual time.
  public var releases: ReleaseTimes

  /// The summary of a tally.
  public init(scenario: String, digest: String = "", campaign: Campaign, tally: CampaignTally) {
    self.scenario = scenario
    self.digest = digest
    strategy = campaign.strategy.description
    seed = String(campaign.seed)
    actors = campaign.actorCount
    runs = tally.runCount
    violated = tally.violatedCount
    faultyRuns = tally.faultyRunCount
    decisions = tally.decisionCount
    decisionsMax = tally.decisionsMax
    schedules = HashSketch(tally.schedules)
    ends = HashSketch(tally.ends.keys)
    lastNewEnd = tally.ends.values.max()
    let late = tally.runCount - tally.runCount / 10
    lateEnds = tally.ends.values.count { $0 >= late }
    faults = tally.faultCounts
    allowed = campaign.budget.count > 0 ? campaign.budget.rules.map(\.kind.rawValue) : []
    findings = tally.findings
    suspicions = tally.suspicions
    judged = campaign.plan.oracles.judged.oracles.map(\.rawValue)
    busy = tally.busy.oracles.map(\.rawValue)
    unmet = campaign.unmet(tally).map(\.name)
    releases = tally.releases
  }

  /// Whether no rule was broken.
  public var isHeld: Bool { violated == 0 }

  /// Adds the part of another shard.
  ///
  /// - Parameter other: The other part.
  /// - Returns: why the two are no parts of one campaign; nil where they are, and have been added.
  public mutating func add(_ other: CampaignSummary) -> String? {
    let mine = [scenario, digest, strategy, seed]
    let theirs = [other.scenario, other.digest, other.strategy, other.seed]
    for (index, name) in ["scenario", "digest", "strategy", "seed"].enumerated()
    where mine[index] != theirs[index] {
      return "their \(name) is \"\(mine[index])\" here and \"\(theirs[index])\" there"
    }
    runs += other.runs
    violated += other.violated
    faultyRuns += other.faultyRuns
    decisions += other.decisions
    decisionsMax = Swift.max(decisionsMax, other.decisionsMax)
    schedules.add(other.schedules)
    ends.add(other.ends)
    lastNewEnd = nil
    lateEnds = nil
    for fault in other.faults {
      if let index = faults.firstIndex(where: { $0.kind == fault.kind }) {
        faults[index].count += fault.count
      } else {
        faults.append(fault)
      }
    }
    faults.sort { $0.kind < $1.kind }
    Self.add(other.findings, to: &findings)
    Self.add(other.suspicions, to: &suspicions)
    for name in other.busy where !busy.contains(name) { busy.append(name) }
    // What held in one part held in the campaign.
    unmet.removeAll { !other.unmet.contains($0) }
    releases.add(other.releases)
    return nil
  }

  private static func add(
    _ others: [CampaignTally.Finding], to findings: inout [CampaignTally.Finding]
  ) {
    for finding in others {
      if let index = findings.firstIndex(where: { $0.isSame(as: finding) }) {
        findings[index].add(finding)
      } else {
        findings.append(finding)
      }
    }
    findings.sort { ($0.oracle.rawValue, $0.subject) < ($1.oracle.rawValue, $1.subject) }
  }

  // MARK: For people

  /// The verdict, the findings and what was covered.
  public func lines(_ style: Style, after elapsed: GoDuration?) -> [String] {
    var head = isHeld ? style.good("HELD") : style.bad("VIOLATED")
    head += "  \(Figures.count(runs, "run"))"
    if let elapsed {
      let rate = Double(runs) / Swift.max(0.001, elapsed.seconds)
      head += " in \(Figures.time(elapsed)) (\(Figures.grouped(Int(rate)))/s)"
    }
    head += ", strategy \(strategy), seed \(seed)"
    var lines = [head]
    lines += findings.map { "  \(Self.line($0))" }
    for name in unmet {
      lines.append(
        style.warning("NEVER MET") + "  \(name) must hold in some run, and held in none.")
    }
    lines += suspicionLines(style)
    lines.append(style.faint("Covered:"))
    lines += covered.map { style.faint("  \($0)") }
    return lines
  }

  /// The hints that are no proof.
  public func suspicionLines(_ style: Style) -> [String] {
    suspicions.flatMap { suspicion in
      [
        style.warning("SUSPICION") + "  \(Self.line(suspicion)):",
        "    \(suspicion.sentence)",
      ]
    }
  }

  private static func line(_ finding: CampaignTally.Finding) -> String {
    finding.oracle.rawValue + (finding.subject.isEmpty ? "" : " (\(finding.subject))")
      + ": \(Figures.count(finding.count, "run")), the first is run \(finding.firstRun)"
  }

  /// What was covered, and what was not.
  private var covered: [String] {
    var lines = [
      "\(Self.about(schedules))\(Figures.count(min(schedules.count, runs), "different schedule")), "
        + "\(Self.about(ends))\(Figures.count(ends.count, "different end")), "
        + "\(Figures.grouped(decisions)) decisions (\(decisionsMax) at most in a run)"
    ]
    if let lateEnds, let lastNewEnd, runs >= 10 {
      lines.append(
        lateEnds > 0
          ? "still growing: \(Figures.count(lateEnds, "end")) first seen in the last tenth of the runs"
          : "not growing any more: the last new end came with run \(lastNewEnd)")
    }
    lines.append(
      "\(Figures.grouped(faultyRuns)) runs with faults: "
        + (faults.isEmpty
          ? "none"
          : faults.map { "\($0.kind) \(Figures.grouped($0.count))" }.joined(separator: ", ")))
    let fired = faults.map(\.kind)
    let silent = allowed.filter { !fired.contains($0) }
    if !silent.isEmpty {
      lines.append("never fired, though allowed: \(silent.joined(separator: ", "))")
    }
    let idle = judged.filter { !busy.contains($0) }
    if !idle.isEmpty {
      lines.append("rules that never had anything to judge: \(idle.joined(separator: ", "))")
    }
    lines += releases.entries.map { entry in
      let times = [("p50", 50), ("p99", 99)].compactMap { name, percent in
        entry.times.percentile(percent).map { "\(name) \($0)" }
      }
      return "\(entry.metric.rawValue) of \(entry.kind): "
        + "\((times + ["max \(entry.times.max)"]).joined(separator: ", ")) "
        + "(\(Figures.count(entry.times.count, "time")))"
    }
    if strategy.hasPrefix("pct") {
      let bounds = (1...3).map { depth in
        let bound = Campaign.bound(depth: depth, actors: actors, length: decisionsMax, runs: runs)
        return "depth \(depth) \(Figures.percent(bound))"
      }
      lines.append(
        "a bug of its depth would have been met with at least: \(bounds.joined(separator: ", "))")
    }
    return lines
  }

  private static func about(_ sketch: HashSketch) -> String { sketch.isExact ? "" : "about " }
}

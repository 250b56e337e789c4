import Exploration
import Scalars
import Simulation
public import ValueTree

/// A summary as a value, as `-o json` prints it and `drydock merge` reads it.
extension CampaignSummary {
  /// The members, in order.
  public var members: [(Key, Value)] {
    [
      ("scenario", Value(scenario)),
      ("digest", Value(digest)),
      ("strategy", Value(strategy)),
      ("seed", Value(seed)),
      ("actors", Value(actors)),
      ("verdict", Value(isHeld ? "held" : "violated")),
      ("runs", Value(runs)),
      ("violated", Value(violated)),
      ("decisions", Value(decisions)),
      ("decisionsMax", Value(decisionsMax)),
      ("schedules", Value(schedules.count)),
      ("ends", Value(ends.count)),
      ("faultyRuns", Value(faultyRuns)),
      ("faults", Value(members: faults.map { (Key($0.kind), Value($0.count)) })),
      ("allowed", Self.texts(allowed)),
      ("findings", Value(findings.map(Self.value))),
      ("suspicions", Value(suspicions.map(Self.value))),
      ("judged", Self.texts(judged)),
      ("busy", Self.texts(busy)),
      ("unmet", Self.texts(unmet)),
      ("releases", Value(releases.entries.map(Self.value))),
    ]
  }

  /// What other shards need to count what is different in all of them.
  public var sketches: Value {
    [
      "schedules": schedules.value, "ends": ends.value,
      "releases": Value(
        releases.entries.map { entry in
          Value(
            entry.times.buckets.map { Value([Value($0.bound), Value($0.times)]) }
              + [Value([Value(entry.times.max.nanoseconds)])])
        }),
    ]
  }

  private static func value(_ entry: ReleaseTimes.Entry) -> Value {
    var members: [(Key, Value)] = [
      ("metric", Value(entry.metric.rawValue)), ("kind", Value(entry.kind)),
      ("count", Value(entry.times.count)),
    ]
    for (name, percent) in [("p50", 50), ("p99", 99)] {
      guard let time = entry.times.percentile(percent) else { continue }
      members.append((Key(name), Value("\(time)")))
    }
    return Value(members: members + [("max", Value("\(entry.times.max)"))])
  }

  /// What was printed of the times of releases, with the buckets that shards print beside it.
  private static func releases(
    _ entries: Value?, _ buckets: Value?
  ) throws(ReadingError) -> ReleaseTimes {
    var sum = ReleaseTimes()
    let entries = Array((entries ?? .emptyList).elements)
    let buckets = Array((buckets ?? .emptyList).elements)
    let damaged = ReadingError(description: "\"releases\" is damaged")
    guard entries.count == buckets.count else { throw damaged }
    for (entry, buckets) in zip(entries, buckets) {
      let rows = buckets.elements.map { $0.elements.compactMap(\.int) }
      guard let metric = entry["metric"]?.string.flatMap(Threshold.Metric.init(rawValue:)),
        let kind = entry["kind"]?.string, let max = rows.last?.first,
        rows.dropLast().allSatisfy({ $0.count == 2 }),
        let times = TimeHistogram(
          buckets: rows.dropLast().map { ($0[0], Int(clamping: $0[1])) },
          max: GoDuration(nanoseconds: max))
      else { throw damaged }
      sum.add(ReleaseTimes.Entry(metric: metric, kind: kind, times: times))
    }
    return sum
  }

  private static func texts(_ texts: [String]) -> Value { Value(texts.map { Value($0) }) }

  private static func value(_ finding: CampaignTally.Finding) -> Value {
    [
      "oracle": Value(finding.oracle.rawValue), "subject": Value(finding.subject),
      "class": Value(finding.bugClass.rawValue), "sentence": Value(finding.sentence),
      "firstRun": Value(finding.firstRun), "runs": Value(finding.count),
    ]
  }

  /// Why a value is no result of a shard.
  public struct ReadingError: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads what a campaign has printed with `-o json`.
  ///
  /// - Throws: `ReadingError`, with the member that is wrong.
  public init(reading value: Value) throws(ReadingError) {
    func text(_ name: String) throws(ReadingError) -> String {
      guard let text = value[Key(name)]?.string else {
        throw ReadingError(description: "\"\(name)\" is no text")
      }
      return text
    }
    func number(_ name: String) throws(ReadingError) -> Int {
      guard let number = value[Key(name)]?.int, number >= 0, let exact = Int(exactly: number) else {
        throw ReadingError(description: "\"\(name)\" is no number")
      }
      return exact
    }
    func texts(_ name: String) throws(ReadingError) -> [String] {
      guard let list = value[Key(name)], list.isList else {
        throw ReadingError(description: "\"\(name)\" is no list")
      }
      return list.elements.compactMap(\.string)
    }
    scenario = try text("scenario")
    digest = try text("digest")
    strategy = try text("strategy")
    seed = try text("seed")
    actors = try number("actors")
    runs = try number("runs")
    violated = try number("violated")
    decisions = try number("decisions")
    decisionsMax = try number("decisionsMax")
    faultyRuns = try number("faultyRuns")
    allowed = try texts("allowed")
    judged = try texts("judged")
    busy = try texts("busy")
    unmet = try texts("unmet")
    guard let schedules = HashSketch(value["sketches"]?["schedules"]),
      let ends = HashSketch(value["sketches"]?["ends"])
    else { throw ReadingError(description: "\"sketches\" is missing or damaged") }
    self.schedules = schedules
    self.ends = ends
    faults =
      value["faults"]?.members.compactMap { name, count in
        count.int.flatMap { Int(exactly: $0) }.map { .init(kind: name.text, count: $0) }
      } ?? []
    releases = try Self.releases(value["releases"], value["sketches"]?["releases"])
    findings = try Self.findings(value["findings"], isSuspicion: false)
    suspicions = try Self.findings(value["suspicions"], isSuspicion: true)
  }

  private static func findings(
    _ value: Value?, isSuspicion: Bool
  ) throws(ReadingError) -> [CampaignTally.Finding] {
    var findings: [CampaignTally.Finding] = []
    for entry in (value ?? .emptyList).elements {
      guard let name = entry["oracle"]?.string, let oracle = Violation.Oracle(rawValue: name),
        let firstRun = entry["firstRun"]?.int, let count = entry["runs"]?.int
      else { throw ReadingError(description: "a finding is damaged: \(entry)") }
      findings.append(
        CampaignTally.Finding(
          oracle: oracle, subject: entry["subject"]?.string ?? "",
          bugClass: Violation.BugClass(rawValue: entry["class"]?.string ?? "") ?? .other,
          isSuspicion: isSuspicion, sentence: entry["sentence"]?.string ?? "",
          firstRun: Int(clamping: firstRun), count: Int(clamping: count)))
    }
    return findings
  }
}

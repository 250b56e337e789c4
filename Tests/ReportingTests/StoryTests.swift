import Exploration
import Foundation
import Reporting
import Scenarios
import Simulation
import Testing
import YAMLCoding

/// The folder of the package.
private let root = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

private func scenario(_ name: String) throws -> Scenario {
  let path = root.appending(path: "manifests/scenarios/\(name).yaml").path(percentEncoded: false)
  return try ScenarioReader().scenario(at: path) { path throws(SourceDiagnostic) in
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw SourceDiagnostic("cannot read \(path)")
    }
    return Array(data)
  }
}

/// Compares with a file beside the tests; with `DRYDOCK_UPDATE_GOLDEN=1` the file is written instead.
private func expectGolden(_ lines: [String], _ name: String) throws {
  let text = lines.joined(separator: "\n") + "\n"
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["DRYDOCK_UPDATE_GOLDEN"] == "1" {
    return try Data(text.utf8).write(to: file)
  }
  #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name)")
}

@Suite("Stories: a failing run, told")
struct StoryTests {
  private func shrunk(
    _ name: String, seed: UInt64 = 1
  ) throws -> (run: RunResult, counterfactual: Counterfactual) {
    let scenario = try scenario(name)
    var campaign = Campaign(
      scenario.plan(seed: 0), strategy: .weighted, budget: scenario.budget,
      script: scenario.script, seed: seed)
    try campaign.calibrate()
    let tally = try campaign.run(0..<2_000, stopsAtViolation: true)
    let finding = try #require(tally.firstFinding)
    let found = try Runner.run(
      campaign.plan, campaign.source(ofRun: finding.firstRun), isNamed: true)
    var shrinker = Shrinker(campaign.plan, oracle: finding.oracle, subject: finding.subject)
    let result = try #require(try shrinker.shrink(found.deviations))
    let violation = try #require(result.run.violations.first)
    let plan = result.reduction.applied(to: campaign.plan)
    return (result.run, try Counterfactual(plan, result.run.deviations, violation))
  }

  @Test("The words of a leak, at 80 and at 120 columns", arguments: [80, 120])
  func leak(width: Int) throws {
    let (run, counterfactual) = try shrunk("naive-random", seed: 10)
    let lines = StoryText(
      run, counterfactual: counterfactual, style: .plain, width: width
    ).lines
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines.filter { $0.count > width })")
    try expectGolden(lines, "leak-\(width).txt")
    #expect(counterfactual.causes.count == run.deviations.count)
  }

  @Test("A run that fails by itself has no cause but itself")
  func noCause() throws {
    let scenario = try scenario("naive-crash")
    let result = try Runner.run(
      scenario.plan(seed: 0), DefaultSource(scenario.script), isTold: true, isNamed: true)
    let violation = try #require(result.violations.first)
    let counterfactual = try Counterfactual(scenario.plan(seed: 0), [], violation)
    let lines = StoryText(result, counterfactual: counterfactual, style: .plain, width: 80).lines
    try expectGolden(lines, "naive-crash-80.txt")
  }

  @Test("A choice that changes nothing is no cause")
  func irrelevant() throws {
    let (run, _) = try shrunk("naive-random")
    let scenario = try scenario("naive-random")
    let violation = try #require(run.violations.first)
    let found = try Runner.run(
      scenario.plan(seed: 0), LenientSource(run.deviations), isNamed: true)
    let padded = found.deviations + [Deviation(at: "nowhere #1", take: "nothing")]
    let counterfactual = try Counterfactual(scenario.plan(seed: 0), padded, violation)
    #expect(counterfactual.choices.map(\.isCause) == found.deviations.map { _ in true } + [false])
  }
}

@Suite("Summaries: shards add up")
struct SummaryTests {
  private func campaign() throws -> (Campaign, String) {
    let scenario = try scenario("naive-random")
    var campaign = Campaign(
      scenario.plan(seed: 0), budget: scenario.budget, script: scenario.script, seed: 5)
    try campaign.calibrate()
    return (campaign, scenario.name)
  }

  @Test("What shards print adds up to what the whole prints")
  func shards() throws {
    let (campaign, name) = try campaign()
    let whole = CampaignSummary(
      scenario: name, campaign: campaign,
      tally: try campaign.run(0..<200, stopsAtViolation: false))
    var sum: CampaignSummary?
    for start in [0, 100] {
      let part = CampaignSummary(
        scenario: name, campaign: campaign,
        tally: try campaign.run(start..<start + 100, stopsAtViolation: false))
      let read = try CampaignSummary(
        reading: CampaignReport(part, isShard: true).value)
      if sum == nil { sum = read } else { #expect(sum?.add(read) == nil) }
    }
    let merged = try #require(sum)
    #expect(CampaignReport(merged).value == CampaignReport(whole).value)
    #expect(merged.findings == whole.findings && whole.findings.count > 1)
    #expect(whole.violated > 0 && !merged.isHeld)
  }

  @Test("Parts of another campaign are refused")
  func foreign() throws {
    let (campaign, name) = try campaign()
    let tally = try campaign.run(0..<5, stopsAtViolation: false)
    var one = CampaignSummary(scenario: name, digest: "1", campaign: campaign, tally: tally)
    let other = CampaignSummary(scenario: name, digest: "2", campaign: campaign, tally: tally)
    #expect(one.add(other) == "their digest is \"1\" here and \"2\" there")
    #expect(one.runs == 5)
  }

  @Test("A sketch counts to a thousand exactly, and beyond to a few per cent")
  func sketch() {
    func hashes(_ range: Range<UInt64>) -> [UInt64] {
      range.map { number in
        var generator = SplitMix64(state: number)
        return generator.next()
      }
    }
    #expect(HashSketch(hashes(0..<1_000)).count == 1_000)
    var sum = HashSketch(hashes(0..<30_000))
    sum.add(HashSketch(hashes(20_000..<50_000)))
    #expect(sum == HashSketch(hashes(0..<50_000)))
    #expect(!sum.isExact && abs(sum.count - 50_000) < 5_000, "\(sum.count)")
  }

  @Test("What was covered: growth, silent faults, idle rules, bounds")
  func covered() throws {
    var (campaign, name) = try campaign()
    campaign.strategy = .pct(depth: 2)
    let tally = try campaign.run(0..<40, stopsAtViolation: false)
    let lines = CampaignSummary(scenario: name, campaign: campaign, tally: tally)
      .lines(.plain, after: nil)
    let text = lines.joined(separator: "\n")
    #expect(text.contains("still growing: ") || text.contains("not growing any more: "), "\(text)")
    #expect(text.contains("rules that never had anything to judge: "))
    #expect(text.contains("orphan") && text.contains("depth 3 "))
    #expect(lines.contains { $0.hasPrefix("  leak (DeviceBinding, naive-binding): ") }, "\(text)")
  }
}

@Suite("Incidents: the published bug that a run resembles")
struct IncidentTests {
  @Test("Class and signs decide")
  func resembling() throws {
    let scenario = try scenario("naive-crash")
    let result = try Runner.run(
      scenario.plan(seed: 0), DefaultSource(scenario.script), isTold: true)
    let violation = try #require(result.violations.first)
    #expect(violation.bugClass == .leak)
    #expect(Incident.signs(result).contains(.crash))
    func source(_ signs: Set<Incident.Sign>, _ kinds: Set<String> = []) -> String? {
      Incident.resembling(violation, signs, kinds: kinds)?.source
    }
    #expect(source([.crash]) == nil, "a crash alone is no resemblance")
    #expect(source([.crash, .ownerGone]) == nil)
    let claims: Set<String> = ["PersistentVolumeClaim"]
    #expect(source([.crash, .ownerGone], claims) == "kubernetes-csi/external-provisioner#486")
    #expect(source([.crash, .again]) == "aws-controllers-k8s/community#2062")
    #expect(source([.crash, .again, .ownerGone]) == nil)
    #expect(source([.staleRead, .again]) == "submariner-io/submariner#4122")
    #expect(source([.staleRead, .again], claims) == "kubernetes-csi/external-provisioner#1469")
    #expect(source([.staleRead, .again, .crash]) == nil, "two that fit alike are none")
    #expect(source([.slowWatch, .madeAgain]) == nil, "another sort of bug")
    #expect(source([.releaseRefused]) == "kubernetes/kubernetes#130377")
    #expect(source([.releaseRefused, .recorded]) == nil, "who recorded it was admitted")
  }

  @Test("kubernetes#129795 is told by its name, with what cured it")
  func expectations() throws {
    let scenario = try scenario("../zoo/V10-expectations-expire/buggy")
    let campaign = Campaign(
      scenario.plan(seed: 0), strategy: .weighted, budget: scenario.budget, seed: 1)
    let number = try #require(
      try campaign.run(0..<50, stopsAtViolation: true).firstFinding
    ).firstRun
    let run = try Runner.run(scenario.plan(seed: 0), campaign.source(ofRun: number), isTold: true)
    let violation = try #require(run.violations.first)
    let incident = try #require(Incident.resembling(violation, Incident.signs(run)))
    #expect(incident.source == "kubernetes/kubernetes#129795" && incident.cure.contains("server"))
    #expect(Incident.resembling(violation, [.staleRead, .crash]) == nil)
  }

  @Test(
    "A buggy one of the zoo is told by its own name, or by its sort alone", arguments: own + unnamed
  )
  func zoo(_ folder: String) throws {
    try expectName(of: folder, smallest(folder), Self.own.contains(folder))
  }

  @Test("So is one that takes priorities, or more runs", arguments: mixedCases)
  func mixed(_ pair: MixedCase) throws {
    let run = try smallest(pair.folder, .mixed, seed: pair.seed)
    try expectName(of: pair.folder, run, pair.isNamed)
  }

  private func expectName(of folder: String, _ run: RunResult, _ isNamed: Bool) throws {
    let violation = try #require(run.violations.first)
    let signs = Incident.signs(run)
    let kinds = Incident.kinds(run)
    let incident = Incident.resembling(violation, signs, kinds: kinds)
    let path = root.appending(path: "manifests/zoo/\(folder)/buggy.yaml")
    let text = try String(contentsOf: path, encoding: .utf8)
    let place = incident.map { $0.source.replacing("#", with: "/issues/") }
    #expect(place.map { text.contains("github.com/\($0)") } ?? true, "\(incident?.source ?? "")")
    #expect((incident != nil) == isNamed, "\(violation.oracle) \(signs) \(kinds)")
  }

  /// Those that a walk finds in few runs; `make zoo` finds them all.
  private static let own = [
    "P1-volume-before-finalizer", "P12-finalizer-at-the-end", "P2-lost-answer",
    "P5-record-at-the-end", "P6-create-again", "P8-refused-after-allocation",
    "S1-pending-before-assigned", "S2-serve-before-occupied", "S7-handshake-forgotten",
    "Y1-blind-release", "Y2-freed-while-terminating", "Y8-prepared-before-unprepared",
    "Z18-owner-gone-before-counting", "Z2-released-by-one-path-only",
  ]

  private static let unnamed = [
    "P10-part-of-many", "Z6-cache-changed-in-place", "Y13-cooling-counts-as-free",
    "Z3-list-patched-whole", "G1-owner-of-another-namespace",
  ]

  struct MixedCase: Sendable, CustomTestStringConvertible {
    let folder: String
    /// One that finds it soon.
    let seed: UInt64
    let isNamed: Bool
    var testDescription: String { "\(folder), seed \(seed)" }
  }

  private static let mixedCases =
    named.map { MixedCase(folder: $0, seed: $1, isNamed: true) }
    + nameless.map { MixedCase(folder: $0, seed: $1, isNamed: false) }

  private static let named: [(String, UInt64)] = [
    ("P3-stale-claim-again", 1), ("V1-older-status", 1), ("V4-node-in-the-past", 3),
    ("V5-protected-by-a-cache", 1), ("V11-owners-before-ledger", 2), ("V13-two-bitmaps", 2),
    ("Y5-every-error-means-taken", 2), ("Y7-sweeper-with-a-cache", 1),
  ]

  /// Those without an incident of their own signs, and those whose smallest run has not all of them: one operator with
  /// an old cache does what two did, and V5 comes of an order of turns as well as of a watch that is late.
  private static let nameless: [(String, UInt64)] = [
    ("S4-two-operators", 1), ("V5-protected-by-a-cache", 3), ("V6-deleted-and-made-again", 2),
    ("V7-assumed-and-overwritten", 2), ("Z1-finalizer-and-delete", 1),
    ("Z7-put-from-an-old-copy", 2), ("Z8-nothing-to-delete", 1),
    ("Z9-stricter-than-its-objects", 1), ("Z11-parent-before-children", 1),
    ("Z16-server-of-finalizers-first", 1),
  ]

  private func smallest(
    _ folder: String, _ strategy: Strategy = .weighted, seed: UInt64 = 1
  ) throws -> RunResult {
    let scenario = try scenario("../zoo/\(folder)/buggy")
    var campaign = Campaign(
      scenario.plan(seed: 0), strategy: strategy, budget: scenario.budget,
      script: scenario.script, seed: seed)
    if strategy == .mixed { try campaign.calibrate() }
    let finding = try #require(try campaign.run(0..<1_000, stopsAtViolation: true).firstFinding)
    let found = try Runner.run(
      campaign.plan, campaign.source(ofRun: finding.firstRun), isTold: true, isNamed: true)
    var shrinker = Shrinker(campaign.plan, oracle: finding.oracle, subject: finding.subject)
    return try #require(try shrinker.shrink(found.deviations, known: found)).run
  }
}

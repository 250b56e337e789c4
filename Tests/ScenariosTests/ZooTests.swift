import Exploration
import Foundation
import Scenarios
import Simulation
import Testing
import ValueTree
import YAMLCoding

/// The pairs under manifests/zoo, one folder each.
enum Zoo {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../manifests/zoo").standardizedFileURL

  /// The folders' names, sorted.
  static let pairs: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: root.path())
    return (names ?? []).filter { name in
      FileManager.default.fileExists(atPath: path(name, "twin"))
    }.sorted()
  }()

  static func path(_ pair: String, _ variant: String) -> String {
    root.appending(path: "\(pair)/\(variant).yaml").path()
  }

  static func read(_ path: String) throws(SourceDiagnostic) -> [UInt8] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw SourceDiagnostic("cannot read \(path)", at: nil)
    }
    return [UInt8](bytes)
  }

  static func scenario(_ pair: String, _ variant: String) throws -> Scenario {
    try ScenarioReader().scenario(at: path(pair, variant), reading: read)
  }

  static func campaign(_ pair: String, _ variant: String, seed: UInt64) throws -> Campaign {
    let scenario = try scenario(pair, variant)
    return Campaign(
      scenario.plan(seed: 0), budget: scenario.budget, script: scenario.script, seed: seed)
  }

  /// The scenario's annotation of this name.
  static func annotation(_ name: String, of pair: String, _ variant: String) throws -> String? {
    let path = path(pair, variant)
    let documents = try YAMLParser.documents(in: YAMLSource(name: path, bytes: read(path)))
    let root = documents.first?.value
    return root?["metadata"]?["annotations"]?[Key("drydock.dev/zoo-\(name)")]?.string
  }
}

@Suite("The zoo: published bugs, and what cured them")
struct ZooTests {
  @Test("A short campaign finds the bug, by the oracle that the pair names", arguments: Zoo.pairs)
  func buggy(pair: String) throws {
    let oracle = try #require(try Zoo.annotation("oracle", of: pair, "buggy"))
    // What is promised is a median over seeds: one of six is enough.
    let first = try (1...6).lazy.compactMap { seed in
      try Zoo.campaign(pair, "buggy", seed: seed).run(0..<150, stopsAtViolation: true).firstFinding
    }.first
    #expect(first?.oracle.rawValue == oracle)
  }

  @Test("The twin holds under the same faults", arguments: Zoo.pairs)
  func twin(pair: String) throws {
    let tally = try Zoo.campaign(pair, "twin", seed: 1).run(0..<10, stopsAtViolation: true)
    #expect(tally.runCount == 10)
    #expect(tally.findings.map(\.sentence) == [])
  }

  @Test("A pair differs in the cure, and in nothing that is done to it", arguments: Zoo.pairs)
  func difference(pair: String) throws {
    func body(_ variant: String) throws -> [String] {
      let text = String(decoding: try Zoo.read(Zoo.path(pair, variant)), as: UTF8.self)
      let lines = text.split(separator: "\n").map(String.init)
      let start = try #require(lines.firstIndex { $0.hasPrefix("  include:") })
      return Array(lines[start...])
    }
    let (buggy, twin) = (try body("buggy"), try body("twin"))
    let changed = zip(buggy, twin).filter { $0 != $1 }
    #expect(buggy.count == twin.count && !changed.isEmpty)
    for (line, cured) in changed {
      #expect(line.replacing("fixed: false", with: "fixed: true") == cured)
    }
    #expect(try Zoo.annotation("source", of: pair, "buggy")?.hasPrefix("https://") == true)
    #expect(try Zoo.annotation("class", of: pair, "buggy")?.isEmpty == false)
  }

  @Test(
    "kubernetes#86509: blockOwnerDeletion has an effect in the foreground only",
    arguments: [("background", nil), ("orphan", nil), ("foreground", "stuck-deletion")]
      as [(String, String?)])
  func blocking(policy: String, oracle: String?) throws {
    let pair = "rule-block-owner-deletion"
    #expect(try Zoo.annotation("oracle", of: pair, policy) == oracle)
    let tally = try Zoo.campaign(pair, policy, seed: 1).run(0..<50, stopsAtViolation: true)
    #expect(tally.firstFinding?.oracle.rawValue == oracle)
  }

  @Test("kubernetes#129795 in forty lines: found, made small and told by one slow watch")
  func expectations() throws {
    let pair = "V10-expectations-expire"
    let folder = Zoo.root.appending(path: pair).path()
    let lines = try ["model", "buggy"].map { try Zoo.read("\(folder)/\($0).yaml") }
      .map { $0.count { $0 == 0x0A } }
    #expect(lines.reduce(0, +) <= 40, "\(lines)")
    let campaign = try Zoo.campaign(pair, "buggy", seed: 1)
    let tally = try campaign.run(0..<100, stopsAtViolation: true)
    let finding = try #require(tally.firstFinding)
    #expect(finding.sentence.hasPrefix("no-extra-replicas must always hold and does not"))
    let found = try Runner.run(
      campaign.plan, campaign.source(ofRun: finding.firstRun), isNamed: true)
    var shrinker = Shrinker(campaign.plan, oracle: finding.oracle, subject: finding.subject)
    let small = try #require(try shrinker.shrink(found.deviations))
    #expect(small.isMinimal)
    let taken = small.run.deviations.map(\.take)
    #expect(taken.contains("workloads-0 !watch-delay pods 6m0s") && taken.count <= 2, "\(taken)")
    // What the search and its story take: far below a second at a thousand runs a second.
    #expect(tally.runCount + small.runCount < 150)
  }

  @Test("A scenario gives variables of a model other values, and only those that there are")
  func variables() throws {
    let pair = try #require(Zoo.pairs.first)
    let path = Zoo.path(pair, "buggy")
    func scenario(_ variables: String) throws(SourceDiagnostic) -> Scenario {
      try ScenarioReader().scenario(at: path) { file throws(SourceDiagnostic) in
        let bytes = try Zoo.read(file)
        guard file == path else { return bytes }
        let text = String(decoding: bytes, as: UTF8.self)
        return Array(text.replacing("fixed: false", with: variables).utf8)
      }
    }
    let cured = try Runner.run(scenario("fixed: true").plan, DefaultSource()).world.stateHash
    let twin = try Runner.run(Zoo.scenario(pair, "twin").plan, DefaultSource()).world.stateHash
    #expect(cured == twin)
    let error = try #require(throws: SourceDiagnostic.self) { try scenario("fixd: true") }
    #expect(error.message.contains("fixd") && error.suggestion == "fixed")
  }
}

@Suite("Soak: the zoo's twins")
struct SoakZooTests {
  @Test("A twin holds for 20,000 runs", .enabled(if: isSoaking), arguments: Zoo.pairs)
  func twins(pair: String) throws {
    let tally = try Zoo.campaign(pair, "twin", seed: 7).run(0..<20_000, stopsAtViolation: true)
    #expect(tally.findings.map(\.sentence) == [])
  }
}

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

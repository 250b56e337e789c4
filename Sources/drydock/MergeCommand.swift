import ArgumentParser
import Reporting
import ValueTree
import YAMLCoding

/// `drydock merge`: the results of a campaign's shards as one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add up what the shards of a campaign have printed with -o json.",
    usage: "drydock merge <result> … [<options>]",
    discussion: """
      Shards are runs of `drydock chaos` with --shard, or the pods of an Indexed Job (examples/indexed-job). \
      The exit code is that of the campaign as a whole.

      EXAMPLES
        drydock merge shard-*.json
        drydock merge shard-0.json shard-1.json -o json
      """)

  @Argument(help: "The shards' results.")
  var results: [String]

  @Option(name: .shortAndLong, help: "Print the result as text or json.")
  var output = MergeOutput.text

  func run() throws {
    try reportingMistakes {
      var sum: (summary: CampaignSummary, path: String)?
      for path in results {
        let part = try Self.read(path)
        guard var known = sum else {
          sum = (part, path)
          continue
        }
        if let reason = known.summary.add(part) {
          throw SourceDiagnostic(
            "\(known.path) and \(path) are no parts of one campaign: \(reason)", at: nil)
        }
        sum = known
      }
      guard let summary = sum?.summary else { return }
      let report = CampaignReport(summary, isShard: true)
      switch output {
      case .json: Console.print([JSONWriter(indent: 2).string(report.value)])
      case .text: Console.print(report.lines(Console.style, after: nil))
      }
      if !summary.isHeld { throw ExitCode.violated }
      if !summary.unmet.isEmpty { throw ExitCode.neverMet }
    }
  }

  private static func read(_ path: String) throws(SourceDiagnostic) -> CampaignSummary {
    let bytes = try Files.read(path)
    do {
      var reader = JSONReader()
      return try CampaignSummary(reading: reader.read(bytes))
    } catch {
      throw SourceDiagnostic(
        "\(path): \(error)", at: nil,
        expected: "what drydock chaos --shard INDEX/COUNT -o json has printed")
    }
  }
}

/// How a merged result is printed.
enum MergeOutput: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

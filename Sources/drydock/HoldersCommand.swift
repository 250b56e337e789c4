import APIMachinery
import Allocation
import ArgumentParser
import LocalCluster
import Reporting
import Simulation
import YAMLCoding

/// `drydock holders`.
struct HoldersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holders",
    abstract: "Who holds what; the whole life of one port, address or device.",
    usage: "drydock holders [<resource>] [<options>]",
    discussion: """
      EXAMPLES
        drydock holders                    all grants
        drydock holders gpu-3              who has it, and its life so far
        drydock holders gpus/gpu-3         the same, where several pools have a gpu-3
        drydock holders db/train           what an object holds
      """)

  @Argument(help: "An item, pool/item, or kind/name.")
  var resource: String?

  @Flag(name: .shortAndLong, help: "Show free items, too.")
  var free = false

  @OptionGroup var cluster: ClusterOptions

  func run() throws {
    try reportingMistakes {
      let session = try cluster.read()
      guard let resource else {
        var shown = session.holdings()
        if !free { shown = shown.filter { $0.state != nil } }
        if shown.rows.isEmpty { return Console.error("Nobody holds anything.") }
        return Console.print(HoldingsTable.lines(shown))
      }
      let items = session.items(named: resource)
      if !items.isEmpty { return Console.print(lives(of: items, session)) }
      try Console.print(holdings(of: resource, session))
    }
  }

  private func lives(
    of items: [Timeline.Holding], _ session: ClusterSession
  ) -> [String] {
    var lines = HoldingsTable.lines(Timeline.Holdings(rows: items))
    for item in items {
      let life = session.life(of: item)
      lines += ["", "The life of \(item.item) of pool \(item.pool):"]
      lines +=
        life.isEmpty
        ? ["    nobody ever had it"]
        : BiographyText.lines(life, since: life[0].time).map { "    " + $0 }
    }
    return lines
  }

  private func holdings(of name: String, _ session: ClusterSession) throws -> [String] {
    guard name.contains("/") else {
      let known = session.holdings(freeMax: 1_000).rows.map(\.item)
      throw SourceDiagnostic(
        "no pool has an item \"\(name)\"", at: nil,
        suggestion: SourceDiagnostic.suggestion(for: name, among: known))
    }
    var lines: [String] = []
    for (type, names) in try ObjectArguments([name], session).selections {
      let query = ClusterSession.Query(namespace: cluster.namespace, names: names)
      do {
        for object in try session.objects(of: type, query) {
          let holder = "\(type.kind) \(object.key)"
          let held = session.holdings(freeMax: 0).filter { $0.holder == holder }
          lines += held.rows.isEmpty ? ["\(holder) holds nothing"] : HoldingsTable.lines(held)
        }
      } catch {
        Console.error(refusalText(error))
        throw ExitCode.violated
      }
    }
    return lines
  }
}

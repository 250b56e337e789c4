import APIMachinery
import APIServer
import APIStore
import Allocation
import PersistentCollections
public import Simulation
import ValueTree

/// How a run ended, without what differs from run to run by rights: identities, times, revisions, and which item of a
/// pool it was.
public struct EndSummary: Sendable, Hashable {
  /// By object: what it says.
  private var objects: [String: UInt64] = [:]
  /// By object: how often one of its name was made and taken away.
  private var changes: [String: Change] = [:]

  private struct Change: Sendable, Hashable {
    var created = 0
    var deleted = 0
  }

  /// The end of a run.
  ///
  /// - Complexity: O(objects + writes in the log).
  public init(_ world: World) {
    var items: Set<String> = []
    for entry in world.ledger.entries { items.insert(entry.item) }
    for type in world.server.registry.types
    where world.server.store.lastRevision(type) > 0 && !Self.isNoise(type) {
      for (_, object) in world.server.store.objects(type) {
        let normal = Self.normal(object.body, items)
        objects[Self.name(object)] = normal.contentHash &+ (object.isDeleting ? 1 : 0)
      }
      for event in world.writes(of: type) {
        switch event.kind {
        case .added: changes[Self.name(event.object), default: Change()].created += 1
        case .deleted: changes[Self.name(event.object), default: Change()].deleted += 1
        case .modified: continue
        }
      }
    }
  }

  private static func isNoise(_ type: ResourceType) -> Bool {
    type.kind == "Lease" || type.kind == "Event"
  }

  private static func name(_ object: APIObject) -> String { "\(object.type.kind) \(object.key)" }

  private static let fleeting: Set<String> = [
    "resourceVersion", "uid", "generation", "observedGeneration", "managedFields",
  ]

  private static func normal(_ value: Value, _ items: Set<String>) -> Value {
    if value.isMap {
      return Value(
        members: value.members.filter { !fleeting.contains($0.key.text) }
          .map { ($0.key, normal($0.value, items)) })
    }
    if value.isList { return Value(value.elements.map { normal($0, items) }) }
    guard let text = value.string else { return value }
    if items.contains(text) { return "an item" }
    let bytes = Array(text.utf8)
    if bytes.count == 36, bytes[8] == 0x2D, bytes[13] == 0x2D { return "an identity" }
    if bytes.count >= 20, bytes[4] == 0x2D, bytes[10] == 0x54, bytes.last == 0x5A {
      return "a time"
    }
    return value
  }

  /// An object that ends otherwise than in another run, in a sentence; nil where none does.
  public func firstDifference(from other: EndSummary) -> (kind: String, sentence: String)? {
    for name in Set(objects.keys).union(other.objects.keys).sorted()
    where objects[name] != other.objects[name] {
      let what =
        objects[name] == nil
        ? "is not there at the end, and is in the run without faults"
        : other.objects[name] == nil
          ? "is there at the end, and is not in the run without faults"
          : "ends otherwise than in the run without faults"
      return (Self.kind(name), "\(name) \(what)")
    }
    return nil
  }

  /// An object that was made or taken away more or less often than in another run, in a sentence.
  public func firstChangeOfCount(from other: EndSummary) -> (kind: String, sentence: String)? {
    for name in Set(changes.keys).union(other.changes.keys).sorted() {
      let here = changes[name] ?? Change()
      let there = other.changes[name] ?? Change()
      if here == there { continue }
      return (
        Self.kind(name),
        "\(name) is made \(here.created) times and taken away \(here.deleted) times; without faults "
          + "\(there.created) and \(there.deleted) times"
      )
    }
    return nil
  }

  private static func kind(_ name: String) -> String {
    name.split(separator: " ").first.map(String.init) ?? name
  }
}

extension Campaign {
  /// How the run on the default schedule without faults ends, where runs are compared with it.
  func comparedEnd() throws -> EndSummary? {
    let judged = plan.oracles.judged
    guard judged.contains(.differential) || judged.contains(.confluence) else { return nil }
    let world = try Runner.run(plan, DefaultSource()).world
    return world.outcome == .held ? EndSummary(world) : nil
  }

  /// O7 and O14: a run that held ends like the one on the default schedule.
  func compare(_ world: World, with end: EndSummary, run: Int, _ tally: inout CampaignTally) {
    guard world.outcome == .held else { return }
    let judged = plan.oracles.judged
    let summary = EndSummary(world)
    let difference = summary.firstDifference(from: end)
    for oracle in [Violation.Oracle.confluence, .differential] where judged.contains(oracle) {
      guard
        let found = difference
          ?? (oracle == .differential ? summary.firstChangeOfCount(from: end) : nil)
      else { continue }
      tally.noteSuspicion(oracle, subject: found.kind, sentence: found.sentence + ".", run: run)
    }
  }
}

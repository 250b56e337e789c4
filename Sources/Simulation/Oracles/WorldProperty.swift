import APIAllocation
public import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// Something that the scenario says must hold.
public struct WorldProperty: Sendable {
  /// When it must hold.
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// After each step.
    case always
    /// At some moment of each run.
    case eventually
    /// At some moment of some run of a campaign.
    case sometimes
    /// Whenever the world has come to rest.
    case settled
  }

  /// What a property looks at; it is asked again only when some of that has changed.
  public struct Reads: Sendable, Hashable {
    /// Objects of these kinds.
    public var kinds: [ResourceType]
    /// What is handed out.
    public var pools: Bool
    /// Which processes run.
    public var processes: Bool
    /// The clock.
    public var time: Bool

    /// Nothing, or these.
    public init(
      kinds: [ResourceType] = [], pools: Bool = false, processes: Bool = false, time: Bool = false
    ) {
      self.kinds = kinds
      self.pools = pools
      self.processes = processes
      self.time = time
    }
  }

  /// What a look at a world came to.
  public enum Verdict: Sendable, Hashable {
    /// It holds.
    case holds
    /// It does not hold.
    case fails
    /// It makes no sense there, and why.
    case error(String)
  }

  /// The name.
  public let name: String
  /// When it must hold.
  public let mode: Mode
  /// The property as it is written.
  public let text: String
  /// What it looks at.
  public let reads: Reads
  /// Looks at a world.
  public let judge: @Sendable (borrowing World) -> Verdict

  /// A property.
  public init(
    name: String, mode: Mode, text: String, reads: Reads,
    judge: @escaping @Sendable (borrowing World) -> Verdict
  ) {
    self.name = name
    self.mode = mode
    self.text = text
    self.reads = reads
    self.judge = judge
  }
}

/// What a property has come to in a run.
struct PropertyState: Sendable {
  /// Whether it has held at some moment.
  var hasHeld = false
  /// What it had read when it was last judged.
  var seen: Seen?
  /// How often it was judged.
  var count = 0

  struct Seen: Sendable, Equatable {
    /// The latest revision of the kinds that are read.
    var revision: UInt64 = 0
    var ledger: UInt64 = 0
    var pools: UInt64 = 0
    var processes: UInt64 = 0
    var time: Timestamp?
  }
}

extension World {
  /// How the run's properties stand, in the order of the plan: whether each has held at some moment.
  public var propertiesHeld: [Bool] { judges.properties.map(\.hasHeld) }

  /// How often each property was looked at.
  public var propertyLooks: [Int] { judges.properties.map(\.count) }

  /// After a step: properties that must hold always, or at some moment.
  mutating func judgeProperties() {
    for index in plan.properties.indices {
      let property = plan.properties[index]
      switch property.mode {
      case .settled: continue
      case .eventually, .sometimes:
        if judges.properties[index].hasHeld { continue }
      case .always: break
      }
      let seen = seen(property.reads)
      if judges.properties[index].seen == seen { continue }
      judges.properties[index].seen = seen
      look(at: property, index)
    }
  }

  private func seen(_ reads: WorldProperty.Reads) -> PropertyState.Seen {
    var seen = PropertyState.Seen()
    for kind in reads.kinds { seen.revision = max(seen.revision, server.store.lastRevision(kind)) }
    if reads.pools {
      seen.ledger = ledger.revision
      seen.pools = server.store.lastRevision(Pool.type)
    }
    if reads.processes {
      for process in processes {
        seen.processes =
          seen.processes &* 31 &+ process.incarnation &* 2
          &+ (process.isRunning ? 1 : 0)
      }
    }
    if reads.time { seen.time = now }
    return seen
  }

  private mutating func look(at property: WorldProperty, _ index: Int) {
    judges.busy.insert(.property)
    judges.properties[index].count += 1
    let verdict = property.judge(self)
    if verdict == .holds {
      judges.properties[index].hasHeld = true
      return
    }
    if property.mode == .always || property.mode == .settled { add(property, verdict) }
  }

  private mutating func add(_ property: WorldProperty, _ verdict: WorldProperty.Verdict) {
    let rule =
      switch property.mode {
      case .always: "must always hold and does not"
      case .settled: "must hold at rest and does not"
      case .eventually, .sometimes: "must hold at some moment and never did"
      }
    var sentence = "\(property.name) \(rule): \(property.text)"
    if case .error(let reason) = verdict { sentence += " (\(reason))" }
    violations.append(
      Violation(
        oracle: .property, sentence: sentence + ".", step: step, time: now, subject: property.name))
  }

  /// At rest: properties that must hold there; at the end, those too that must have held by then.
  mutating func judgePropertiesAtRest(isEnd: Bool) {
    for index in plan.properties.indices {
      let property = plan.properties[index]
      if property.mode == .settled { look(at: property, index) }
      if property.mode == .eventually, isEnd, !judges.properties[index].hasHeld {
        add(property, .fails)
      }
    }
  }
}

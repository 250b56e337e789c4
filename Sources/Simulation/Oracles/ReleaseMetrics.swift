import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
public import Scalars
import ValueTree

/// Times of releases in one run, in virtual time.
public struct ReleaseMetrics: Sendable, Hashable {
  /// One time that was measured.
  public struct Sample: Sendable, Hashable {
    /// What was measured.
    public let metric: Threshold.Metric
    /// How long.
    public let time: GoDuration
    /// The kind of what is deleted, or holds.
    public let kind: String
    /// Whether it had not ended when the run did.
    public let isOpen: Bool
    /// What is deleted.
    fileprivate var key = ObjectKey(namespace: "", name: "")
    /// What is held, and by whom; empty for a deletion.
    fileprivate var item = ""
    fileprivate var holder = ""

    /// Of what, for people.
    public var subject: String {
      switch metric {
      case .deletionToRelease, .deletionToRemoval: "\(kind) \(key)"
      case .held: "\(item) by \(holder)"
      case .orphanAge: "\(item) of \(holder)"
      }
    }
  }

  /// The times, by metric, in the order in which they ended.
  public private(set) var samples: [Sample] = []

  /// The times of a run: from the server's log and the ledger.
  ///
  /// - Complexity: O(writes in the log + ledger entries).
  public init(_ world: World) {
    var owners = Owners()
    var order: [Int] = []
    for type in world.server.registry.types
    where world.server.store.lastRevision(type) > 0 && !EventRecord.isEvent(type) {
      for event in world.writes(of: type) {
        let object = event.object
        guard object.isDeleting || event.kind == .deleted else { continue }
        let owner = owners.place(of: object.uid)
        if owners.all[owner].deletion == nil {
          order.append(owner)
          owners.all[owner].deletion = Deletion(
            asked: event.time, kind: type.kind, key: object.key)
        }
        if event.kind == .deleted { owners.all[owner].deletion?.gone = event.time }
      }
    }
    for owner in order {
      guard let deletion = owners.all[owner].deletion else { continue }
      add(.deletionToRemoval, of: deletion, until: deletion.gone ?? world.now, deletion.gone == nil)
    }
    guard world.ledger.revision > 0 else { return }
    world.ledger.forEachEntry { entry in
      switch entry.event {
      case .opened: owners.all[owners.place(of: entry.owner)].opened.append(Opened(entry))
      case .closed, .freedBlindly, .forgotten:
        let owner = owners.place(of: entry.owner)
        guard let start = owners.all[owner].takeOpened(entry) else { return }
        end(
          entry.holder, entry.item, start, entry.time, owners.all[owner].deletion?.gone,
          isOpen: false)
        owners.all[owner].released = (entry.time, false)
      case .recorded, .unrecorded, .closing: return
      }
    }
    world.ledger.forEachOpenGrant { open in
      let owner = owners.place(of: open.grant.owner)
      end(
        open.holder, open.grant.item, open.openedAt, world.now, owners.all[owner].deletion?.gone,
        isOpen: true)
      owners.all[owner].released = (world.now, true)
    }
    for owner in order {
      guard let deletion = owners.all[owner].deletion, let end = owners.all[owner].released,
        end.time >= deletion.asked
      else { continue }
      add(.deletionToRelease, of: deletion, until: end.time, end.isOpen)
    }
  }

  private struct Deletion {
    let asked: Timestamp
    let kind: String
    let key: ObjectKey
    var gone: Timestamp?
  }

  /// A grant that has begun and not ended yet.
  private struct Opened {
    let pool: String
    let item: String
    let generation: UInt32
    let time: Timestamp

    init(_ entry: Ledger.Entry) {
      pool = entry.pool
      item = entry.item
      generation = entry.generation
      time = entry.time
    }
  }

  /// What became of an object: as one that is deleted, and as one that holds something.
  private struct Owner {
    var deletion: Deletion?
    var opened: [Opened] = []
    var released: (time: Timestamp, isOpen: Bool)?

    /// When the grant began that an entry ends; nil where that is not known.
    mutating func takeOpened(_ entry: Ledger.Entry) -> Timestamp? {
      let index = opened.firstIndex {
        $0.generation == entry.generation && $0.item == entry.item && $0.pool == entry.pool
      }
      return index.map { opened.remove(at: $0).time }
    }
  }

  /// The objects by identity, each with a number: every run of a campaign is measured.
  private struct Owners {
    var all: ContiguousArray<Owner> = []
    private var places: [UID: Int] = [:]

    mutating func place(of uid: UID) -> Int {
      if let known = places[uid] { return known }
      places[uid] = all.count
      all.append(Owner())
      return all.count - 1
    }
  }

  private mutating func end(
    _ holder: String, _ item: String, _ start: Timestamp, _ end: Timestamp,
    _ ownerGone: Timestamp?, isOpen: Bool
  ) {
    let kind = Violation.kind(of: holder)
    samples.append(
      Sample(
        metric: .held, time: end - start, kind: kind, isOpen: isOpen, item: item, holder: holder))
    if let ownerGone, end > ownerGone {
      samples.append(
        Sample(
          metric: .orphanAge, time: end - ownerGone, kind: kind, isOpen: isOpen, item: item,
          holder: holder))
    }
  }

  private mutating func add(
    _ metric: Threshold.Metric, of deletion: Deletion, until end: Timestamp, _ isOpen: Bool
  ) {
    samples.append(
      Sample(
        metric: metric, time: end - deletion.asked, kind: deletion.kind, isOpen: isOpen,
        key: deletion.key))
  }

  /// The time that this share of the samples does not exceed; nil without samples.
  public func percentile(_ percent: Int, of metric: Threshold.Metric) -> GoDuration? {
    let times = samples.filter { $0.metric == metric }.map(\.time).sorted()
    guard !times.isEmpty else { return nil }
    // The nearest rank.
    let rank = (times.count * percent + 99) / 100
    return times[max(1, min(rank, times.count)) - 1]
  }
}

extension World {
  /// At the end: no release took longer than the scenario allows.
  mutating func judgeThresholds() {
    guard !plan.oracles.thresholds.isEmpty else { return }
    judges.busy.insert(.threshold)
    let metrics = ReleaseMetrics(self)
    for threshold in plan.oracles.thresholds {
      for sample in metrics.samples where sample.metric == threshold.metric {
        let text = "\(threshold.metric.rawValue) of \(sample.subject) is \(sample.time)"
        let subject = "\(threshold.metric.rawValue), \(sample.kind)"
        if let critical = threshold.critical, sample.time > critical {
          violations.append(found(.threshold, subject, "\(text), more than \(critical)."))
        } else if let warning = threshold.warning, sample.time > warning,
          !judges.suspicions.contains(where: { $0.oracle == .threshold && $0.subject == subject })
        {
          judges.suspicions.append(found(.threshold, subject, "\(text), more than \(warning)."))
        }
      }
    }
  }
}

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
    /// Of what, for people.
    public let subject: String
    /// The kind of what is meant.
    public let kind: String
  }

  /// The times, by metric, in the order in which they ended.
  public private(set) var samples: [Sample] = []

  /// The times of a run: from the server's log and the ledger.
  ///
  /// - Complexity: O(writes in the log + ledger entries).
  public init(_ world: World) {
    var deletions: [UID: (asked: Timestamp, gone: Timestamp?, name: String, kind: String)] = [:]
    var order: [UID] = []
    for type in world.server.registry.types
    where world.server.store.lastRevision(type) > 0 && !EventRecord.isEvent(type) {
      for event in world.server.store.events(type, after: 0) {
        let object = event.object
        guard object.isDeleting || event.kind == .deleted else { continue }
        if deletions[object.uid] == nil {
          order.append(object.uid)
          deletions[object.uid] = (
            event.time, nil, "\(type.kind) \(object.key)", type.kind
          )
        }
        if event.kind == .deleted { deletions[object.uid]?.gone = event.time }
      }
    }
    for uid in order {
      guard let deletion = deletions[uid] else { continue }
      add(
        .deletionToRemoval, (deletion.gone ?? world.now) - deletion.asked, deletion.name,
        deletion.kind)
    }
    var opened: [GrantName: Timestamp] = [:]
    var released: [UID: Timestamp] = [:]
    for entry in world.ledger.entries {
      let name = GrantName(entry)
      switch entry.event {
      case .opened: opened[name] = entry.time
      case .closed, .freedBlindly, .forgotten:
        guard let start = opened.removeValue(forKey: name) else { continue }
        end(entry.owner, entry.holder, entry.item, start, entry.time, deletions[entry.owner]?.gone)
        released[entry.owner] = entry.time
      case .recorded, .unrecorded, .closing: continue
      }
    }
    world.ledger.forEachOpenGrant { open in
      end(
        open.grant.owner, open.holder, open.grant.item, open.openedAt, world.now,
        deletions[open.grant.owner]?.gone)
      released[open.grant.owner] = world.now
    }
    for uid in order {
      guard let deletion = deletions[uid], let time = released[uid], time >= deletion.asked else {
        continue
      }
      add(.deletionToRelease, time - deletion.asked, deletion.name, deletion.kind)
    }
  }

  private mutating func end(
    _ owner: UID, _ holder: String, _ item: String, _ start: Timestamp, _ end: Timestamp,
    _ ownerGone: Timestamp?
  ) {
    let kind = Violation.kind(of: holder)
    add(.held, end - start, "\(item) by \(holder)", kind)
    if let ownerGone, end > ownerGone {
      add(.orphanAge, end - ownerGone, "\(item) of \(holder)", kind)
    }
  }

  private mutating func add(
    _ metric: Threshold.Metric, _ time: GoDuration, _ subject: String, _ kind: String
  ) {
    samples.append(Sample(metric: metric, time: time, subject: subject, kind: kind))
  }

  private struct GrantName: Hashable {
    let pool: String
    let item: String
    let generation: UInt32
    let owner: UID

    init(_ entry: Ledger.Entry) {
      pool = entry.pool
      item = entry.item
      generation = entry.generation
      owner = entry.owner
    }
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

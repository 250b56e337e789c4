import APIAllocation
public import APIMachinery
import APIServer
public import APIStore
import PersistentCollections

/// What happens to the server's memory of the past, and what informers make of it: they list again.
extension World {
  /// Forgets the log of all writes so far, as etcd's compaction does (semantics 2.6).
  ///
  /// An informer that has not seen all of them is told so when it is its turn.
  public mutating func forgetHistory() {
    for type in server.registry.types { remember(type, through: server.store.revision) }
    server.forgetHistory(through: server.store.revision)
  }

  /// Forgets the oldest writes of a kind, so that no more are left than the plan allows.
  ///
  /// Not by the store as they come: the oracles look at each write before it may be forgotten.
  mutating func trimHistory(of type: ResourceType) {
    guard let revision = server.store.revisionToForget(type, keeping: plan.watchHistoryMax) else {
      return
    }
    remember(type, through: revision)
    server.forgetHistory(of: type, through: revision)
  }

  /// Keeps for the oracles what the server is about to forget: what happened does not depend on who can be told of it.
  private mutating func remember(_ type: ResourceType, through revision: UInt64) {
    guard server.store.lastRevision(type) > 0, !EventRecord.isEvent(type) else { return }
    for event in server.store.events(type, after: 0) where event.revision <= revision {
      judges.forgotten[type.index, default: []].append(event)
    }
  }

  /// Every write of a kind in this run, in order, whatever the server has forgotten since.
  ///
  /// - Complexity: O(writes of the kind).
  public func writes(of type: ResourceType) -> [StoreEvent] {
    (judges.forgotten[type.index] ?? []) + server.store.events(type, after: 0)
  }

  /// Goes back to how the server's store was, as a backup that is played in (semantics 2.1).
  ///
  /// Processes, their caches and the books of pools stay as they are. With `bump` all informers list again; without it
  /// they keep what they had seen, and hear nothing until revisions have passed that.
  public mutating func restoreSnapshot(_ snapshot: APIStore, bump: Bool) {
    server.restoreSnapshot(snapshot, bump: bump)
    removals = []
    records = RecordIndex()
    for type in server.registry.types {
      for (_, object) in server.store.objects(type) {
        guard let new = plan.recordRules.records(of: object) else { continue }
        _ = records.update(of: object.uid, to: new)
      }
    }
    resyncedAt = nil
    lastProgress = now
    tell(
      .world, "goes back to an earlier state of the server\(bump ? ", under new revisions" : "")")
  }
}

import APIAllocation
import APIMachinery
import APIServer
public import APIStore
import PersistentCollections

/// What happens to the server's memory of the past, and what informers make of it: they list again.
extension World {
  /// Forgets the log of all writes so far, as etcd's compaction does (semantics 2.6).
  ///
  /// An informer that has not seen all of them is told so when it is its turn.
  public mutating func forgetHistory() {
    server.forgetHistory(through: server.store.revision)
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

import APIMachinery
import PersistentCollections

extension APIStore {
  /// Goes back to how another copy of this store was, as a backup that is played in (semantics 2.1).
  ///
  /// Without `bump` the counter of revisions goes back too: what is written next has revisions that were given
  /// before, and who watches from a later one hears nothing until the counter has passed it. With `bump`, as
  /// etcd's remedy has it, the counter goes on behind every revision that was ever given, and all history is
  /// forgotten, so that everybody has to list again.
  ///
  /// Counts of names stay, for no identity may come twice.
  ///
  /// - Complexity: O(objects).
  public mutating func restoreSnapshot(_ snapshot: APIStore, bump: Bool) {
    var restored = snapshot
    for index in tables.indices {
      guard let lost = tables[index].first else { continue }
      while restored.tables.count <= index { restored.tables.append([]) }
      if restored.tables[index].isEmpty { restored.tables[index].append(ResourceTable()) }
      restored.tables[index][0].takeCounts(from: lost)
    }
    if bump {
      restored.revision = max(revision, snapshot.revision) + 1
      restored.restoredRevision = restored.revision
      restored.compactedRevision = restored.revision
      for index in restored.tables.indices where !restored.tables[index].isEmpty {
        restored.tables[index][0].breakWatches(at: restored.revision)
      }
    }
    self = restored
  }
}

extension ResourceTable {
  /// Takes over how many identities have been given for each name, when the table has gone back behind them.
  fileprivate mutating func takeCounts(from lost: ResourceTable) {
    for (key, count) in lost.generatedNames where count > generatedNames[key] ?? 0 {
      generatedNames.updateValue(count, forKey: key)
    }
    for (key, count) in lost.incarnations { noteGiven(count, of: key) }
    for (key, _) in lost.objects { noteGiven((lost.incarnations[key] ?? 0) + 1, of: key) }
  }

  /// Counts so many identities for a name as gone, but for the one that an object has.
  private mutating func noteGiven(_ count: UInt32, of key: ObjectKey) {
    let gone = objects[key] == nil ? count : count - min(count, 1)
    if gone > incarnations[key] ?? 0 { incarnations.updateValue(gone, forKey: key) }
  }
}

import APIMachinery
import PersistentCollections

/// The objects of one kind, and the log of their writes.
///
/// Everything is persistent: a copy of a table is a snapshot and costs nothing.
struct ResourceTable: Sendable {
  /// In etcd's order, so that a namespace is one range.
  var objects = PersistentMap<ObjectKey, APIObject>()
  /// By revision.
  ///
  /// Kinds have logs of their own, so a watch never reads another kind's events.
  var log = PersistentMap<UInt64, StoreEvent>()
  /// The objects as they were at some revisions, from which the states in between are reached through the log.
  private var checkpoints = PersistentMap<UInt64, PersistentMap<ObjectKey, APIObject>>()
  private var eventsSinceCheckpoint = 0
  /// By key: how many objects of the name are gone.
  ///
  /// It only grows, since no identity may come twice.
  var incarnations = PersistentMap<ObjectKey, UInt32>()
  /// By namespace and base: how many names have been generated.
  var generatedNames = PersistentMap<ObjectKey, UInt32>()
  /// The revision of the latest write.
  var lastRevision: UInt64 = 0
  /// The last write that was forgotten.
  var compactedRevision: UInt64 = 0

  /// How many writes lie between two checkpoints.
  ///
  /// After a checkpoint the first write to a leaf duplicates it. Between two there are as many writes as objects, so
  /// that a duplicate serves for many; a snapshot in between takes back half of them on average.
  private var checkpointInterval: Int { max(64, objects.count) }

  mutating func commit(_ event: StoreEvent, historyLimit: Int) {
    let key = event.object.key
    switch event.kind {
    case .added, .modified:
      objects.updateValue(event.object, forKey: key)
    case .deleted:
      objects.removeValue(forKey: key)
      incarnations.updateValue((incarnations[key] ?? 0) + 1, forKey: key)
    }
    log.updateValue(event, forKey: event.revision)
    lastRevision = event.revision
    eventsSinceCheckpoint += 1
    if eventsSinceCheckpoint >= checkpointInterval {
      checkpoints.updateValue(objects, forKey: event.revision)
      eventsSinceCheckpoint = 0
    }
    while log.count > historyLimit { compactedRevision = log.removeFirst().key }
    dropCheckpoints()
  }

  /// The objects as they were at `revision`, which the log must reach back to.
  func snapshot(at revision: UInt64) -> PersistentMap<ObjectKey, APIObject> {
    if revision >= lastRevision { return objects }
    // Backwards from the nearest checkpoint at or after the revision, or from now.
    var state = objects
    var from = lastRevision
    if let checkpoint = checkpoints.elements(from: revision).first {
      state = checkpoint.value
      from = checkpoint.key
    }
    for (_, event) in log.elements(after: revision).prefix(while: { $0.key <= from }).reversed() {
      let key = event.object.key
      if let previous = event.previous {
        state.updateValue(previous, forKey: key)
      } else {
        state.removeValue(forKey: key)
      }
    }
    return state
  }

  /// Forgets the log up to and including `revision`.
  mutating func compact(through revision: UInt64) {
    compactedRevision = max(compactedRevision, revision)
    while let first = log.first, first.key <= revision { log.removeFirst() }
    dropCheckpoints()
  }

  /// Forgets the checkpoints from which nothing can be reached any more.
  private mutating func dropCheckpoints() {
    while let first = checkpoints.first, first.key <= compactedRevision {
      checkpoints.removeFirst()
    }
  }
}

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
  /// How many writes there have been, with those that are forgotten.
  private(set) var writeCount: UInt64 = 0
  /// How many writes there had been at the last two checkpoints, the older one first.
  private var checkpointWrites: (UInt64, UInt64) = (0, 0)
  /// By key: how many objects of the name are gone.
  ///
  /// It only grows, since no identity may come twice.
  var incarnations = PersistentMap<ObjectKey, UInt32>()
  /// By namespace and base: how many names have been generated.
  var generatedNames = PersistentMap<ObjectKey, UInt32>()
  /// The revision of the latest write, or of the restoration since then that broke all watches.
  var lastRevision: UInt64 = 0
  /// Everything up to this revision may be forgotten.
  var compactedRevision: UInt64 = 0
  /// The last write that was forgotten: who has seen this one has missed nothing.
  private(set) var forgottenRevision: UInt64 = 0

  /// How many writes lie between two checkpoints.
  ///
  /// After a checkpoint the first write to a leaf duplicates it. Between two there are as many writes as objects, so
  /// that a duplicate serves for many; a snapshot in between takes back half of them on average.
  private var checkpointInterval: UInt64 { UInt64(max(64, objects.count)) }

  /// How many writes may lie between a page of a list and the checkpoint that it is read from.
  private static let pageDistance: UInt64 = 64

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
    writeCount += 1
    if writeCount - checkpointWrites.1 >= checkpointInterval { addCheckpoint(at: event.revision) }
    while log.count > historyLimit {
      forgottenRevision = log.removeFirst().key
      compactedRevision = forgottenRevision
    }
    dropCheckpoints()
  }

  /// Sees to it that a list which has begun now can go on at this state however much is written meanwhile, at a
  /// price of at most `pageDistance` steps through the log a page.
  mutating func keepState(at revision: UInt64) {
    if let last = checkpoints.last {
      // Where nothing was written since, the checkpoint holds for this revision as well. And where there are few
      // writes between the last checkpoint but one and now, the last one is not needed any more.
      let isPresent = writeCount == checkpointWrites.1
      if isPresent || writeCount - checkpointWrites.0 <= Self.pageDistance {
        checkpoints.removeValue(forKey: last.key)
        checkpointWrites.1 = checkpointWrites.0
      }
    }
    addCheckpoint(at: revision)
  }

  private mutating func addCheckpoint(at revision: UInt64) {
    checkpoints.updateValue(objects, forKey: revision)
    checkpointWrites = (checkpointWrites.1, writeCount)
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
    while let first = log.first, first.key <= revision {
      forgottenRevision = first.key
      log.removeFirst()
    }
    dropCheckpoints()
  }

  func revisionToForget(keeping count: Int) -> UInt64? {
    var excess = log.count - count
    guard excess > 0 else { return nil }
    for (revision, _) in log {
      excess -= 1
      if excess == 0 { return revision }
    }
    return nil
  }

  /// Forgets the writes up to and including `revision`; a kind that has none there forgets nothing, and can be watched
  /// from before.
  mutating func forgetWrites(through revision: UInt64) {
    guard let first = log.first, first.key <= revision else { return }
    while let first = log.first, first.key <= revision {
      forgottenRevision = first.key
      log.removeFirst()
    }
    compactedRevision = max(compactedRevision, forgottenRevision)
    dropCheckpoints()
  }

  /// Forgets everything, so that whoever watches has to begin anew.
  mutating func breakWatches(at revision: UInt64) {
    compact(through: revision)
    forgottenRevision = revision
    // Whoever compares this with what it has seen finds that there is something to see.
    lastRevision = revision
  }

  /// Forgets the checkpoints from which nothing can be reached any more.
  private mutating func dropCheckpoints() {
    while let first = checkpoints.first, first.key < compactedRevision {
      checkpoints.removeFirst()
    }
  }
}

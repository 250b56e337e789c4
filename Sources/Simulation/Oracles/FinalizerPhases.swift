public import APIMachinery
import APIServer
import APIStore
import Allocation
import PersistentCollections
public import Scalars

/// How a finalizer of an object went its way: when it was registered, when the deletion was requested, when a controller's
/// queue got the key, when a reconcile ran, when everything was released, when the finalizer was removed.
public struct FinalizerPhases: Sendable, Hashable {
  /// The object.
  public let object: String
  /// Its identity.
  public let uid: UID
  /// The finalizer.
  public let finalizer: String
  /// When it was first seen on the object.
  public let registered: Timestamp
  /// When deletion was asked for; nil where it was not.
  public let requested: Timestamp?
  /// When an informer of a controller that works on the kind saw that; nil where none did.
  public let queued: Timestamp?
  /// When a reconcile of the object first ran after that.
  public let running: Timestamp?
  /// When the last thing that was handed out to the object was back; nil where nothing was, or is not.
  public let released: Timestamp?
  /// When it was taken off.
  public let removed: Timestamp?
}

extension World {
  /// The ways of all finalizers of the run so far, in the order of registration.
  ///
  /// `queued` and `running` are known in runs that are told.
  ///
  /// - Complexity: O(writes in the log · finalizers + ledger entries).
  public var finalizerPhases: [FinalizerPhases] {
    var open: [OpenPhase] = []
    for type in server.registry.types
    where server.store.lastRevision(type) > 0 && !EventRecord.isEvent(type) {
      for event in writes(of: type) { note(event, in: &open) }
    }
    let released = releases
    return open.sorted { ($0.registered, $0.order) < ($1.registered, $1.order) }.map { phase in
      let queued = phase.requested.flatMap { time in
        judges.deliveries.first { $0.uid == phase.uid && $0.isDeleting && $0.time >= time }
      }
      let running = queued.flatMap { queued in
        judges.turns.first { $0.key == phase.key && $0.step > queued.step }
      }
      return FinalizerPhases(
        object: "\(phase.kind) \(phase.key)", uid: phase.uid, finalizer: phase.finalizer,
        registered: phase.registered, requested: phase.requested, queued: queued?.time,
        running: running?.time, released: released[phase.uid], removed: phase.removed)
    }
  }

  private struct OpenPhase {
    let order: Int
    let kind: String
    let key: ObjectKey
    let uid: UID
    let finalizer: String
    let registered: Timestamp
    var requested: Timestamp?
    var removed: Timestamp?
  }

  private func note(_ event: StoreEvent, in phases: inout [OpenPhase]) {
    let object = event.object
    let finalizers = event.kind == .deleted ? [] : object.finalizers
    for index in phases.indices where phases[index].uid == object.uid {
      if object.isDeleting || event.kind == .deleted, phases[index].requested == nil {
        phases[index].requested = event.time
      }
      if phases[index].removed == nil, !finalizers.contains(phases[index].finalizer) {
        phases[index].removed = event.time
      }
    }
    for finalizer in finalizers
    where !phases.contains(where: {
      $0.uid == object.uid && $0.finalizer == finalizer && $0.removed == nil
    }) {
      phases.append(
        OpenPhase(
          order: phases.count, kind: object.type.kind, key: object.key, uid: object.uid,
          finalizer: finalizer, registered: event.time,
          requested: object.isDeleting ? event.time : nil, removed: nil))
    }
  }

  /// By owner: when the last grant was back, where none is out any more.
  private var releases: [UID: Timestamp] {
    var times: [UID: Timestamp] = [:]
    for entry in ledger.entries {
      switch entry.event {
      case .closed, .freedBlindly: times[entry.owner] = entry.time
      default: continue
      }
    }
    ledger.forEachOpenGrant { times[$0.grant.owner] = nil }
    return times
  }
}

import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

extension World {
  /// I6, I7 and I9, by what a write left of the state before it.
  mutating func judgeServer(_ event: StoreEvent) {
    guard let before = event.previous else { return }
    let after = event.object
    if let broken = Self.brokenPromise(before, after, event.kind) {
      report(
        found(
          .invariant, after.type.kind,
          "\(after.type.kind) \(after.key) \(broken), which no server does."))
    }
  }

  static func brokenPromise(
    _ before: APIObject, _ after: APIObject, _ kind: StoreEvent.Kind
  ) -> String? {
    if after.resourceVersion <= before.resourceVersion {
      return "went from revision \(before.resourceVersion) to \(after.resourceVersion)"
    }
    if after.uid != before.uid { return "changed its identity" }
    if after.header.generation < before.header.generation {
      return "went from generation \(before.header.generation) to \(after.header.generation)"
    }
    guard before.isDeleting else { return nil }
    if !after.isDeleting { return "was being deleted and is not any more" }
    if kind == .modified, after.hasFinalizers {
      // A second deletion may ask for another propagation, and then the server itself adds the collector's finalizer.
      let known = before.finalizers + ["foregroundDeletion", "orphan"]
      if let new = after.finalizers.first(where: { !known.contains($0) }) {
        return "got the finalizer \(new) while it was being deleted"
      }
    }
    return nil
  }

  /// I5 and L4, at rest: books add up, and caches are as the server is.
  mutating func judgeBooksAndCaches() {
    for book in allBooks {
      let capacity = book.capacity
      if capacity.free + capacity.open + capacity.closing != capacity.total {
        report(
          found(
            .invariant, book.name,
            "pool \(book.name) has \(capacity.total) items, of which \(capacity.free) are free, "
              + "\(capacity.open) in use and \(capacity.closing) on their way back.", .capacity))
      }
    }
    // Whoever is judged by programs outside may have informers that are still on their way.
    guard isQuiet else { return }
    for process in processes.indices where processes[process].isRunning {
      for place in processes[process].informers.indices
      where processes[process].informers[place].cache.isSynced {
        let type = processes[process].informers[place].type
        let cached = processes[process].informers[place].cache.objects
        if Self.haveSameRevisions(cached, server.store.objects(type)) { continue }
        report(
          found(
            .invariant, type.kind,
            "at rest, \(processes[process].plan.name)'s cache of \(type.plural) is not what the "
              + "server has."))
      }
    }
  }

  /// Whether both hold the same keys, and each in the same revision.
  private static func haveSameRevisions(
    _ cached: PersistentMap<ObjectKey, APIObject>, _ stored: PersistentMap<ObjectKey, APIObject>
  ) -> Bool {
    guard cached.count == stored.count else { return false }
    var isSame = true
    stored.forEachValue { object in
      let isKnown = cached.withValue(forKey: object.key) { known in
        // An informer hands on what the server has, and seldom a copy of it.
        known === object || known.resourceVersion == object.resourceVersion
      }
      if isKnown != true { isSame = false }
    }
    return isSame
  }
}

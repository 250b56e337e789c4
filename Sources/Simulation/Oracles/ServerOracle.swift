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
    for process in processes where process.isRunning {
      for informer in process.informers where informer.cache.isSynced {
        let stored = server.store.objects(informer.type)
        let cached = informer.cache.objects
        var isSame = stored.count == cached.count
        if isSame {
          for (key, object) in cached where stored[key]?.resourceVersion != object.resourceVersion {
            isSame = false
          }
        }
        if !isSame {
          report(
            found(
              .invariant, informer.type.kind,
              "at rest, \(process.plan.name)'s cache of \(informer.type.plural) is not what the "
                + "server has."))
        }
      }
    }
  }
}

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
  /// O8: who still has an owner is not collected; and for O4, who wrote last what is being deleted.
  mutating func judgeDeletion(_ event: StoreEvent, by actor: String) {
    judgeOrder(event, by: actor)
    if event.kind == .deleted {
      judges.lastWriters[event.object.uid] = nil
    } else {
      judges.lastWriters[event.object.uid] = actor
    }
    guard let before = event.previous, !before.isDeleting,
      plan.oracles.collectors.contains(where: { Violation.isController($0, of: actor) })
    else { return }
    judges.busy.insert(.wrongfulDelete)
    guard let owner = solidOwner(of: before) else { return }
    report(
      found(
        .wrongfulDelete, before.type.kind,
        "\(actor) deletes \(before.type.kind) \(before.key), though its owner "
          + "\(owner.type.kind) \(owner.key) is there."))
  }

  /// An owner that is there and does not wait for its dependents to go.
  private func solidOwner(of object: APIObject) -> APIObject? {
    for reference in object.ownerReferences {
      guard let owner = owner(reference, of: object) else { continue }
      let isWaiting = owner.isDeleting && owner.finalizers.contains("foregroundDeletion")
      if !isWaiting { return owner }
    }
    return nil
  }

  /// The object that a reference names, where it is there and may own.
  private func owner(_ reference: OwnerReference, of object: APIObject) -> APIObject? {
    guard let uid = reference.ownerUID,
      let type = server.registry.type(apiVersion: reference.apiVersion, kind: reference.kind)
    else { return nil }
    let namespace = type.definition.isNamespaced ? object.namespace : ""
    let found = server.store.object(type, ObjectKey(namespace: namespace, name: reference.name))
    return found?.uid == uid ? found : nil
  }

  /// Whether anybody collects what has no owner.
  private var hasCollector: Bool {
    plan.processes.contains { process in
      process.controllers.contains { plan.oracles.collectors.contains($0.name) }
    }
  }

  /// O8, at rest: what has lost all its owners is gone; and objects that only own each other.
  mutating func judgeOwners() {
    guard hasCollector else { return }
    var owned: [APIObject] = []
    for type in server.registry.types
    where server.store.count(type) > 0 && type.definition.defaultPropagation != nil {
      server.store.objects(type).forEachValue { object in
        if !object.isDeleting, object.body[Fields.ownerReferencesPath] != nil {
          owned.append(object)
        }
      }
    }
    guard !owned.isEmpty else { return }
    for oracle in [Violation.Oracle.orphan, .ownerCycle] { judges.busy.insert(oracle) }
    for object in owned {
      let references = object.ownerReferences
      let isLost = references.allSatisfy { isDangling($0, of: object) }
      guard isLost, let first = references.first else { continue }
      report(
        found(
          .orphan, object.type.kind,
          "\(object.type.kind) \(object.key) stays, though its owner \(first.kind) "
            + "\(first.name) is gone and nobody else owns it."))
    }
    judgeCycles(owned)
  }

  /// Whether the garbage collector must find that the owner is not there.
  ///
  /// A kind that is not served, and an owner in a namespace of what is in none, it cannot resolve.
  private func isDangling(_ reference: OwnerReference, of object: APIObject) -> Bool {
    guard let type = server.registry.type(apiVersion: reference.apiVersion, kind: reference.kind),
      object.type.definition.isNamespaced || !type.definition.isNamespaced
    else { return false }
    return owner(reference, of: object) == nil
  }

  /// Objects that own each other: nobody ever finds them without an owner.
  private mutating func judgeCycles(_ owned: [APIObject]) {
    var cycle = owned
    // Who has an owner outside hangs on that; what is left when all those are out only owns itself.
    while true {
      let inside = Set(cycle.map(\.uid))
      let rest = cycle.filter { object in
        object.ownerReferences.allSatisfy { reference in
          reference.ownerUID.map(inside.contains) ?? false
        }
      }
      if rest.count == cycle.count { break }
      cycle = rest
    }
    guard let first = cycle.first else { return }
    let others = cycle.dropFirst().map { "\($0.type.kind) \($0.key)" }
    report(
      found(
        .ownerCycle, first.type.kind,
        "\(first.type.kind) \(first.key)"
          + (others.isEmpty
            ? " owns itself" : " and \(others.joined(separator: ", ")) own each other")
          + " and nobody else does: no deletion of an owner ever reaches them."))
  }
}

import APIMachinery
import ControllerRuntime

/// Which objects an event concerns.
extension GarbageCollector {
  /// The objects that have to be looked at after an event, in the graph that has taken it in.
  static func requests(_ event: InformerEvent, _ graph: OwnerGraph) -> [ReconcileRequest] {
    var concerned: [APIObject] = []
    if let old = event.old, old.uid != event.new?.uid {
      concerned += concernedByRemoval(of: old, graph)
    }
    if let new = event.new {
      let old = event.old?.uid == new.uid ? event.old : nil
      concerned += concernedByChange(of: new, from: old, graph)
    }
    // The queue takes each only once.
    return concerned.map { CollectorRequest($0).request }
  }

  /// Dependents have lost an owner, and an owner that waits has lost a dependent.
  ///
  /// What is gone comes before its dependents, so that they need not ask for it one by one.
  private static func concernedByRemoval(
    of old: APIObject, _ graph: OwnerGraph
  ) -> [APIObject] {
    let dependents = graph.dependents(of: old.uid)
    let owners = old.ownerReferences.compactMap { owner(of: $0, graph) }
    return (dependents.isEmpty ? [] : [old] + dependents) + owners.filter(\.waitsForDependents)
  }

  private static func concernedByChange(
    of new: APIObject, from old: APIObject?, _ graph: OwnerGraph
  ) -> [APIObject] {
    // A resync tells of what is known; what begins with it is what somebody works on.
    let known = old === new ? nil : old
    var concerned: [APIObject] = []
    if new.waitsForDependents, known?.waitsForDependents != true {
      concerned += [new] + graph.dependents(of: new.uid)
    }
    if new.orphansDependents, known?.orphansDependents != true { concerned.append(new) }
    guard old !== new else { return concerned }
    let before = old?.ownerReferences ?? []
    let references = new.ownerReferences
    guard before != references else { return concerned }
    if !references.allSatisfy({ isInOrder($0, of: new, graph) }) { concerned.append(new) }
    // An owner that waited for this object need not wait any longer.
    for reference in before where reference.blockOwnerDeletion {
      let stillBlocks = references.contains { $0.uid == reference.uid && $0.blockOwnerDeletion }
      if !stillBlocks, let owner = owner(of: reference, graph), owner.waitsForDependents {
        concerned.append(owner)
      }
    }
    return concerned
  }

  /// Whether the caches have the owner that a reference names, and it does not wait for its dependents.
  ///
  /// An owner that no cache has is virtual: the server has to be asked.
  private static func isInOrder(
    _ reference: OwnerReference, of object: APIObject, _ graph: OwnerGraph
  ) -> Bool {
    guard let owner = owner(of: reference, graph), !owner.waitsForDependents else { return false }
    return owner.name == reference.name && owner.type.kind == reference.kind
      && owner.type.definition.group == reference.group
      && (owner.namespace.isEmpty || owner.namespace == object.namespace)
  }

  private static func owner(of reference: OwnerReference, _ graph: OwnerGraph) -> APIObject? {
    reference.ownerUID.flatMap(graph.object)
  }
}

extension OwnerReference {
  /// The group in the owner's `apiVersion`.
  var group: String { apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? "" }
}

public import APIMachinery
import PersistentCollections
import ValueTree

/// Who owns whom among the objects in the caches of a process.
///
/// - Guarantees: it says what the caches say, which may be behind the server, and follows them event by event. A copy
///   costs nothing. Dependents come in the order of their kinds in the registry, and of their keys.
/// - Caveats: a reference counts by its UID alone. Whether its other fields fit the owner is for others to judge.
public struct OwnerGraph: Sendable {
  /// A dependent's place among those of its owner.
  private struct Edge: Sendable, Comparable {
    let owner: UID
    let kind: Int
    let key: ObjectKey

    /// The place before all dependents.
    init(before owner: UID) {
      self.owner = owner
      kind = 0
      key = ObjectKey(name: "")
    }

    init(_ owner: UID, _ dependent: APIObject) {
      self.owner = owner
      kind = dependent.type.index
      key = dependent.key
    }

    static func < (left: Edge, right: Edge) -> Bool {
      if left.owner != right.owner { return left.owner < right.owner }
      return left.kind != right.kind ? left.kind < right.kind : left.key < right.key
    }
  }

  private var objects = PersistentMap<UID, APIObject>()
  private var edges = PersistentMap<Edge, APIObject>()

  /// The graph of empty caches.
  public init() {}

  /// The object of this identity, where a cache has it.
  public func object(_ uid: UID) -> APIObject? { objects[uid] }

  /// The objects that name this identity as an owner.
  ///
  /// - Complexity: O(log references + dependents).
  public func dependents(of owner: UID) -> [APIObject] {
    var found: [APIObject] = []
    for (edge, object) in edges.elements(from: Edge(before: owner)) {
      guard edge.owner == owner else { break }
      found.append(object)
    }
    return found
  }

  /// Takes in what an informer tells of.
  ///
  /// - Complexity: O(log objects), times the references of the object.
  public mutating func note(_ event: InformerEvent) {
    // A resync tells of what is known.
    if let old = event.old, old === event.new { return }
    if let old = event.old, old.uid != event.new?.uid { forget(old.uid) }
    guard let new = event.new else { return }
    let known = objects.updateValue(new, forKey: new.uid)
    if let known, known.referencesValue != new.referencesValue { removeEdges(of: known) }
    for owner in new.owners { edges.updateValue(new, forKey: Edge(owner, new)) }
  }

  private mutating func forget(_ uid: UID) {
    // By what the graph knows: that is what it has edges of.
    if let known = objects.removeValue(forKey: uid) { removeEdges(of: known) }
  }

  private mutating func removeEdges(of object: APIObject) {
    for owner in object.owners { edges.removeValue(forKey: Edge(owner, object)) }
  }
}

extension APIObject {
  fileprivate var referencesValue: Value? { body[Fields.ownerReferencesPath] }

  /// The identities that the object's references name; what has not their form is nobody's.
  fileprivate var owners: [UID] {
    referencesValue == nil ? [] : ownerReferences.compactMap(\.ownerUID)
  }
}

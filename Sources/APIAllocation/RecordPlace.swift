import APIMachinery
public import ValueTree
import Allocation

/// Where objects of a kind record what they hold, as data.
public struct RecordPlace: Sendable, Hashable {
  /// Which pool the items are of.
  public enum PoolName: Sendable, Hashable {
    /// This one.
    case fixed(String)
    /// The one that the object names here.
    case path(FieldPath)

    /// Reads `'gpus'` as a name and `spec.pool` as a path.
    ///
    /// - Throws: what is wrong with the path.
    public init(parsing text: String) throws(FieldPath.ParseError) {
      let isQuoted = text.count > 2 && (text.first == "'" || text.first == "\"")
      if isQuoted {
        self = .fixed(String(text.dropFirst().dropLast()))
      } else {
        self = .path(try FieldPath(parsing: text))
      }
    }
  }

  /// The list of items, or one item.
  public var items: FieldPath
  /// In each element, where the item's name stands; nil where the element is the name.
  public var name: Key?
  /// In each element, where the grant's generation stands; nil where it is not recorded.
  public var generation: Key?
  /// The pool.
  public var pool: PoolName
  /// Which of the owner's requests the items are for.
  public var requestKey: String
  /// Where the owner's UID stands; nil where the object itself is the owner.
  public var owner: FieldPath?

  /// A place.
  public init(
    items: FieldPath, name: Key? = nil, generation: Key? = nil, pool: PoolName,
    requestKey: String = "default", owner: FieldPath? = nil
  ) {
    self.items = items
    self.name = name
    self.generation = generation
    self.pool = pool
    self.requestKey = requestKey
    self.owner = owner
  }

  /// The rule that reads objects by this place.
  public var rule: RecordRules.Rule {
    { object in
      guard let found = object.body[items] else { return [] }
      let holder = "\(object.type.kind) \(object.key)"
      guard let uid = owner.map({ object.body[$0]?.string.flatMap(UID.init) }) ?? object.uid else {
        return []
      }
      return (found.isList ? Array(found.elements) : [found]).compactMap { element in
        guard let value = name.map({ element[$0] }) ?? element,
          let item = value.string ?? value.int.map(String.init), !item.isEmpty
        else { return nil }
        return AllocationRecord(
          pool: poolName(in: object), item: item,
          generation: generation.flatMap { element[$0]?.int }.flatMap(UInt32.init(exactly:)),
          owner: uid, holder: holder, requestKey: requestKey,
          isTerminating: object.isDeleting)
      }
    }
  }

  private func poolName(in object: APIObject) -> String {
    switch pool {
    case .fixed(let name): name
    case .path(let path): object.body[path]?.string ?? ""
    }
  }
}

public import APIMachinery
public import Allocation
public import Simulation
import APIServer
import APIStore
import ValueTree

extension ClusterSession {
  /// Which objects are asked for.
  public struct Query: Sendable {
    /// The namespace; nil for all.
    public var namespace: String?
    /// The names; empty for all.
    public var names: [String]
    /// By labels.
    public var labels: LabelSelector
    /// By fields.
    public var fields: FieldSelector

    /// A question.
    public init(
      namespace: String?, names: [String] = [], labels: LabelSelector = LabelSelector(),
      fields: FieldSelector = FieldSelector()
    ) {
      self.namespace = namespace
      self.names = names
      self.labels = labels
      self.fields = fields
    }
  }

  /// The kind that a person names, or the kinds of a category.
  public func types(named name: String) -> [ResourceType] {
    if let type = world.server.registry.type(named: name) { return [type] }
    return world.server.registry.served.filter { $0.definition.categories.contains(name) }
  }

  /// The names by which kinds can be asked for.
  public var typeNames: [String] {
    world.server.registry.served.flatMap {
      [$0.plural, $0.definition.singular] + $0.definition.shortNames
    }
  }

  /// The objects of a kind, in key order.
  ///
  /// - Throws: `StatusError` when an object that was named is not there.
  public func objects(
    of type: ResourceType, _ query: Query
  ) throws(StatusError) -> [APIObject] {
    let namespace = type.definition.isNamespaced ? query.namespace : nil
    if !query.names.isEmpty {
      var found: [APIObject] = []
      for name in query.names {
        found.append(
          try world.server.get(type, ObjectKey(namespace: namespace ?? "", name: name)))
      }
      return found
    }
    try query.fields.check(for: type)
    let all = world.server.store.list(type, namespace: namespace)
    return world.server.presented(all, as: type).filter {
      query.labels.matches($0) && query.fields.matches($0)
    }
  }

  /// All objects of a kind, in key order.
  public func objects(of type: ResourceType) -> [APIObject] { world.server.store.list(type) }

  /// The objects that name this one as an owner.
  public func dependents(of owner: APIObject) -> [APIObject] {
    let uid = owner.uid.description
    return world.server.registry.types.flatMap { type in
      world.server.store.list(type).filter { object in
        object.ownerReferences.contains { $0.uid == uid }
      }
    }
  }

  /// What controllers said of an object in the last hour.
  public func events(about object: APIObject) -> [APIObject] {
    guard let type = registry.type(apiVersion: "v1", kind: "Event") else { return [] }
    let uid = object.uid.description
    let namespace = object.namespace.isEmpty ? nil : object.namespace
    return world.server.store.list(type, namespace: namespace).map {
      world.server.presented($0, as: type)
    }.filter { event in
      event.body[FieldPath("involvedObject", "uid")]?.string == uid
    }
  }

  /// The grants that are out to an object.
  public func grants(of object: APIObject) -> [Grant] {
    world.allBooks.flatMap { $0.grants(of: object.uid) }
  }

  /// Who holds what, with the first free items of each pool.
  public func holdings(freeMax: Int = Timeline.freeMax) -> Timeline.Holdings {
    world.holdings(freeMax: freeMax)
  }

  /// What books and records have against each other, pool by pool.
  public var audits: [Audit] { world.audits }

  /// Everything that ever happened to an item.
  public func life(of item: Timeline.Holding) -> [Ledger.Entry] {
    world.ledger.biography(pool: item.pool, item: item.item)
  }

  /// Items of all pools that have this name, or this name behind `pool/`.
  public func items(named name: String) -> [Timeline.Holding] {
    guard let slash = name.firstIndex(of: "/") else { return world.holdings(ofItem: name) }
    // A slash belongs to the item as well: 30000/TCP.
    return world.holdings(ofItem: name)
      + world.holdings(
        ofItem: String(name[name.index(after: slash)...]), pool: String(name[..<slash]))
  }
}

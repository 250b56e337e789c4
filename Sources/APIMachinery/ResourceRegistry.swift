/// The kinds that a server knows, in the order in which they were registered.
public struct ResourceRegistry: Sendable {
  /// All kinds; a kind's place is its `index`.
  public private(set) var types: [ResourceType] = []
  private var byKind: [String: Int] = [:]
  private var byName: [String: Int] = [:]

  /// An empty registry.
  public init() {}

  /// The kinds that Kubernetes and Drydock ship, decoded once.
  public static let builtIn: ResourceRegistry = {
    var registry = ResourceRegistry()
    for definition in BuiltInKinds.definitions { registry.register(definition) }
    return registry
  }()

  /// Adds a kind; one of the same group and plural is replaced and keeps its place.
  @discardableResult
  public mutating func register(_ definition: ResourceType.Definition) -> ResourceType {
    let name =
      definition.group.isEmpty
      ? definition.plural : "\(definition.plural).\(definition.group)"
    let index = byName[name] ?? types.count
    let type = ResourceType(definition, index: index)
    if index == types.count { types.append(type) } else { types[index] = type }
    byKind["\(type.apiVersion) \(type.kind)"] = index
    // The first kind to claim a bare name keeps it, as discovery order decides for kubectl.
    byName[type.qualifiedPlural] = index
    byName[type.qualifiedSingular] = byName[type.qualifiedSingular] ?? index
    for alias in [definition.plural, definition.singular] + definition.shortNames {
      byName[alias] = byName[alias] ?? index
    }
    byName[definition.kind.lowercased()] = byName[definition.kind.lowercased()] ?? index
    return type
  }

  /// The kind that a manifest names.
  public func type(apiVersion: String, kind: String) -> ResourceType? {
    byKind["\(apiVersion) \(kind)"].map { types[$0] }
  }

  /// The kind that a person names: plural, singular, short name or kind, with or without its group.
  public func type(named name: String) -> ResourceType? {
    byName[name.lowercased()].map { types[$0] }
  }
}

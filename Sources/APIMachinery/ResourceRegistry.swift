/// The kinds that a server knows, in the order in which they were registered.
public struct ResourceRegistry: Sendable {
  /// All kinds; a kind's place is its `index`.
  public private(set) var types: [ResourceType] = []
  /// The versions of each kind that are served, the preferred one first; none of one that is served no longer.
  private var versions: [[ResourceType]] = []
  private var byKind: [String: ResourceType] = [:]
  private var byResource: [String: Int] = [:]
  private var byName: [String: ResourceType] = [:]

  /// An empty registry.
  public init() {}

  /// The kinds that Kubernetes and Drydock ship, decoded once.
  public static let builtIn: ResourceRegistry = {
    var registry = ResourceRegistry()
    for definition in BuiltInKinds.definitions {
      registry.register(definition, makingSchema: BuiltInSchemas.maker(of: definition))
    }
    for conversion in KindConversion.allCases { registry.addView(conversion) }
    return registry
  }()

  /// Adds a kind; one of the same group and plural is replaced and keeps its place.
  @discardableResult
  public mutating func register(
    _ definition: ResourceType.Definition, schema: StructuralSchema? = nil
  ) -> ResourceType {
    guard let schema else { return register(definition, makingSchema: nil) }
    return register(definition, makingSchema: { schema })
  }

  @discardableResult
  mutating func register(
    _ definition: ResourceType.Definition, makingSchema: ResourceType.SchemaMaker?
  ) -> ResourceType {
    let known = byResource["\(definition.plural).\(definition.group)"]
    let type = ResourceType(definition, schema: makingSchema, index: known ?? types.count)
    guard known != nil else {
      types.append(type)
      versions.append([type])
      byResource["\(definition.plural).\(definition.group)"] = type.index
      claimNames(of: type)
      return type
    }
    types[type.index] = type
    versions[type.index] = [type]
    claimAllNames()
    return type
  }

  /// Adds a kind in all the versions of its definition; objects are stored in one of them.
  @discardableResult
  public mutating func register(_ resource: DefinedResource) -> ResourceType {
    let type = register(resource.definition, schema: resource.schema)
    versions[type.index] = resource.served.map { version in
      if version.definition.version == type.definition.version { return type }
      var makeSchema: ResourceType.SchemaMaker?
      if let schema = version.schema { makeSchema = { schema } }
      return ResourceType(version.definition, schema: makeSchema, index: type.index, isView: true)
    }
    claimAllNames()
    return type
  }

  /// Serves the objects of a kind in another version, too.
  private mutating func addView(_ conversion: KindConversion) {
    let (apiVersion, kind) = conversion.storedAs
    guard let type = type(apiVersion: apiVersion, kind: kind) else {
      preconditionFailure(
        "\(conversion) is of no built-in kind: register \(apiVersion) \(kind) first")
    }
    var definition = type.definition
    (definition.group, definition.version) = conversion.shownAs
    let view = ResourceType(
      definition, schema: BuiltInSchemas.maker(of: definition), index: type.index, isView: true,
      conversion: conversion)
    versions[type.index].append(view)
    claimNames(of: view)
  }

  /// The names that an old definition had may belong to others now.
  private mutating func claimAllNames() {
    byKind = [:]
    byName = [:]
    for versions in versions { for type in versions { claimNames(of: type) } }
  }

  /// Forgets the names of a kind; its place stays taken, so that a definition that comes back finds it.
  public mutating func unregister(_ type: ResourceType) {
    guard types.indices.contains(type.index), types[type.index] == type else { return }
    versions[type.index] = []
    claimAllNames()
  }

  /// The kinds that are served, in the order in which they were registered.
  public var served: [ResourceType] { types.filter { !versions[$0.index].isEmpty } }

  /// The served versions of a kind, the preferred one first.
  public func versions(of type: ResourceType) -> [ResourceType] {
    versions.indices.contains(type.index) ? versions[type.index] : []
  }

  /// The kind that a manifest names.
  public func type(apiVersion: String, kind: String) -> ResourceType? {
    byKind["\(apiVersion) \(kind)"]
  }

  /// The kind of a group with this plural, as its objects are stored.
  public func type(group: String, plural: String) -> ResourceType? {
    guard let index = byResource["\(plural).\(group)"], !versions[index].isEmpty else { return nil }
    return types[index]
  }

  /// The kind of a group and version with this plural: what a path names.
  public func type(group: String, version: String, plural: String) -> ResourceType? {
    byName["\(plural).\(version).\(group)"]
  }

  /// The kind that a person names: plural, singular, short name or kind, in any case.
  ///
  /// The group may stand behind it, or version and group, as kubectl understands them:
  /// `deployments.apps`, `deployments.v1.apps`.
  public func type(named name: String) -> ResourceType? {
    byName[name.lowercased()]
  }

  /// Lets the short ways to say a kind mean this one, whoever claimed them first; it lasts until another is registered.
  public mutating func prefer(_ type: ResourceType) {
    let definition = type.definition
    for name in [definition.plural, definition.singular, definition.kind] + definition.shortNames {
      byName[name.lowercased()] = type
    }
  }

  private mutating func claimNames(of type: ResourceType) {
    let definition = type.definition
    byKind["\(type.apiVersion) \(type.kind)"] = type
    // The first kind to claim a name keeps it, as discovery order decides for kubectl.
    for name in [definition.plural, definition.singular, definition.kind] {
      claim("\(name).\(definition.version).\(definition.group)", type)
      if !definition.group.isEmpty { claim("\(name).\(definition.group)", type) }
      claim(name, type)
    }
    for name in definition.shortNames { claim(name, type) }
  }

  private mutating func claim(_ name: String, _ type: ResourceType) {
    let name = name.lowercased()
    if byName[name] == nil { byName[name] = type }
  }
}

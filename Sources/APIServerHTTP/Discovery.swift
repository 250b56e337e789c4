import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// What clients ask first: which groups, versions and kinds there are.
struct Discovery {
  let directory: ResourceDirectory
  /// Host and port, as clients reach them.
  let address: String

  // MARK: One by one

  /// `GET /api`.
  var versions: Value {
    [
      "kind": "APIVersions", "versions": ["v1"],
      "serverAddressByClientCIDRs": [
        ["clientCIDR": "0.0.0.0/0", "serverAddress": Value(address)]
      ],
    ]
  }

  /// `GET /apis`.
  var groups: Value {
    [
      "kind": "APIGroupList", "apiVersion": "v1",
      "groups": Value(directory.groups.map { Self.group($0.name, $0.versions) }),
    ]
  }

  /// `GET /apis/GROUP`.
  func group(_ name: String) -> Value? {
    guard let found = directory.groups.first(where: { $0.name == name }) else { return nil }
    var members: [(Key, Value)] = [("kind", "APIGroup"), ("apiVersion", "v1")]
    members += Self.group(found.name, found.versions).members.map { ($0.key, $0.value) }
    return Value(members: members)
  }

  private static func group(_ name: String, _ versions: [ResourceDirectory.Version]) -> Value {
    let listed = versions.map { version in
      ["groupVersion": Value(version.name), "version": Value(version.version)] as Value
    }
    return [
      "name": Value(name), "versions": Value(listed), "preferredVersion": listed[0],
    ]
  }

  /// `GET /api/v1`, `GET /apis/GROUP/VERSION`.
  func resources(group: String, version: String) -> Value? {
    guard let found = directory.version(group: group, version: version) else { return nil }
    var listed: [Value] = []
    for type in found.types {
      listed.append(Self.resource(type.definition))
      listed += type.definition.subresources.map { Self.part($0, of: type.definition) }
    }
    listed += found.extras.map(Self.resource)
    return [
      "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": Value(found.name),
      "resources": Value(listed),
    ]
  }

  private static func resource(_ definition: ResourceType.Definition) -> Value {
    var members: [(Key, Value)] = [
      ("name", Value(definition.plural)), ("singularName", Value(definition.singular)),
      ("namespaced", Value(definition.isNamespaced)), ("kind", Value(definition.kind)),
      ("verbs", list(definition.verbs)),
    ]
    if !definition.shortNames.isEmpty {
      members.append(("shortNames", list(definition.shortNames)))
    }
    if !definition.categories.isEmpty {
      members.append(("categories", list(definition.categories)))
    }
    return Value(members: members)
  }

  private static func part(
    _ part: SubresourceDefinition, of definition: ResourceType.Definition
  ) -> Value {
    var members: [(Key, Value)] = [
      ("name", Value("\(definition.plural)/\(part.name)")), ("singularName", ""),
      ("namespaced", Value(definition.isNamespaced)), ("kind", Value(part.kind)),
      ("verbs", list(part.verbs)),
    ]
    if part.apiVersion != nil {
      let kind = Self.kind(of: part, definition)
      members += [("group", Value(kind.group)), ("version", Value(kind.version))]
    }
    return Value(members: members)
  }

  private typealias Kind = (group: String, version: String, kind: String)

  private static func kind(
    of part: SubresourceDefinition, _ definition: ResourceType.Definition
  ) -> Kind {
    guard let apiVersion = part.apiVersion else {
      return (definition.group, definition.version, part.kind)
    }
    let names = apiVersion.split(separator: "/").map(String.init)
    return (names.count == 2 ? names[0] : "", names[names.count - 1], part.kind)
  }

  private static func list(_ texts: [String]) -> Value { Value(texts.map { Value($0) }) }

  // MARK: All at once

  /// Groups with all their versions and kinds: `GET /api` and `GET /apis` for clients that ask for it.
  func aggregated(isCore: Bool, version: String) -> Value {
    let groups =
      isCore
      ? [(name: "", versions: directory.versions.filter(\.group.isEmpty))] : directory.groups
    return [
      "kind": "APIGroupDiscoveryList",
      "apiVersion": Value("apidiscovery.k8s.io/\(version)"), "metadata": .emptyMap,
      "items": Value(
        groups.map { group in
          [
            "metadata": ["name": Value(group.name), "creationTimestamp": .null],
            "versions": Value(group.versions.map(Self.aggregated)),
          ] as Value
        }),
    ]
  }

  private static func aggregated(_ version: ResourceDirectory.Version) -> Value {
    let definitions = version.types.map(\.definition) + version.extras
    return [
      "version": Value(version.version), "resources": Value(definitions.map(aggregated)),
      "freshness": "Current",
    ]
  }

  private static func aggregated(_ definition: ResourceType.Definition) -> Value {
    var members: [(Key, Value)] = [
      ("resource", Value(definition.plural)),
      ("responseKind", value((definition.group, definition.version, definition.kind))),
      ("scope", definition.isNamespaced ? "Namespaced" : "Cluster"),
      ("singularResource", Value(definition.singular)), ("verbs", list(definition.verbs)),
    ]
    if !definition.shortNames.isEmpty {
      members.append(("shortNames", list(definition.shortNames)))
    }
    if !definition.categories.isEmpty {
      members.append(("categories", list(definition.categories)))
    }
    let parts = definition.subresources.map { part in
      [
        "subresource": Value(part.name), "responseKind": value(kind(of: part, definition)),
        "verbs": list(part.verbs),
      ] as Value
    }
    if !parts.isEmpty { members.append(("subresources", Value(parts))) }
    return Value(members: members)
  }

  private static func value(_ kind: Kind) -> Value {
    ["group": Value(kind.group), "version": Value(kind.version), "kind": Value(kind.kind)]
  }
}

import APIMachinery

/// The kinds that are served, as paths and discovery name them.
struct ResourceDirectory {
  /// A version of a group, with its kinds in the order in which they were registered.
  struct Version {
    let group: String
    let version: String
    var types: [ResourceType] = []
    /// What is served besides kinds that are stored: reviews and bindings.
    var extras: [ResourceType.Definition] = []

    var name: String { group.isEmpty ? version : "\(group)/\(version)" }
  }

  private(set) var versions: [Version] = []
  private let registry: ResourceRegistry

  init(_ registry: ResourceRegistry) {
    self.registry = registry
    for type in registry.served {
      for shown in registry.versions(of: type) {
        let definition = shown.definition
        versions[place(definition.group, definition.version)].types.append(shown)
      }
    }
    // What can only be read is about the parts of a cluster that there are not.
    for extra in ResourceRegistry.unstoredKinds where extra.verbs.contains("create") {
      versions[place(extra.group, extra.version)].extras.append(extra)
    }
  }

  private mutating func place(_ group: String, _ version: String) -> Int {
    let known = versions.firstIndex { $0.group == group && $0.version == version }
    if let known { return known }
    versions.append(Version(group: group, version: version))
    return versions.count - 1
  }

  /// The kind at this place.
  func type(group: String, version: String, plural: String) -> ResourceType? {
    registry.type(group: group, version: version, plural: plural)
  }

  /// A version of a group; nil where nothing is served in it.
  func version(group: String, version: String) -> Version? {
    versions.first { $0.group == group && $0.version == version }
  }

  /// The groups but the core one, each with its versions, the preferred one first.
  var groups: [(name: String, versions: [Version])] {
    var result: [(name: String, versions: [Version])] = []
    for version in versions where !version.group.isEmpty {
      if let place = result.firstIndex(where: { $0.name == version.group }) {
        result[place].versions.append(version)
      } else {
        result.append((version.group, [version]))
      }
    }
    // Of several kinds the newest version any of them has stands first, as Kubernetes orders them.
    return result.map { group in
      (
        group.name,
        group.versions.sorted { VersionPriority($0.version) > VersionPriority($1.version) }
      )
    }
  }
}

/// Kubernetes' order of versions: released ones before beta and alpha, newer before older, others last by name.
struct VersionPriority: Comparable {
  private let numbers: [Int]
  private let name: String

  init(_ version: String) {
    name = version
    var rest = version[...]
    guard rest.popFirst() == "v", let major = Self.number(&rest) else {
      numbers = []
      return
    }
    if rest.isEmpty {
      numbers = [3, major, 0]
      return
    }
    for (rank, word) in [(2, "beta"), (1, "alpha")] where rest.hasPrefix(word) {
      rest.removeFirst(word.count)
      if let minor = Self.number(&rest), rest.isEmpty {
        numbers = [rank, major, minor]
        return
      }
    }
    numbers = []
  }

  private static func number(_ text: inout Substring) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text.removeFirst(digits.count)
    return Int(digits)
  }

  static func < (left: VersionPriority, right: VersionPriority) -> Bool {
    if left.numbers == right.numbers { return left.name > right.name }
    return left.numbers.lexicographicallyPrecedes(right.numbers)
  }
}

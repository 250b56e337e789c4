import ValueTree

/// A kind as a CustomResourceDefinition describes it, in all its versions.
public struct DefinedResource: Sendable {
  /// One version of the kind.
  public struct Version: Sendable {
    /// Names, scope and rules as they hold in this version.
    public var definition: ResourceType.Definition
    /// What the fields may hold.
    public var schema: StructuralSchema?
    /// Whether clients may ask for this version.
    public var isServed: Bool
  }

  /// The versions, in the order in which they are written.
  public var versions: [Version]
  /// The place of the version in which objects are stored.
  public var storage: Int

  /// The definition in the version in which objects are stored.
  public var definition: ResourceType.Definition { versions[storage].definition }

  /// The schema of that version.
  public var schema: StructuralSchema? { versions[storage].schema }

  /// The versions that are served, the preferred one first: stable before beta before alpha, newer before older.
  var served: [Version] {
    versions.filter(\.isServed).sorted {
      VersionPriority($1.definition.version) < VersionPriority($0.definition.version)
    }
  }
}

/// How API versions rank: `v2` above `v1` above `v1beta2` above `v1alpha1`, and all others below, by name.
struct VersionPriority: Comparable {
  private let rank: [Int]
  private let name: String

  init(_ name: String) {
    self.name = name
    var rest = name.utf8.dropFirst()
    func number() -> Int? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(digits.count)
      return Int(Substring(digits))
    }
    guard name.utf8.first == UInt8(ascii: "v"), let major = number() else {
      rank = [0]
      return
    }
    if rest.isEmpty {
      rank = [3, major]
      return
    }
    let text = String(Substring(rest))
    for (stage, word) in [(2, "beta"), (1, "alpha")] where text.hasPrefix(word) {
      if let minor = Int(text.dropFirst(word.count)) {
        rank = [stage, major, minor]
        return
      }
    }
    rank = [0]
  }

  static func < (left: VersionPriority, right: VersionPriority) -> Bool {
    if left.rank != right.rank { return left.rank.lexicographicallyPrecedes(right.rank) }
    // Names that are no versions are preferred in the order of the alphabet.
    return left.name > right.name
  }
}

/// A column that a definition adds to the table of its objects.
public struct PrinterColumn: Sendable, Hashable {
  /// The heading.
  public var name: String
  /// `integer`, `number`, `string`, `boolean` or `date`.
  public var type: String
  /// OpenAPI's format of the value; empty for none.
  public var format: String
  /// Above 0 for columns that only a wide table shows.
  public var priority: Int
  /// Where the value is: `.spec.replicas`.
  public var jsonPath: String

  /// A column.
  public init(name: String, type: String, format: String, priority: Int, jsonPath: String) {
    self.name = name
    self.type = type
    self.format = format
    self.priority = priority
    self.jsonPath = jsonPath
  }
}

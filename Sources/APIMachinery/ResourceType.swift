import Synchronization
public import ValueTree

/// A kind of object that a server serves: its names, scope and rules.
///
/// Built-in kinds and those of CustomResourceDefinitions are the same thing.
public final class ResourceType: Sendable {
  /// How an object's name is checked.
  public enum NameRule: String, Sendable, Hashable {
    /// DNS-1123 subdomain of at most 253 characters: the default.
    case subdomain
    /// DNS-1123 label of at most 63 characters.
    case label
    /// DNS-1035 label: a label that begins with a letter.
    case label1035
    /// Anything that can stand in a path.
    case pathSegment
  }

  /// What tells kinds apart and what holds for them.
  public struct Definition: Sendable, Hashable {
    /// The API group, empty for the core group.
    public var group: String
    /// The version within the group.
    public var version: String
    /// The kind, as manifests name it.
    public var kind: String
    /// The plural, as paths name it.
    public var plural: String
    /// The singular, as people type it.
    public var singular: String
    /// Short names.
    public var shortNames: [String]
    /// Categories such as `all`.
    public var categories: [String]
    /// Whether objects live in namespaces.
    public var isNamespaced: Bool
    /// Whether status is written through a subresource of its own.
    public var hasStatus: Bool
    /// Whether `metadata.generation` counts changes of the spec.
    public var usesGeneration: Bool
    /// How names are checked.
    public var nameRule: NameRule
    /// Whether an update may come without a resource version: most built-in kinds, no custom ones.
    public var allowsUnconditionalUpdate: Bool
    /// Whether a CustomResourceDefinition could define it.
    ///
    /// Custom resources take no metadata from a status update, and their finalizers need no domain.
    public var isCustom: Bool
    /// What a deletion that says nothing does with dependents; nil for a kind that the garbage collector leaves alone.
    public var defaultPropagation: PropagationPolicy?
    /// Where the scale subresource finds its numbers; nil for a kind without one.
    public var scale: ScaleSubresource?
    /// The kind of lists of these objects.
    public var listKind: String
    /// The columns that a definition adds to the table of its objects.
    public var printerColumns: [PrinterColumn] = []
    /// The fields by which a definition lets its objects be chosen.
    public var selectableFields: [FieldPath] = []
    /// What clients may do with objects of this kind, in the words and the order of discovery.
    public var verbs: [String]
    /// The parts with endpoints of their own, beside status and scale.
    public var otherSubresources: [SubresourceDefinition] = []

    /// A definition; what is not said is as for a custom resource.
    public init(
      group: String, version: String, kind: String, plural: String, singular: String = "",
      shortNames: [String] = [], categories: [String] = [], isNamespaced: Bool = true,
      hasStatus: Bool = false, usesGeneration: Bool = true, nameRule: NameRule = .subdomain,
      allowsUnconditionalUpdate: Bool = false, isCustom: Bool = true,
      defaultPropagation: PropagationPolicy? = .background
    ) {
      self.group = group
      self.version = version
      self.kind = kind
      listKind = "\(kind)List"
      self.plural = plural
      self.singular = singular.isEmpty ? kind.lowercased() : singular
      self.shortNames = shortNames
      self.categories = categories
      self.isNamespaced = isNamespaced
      self.hasStatus = hasStatus
      self.usesGeneration = usesGeneration
      self.nameRule = nameRule
      self.allowsUnconditionalUpdate = allowsUnconditionalUpdate
      self.isCustom = isCustom
      self.defaultPropagation = defaultPropagation
      verbs = isCustom ? Verbs.ofCustomResources : Verbs.all
    }
  }

  /// What holds for this kind.
  public let definition: Definition
  /// The place of this kind in its registry, and so of its table in a store.
  public let index: Int
  /// A stable hash of group and plural, which store and trace hashes begin with.
  public let stableHash: UInt64
  /// `group/version`, or the version alone in the core group.
  public let apiVersion: String
  /// Plural and group as Kubernetes' messages and kubectl print them: `devicebindings.drydock.dev`.
  public let qualifiedPlural: String
  /// Singular and group: `devicebinding.drydock.dev`.
  public let qualifiedSingular: String
  /// Kind and group as Kubernetes' messages print them: `DeviceBinding.drydock.dev`.
  public let qualifiedKind: String

  /// What the fields may hold; nil where any content is taken.
  ///
  /// Made when first asked for, so that a kind that nobody uses costs nothing.
  public var schema: StructuralSchema? {
    guard let makeSchema else { return nil }
    return madeSchema.withLock { made in
      if let made { return made }
      let schema = makeSchema()
      made = schema
      return schema
    }
  }
  /// Whether content is as the schema wants it: nothing would be changed in it, and nothing is wrong with it.
  ///
  /// - Complexity: O(size).
  public func accepts(_ content: Value) -> Bool {
    guard let makeSchema else { return true }
    let shape = madeShape.withLock { made in
      if let made { return made }
      let shape = (schema ?? makeSchema()).shape
      made = shape
      return shape
    }
    return shape.accepts(content)
  }
  private let madeShape = Mutex<ValueShape?>(nil)
  private let makeSchema: SchemaMaker?
  private let madeSchema = Mutex<StructuralSchema?>(nil)

  /// Gives the schema of a kind, the same one each time.
  public typealias SchemaMaker = @Sendable () -> StructuralSchema

  /// Whether this is another face of the kind at the same place of the registry: another version, or its Scale.
  ///
  /// Objects are never stored under it.
  public let isView: Bool
  /// How content differs from what is stored; nil where only the schema may.
  public let conversion: KindConversion?

  init(
    _ definition: Definition, schema: SchemaMaker? = nil, index: Int, isView: Bool = false,
    conversion: KindConversion? = nil
  ) {
    self.isView = isView
    self.conversion = conversion
    self.definition = definition
    makeSchema = schema
    self.index = index
    var hash = StableHash()
    hash.combine(definition.group)
    hash.combine(definition.plural)
    stableHash = hash.value
    let group = definition.group
    apiVersion = group.isEmpty ? definition.version : "\(group)/\(definition.version)"
    qualifiedPlural = group.isEmpty ? definition.plural : "\(definition.plural).\(group)"
    qualifiedSingular = group.isEmpty ? definition.singular : "\(definition.singular).\(group)"
    qualifiedKind = group.isEmpty ? definition.kind : "\(definition.kind).\(group)"
  }

  /// The kind, as manifests name it.
  public var kind: String { definition.kind }

  /// The plural, as paths and messages name it.
  public var plural: String { definition.plural }
}

extension ResourceType: Hashable {
  public static func == (left: ResourceType, right: ResourceType) -> Bool {
    left === right || left.index == right.index && left.definition == right.definition
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(definition.group)
    hasher.combine(definition.plural)
  }
}

extension ResourceType: CustomStringConvertible {
  public var description: String { qualifiedPlural }
}

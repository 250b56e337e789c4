import ValueTree

extension StructuralSchema {
  /// What can be inside of a value.
  public enum Content: Sendable {
    /// Anything, or nothing.
    case unknown
    /// The elements of a list.
    case elements(StructuralSchema)
    /// The values of a map whose keys are free.
    case values(StructuralSchema)
    /// Fields that are known by these names; there may be others.
    case fields([String])
  }

  /// What can be inside of a value that the schema takes.
  public var content: Content {
    switch self {
    case .builtIn(.list(let element)): return .elements(.builtIn(element))
    case .builtIn(.map(let value)): return .values(.builtIn(value))
    case .builtIn(let type):
      return type.record.map { .fields($0.fields.map(\.key.text)) } ?? .unknown
    case .array(_, let rules): return .elements(rules.items)
    case .object(_, let rules):
      if rules.properties.isEmpty {
        if let additional = rules.additional { return .values(additional) }
        if rules.keepsUnknown { return .unknown }
      }
      return .fields(rules.properties.map(\.key.text))
    default: return .unknown
    }
  }

  /// What a field of this name may hold; nil where the server would prune it.
  ///
  /// - Parameter name: The field's name.
  /// - Returns: its schema.
  public func field(_ name: String) -> StructuralSchema? {
    switch self {
    case .builtIn(.map(let value)): return .builtIn(value)
    case .builtIn(let type):
      guard let record = type.record else { return .anything(Common()) }
      return record.field(Key(name)).map { .builtIn($0.type) }
    case .object(_, let rules):
      let key = Key(name)
      if let property = rules.properties.first(where: { $0.key == key }) { return property.schema }
      return rules.additional ?? (rules.keepsUnknown ? .anything(Common()) : nil)
    default: return .anything(Common())
    }
  }

  /// The metadata of any object.
  public static let objectMetadata: StructuralSchema = {
    let records = KubernetesTypes.shared.records
    return records.firstIndex { $0.name == "ObjectMeta" }.map { .builtIn(.record($0)) }
      ?? .anything(Common())
  }()
}

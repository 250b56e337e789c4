import ValueTree

/// The selectors of a list or watch, taken apart: what is a place among the keys, and what has to be asked of
/// each object.
public struct ObjectSelection: Sendable, Hashable {
  /// The namespace; nil for all.
  public let namespace: String?
  /// The name, where only one can be chosen.
  public let name: String?
  private let labels: LabelSelector
  private let fields: FieldSelector

  /// What these options choose.
  public init(_ options: ListOptions) {
    var rest = options.fields
    let ofPath = options.namespace.flatMap { $0.isEmpty ? nil : $0 }
    namespace = ofPath ?? rest.takeValue(of: FieldSelector.namespacePath)
    name = rest.takeValue(of: FieldSelector.namePath)
    labels = options.labels
    fields = rest
  }

  /// Whether an object of the right place must be asked whether it is chosen.
  public var hasConditions: Bool { !labels.requirements.isEmpty || !fields.requirements.isEmpty }

  /// Whether an object of this key can be chosen.
  public func contains(_ key: ObjectKey) -> Bool {
    (namespace == nil || key.namespace == namespace) && (name == nil || key.name == name)
  }

  /// Whether an object of the right place is chosen.
  public func matches(_ object: APIObject) -> Bool {
    labels.matches(object) && fields.matches(object)
  }
}

extension FieldSelector {
  static let namePath = FieldPath(Fields.metadata, Fields.name)
  static let namespacePath = FieldPath(Fields.metadata, Fields.namespace)

  /// Takes out the first requirement that this field has one value, and returns the value.
  fileprivate mutating func takeValue(of path: FieldPath) -> String? {
    guard let index = requirements.firstIndex(where: { $0.isEqual && $0.path == path }) else {
      return nil
    }
    return requirements.remove(at: index).value
  }
}

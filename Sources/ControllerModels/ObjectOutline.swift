public import APIMachinery
public import CEL
import ValueTree

extension Outline {
  /// An object as expressions see it: of any kind, with `spec` and `status`.
  ///
  /// - Parameters:
  ///   - type: The object's kind.
  ///   - knowsFields: Whether its schema tells all fields that there can be.
  public init(objectsOf type: ResourceType, knowsFields: Bool = true) {
    let schema = knowsFields ? type.schema : nil
    let identity = "\(type.apiVersion) \(type.kind)"
    let metadata = Self.part(.objectMetadata, type.kind, identity, Fields.metadata.text)
    let names = Self.members(of: schema)
    self = .record(
      Record(subject: type.kind, identity: identity, names: names) { name in
        if name == Fields.metadata.text { return metadata }
        guard let schema else { return .open }
        if let field = schema.field(name) { return Self.part(field, type.kind, identity, name) }
        return names.contains(name) ? .open : nil
      })
  }

  /// A map with these keys, of whose values nothing is known.
  ///
  /// - Parameters:
  ///   - subject: What has the keys, in words.
  ///   - names: The keys.
  ///   - values: What is known of their values.
  public init(fieldsOf subject: String, _ names: [String], values: Outline = .open) {
    self = .record(
      Record(subject: subject, names: names) { names.contains($0) ? values : nil })
  }

  /// What is in every object, and what the schema knows.
  private static func members(of schema: StructuralSchema?) -> [String] {
    var names = ["apiVersion", "kind", "metadata", "spec", "status"]
    if case .fields(let more)? = schema?.content { names += more.filter { !names.contains($0) } }
    return names.sorted()
  }

  /// The outline of what a schema takes.
  private static func part(
    _ schema: StructuralSchema, _ subject: String, _ identity: String, _ path: String
  ) -> Outline {
    switch schema.content {
    case .unknown: .open
    case .elements(let element): .list(part(element, subject, identity, path))
    case .values(let value): .map(part(value, subject, identity, path))
    case .fields(let names):
      .record(
        Record(subject: subject, path: path, identity: identity, names: names) { name in
          schema.field(name).map { part($0, subject, identity, "\(path).\(name)") }
        })
    }
  }
}

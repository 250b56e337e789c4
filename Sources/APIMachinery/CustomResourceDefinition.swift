public import Scalars
public import ValueTree

/// `kind: CustomResourceDefinition`: a kind that users define.
///
/// The storage version is served; others are read over until conversion is there.
public struct CustomResourceDefinition: Resource {
  public static let type = ResourceRegistry.builtIn(
    "apiextensions.k8s.io/v1", "CustomResourceDefinition")
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  private static let spec = FieldPath(Fields.spec)
  private static let names = spec.appending("names")
  private static let versions = spec.appending("versions")

  /// The kind that is defined, and its schema.
  ///
  /// - Throws: all that is wrong with the definition, as field errors.
  public func resource() throws(Problems) -> (
    definition: ResourceType.Definition, schema: StructuralSchema?
  ) {
    var problems: [FieldError] = []
    func text(_ path: FieldPath) -> String {
      guard let text = self[path]?.string, !text.isEmpty else {
        problems.append(.required(path))
        return ""
      }
      return text
    }
    let group = text(Self.spec.appending("group"))
    let plural = text(Self.names.appending("plural"))
    let kind = text(Self.names.appending("kind"))
    let scope = text(Self.spec.appending("scope"))
    if !scope.isEmpty, scope != "Namespaced", scope != "Cluster" {
      problems.append(
        FieldError(
          .notSupported, Self.spec.appending("scope"),
          "Unsupported value: \"\(scope)\": supported values: \"Cluster\", \"Namespaced\""))
    }
    if !group.isEmpty, !plural.isEmpty, name != "\(plural).\(group)" {
      problems.append(
        .invalid(
          FieldPath(Fields.metadata, Fields.name), Value(name),
          "must be spec.names.plural+\".\"+spec.group"))
    }
    let version = storageVersion(&problems)
    var schema: StructuralSchema?
    if let version, let value = self[version.path]?["schema"]?["openAPIV3Schema"] {
      let path = version.path.appending("schema").appending("openAPIV3Schema")
      do { schema = try StructuralSchema(reading: value, at: path).ofContent } catch {
        problems.append(error)
      }
    } else if let version {
      problems.append(
        .required(version.path.appending("schema"), "schemas are required"))
    }
    guard problems.isEmpty, let version else { throw Problems(problems) }
    return (
      ResourceType.Definition(
        group: group, version: version.name, kind: kind, plural: plural,
        singular: self[Self.names.appending("singular")]?.string ?? "",
        shortNames: list("shortNames"), categories: list("categories"),
        isNamespaced: scope == "Namespaced",
        hasStatus: self[version.path]?["subresources"]?["status"] != nil, usesGeneration: true),
      schema
    )
  }

  /// All that is wrong with a definition.
  public struct Problems: Error, Sendable, Hashable {
    /// What is wrong, field by field.
    public let errors: [FieldError]

    init(_ errors: [FieldError]) { self.errors = errors }
  }

  private func list(_ name: Key) -> [String] {
    self[Self.names.appending(name)]?.elements.compactMap(\.string) ?? []
  }

  private func storageVersion(
    _ problems: inout [FieldError]
  ) -> (name: String, path: FieldPath)? {
    guard let versions = self[Self.versions], versions.isList, !versions.isEmptyCollection else {
      problems.append(.required(Self.versions))
      return nil
    }
    let storage = versions.elements.enumerated().filter { $0.element["storage"]?.bool == true }
    guard storage.count == 1, let (index, version) = storage.first.map({ ($0.offset, $0.element) })
    else {
      problems.append(
        .invalid(
          Self.versions, Value("versions"),
          "must have exactly one version marked as storage version"))
      return nil
    }
    let path = Self.versions.appending(index)
    guard let name = version["name"]?.string, !name.isEmpty else {
      problems.append(.required(path.appending(Fields.name)))
      return nil
    }
    return (name, path)
  }

  /// The finalizer that holds a definition until its objects are gone (semantics 1.9).
  public static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

  /// The condition that says how far the removal of a definition's objects has come.
  public static func terminatingCondition(
    _ status: String, reason: String, _ message: String, at now: Timestamp
  ) -> Value {
    [
      "type": "Terminating", "status": Value(status), "reason": Value(reason),
      "message": Value(message), "lastTransitionTime": Value(now.text(.seconds)),
    ]
  }

  /// The content with this condition; its time stays where its status does.
  public static func setting(_ condition: Value, in body: Value) -> Value {
    let path = FieldPath(Fields.status, "conditions")
    var conditions = body[path]?.elements.map(\.self) ?? []
    if let index = conditions.firstIndex(where: { $0["type"] == condition["type"] }) {
      var new = condition
      if conditions[index]["status"] == new["status"],
        let since = conditions[index]["lastTransitionTime"]
      {
        new = new.setting("lastTransitionTime", to: since)
      }
      conditions[index] = new
    } else {
      conditions.append(condition)
    }
    return body.setting(path, to: Value(conditions)) ?? body
  }

  /// The definition's status once its kind is served.
  public static func establishedStatus(_ definition: ResourceType.Definition) -> Value {
    func condition(_ type: String, _ reason: String, _ message: String) -> Value {
      [
        "type": Value(type), "status": "True", "reason": Value(reason),
        "message": Value(message),
      ]
    }
    return [
      "acceptedNames": [
        "kind": Value(definition.kind), "plural": Value(definition.plural),
        "singular": Value(definition.singular),
      ],
      "conditions": [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      "storedVersions": [Value(definition.version)],
    ]
  }
}

extension StructuralSchema {
  /// The schema without what stands outside an object's content, which no schema rules.
  fileprivate var ofContent: StructuralSchema {
    guard case .object(let common, var rules) = self else { return self }
    let outside = [Fields.apiVersion, Fields.kind, Fields.metadata]
    rules.properties.removeAll { outside.contains($0.key) }
    rules.required.removeAll { outside.contains($0) }
    rules.properties.append(Property(key: Fields.metadata, schema: .anything(Common())))
    return .object(common, rules)
  }
}

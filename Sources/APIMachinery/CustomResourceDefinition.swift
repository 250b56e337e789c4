public import Scalars
public import ValueTree

/// `kind: CustomResourceDefinition`: a kind that users define.
///
/// All its versions are served that say so; objects are stored in one, and another differs in its `apiVersion` and
/// in what its schema knows. Conversion webhooks are refused.
public struct CustomResourceDefinition: Resource {
  public static let type = ResourceRegistry.builtIn(
    "apiextensions.k8s.io/v1", "CustomResourceDefinition")
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  /// The kind that is defined, in all its versions.
  ///
  /// - Throws: all that is wrong with the definition, as field errors.
  public func resource() throws(Problems) -> DefinedResource {
    var reader = DefinitionReader(self)
    let resource = reader.read()
    guard reader.problems.isEmpty, let resource else { throw Problems(reader.problems) }
    return resource
  }

  /// All that is wrong with a definition.
  public struct Problems: Error, Sendable, Hashable {
    /// What is wrong, field by field.
    public let errors: [FieldError]

    init(_ errors: [FieldError]) { self.errors = errors }
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

  /// Whether the kind is served.
  public var isEstablished: Bool {
    self[FieldPath(Fields.status, "conditions")]?.elements.contains {
      $0["type"]?.string == "Established" && $0["status"]?.string == "True"
    } ?? false
  }

  /// A name that another definition of the group has already.
  public struct NameConflict: Sendable, Hashable {
    /// `PluralConflict`, `KindConflict` and so on.
    public var reason: String
    /// The name.
    public var name: String

    /// A conflict.
    public init(reason: String, name: String) {
      self.reason = reason
      self.name = name
    }
  }

  /// The content with names that were left out, and with the status that says whether the kind is served.
  ///
  /// What has been established stays so, and names that have been accepted stay until others are.
  public static func completed(
    _ body: Value, _ resource: DefinedResource, _ conflict: NameConflict?, at now: Timestamp
  ) -> Value {
    let definition = resource.definition
    func setting(_ value: Value, _ body: Value, _ path: Key...) -> Value {
      let path = FieldPath(path.map { .key($0) })
      return body[path] == nil ? body.setting(path, to: value) ?? body : body
    }
    var body = setting(Value(definition.singular), body, Fields.spec, "names", "singular")
    body = setting(Value(definition.listKind), body, Fields.spec, "names", "listKind")
    body = setting("None", body, Fields.spec, "conversion", "strategy")
    let condition = { (type: String, isTrue: Bool, reason: String, message: String) -> Value in
      [
        "type": Value(type), "status": isTrue ? "True" : "False", "reason": Value(reason),
        "message": Value(message), "lastTransitionTime": Value(now.text(.seconds)),
      ]
    }
    let wasEstablished = CustomResourceDefinition(
      APIObject(type: type, header: ObjectHeader(), body: body)
    ).isEstablished
    if let conflict {
      let text = "\"\(conflict.name)\" is already in use"
      body = Self.setting(condition("NamesAccepted", false, conflict.reason, text), in: body)
      if !wasEstablished {
        let refusal = condition("Established", false, "NotAccepted", "not all names are accepted")
        body = Self.setting(refusal, in: body)
      }
      body = setting(["kind": "", "plural": ""], body, Fields.status, "acceptedNames")
    } else {
      body = Self.setting(
        condition("NamesAccepted", true, "NoConflicts", "no conflicts found"), in: body)
      if !wasEstablished {
        body = Self.setting(
          condition(
            "Established", true, "InitialNamesAccepted", "the initial names have been accepted"),
          in: body)
      }
      let names = body[FieldPath(Fields.spec, "names")] ?? Value.emptyMap
      body = body.setting(FieldPath(Fields.status, "acceptedNames"), to: names) ?? body
    }
    let path = FieldPath(Fields.status, "storedVersions")
    let stored = body[path] ?? Value.emptyList
    if !stored.elements.contains(Value(definition.version)) {
      body = body.setting(path, to: stored.appending(Value(definition.version))) ?? body
    }
    return body
  }
}

import APIAllocation
public import APIMachinery
import APIServer
public import Allocation
public import ValueTree
public import YAMLCoding

/// An object from a manifest, with its document for error messages.
public struct Manifest: Sendable {
  /// The object.
  public let object: APIObject
  /// Where it was written.
  public let document: YAMLDocument
  /// Which part of the document it is: the root, or an item of a list.
  let path: FieldPath

  /// Whether the manifest names no namespace, so that a default applies.
  let hasDefaultNamespace: Bool

  /// The same manifest in this namespace, if it names none itself.
  ///
  /// - Parameters:
  ///   - namespace: The namespace that was asked for.
  ///   - isRequired: Whether a manifest that names another one is refused, as kubectl does where `-n` is given.
  /// - Returns: the manifest as it is to be applied.
  /// - Throws: kubectl's words, at the namespace that the manifest names.
  public func inNamespace(
    _ namespace: String, isRequired: Bool = false
  ) throws(SourceDiagnostic) -> Manifest {
    guard object.type.definition.isNamespaced else { return self }
    guard hasDefaultNamespace else {
      if isRequired, object.namespace != namespace {
        throw document.diagnostic(
          "the namespace from the provided object \"\(object.namespace)\" does not match the "
            + "namespace \"\(namespace)\". You must pass '--namespace=\(object.namespace)' to "
            + "perform this operation.",
          at: FieldPath(path.steps + [.key(Fields.metadata), .key(Fields.namespace)]))
      }
      return self
    }
    var header = object.header
    header.namespace = namespace
    return Manifest(
      object: object.with(header: header), document: document, path: path,
      hasDefaultNamespace: true)
  }

  /// A mistake in the object, at its place.
  public func mistake(_ error: FieldError) -> SourceDiagnostic {
    ManifestReader.mistake(error, in: document, at: path)
  }

  /// What a server, or whoever else read the object, has against it: at the field that it names, or else at the name.
  public func mistake(_ error: any Error) -> SourceDiagnostic {
    if let error = error as? FieldError { return mistake(error) }
    let field = (error as? StatusError)?.causes.first?.field.flatMap { try? FieldPath(parsing: $0) }
    let place = field ?? FieldPath(Fields.metadata, Fields.name)
    return document.diagnostic("\(error)", at: FieldPath(path.steps + place.steps))
  }
}

/// Turns documents into objects.
public struct ManifestReader: Sendable {
  /// The kinds that there are.
  public var registry: ResourceRegistry
  /// The allocators that pools can select.
  public var allocators: AllocatorRegistry
  /// How much of a manifest is checked.
  public var validation: Validation
  /// Whether owners may be named without a UID: in a world, where UIDs are computed, they are found by their names.
  var findsOwners = false

  /// How much of a manifest is checked.
  public enum Validation: String, Sendable, Hashable, CaseIterable {
    /// Everything that can be said without a server, and that no field is unknown.
    case strict
    /// The same, but fields that nobody reads are let through, to be pruned by the server.
    case ignore
    /// As strict, but what is missing is not missed: the manifest is merged over an object.
    case partial
    /// Kind, name and namespace only: enough to find the object.
    case identity
  }

  /// A reader.
  public init(
    registry: ResourceRegistry = .builtIn, allocators: AllocatorRegistry = .builtIn,
    validation: Validation = .strict
  ) {
    self.registry = registry
    self.allocators = allocators
    self.validation = validation
  }

  /// The object that a part of a document describes; a namespaced one without a namespace is in `default`.
  ///
  /// - Throws: `SourceDiagnostic` with the place of the first mistake.
  public func manifest(
    _ document: YAMLDocument, at path: FieldPath = .root
  ) throws(SourceDiagnostic) -> Manifest {
    let reader = FieldReader(document, path)
    guard reader.value.isMap else {
      throw reader.mistake("an object must be a map", expected: "apiVersion, kind, metadata, …")
    }
    let apiVersion = try reader.required("apiVersion", "v1, drydock.dev/v1alpha1, …").string()
    let kindField = try reader.required("kind", "Pool, DeviceBinding, …")
    let kind = try kindField.string()
    guard let type = registry.type(apiVersion: apiVersion, kind: kind) else {
      throw unknownKind(kindField, kind, apiVersion)
    }
    do throws(FieldError) {
      var object = try APIObject(decoding: reader.value, as: type)
      var header = object.header
      let hasDefaultNamespace = type.definition.isNamespaced && header.namespace.isEmpty
      if hasDefaultNamespace { header.namespace = "default" }
      object = object.with(header: header)
      if validation == .strict || validation == .partial { try refuseUnknownFields(of: object) }
      try checkIdentity(of: object)
      if validation != .identity { try checkContent(of: object) }
      return Manifest(
        object: object, document: document, path: path, hasDefaultNamespace: hasDefaultNamespace)
    } catch {
      throw Self.mistake(error, in: document, at: path)
    }
  }

  /// Where the objects of a document are: at its root, or the items of a `List`.
  public static func places(in document: YAMLDocument) throws(SourceDiagnostic) -> [FieldPath] {
    guard document.value[Fields.kind]?.string == "List",
      document.value[Fields.apiVersion]?.string == "v1"
    else { return [.root] }
    let root = FieldReader(document)
    try root.allow(["apiVersion", "kind", "metadata", "items"])
    return try root.list("items").map(\.path)
  }

  // MARK: Checks

  /// The fields of metadata.
  private static let metadataFields = [
    "name", "generateName", "namespace", "labels", "annotations", "finalizers",
    "ownerReferences", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields",
  ]

  private func refuseUnknownFields(of object: APIObject) throws(FieldError) {
    let metadata = FieldPath(Fields.metadata)
    for (key, _) in object.body[metadata]?.members ?? Value.emptyMap.members
    where !Self.metadataFields.contains(key.text) {
      throw .unknownField(metadata.appending(key), known: Self.metadataFields)
    }
    guard var unknown = object.type.schema?.unknownFields(in: object.body).first else { return }
    if unknown.path.steps.count == 1 { unknown.candidates += ["apiVersion", "kind"] }
    throw unknown
  }

  private func checkIdentity(of object: APIObject) throws(FieldError) {
    let type = object.type
    if !type.definition.isNamespaced, !object.namespace.isEmpty {
      throw .forbidden(
        FieldPath(Fields.metadata, Fields.namespace), "\(type.kind) is cluster-scoped")
    }
    if object.name.isEmpty {
      guard object.body[Fields.generateNamePath] != nil else {
        throw .required(FieldPath(Fields.metadata, Fields.name), "name or generateName")
      }
    }
  }

  private func checkContent(of object: APIObject) throws(FieldError) {
    let type = object.type
    let checked = findsOwners ? object.withOwnersToBeFound : object
    if let problem = APIServer.metadataProblems(ofNew: checked).first { throw problem }
    // Its allocator says better than the schema what a pool lacks.
    if type == Pool.type {
      _ = try Pool(object).book(allocators)
      _ = try Pool(object).backing()
    }
    if !type.accepts(object.body), let schema = type.schema {
      let problems = schema.problems(of: schema.normalized(object.body), at: .root)
      let first = problems.first { validation != .partial || $0.kind != .required }
      if let first { throw first }
    }
    if type == CustomResourceDefinition.type {
      do { _ = try CustomResourceDefinition(object).resource() } catch {
        if let problem = error.errors.first { throw problem }
      }
    }
  }

  private func unknownKind(
    _ field: FieldReader, _ kind: String, _ apiVersion: String
  ) -> SourceDiagnostic {
    var expected: String?
    if kind == "Scenario" { expected = "an object; a Scenario is for drydock run" }
    if kind == "Trace" { expected = "an object; a Trace is for drydock replay" }
    return field.mistake(
      "no matches for kind \"\(kind)\" in version \"\(apiVersion)\"", expected: expected,
      suggestion: expected == nil ? suggestion(for: kind, apiVersion) : nil)
  }

  private func suggestion(for kind: String, _ apiVersion: String) -> String? {
    let exact = registry.types.filter { $0.kind == kind }.map(\.apiVersion)
    if let version = exact.first { return "apiVersion: \(version)" }
    return SourceDiagnostic.suggestion(
      for: kind, among: registry.types.map(\.kind) + ["ControllerModel", "Scenario"])
  }

  /// A field error as a message with its place.
  static func mistake(
    _ error: FieldError, in document: YAMLDocument, at path: FieldPath
  ) -> SourceDiagnostic {
    let full = FieldPath(path.steps + error.path.steps)
    let value = document.value[full]
    let isKey = error.isUnknownField && value != nil
    var suggestion: String?
    if !error.candidates.isEmpty {
      var word = value?.string
      if error.isUnknownField, case .key(let key) = error.path.steps.last { word = key.text }
      suggestion = word.flatMap {
        SourceDiagnostic.suggestion(for: $0, among: error.candidates)
      }
    }
    return SourceDiagnostic(
      "\(full): \(error.message)",
      at: isKey ? document.keyMark(of: full) : document.mark(of: full), suggestion: suggestion)
  }
}

extension APIObject {
  /// The object as if the owners that it names without a UID had been found.
  fileprivate var withOwnersToBeFound: APIObject {
    guard let references = body[Fields.ownerReferencesPath], references.isList else { return self }
    let found = references.elements.map { reference -> Value in
      guard reference.isMap, reference[Fields.uid] == nil else { return reference }
      return reference.setting(Fields.uid, to: "to be found")
    }
    return with(body: body.setting(Fields.ownerReferencesPath, to: Value(found)) ?? body)
  }
}

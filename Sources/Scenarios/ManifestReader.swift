public import APIMachinery
public import ValueTree
public import YAMLCoding

/// An object from a manifest, with its document for error messages.
public struct Manifest: Sendable {
  /// The object.
  public let object: APIObject
  /// Where it was written.
  public let document: YAMLDocument

  /// A mistake in the object, at its place.
  public func mistake(_ error: FieldError) -> SourceDiagnostic {
    ManifestReader.mistake(error, in: document, at: .root)
  }

  /// What a server, or whoever else read the object, has against it: at the field that it names, or else at the name.
  public func mistake(_ error: any Error) -> SourceDiagnostic {
    if let error = error as? FieldError { return mistake(error) }
    let field = (error as? StatusError)?.causes.first?.field
    let path = field.flatMap { try? FieldPath(parsing: $0) }
    return document.diagnostic("\(error)", at: path ?? FieldPath(Fields.metadata, Fields.name))
  }
}

/// Turns documents into objects.
public struct ManifestReader: Sendable {
  /// The kinds that there are.
  public var registry: ResourceRegistry

  /// A reader.
  public init(registry: ResourceRegistry = .builtIn) { self.registry = registry }

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
      throw kindField.mistake(
        "no matches for kind \"\(kind)\" in version \"\(apiVersion)\"",
        suggestion: suggestion(for: kind, apiVersion))
    }
    let object: APIObject
    do { object = try APIObject(decoding: reader.value, as: type) } catch {
      throw Self.mistake(error, in: document, at: path)
    }
    var header = object.header
    if type.definition.isNamespaced, header.namespace.isEmpty { header.namespace = "default" }
    if !type.definition.isNamespaced, !header.namespace.isEmpty {
      throw Self.mistake(
        .forbidden(
          FieldPath(Fields.metadata, Fields.namespace), "\(kind) is cluster-scoped"),
        in: document, at: path)
    }
    if header.name.isEmpty,
      object.body[FieldPath(Fields.metadata, Fields.generateName)] == nil
    {
      throw Self.mistake(
        .required(FieldPath(Fields.metadata, Fields.name), "name or generateName"),
        in: document, at: path)
    }
    return Manifest(object: object.with(header: header), document: document)
  }

  private func suggestion(for kind: String, _ apiVersion: String) -> String? {
    let exact = registry.types.filter { $0.kind == kind }.map(\.apiVersion)
    if let version = exact.first { return "apiVersion: \(version)" }
    return SourceDiagnostic.suggestion(for: kind, among: registry.types.map(\.kind))
  }

  /// A field error as a message with its place.
  static func mistake(
    _ error: FieldError, in document: YAMLDocument, at path: FieldPath
  ) -> SourceDiagnostic {
    let full = FieldPath(path.steps + error.path.steps)
    let isKey = error.kind == .notSupported && document.value[full] != nil
    return SourceDiagnostic(
      "\(full): \(error.message)",
      at: isKey ? document.keyMark(of: full) : document.mark(of: full))
  }
}

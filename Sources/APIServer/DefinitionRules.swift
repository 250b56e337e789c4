import APIMachinery
import APIStore
import Scalars
import ValueTree

/// What is special about CustomResourceDefinitions: they bring kinds into being.
extension APIServer {
  /// Checks a definition before it is written.
  ///
  /// - Returns: its content, with the status that says whether the kind is served.
  /// - Throws: Invalid with all that is wrong with it.
  func checkedDefinition(
    _ header: ObjectHeader, _ body: Value, _ type: ResourceType, over old: APIObject?,
    at now: Timestamp
  ) throws(StatusError) -> Value {
    let definition = CustomResourceDefinition(APIObject(type: type, header: header, body: body))
    let resource: DefinedResource
    do { resource = try definition.resource() } catch {
      throw .invalid(type, header.name, error.errors)
    }
    let errors = Self.updateProblems(definition, over: old.map(CustomResourceDefinition.init))
    guard errors.isEmpty else { throw .invalid(type, header.name, errors) }
    return CustomResourceDefinition.completed(
      body, resource, nameConflict(of: resource.definition, in: type, except: header.name), at: now)
  }

  /// What a change of a definition may not do.
  private static func updateProblems(
    _ new: CustomResourceDefinition, over old: CustomResourceDefinition?
  ) -> [FieldError] {
    guard let old else { return [] }
    var errors: [FieldError] = []
    func fixed(_ path: FieldPath) {
      if let value = new[path], value != old[path] {
        errors.append(.invalid(path, value, "field is immutable"))
      }
    }
    if old.isEstablished {
      fixed(FieldPath(Fields.spec, "scope"))
      fixed(FieldPath(Fields.spec, "names", "kind"))
    }
    fixed(FieldPath(Fields.spec, "group"))
    fixed(FieldPath(Fields.spec, "names", "plural"))
    let versions = new[FieldPath(Fields.spec, "versions")]?.elements.compactMap { $0["name"] } ?? []
    let path = FieldPath(Fields.status, "storedVersions")
    for (index, version) in (new[path] ?? Value.emptyList).elements.enumerated()
    where !versions.contains(version) {
      errors.append(.invalid(path.appending(index), version, "must appear in spec.versions"))
    }
    return errors
  }

  /// The first name of a definition that is taken in its group.
  private func nameConflict(
    of definition: ResourceType.Definition, in type: ResourceType, except name: String
  ) -> CustomResourceDefinition.NameConflict? {
    let others = registry.served.map(\.definition).filter {
      $0.group == definition.group && $0.plural != definition.plural
    }
    let builtIn = registry.served.map(\.definition).filter {
      $0.group == definition.group && $0.plural == definition.plural && !$0.isCustom
    }
    let names = (others + builtIn).flatMap { [$0.plural, $0.singular] + $0.shortNames }
    let kinds = (others + builtIn).flatMap { [$0.kind, $0.listKind] }
    func conflict(_ reason: String, _ name: String) -> CustomResourceDefinition.NameConflict {
      CustomResourceDefinition.NameConflict(reason: reason, name: name)
    }
    // Of several conflicts Kubernetes tells the last.
    if kinds.contains(definition.listKind) {
      return conflict("ListKindConflict", definition.listKind)
    }
    if kinds.contains(definition.kind) { return conflict("KindConflict", definition.kind) }
    if let short = definition.shortNames.first(where: names.contains) {
      return conflict("ShortNamesConflict", short)
    }
    if names.contains(definition.singular) {
      return conflict("SingularConflict", definition.singular)
    }
    if names.contains(definition.plural) { return conflict("PluralConflict", definition.plural) }
    return nil
  }

  /// Serves the kind of a definition that was written, once its names are accepted.
  mutating func serve(_ definition: APIObject) {
    let view = CustomResourceDefinition(definition)
    guard view.isEstablished, let resource = try? view.resource() else { return }
    registry.register(resource)
    if definition.isDeleting { noteEnding(definition) }
  }

  /// Looks again at the definitions of a group whose names were taken, now that others are free.
  mutating func reviseNames(like gone: APIObject, at now: Timestamp) {
    for stored in store.list(gone.type) {
      let view = CustomResourceDefinition(stored)
      guard stored.key != gone.key, !view.isEstablished,
        let body = try? checkedDefinition(
          stored.header, stored.body, stored.type, over: stored, at: now), body != stored.body
      else { continue }
      _ = commit(.modified, stored.type, stored.header, body, over: stored, at: now)
    }
  }

  /// Begins the removal of a definition: a finalizer holds it until its objects are gone (semantics 1.9).
  ///
  /// Unlike elsewhere, the generation is not counted up and there is no grace.
  mutating func beginDefinitionRemoval(_ stored: APIObject, at now: Timestamp) -> APIObject {
    var header = stored.header
    header.deletionTimestamp = now.truncatedToSecond
    var body = stored.body
    if !stored.finalizers.contains(CustomResourceDefinition.cleanupFinalizer) {
      let finalizers = stored.finalizers + [CustomResourceDefinition.cleanupFinalizer]
      body = body.setting(Fields.finalizersPath, to: Value(finalizers.map { Value($0) })) ?? body
    }
    let condition = CustomResourceDefinition.terminatingCondition(
      "True", reason: "InstanceDeletionPending",
      "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
      at: now)
    body = CustomResourceDefinition.setting(condition, in: body)
    return commit(.modified, stored.type, header, body, over: stored, at: now)
  }

  /// Refuses new objects of a kind whose definition is being deleted.
  func checkNotEnding(_ type: ResourceType, _ name: String) throws(StatusError) {
    guard endingKinds.contains(type.index) else { return }
    throw .forbidden(
      type, name, "create not allowed while custom resource definition is terminating")
  }

  /// Remembers that a definition is being deleted.
  mutating func noteEnding(_ definition: APIObject) {
    if let type = servedType(of: definition) { endingKinds.insert(type.index) }
  }

  /// Serves a kind no longer: its definition is gone.
  mutating func stopServing(_ definition: APIObject) {
    guard let type = servedType(of: definition) else { return }
    endingKinds.remove(type.index)
    registry.unregister(type)
  }

  private func servedType(of definition: APIObject) -> ResourceType? {
    let view = CustomResourceDefinition(definition)
    guard view.isEstablished, let resource = try? view.resource() else { return nil }
    return registry.type(group: resource.definition.group, plural: resource.definition.plural)
  }
}

extension ResourceType {
  /// Whether objects of this kind define kinds.
  var isDefinition: Bool {
    kind == "CustomResourceDefinition" && definition.group == "apiextensions.k8s.io"
  }
}

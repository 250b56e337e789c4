import APIMachinery
import APIStore
import Scalars
import ValueTree

/// What is special about CustomResourceDefinitions: they bring kinds into being.
extension APIServer {
  /// Checks a definition before it is written.
  ///
  /// - Returns: its content, with the status that says that the kind is served.
  /// - Throws: Invalid with all that is wrong with it.
  func checkedDefinition(
    _ header: ObjectHeader, _ body: Value, _ type: ResourceType
  ) throws(StatusError) -> Value {
    let definition = CustomResourceDefinition(APIObject(type: type, header: header, body: body))
    do {
      let resource = try definition.resource()
      let taken = registry.type(
        apiVersion: "\(resource.definition.group)/\(resource.definition.version)",
        kind: resource.definition.kind)
      if let taken, taken.plural != resource.definition.plural || !taken.definition.isCustom {
        throw StatusError.invalid(
          type, header.name,
          [
            .invalid(
              FieldPath(Fields.spec, "names", "kind"), Value(resource.definition.kind),
              "\(taken.apiVersion) has this kind already")
          ])
      }
      let checked = body.setting(
        Fields.status, to: CustomResourceDefinition.establishedStatus(resource.definition))
      // How far a removal has come is not for this check to forget.
      let conditions = body[FieldPath(Fields.status, "conditions")]?.elements.map(\.self) ?? []
      guard let ending = conditions.first(where: { $0["type"]?.string == "Terminating" }) else {
        return checked
      }
      return CustomResourceDefinition.setting(ending, in: checked)
    } catch let problems as CustomResourceDefinition.Problems {
      throw .invalid(type, header.name, problems.errors)
    } catch let refusal as StatusError {
      throw refusal
    } catch {
      throw StatusError(.internalError, "\(error)")
    }
  }

  /// Serves the kind of a definition that was written.
  mutating func serve(_ definition: APIObject) {
    guard let resource = try? CustomResourceDefinition(definition).resource() else { return }
    register(resource.definition, schema: resource.schema)
    if definition.isDeleting { noteEnding(definition) }
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
    guard let resource = try? CustomResourceDefinition(definition).resource() else { return nil }
    return registry.type(
      apiVersion: "\(resource.definition.group)/\(resource.definition.version)",
      kind: resource.definition.kind)
  }
}

extension ResourceType {
  /// Whether objects of this kind define kinds.
  var isDefinition: Bool {
    kind == "CustomResourceDefinition" && definition.group == "apiextensions.k8s.io"
  }
}

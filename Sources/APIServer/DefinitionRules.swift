import APIMachinery
import APIStore
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
      return body.setting(
        Fields.status, to: CustomResourceDefinition.establishedStatus(resource.definition))
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
  }

  /// Refuses to delete a definition of which there are objects: nobody would serve them any more.
  ///
  /// Kubernetes deletes them all instead, by a controller that is not there yet.
  func checkUnused(_ definition: APIObject) throws(StatusError) {
    guard let resource = try? CustomResourceDefinition(definition).resource(),
      let type = registry.type(
        apiVersion: "\(resource.definition.group)/\(resource.definition.version)",
        kind: resource.definition.kind)
    else { return }
    let count = store.count(type)
    guard count > 0 else { return }
    throw .conflict(
      definition.type, definition.name,
      "there \(count == 1 ? "is 1 object" : "are \(count) objects") of this kind; delete "
        + "\(count == 1 ? "it" : "them") first")
  }
}

extension ResourceType {
  /// Whether objects of this kind define kinds.
  var isDefinition: Bool {
    kind == "CustomResourceDefinition" && definition.group == "apiextensions.k8s.io"
  }
}

import APIMachinery
import APIServer
import APIStore
import ValueTree

extension APIServer {
  /// The object with the UIDs of the owners that it names without one.
  ///
  /// UIDs are computed, and whoever writes a scenario cannot know them. An owner that is not there stays without.
  func identifyingOwners(of object: APIObject) -> APIObject {
    guard let references = object.body[Fields.ownerReferencesPath], references.isList else {
      return object
    }
    let identified = references.elements.map { reference in
      guard reference[Fields.uid] == nil, let owner = owner(reference, of: object) else {
        return reference
      }
      return reference.setting(Fields.uid, to: Value(owner.uid.description))
    }
    let body = object.body.setting(Fields.ownerReferencesPath, to: Value(identified))
    return object.with(body: body ?? object.body)
  }

  private func owner(_ reference: Value, of object: APIObject) -> APIObject? {
    guard let apiVersion = reference[Fields.apiVersion]?.string,
      let kind = reference[Fields.kind]?.string, let name = reference[Fields.name]?.string,
      let type = registry.type(apiVersion: apiVersion, kind: kind)
    else { return nil }
    let namespace = type.definition.isNamespaced ? object.namespace : ""
    return store.object(type, ObjectKey(namespace: namespace, name: name))
  }
}

public import APIMachinery
import APIStore
import ValueTree

/// The versions of a kind: objects are stored in one, and answered in the one that is asked for.
extension APIServer {
  /// The kind as objects of it are stored.
  func storageType(of type: ResourceType) -> ResourceType {
    guard registry.types.indices.contains(type.index) else { return type }
    let current = registry.types[type.index]
    return type == current && !type.isView ? type : current
  }

  /// An object as it is stored.
  func stored(_ type: ResourceType, _ key: ObjectKey) throws(StatusError) -> APIObject {
    guard let object = store.object(type, key) else { throw .notFound(type, key.name) }
    return object
  }

  /// Stored objects in the version that is asked for.
  public func presented(_ objects: [APIObject], as type: ResourceType) -> [APIObject] {
    objects.allSatisfy { $0.type === type } ? objects : objects.map { presented($0, as: type) }
  }

  /// A stored object in the version that is asked for.
  ///
  /// Conversion changes `apiVersion` and nothing else; what the version does not know is left out, and what its
  /// definition has defaults for by now is filled in.
  public func presented(_ object: APIObject, as type: ResourceType) -> APIObject {
    if object.type === type { return object }
    let storage = storageType(of: type)
    var body = object.body
    if object.type !== storage, let schema = storage.schema, !schema.accepts(body) {
      body = schema.normalized(body)
    }
    if type.isView, let schema = type.schema, !schema.accepts(body) {
      body = schema.pruned(body)
    }
    let shown = type.isView ? type : storage
    if object.type == shown, body == object.body { return object }
    return APIObject(type: shown, header: object.header, body: body)
  }
}

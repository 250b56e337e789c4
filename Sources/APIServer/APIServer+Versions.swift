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
    // A view of another group speaks of the group in which the objects are stored, as Kubernetes does.
    guard let object = store.object(type, key) else {
      throw .notFound(storageType(of: type), key.name)
    }
    return object
  }

  /// An object of a version with content of its own, as it is to be stored.
  ///
  /// - Throws: BadRequest for content that this version's types cannot hold.
  func converted(_ object: APIObject) throws(StatusError) -> APIObject {
    let type = object.type
    guard let conversion = type.conversion else { return object }
    var body = object.body
    if !type.accepts(body), let schema = type.schema {
      body = schema.normalized(body)
      let problems = schema.problems(of: body, at: .root)
      if let problem = StatusError.undecodable(problems, as: type) { throw problem }
    }
    return APIObject(
      type: storageType(of: type), header: object.header, body: conversion.stored(body))
  }

  /// Options of a read by a version, as they choose among what is stored.
  func stored(_ options: ListOptions, of type: ResourceType) -> ListOptions {
    guard let conversion = type.conversion else { return options }
    var options = options
    options.fields = conversion.stored(options.fields)
    return options
  }

  /// Stored objects in the version that is asked for.
  public func presented(_ objects: [APIObject], as type: ResourceType) -> [APIObject] {
    objects.allSatisfy { $0.type === type } ? objects : objects.map { presented($0, as: type) }
  }

  /// A stored object in the version that is asked for.
  ///
  /// Conversion of custom resources changes `apiVersion` and nothing else; what the version does not know is left out, and what its
  /// definition has defaults for by now is filled in.
  public func presented(_ object: APIObject, as type: ResourceType) -> APIObject {
    if object.type === type { return object }
    let storage = storageType(of: type)
    var body = object.body
    if object.type !== storage, !storage.accepts(body), let schema = storage.schema {
      body = schema.normalized(body)
    }
    if let conversion = type.conversion { body = conversion.shown(body) }
    if type.isView, !type.accepts(body), let schema = type.schema {
      body = schema.pruned(body)
    }
    let shown = type.isView ? type : storage
    if object.type == shown, body == object.body { return object }
    return APIObject(type: shown, header: object.header, body: body)
  }
}

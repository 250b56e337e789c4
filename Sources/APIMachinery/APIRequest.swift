public import ValueTree

/// A part of an object with an endpoint of its own.
public enum Subresource: String, Sendable, Hashable {
  /// What controllers report, of kinds that keep it apart from the spec.
  case status
  /// The finalizers in a namespace's spec.
  case finalize
  /// The number of replicas that are wanted and there, as an `autoscaling/v1` Scale.
  case scale
}

/// A request to an API server, as a value: it can be compared, hashed, held back and sent again.
public enum APIRequest: Sendable, Hashable {
  /// Reads an object, or a part of it, as it is now or not older than a resource version.
  case get(ResourceType, ObjectKey, GetOptions = .none)
  /// Reads the objects of a kind that the options choose.
  indirect case list(ResourceType, ListOptions)
  /// Makes an object.
  case create(APIObject, WriteOptions = .none)
  /// Replaces an object, or one part of it, if its resource version is still the one given.
  case update(APIObject, subresource: Subresource? = nil, options: WriteOptions = .none)
  /// Patches an object or one part of it.
  indirect case patch(
    ResourceType, ObjectKey, Patch, subresource: Subresource? = nil, options: WriteOptions = .none)
  /// Deletes an object, or marks it as being deleted while something holds it.
  indirect case delete(ResourceType, ObjectKey, DeleteOptions = .none)
  /// Deletes the objects of a kind that the list options choose, one after the other.
  indirect case deleteCollection(ResourceType, ListOptions, DeleteOptions = .none)

  /// Reads all objects of a kind, in one namespace or (nil) in all.
  public static func list(_ type: ResourceType, namespace: String?) -> APIRequest {
    .list(type, ListOptions(namespace: namespace))
  }

  /// Merges a JSON merge patch into an object or one part of it.
  public static func mergePatch(
    _ type: ResourceType, _ key: ObjectKey, _ patch: Value, subresource: Subresource? = nil
  ) -> APIRequest {
    .patch(type, key, .merge(patch), subresource: subresource)
  }

  /// The verb, as Kubernetes' audit log names it; a subresource stands behind a hyphen.
  public var verb: String {
    switch self {
    case .get(_, _, let options) where options.subresource != nil:
      "get-\(options.subresource?.rawValue ?? "")"
    case .get: "get"
    case .list: "list"
    case .create: "create"
    case .update(_, nil, _): "update"
    case .update(_, let part?, _): "update-\(part.rawValue)"
    case .patch(_, _, _, nil, _): "patch"
    case .patch(_, _, _, let part?, _): "patch-\(part.rawValue)"
    case .delete: "delete"
    case .deleteCollection: "deletecollection"
    }
  }

  /// The kind that the request is about.
  public var type: ResourceType {
    switch self {
    case .get(let type, _, _), .list(let type, _), .patch(let type, _, _, _, _),
      .delete(let type, _, _), .deleteCollection(let type, _, _):
      type
    case .create(let object, _), .update(let object, _, _): object.type
    }
  }

  /// The object that the request is about; a list has none.
  public var key: ObjectKey? {
    switch self {
    case .get(_, let key, _), .patch(_, let key, _, _, _), .delete(_, let key, _): key
    case .create(let object, _), .update(let object, _, _): object.key
    case .list, .deleteCollection: nil
    }
  }

  /// Whether the request may change something.
  public var isWrite: Bool {
    switch self {
    case .get, .list: false
    default: true
    }
  }

  /// Whether everything is done but the write.
  public var isDryRun: Bool {
    switch self {
    case .get, .list: false
    case .create(_, let options), .update(_, _, let options), .patch(_, _, _, _, let options):
      options.isDryRun
    case .delete(_, _, let options), .deleteCollection(_, _, let options): options.isDryRun
    }
  }

  /// The same request in earnest.
  public var withoutDryRun: APIRequest {
    switch self {
    case .get, .list: return self
    case .create(let object, var options):
      options.isDryRun = false
      return .create(object, options)
    case .update(let object, let part, var options):
      options.isDryRun = false
      return .update(object, subresource: part, options: options)
    case .patch(let type, let key, let patch, let part, var options):
      options.isDryRun = false
      return .patch(type, key, patch, subresource: part, options: options)
    case .delete(let type, let key, var options):
      options.isDryRun = false
      return .delete(type, key, options)
    case .deleteCollection(let type, let chosen, var options):
      options.isDryRun = false
      return .deleteCollection(type, chosen, options)
    }
  }

  /// A stable hash of everything that the request says.
  public var stableHash: UInt64 {
    var hash = StableHash(seed: type.stableHash)
    hash.combine(verb)
    if let key {
      hash.combine(key.namespace)
      hash.combine(key.name)
    }
    switch self {
    case .get(_, _, let options):
      if !options.resourceVersion.isEmpty { hash.combine(options.resourceVersion) }
    case .list(_, let options): options.combine(into: &hash)
    case .create(let object, let options), .update(let object, _, let options):
      hash.combine(object.contentHash)
      hash.combine(object.resourceVersion)
      options.combine(into: &hash)
    case .patch(_, _, let patch, _, let options):
      hash.combine(patch.stableHash)
      options.combine(into: &hash)
    case .delete(_, _, let options): options.combine(into: &hash)
    case .deleteCollection(_, let chosen, let options):
      chosen.combine(into: &hash)
      options.combine(into: &hash)
    }
    return hash.value
  }
}

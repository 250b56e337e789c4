public import ValueTree

/// A part of an object with an endpoint of its own.
public enum Subresource: String, Sendable, Hashable {
  /// What controllers report, of kinds that keep it apart from the spec.
  case status
  /// The finalizers in a namespace's spec.
  case finalize
}

/// What a deletion must find for it to happen.
public struct Preconditions: Sendable, Hashable {
  /// The identity that the object must have.
  public var uid: UID?
  /// The revision that the object must have.
  public var resourceVersion: UInt64?

  /// Preconditions.
  public init(uid: UID? = nil, resourceVersion: UInt64? = nil) {
    self.uid = uid
    self.resourceVersion = resourceVersion
  }

  /// No precondition.
  public static let none = Preconditions()
}

/// A request to an API server, as a value: it can be compared, hashed, held back and sent again.
public enum APIRequest: Sendable, Hashable {
  /// Reads an object.
  case get(ResourceType, ObjectKey)
  /// Reads all objects of a kind, in one namespace or (nil) in all.
  case list(ResourceType, namespace: String?)
  /// Makes an object.
  case create(APIObject)
  /// Replaces an object, or its status, if its resource version is still the one given.
  case update(APIObject, subresource: Subresource? = nil)
  /// Merges a JSON merge patch into an object or its status.
  case mergePatch(ResourceType, ObjectKey, Value, subresource: Subresource? = nil)
  /// Deletes an object, or marks it as being deleted while finalizers stand.
  case delete(ResourceType, ObjectKey, Preconditions)

  /// The verb, as Kubernetes' audit log names it; a subresource stands behind a hyphen.
  public var verb: String {
    switch self {
    case .get: "get"
    case .list: "list"
    case .create: "create"
    case .update(_, nil): "update"
    case .update(_, let part?): "update-\(part.rawValue)"
    case .mergePatch(_, _, _, nil): "patch"
    case .mergePatch(_, _, _, let part?): "patch-\(part.rawValue)"
    case .delete: "delete"
    }
  }

  /// The kind that the request is about.
  public var type: ResourceType {
    switch self {
    case .get(let type, _), .list(let type, _), .mergePatch(let type, _, _, _),
      .delete(let type, _, _):
      type
    case .create(let object), .update(let object, _): object.type
    }
  }

  /// The object that the request is about; a list has none.
  public var key: ObjectKey? {
    switch self {
    case .get(_, let key), .mergePatch(_, let key, _, _), .delete(_, let key, _): key
    case .create(let object), .update(let object, _): object.key
    case .list: nil
    }
  }

  /// Whether the request may change something.
  public var isWrite: Bool {
    switch self {
    case .get, .list: false
    default: true
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
    case .get: break
    case .list(_, let namespace): hash.combine(namespace ?? "*")
    case .create(let object), .update(let object, _):
      hash.combine(object.contentHash)
      hash.combine(object.resourceVersion)
    case .mergePatch(_, _, let patch, _): hash.combine(patch.contentHash)
    case .delete(_, _, let preconditions):
      hash.combine(preconditions.uid?.high ?? 0)
      hash.combine(preconditions.uid?.low ?? 0)
      hash.combine(preconditions.resourceVersion ?? 0)
    }
    return hash.value
  }
}

/// What a server answers when it does not refuse.
public enum APIResponse: Sendable, Hashable {
  /// One object: read, or as it is after the write; after a removal its last state.
  case object(APIObject)
  /// The objects of a list in key order, consistent at `revision`.
  case list([APIObject], revision: UInt64)

  /// The object, where the answer is one.
  public var object: APIObject? {
    if case .object(let object) = self { return object }
    return nil
  }

  /// A stable hash of what the answer says.
  public var stableHash: UInt64 {
    var hash = StableHash()
    switch self {
    case .object(let object):
      hash.combine(object.contentHash)
      hash.combine(object.resourceVersion)
    case .list(let objects, let revision):
      hash.combine(revision)
      for object in objects {
        hash.combine(object.contentHash)
        hash.combine(object.resourceVersion)
      }
    }
    return hash.value
  }
}

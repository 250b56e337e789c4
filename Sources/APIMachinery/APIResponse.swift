/// The objects of a list in key order, consistent at one revision.
public struct ObjectList: Sendable, Hashable {
  /// The objects.
  public var objects: [APIObject]
  /// The revision at which the list is consistent.
  public var revision: UInt64
  /// Where the next page begins; empty on the last.
  public var continueToken: String
  /// How many objects are behind this page, where that is known.
  public var remainingItemCount: Int?

  /// A list.
  public init(
    _ objects: [APIObject], revision: UInt64, continueToken: String = "",
    remainingItemCount: Int? = nil
  ) {
    self.objects = objects
    self.revision = revision
    self.continueToken = continueToken
    self.remainingItemCount = remainingItemCount
  }
}

/// What a server answers when it does not refuse.
public enum APIResponse: Sendable, Hashable {
  /// One object: read, or as it is after the write.
  case object(APIObject)
  /// An object that a deletion has taken out: its last state.
  case removed(APIObject)
  /// Several objects; of a deletion of many, as they are after it.
  case list(ObjectList)

  /// A whole list, consistent at `revision`.
  public static func list(_ objects: [APIObject], revision: UInt64) -> APIResponse {
    .list(ObjectList(objects, revision: revision))
  }

  /// The object, where the answer is one.
  public var object: APIObject? {
    switch self {
    case .object(let object), .removed(let object): object
    case .list: nil
    }
  }

  /// A stable hash of what the answer says.
  public var stableHash: UInt64 {
    var hash = StableHash()
    switch self {
    case .object(let object), .removed(let object):
      hash.combine(object.contentHash)
      hash.combine(object.resourceVersion)
    case .list(let list):
      hash.combine(list.revision)
      for object in list.objects {
        hash.combine(object.contentHash)
        hash.combine(object.resourceVersion)
      }
      if !list.continueToken.isEmpty { hash.combine(list.continueToken) }
    }
    return hash.value
  }
}

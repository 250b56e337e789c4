public import APIMachinery
public import Scalars

/// One write, as watchers see it.
public struct StoreEvent: Sendable, Hashable {
  /// What became of the object.
  public enum Kind: String, Sendable, Hashable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
  }

  /// What became of the object.
  public let kind: Kind
  /// The state after the write; for a removal the last state, with the revision of the removal.
  public let object: APIObject
  /// The state before the write; nil for a new object.
  public let previous: APIObject?
  /// When the write was committed.
  public let time: Timestamp

  /// A write.
  public init(
    kind: Kind, object: APIObject, previous: APIObject?, time: Timestamp
  ) {
    self.kind = kind
    self.object = object
    self.previous = previous
    self.time = time
  }

  /// The revision of the write.
  public var revision: UInt64 { object.resourceVersion }
}

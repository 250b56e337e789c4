import APIMachinery
public import Scalars

/// What many watchers have in common: those that wait at one place for one kind are told the same from there on, and
/// whoever sends it need not ask the log for each of them.
extension WatchStream {
  /// A place behind which all streams that are there tell the same.
  public struct Spot: Sendable, Hashable {
    private let type: ObjectIdentifier
    private let namespace: String?
    private let revision: UInt64

    fileprivate init(_ type: ResourceType, namespace: String?, revision: UInt64) {
      self.type = ObjectIdentifier(type)
      self.namespace = namespace
      self.revision = revision
    }
  }

  /// What lies between two places of a stream.
  public struct Stretch: Sendable {
    fileprivate let end: UInt64
    fileprivate let writes: UInt64
  }

  /// Where the stream is; nil while it tells of its beginning, has a selector, or has something to tell of itself.
  public func spot(in server: APIServer, at now: Timestamp) -> Spot? {
    guard isCommon, wakesAt.map({ now < $0 }) ?? true, !isTooSlow(server.store) else { return nil }
    return Spot(type, namespace: selection.namespace, revision: revision)
  }

  /// What the stream has told since it was another.
  public func stretch(since earlier: WatchStream) -> Stretch {
    Stretch(end: revision, writes: passedWrites - earlier.passedWrites)
  }

  /// Goes on behind what another stream has told from the same spot on.
  public mutating func pass(_ stretch: Stretch) {
    revision = stretch.end
    passedWrites += stretch.writes
  }
}

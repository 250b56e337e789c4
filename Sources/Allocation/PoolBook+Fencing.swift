import PersistentCollections

/// As whom a process calls that leads: the lease, and how often it had changed hands when the process took it.
public struct FencingToken: Sendable, Hashable {
  /// The lease's name.
  public let lease: String
  /// The lease's number of transitions.
  public let transitions: Int64

  /// A token.
  public init(lease: String, transitions: Int64) {
    self.lease = lease
    self.transitions = transitions
  }
}

extension PoolBook {
  /// Lets a leader in, and none from now on that led before it.
  ///
  /// A lease alone does not stop a process that was paused while it led: what it sends on waking up comes late and
  /// is carried out, unless whoever carries it out looks at the token (semantics 4.6).
  ///
  /// - Throws: `fenced` where a later leader of the same lease was let in before.
  public mutating func admit(_ token: FencingToken) throws(AllocationError) {
    let latest = fences[token.lease]
    if let latest, latest > token.transitions { throw .fenced }
    if latest != token.transitions {
      fences.updateValue(token.transitions, forKey: token.lease)
    }
  }
}

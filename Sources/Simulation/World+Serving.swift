import APIServer
public import Scalars

/// A world that is not simulated to its end but lived in: others change it at times of their own, and its clock
/// follows theirs.
extension World {
  /// The turn that can be taken without waiting for anything; nil where all there is to do is due later.
  ///
  /// The order is that of the default schedule. Rest is nothing that this asks about: no informers are resynced, and
  /// nothing is judged as lost.
  ///
  /// - Complexity: O(actors).
  public var dueDecision: Decision? {
    guard outcome == nil else { return nil }
    return turn
  }

  /// Sets the clock forward, and lets the timers fire that are due by then; a time that has passed changes nothing.
  public mutating func advance(to time: Timestamp) {
    guard time > now else { return }
    now = time
    fireTimers()
  }

  /// Forgets the writes up to a revision; who watches from before lists again.
  public mutating func forgetWrites(through revision: UInt64) {
    server.forgetWrites(through: revision)
  }

  /// When the next timer fires; nil where nothing waits for one.
  public var nextDue: Timestamp? { nextTimer }
}

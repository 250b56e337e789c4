public import Scalars

/// What stands behind a context: a simulated world, or a client of a real cluster.
public protocol ReconcileDriver: AnyObject {
  /// The time of the last reply.
  var now: Timestamp { get }

  /// Answers an effect at once, if that can be; nil when the reconcile has to wait for the reply.
  ///
  /// - Throws: `ProcessCrashed` when the process has stopped.
  func answer(_ effect: Effect) throws -> Reply?

  /// Waits for the reply to an effect that was not answered at once.
  ///
  /// - Throws: `ProcessCrashed` when the process stops meanwhile.
  nonisolated(nonsending) func wait(_ effect: Effect) async throws -> Reply
}

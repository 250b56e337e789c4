public import APIMachinery
public import Scalars

/// A key that a controller is asked to bring into order.
///
/// It names no identity: the object may have been deleted, or deleted and made again, since it was queued.
public typealias ReconcileRequest = ObjectKey

/// What a controller wants after a reconcile that did not fail.
public enum ReconcileResult: Sendable, Hashable {
  /// Nothing, until the next event.
  case done
  /// To be called again after this time; earlier failures are forgotten.
  case requeue(after: GoDuration)
  /// To be called again with the delay of a failure.
  case requeueWithBackoff
}

/// A failure that trying again cannot mend: it is counted, and the key is not queued again.
public struct TerminalError: Error, Sendable, CustomStringConvertible {
  /// What failed.
  public let reason: String

  /// A failure for good.
  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}

/// An error after which the process ends itself, as `os.Exit` and a panic that nobody recovers do.
public struct ProcessExit: Error, Sendable, CustomStringConvertible {
  /// Why.
  public let reason: String

  /// An end of the process.
  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}

/// The process that ran the reconcile has stopped; nothing the reconcile does counts any more.
public struct ProcessCrashed: Error, Sendable, Hashable, CustomStringConvertible {
  /// The error that every effect of a stopped process throws.
  public init() {}
  public var description: String { "the process has crashed" }
}

/// A controller's own part: brings the world in line with one object.
///
/// ```swift
/// struct PortKeeper: Reconciler {
///   static let finalizer = "example.com/port"
///
///   func reconcile(
///     _ request: ReconcileRequest, _ context: ReconcileContext
///   ) async throws -> ReconcileResult {
///     guard var object = try await context.get(Listener.self, request) else { return .done }
///     let ports = context.pool("ports")
///     if object.isDeleting {
///       guard object.removeFinalizer(Self.finalizer) else { return .done }
///       try await ports.beginRelease(object.uid)
///       try await ports.finishRelease(object.uid)
///       try await context.update(object)
///       return .done
///     }
///     if object.addFinalizer(Self.finalizer) { object = try await context.update(object) }
///     let grants = try await ports.ensure(1, for: object)
///     if object.port != grants[0].item {
///       object.port = grants[0].item
///       try await context.updateStatus(object)
///     }
///     return .done
///   }
/// }
///
/// let controller = Controller("ports", for: Listener.self, reconciler: PortKeeper())
/// ```
///
/// - Flow: called with a key whenever something about the object may have changed, by as many workers as the
///   controller has, but never by two of them for one key at a time. It reads through the context, does
///   *one effect at a time*, and returns or throws.
/// - Guarantees: at least one call after the last event; a thrown error is retried with growing delays.
/// - Assumptions: the code is a function of the request and of what the context answers. What must outlive the
///   call lives in the API or in `context.memory`, which a crash wipes. Time comes from `context.now`, waiting from
///   `context.sleep`. A reconcile may be run again over recorded answers to bring it back to where it was.
/// - Caveats: no `Task {}`, no clocks, no global state, no loop over a `Set` or `Dictionary` that decides something.
///   Code that leaves the context's way is found and reported, not tolerated.
/// - Errors: throw what the context threw; `StatusError` and `AllocationError` say what to do. `TerminalError` stops
///   retrying.
public protocol Reconciler: Sendable {
  /// Brings the world in line with the object of this key.
  @concurrent
  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult
}

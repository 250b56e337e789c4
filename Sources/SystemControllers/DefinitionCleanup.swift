public import APIMachinery
public import ControllerRuntime
import Scalars
import ValueTree

/// The controller that deletes the objects of a CustomResourceDefinition before the definition goes (semantics 1.9).
///
/// - Flow: say that the deletion has begun; delete what there is, namespace by namespace; ask every few seconds whether
///   it is gone; then say so and take the finalizer off, in one status update. Where objects stay, say that, and try
///   again later.
/// - Guarantees: the finalizer goes only after a list that found nothing. The server refuses new objects meanwhile.
/// - Caveats: objects with finalizers of a controller that runs no more hold the definition.
public struct DefinitionCleanupController: Reconciler {
  private typealias Definition = CustomResourceDefinition

  /// How long to wait between two looks at what is left.
  static let pollInterval = GoDuration.seconds(5)
  /// How many looks there are in a try.
  static let pollsMax = 12
  /// How long to wait for the next try.
  static let retryInterval = GoDuration.seconds(60)

  /// A controller.
  public init() {}

  /// The controller with its watch: of definitions that are being deleted.
  public static func controller(workers: Int = 1) -> Controller {
    let watch = Watch(Definition.type) { event in
      guard let new = event.new, new.isDeleting else { return [] }
      return [new.key]
    }
    return Controller("crd-cleanup", watching: [watch], workers: workers, reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let found = try await context.get(Definition.self, request, from: .server)
    guard let definition = found, definition.isDeleting,
      definition.hasFinalizer(Definition.cleanupFinalizer)
    else { return .done }
    do {
      guard definition.isEstablished, let resource = try? definition.resource().definition else {
        return try await finish(
          definition, reason: "NeverEstablished", "resource was never established", context)
      }
      let current = try await begin(definition, context)
      return try await deleteObjects(of: resource, current, context)
    } catch let error as StatusError where error.isNotFound {
      // The definition has gone, or its kind, and then the next try finds that out.
      return .requeueWithBackoff
    }
  }

  /// Says that the deletion is in progress, unless an earlier try has come further.
  private func begin(
    _ definition: CustomResourceDefinition, _ context: ReconcileContext
  ) async throws -> CustomResourceDefinition {
    let reason = definition.terminating?["reason"]?.string
    guard reason == nil || reason == "InstanceDeletionPending" else { return definition }
    return try await write(
      definition, "True", reason: "InstanceDeletionInProgress",
      "CustomResource deletion is in progress", context)
  }

  private func deleteObjects(
    of resource: ResourceType.Definition, _ definition: CustomResourceDefinition,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    let apiVersion =
      resource.group.isEmpty ? resource.version : "\(resource.group)/\(resource.version)"
    let type = try await context.discover(apiVersion: apiVersion, kind: resource.kind)
    guard let type else {
      return try await finish(
        definition, reason: "InstanceDeletionCompleted", "removed all instances", context)
    }
    do {
      let objects = try await context.list(type, from: .server)
      var namespaces: [String] = []
      for object in objects where !namespaces.contains(object.namespace) {
        namespaces.append(object.namespace)
      }
      for namespace in namespaces {
        try await context.deleteCollection(
          type, ListOptions(namespace: namespace.isEmpty ? nil : namespace))
      }
    } catch let error as StatusError {
      try await write(
        definition, "True", reason: "InstanceDeletionFailed",
        "could not issue all deletes: \(error)", context)
      throw error
    }
    for poll in 0...Self.pollsMax {
      if poll > 0 { try await context.sleep(Self.pollInterval) }
      if try await context.list(type, from: .server).isEmpty {
        return try await finish(
          definition, reason: "InstanceDeletionCompleted", "removed all instances", context)
      }
    }
    try await write(
      definition, "True", reason: "InstanceDeletionCheck",
      "could not confirm zero CustomResources remaining: timed out waiting for the condition",
      context)
    return .requeue(after: Self.retryInterval)
  }

  /// Writes the condition where it says something new.
  @discardableResult
  private func write(
    _ definition: CustomResourceDefinition, _ status: String, reason: String, _ message: String,
    _ context: ReconcileContext
  ) async throws -> CustomResourceDefinition {
    let new = definition.terminating(status, reason: reason, message, at: context.now)
    return new == definition ? definition : try await context.updateStatus(new)
  }

  /// Says that nothing is left and takes the finalizer off, which removes the definition.
  private func finish(
    _ definition: CustomResourceDefinition, reason: String, _ message: String,
    _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    var done = definition.terminating("False", reason: reason, message, at: context.now)
    _ = done.removeFinalizer(Definition.cleanupFinalizer)
    try await context.updateStatus(done)
    return .done
  }
}

extension CustomResourceDefinition {
  private var conditions: [Value] {
    self[FieldPath(Fields.status, "conditions")]?.elements.map(\.self) ?? []
  }

  /// Whether the kind was ever served.
  fileprivate var isEstablished: Bool {
    conditions.contains { $0["type"] == "Established" && $0["status"] == "True" }
  }

  /// The condition that says how far the removal of objects has come.
  fileprivate var terminating: Value? { conditions.first { $0["type"] == "Terminating" } }

  /// The definition with another such condition.
  fileprivate func terminating(
    _ status: String, reason: String, _ message: String, at now: Timestamp
  ) -> CustomResourceDefinition {
    let condition = Self.terminatingCondition(status, reason: reason, message, at: now)
    return CustomResourceDefinition(object.with(body: Self.setting(condition, in: object.body)))
  }
}

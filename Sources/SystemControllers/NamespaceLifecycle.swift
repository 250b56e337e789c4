public import APIMachinery
public import ControllerRuntime
import Scalars
import ValueTree

/// The namespace controller: empties namespaces that are being deleted, and lets them go (semantics 1.8).
///
/// - Flow:
///   1. Ask the server which kinds there are, and take those whose objects live in namespaces.
///   2. Delete the pods; as long as there are any, touch nothing else.
///   3. Delete everything else, kind by kind, and count what is left.
///   4. Say in the namespace's conditions what is left and which finalizers hold it.
///   5. Come back when what is left may be gone; when nothing is, take `kubernetes` off `spec.finalizers`.
/// - Guarantees: everything is read from the server. A namespace goes only after a try that found nothing and in which
///   nothing went wrong.
/// - Caveats: what others hold by a finalizer, and pods that no node lets go, hold the namespace.
public struct NamespaceLifecycleController: Reconciler {
  static let type = ResourceRegistry.builtIn("v1", "Namespace")
  /// The finalizer in a namespace's spec.
  static let finalizer = "kubernetes"
  private static let finalizersPath = FieldPath(Fields.spec, Fields.finalizers)

  /// A controller.
  public init() {}

  /// The controller with its watch: of namespaces that are being deleted.
  public static func controller(workers: Int = 1) -> Controller {
    let watch = Watch(type) { event in
      guard let new = event.new, new.isDeleting else { return [] }
      return [new.key]
    }
    return Controller(
      "namespace-lifecycle", watching: [watch], workers: workers, reconciler: Self())
  }

  public func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard var namespace = try await context.get(Self.type, request, from: .server),
      namespace.isDeleting, Self.finalizers(of: namespace).contains(Self.finalizer)
    else { return .done }
    let content = try await empty(namespace.name, context)
    let body = content.conditions(in: namespace.body, at: context.now)
    if body != namespace.body {
      namespace = try await context.update(namespace.with(body: body), subresource: .status)
    }
    if let error = content.error { throw error }
    guard content.isEmpty else { return .requeue(after: .seconds(content.estimateSeconds)) }
    let left = Self.finalizers(of: namespace).filter { $0 != Self.finalizer }
    let released = namespace.body.setting(
      Self.finalizersPath, to: Value(left.map { Value($0) }))
    do {
      try await context.update(
        namespace.with(body: released ?? namespace.body), subresource: .finalize)
    } catch let error as StatusError where error.isNotFound {
      // Somebody else was quicker.
    }
    return .done
  }

  private static func finalizers(of namespace: APIObject) -> [String] {
    namespace.body[finalizersPath]?.elements.compactMap(\.string) ?? []
  }

  // MARK: Content

  /// Deletes what there is in a namespace.
  ///
  /// - Returns: what is left, and what went wrong.
  /// - Throws: `ProcessCrashed` only; refusals are a part of what is found.
  private func empty(
    _ namespace: String, _ context: ReconcileContext
  ) async throws -> NamespaceContent {
    var content = NamespaceContent()
    let kinds: [ResourceType]
    do {
      kinds = try await context.discoverEverything().filter(\.definition.isNamespaced)
    } catch let error as StatusError {
      content.noteDiscovery(error)
      return content
    }
    for type in kinds where type.isPod {
      try await empty(namespace, of: type, &content, context)
    }
    guard content.isEmpty else { return content }
    for type in kinds where !type.isPod {
      try await empty(namespace, of: type, &content, context)
    }
    return content
  }

  private func empty(
    _ namespace: String, of type: ResourceType, _ content: inout NamespaceContent,
    _ context: ReconcileContext
  ) async throws {
    do {
      let found = try await delete(type, in: namespace, context)
      // What was not there need not be counted.
      if found.isEmpty { return }
      content.note(
        try await context.list(type, namespace: namespace, from: .server), of: type)
    } catch let error as StatusError where error.isNotFound {
      // The kind itself has gone meanwhile.
    } catch let error as StatusError {
      content.note(error)
    }
  }

  /// Deletes all objects of a kind at once, or one by one where that is not served.
  ///
  /// - Returns: what there was.
  private func delete(
    _ type: ResourceType, in namespace: String, _ context: ReconcileContext
  ) async throws -> [APIObject] {
    let options = DeleteOptions(propagationPolicy: .background)
    do {
      return try await context.deleteCollection(
        type, ListOptions(namespace: namespace), options)
    } catch let error as StatusError where error.reason == .methodNotAllowed {
      let objects = try await context.list(type, namespace: namespace, from: .server)
      for object in objects {
        do { try await context.delete(type, object.key, options) } catch let error as StatusError
          where error.isNotFound
        {}
      }
      return objects
    }
  }
}

extension ResourceType {
  fileprivate var isPod: Bool { kind == "Pod" && definition.group.isEmpty }
}

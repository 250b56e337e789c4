import APIMachinery
import Allocation
import ControllerRuntime
import Testing
import ValueTree

/// The kind of the example in `Reconciler`'s documentation.
private struct Listener: Resource {
  static let type = ConfigMap.type
  var object: APIObject
  init(_ object: APIObject) { self.object = object }

  var port: String? {
    get { self[FieldPath("status", "port")]?.string }
    set { self[FieldPath("status", "port")] = newValue.map { Value($0) } }
  }
}

/// The example itself, word by word.
private struct PortKeeper: Reconciler {
  static let finalizer = "example.com/port"

  func reconcile(
    _ request: ReconcileRequest, _ context: ReconcileContext
  ) async throws -> ReconcileResult {
    guard var object = try await context.get(Listener.self, request) else { return .done }
    let ports = context.pool("ports")
    if object.isDeleting {
      guard object.removeFinalizer(Self.finalizer) else { return .done }
      try await ports.beginRelease(object.uid)
      try await ports.finishRelease(object.uid)
      try await context.update(object)
      return .done
    }
    if object.addFinalizer(Self.finalizer) { object = try await context.update(object) }
    let grants = try await ports.ensure(1, for: object)
    if object.port != grants[0].item {
      object.port = grants[0].item
      try await context.updateStatus(object)
    }
    return .done
  }
}

@Suite("The example in the documentation")
struct ExampleTests {
  @Test("It does what it says: finalizer, port, status")
  func create() async throws {
    let fresh = Listener(ConfigMap("a").object)
    var marked = fresh
    _ = marked.addFinalizer(PortKeeper.finalizer)
    let driver = ScriptedDriver(
      .reply(.cached(fresh.object)), .reply(.api(.success(.object(marked.object)))),
      .reply(.allocator(.success([grant("port-80")]))),
      .reply(.api(.success(.object(marked.object)))))
    let controller = Controller("ports", for: Listener.self, reconciler: PortKeeper())
    guard case .reconciler(let reconciler) = controller.program else { return }
    let result = try await reconciler.reconcile(key("a"), ReconcileContext(driver))
    #expect(result == .done && driver.script.isEmpty)
    #expect(
      driver.effects.map(\.operation) == ["cached-get", "update", "ensure", "update-status"])
    var recorded = marked
    recorded.port = "port-80"
    #expect(driver.effects.last == .api(.update(recorded.object, subresource: .status)))
  }
}

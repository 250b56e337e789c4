import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

private let mapType = ResourceRegistry.builtIn("v1", "ConfigMap")

private struct ConfigMap: Resource {
  static let type = mapType
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

@Suite("Finalizers that wait for each other")
struct FinalizerCycleTests {
  /// An object with finalizers, one for each letter.
  private func map(_ name: String, _ finalizers: String) -> APIObject {
    let names = finalizers.map { Value("example.com/\($0)") }
    return APIObject(
      type: mapType, header: ObjectHeader(namespace: "default", name: name),
      body: ["metadata": ["finalizers": Value(names)]])
  }

  /// A controller that takes its finalizer off what is being deleted, once another object is gone.
  private func keeper(_ letter: String, waitsFor other: String?) -> Controller {
    Controller(
      letter, watching: [.own(mapType), Watch(mapType) { _ in ["a", "b", "c", "d"].map(key) }],
      reconciler: Doing { request, context in
        guard var map = try await context.get(ConfigMap.self, request), map.isDeleting,
          map.object.finalizers.contains("example.com/\(letter)")
        else { return .done }
        if let other, try await context.get(ConfigMap.self, key(other)) != nil { return .done }
        _ = map.removeFinalizer("example.com/\(letter)")
        try await context.update(map)
        return .done
      })
  }

  private func run(
    _ objects: [APIObject], _ controllers: [Controller], ignoring: Violation.Oracle? = nil
  ) throws -> RunResult {
    var plan = WorldPlan(
      objects: objects, processes: [WorldPlan.Process(name: "p", controllers: controllers)],
      workload: objects.map { WorldPlan.Step(.delete(mapType, $0.key)) })
    if let ignoring { plan.oracles.judged.remove(ignoring) }
    return try Runner.run(plan, DefaultSource())
  }

  @Test("Two objects, each of which stays until the other one is gone")
  func pair() throws {
    let controllers = [keeper("x", waitsFor: "b"), keeper("y", waitsFor: "a")]
    let result = try run([map("a", "x"), map("b", "y")], controllers)
    #expect(result.violations.map(\.oracle) == [.stuckDeletion, .stuckDeletion])
    #expect(
      result.world.suspicions.map(\.sentence) == [
        "The finalizers example.com/x of ConfigMap default/a and example.com/y of ConfigMap default/b "
          + "wait for each other: take one of them off, and the other one goes."
      ])
    #expect(result.world.suspicions.first?.oracle == .finalizerCycle)
    #expect(result.world.busyOracles.contains(.finalizerCycle))
    let blind = try run([map("a", "x"), map("b", "y")], controllers, ignoring: .finalizerCycle)
    #expect(blind.world.suspicions.isEmpty && blind.world.traceHash == result.world.traceHash)
  }

  @Test("A ring of three, and an object beside it that nobody works on")
  func ring() throws {
    let result = try run(
      [map("a", "x"), map("b", "y"), map("c", "z"), map("d", "w")],
      [keeper("x", waitsFor: "b"), keeper("y", waitsFor: "c"), keeper("z", waitsFor: "a")])
    #expect(result.violations.count == 4)
    let told = try #require(result.world.suspicions.first)
    #expect(told.subject == "example.com/x, example.com/y, example.com/z")
    #expect(told.sentence.hasSuffix("take one of them off, and all others go."))
    #expect(result.world.suspicions.count == 1)
  }

  @Test("Who waits for what is stuck by itself is in no cycle")
  func chain() throws {
    let result = try run(
      [map("a", "x"), map("b", "y"), map("c", "z")],
      [keeper("x", waitsFor: "b"), keeper("y", waitsFor: "c")])
    #expect(result.violations.count == 3 && result.world.suspicions.isEmpty)
    #expect(result.world.busyOracles.contains(.finalizerCycle))
    let fine = try run(
      [map("a", "x"), map("b", "y")], [keeper("x", waitsFor: "b"), keeper("y", waitsFor: nil)])
    #expect(fine.outcome == .held && !fine.world.busyOracles.contains(.finalizerCycle))
  }

  @Test("Two finalizers of one object, each of which wants to be the last")
  func last() throws {
    func polite(_ letter: String) -> Controller {
      Controller(
        letter, for: ConfigMap.self,
        reconciler: Doing { request, context in
          guard var map = try await context.get(ConfigMap.self, request), map.isDeleting,
            map.object.finalizers == ["example.com/\(letter)"]
          else { return .done }
          _ = map.removeFinalizer("example.com/\(letter)")
          try await context.update(map)
          return .done
        })
    }
    let result = try run([map("a", "xy")], [polite("x"), polite("y")])
    #expect(result.violations.map(\.oracle) == [.stuckDeletion])
    #expect(result.world.suspicions.map(\.subject) == ["example.com/x, example.com/y"])
  }
}

@Suite("What caches hand out is a value")
struct CachedValueTests {
  @Test("A reconcile that changes what it was handed changes nothing but its own copy")
  func copies() throws {
    let hasty = Controller(
      "hasty", for: ConfigMap.self,
      reconciler: Doing { request, context in
        guard var map = try await context.get(ConfigMap.self, request) else { return .done }
        // Kubernetes' Go clients hand out pointers into the cache: there the second look would see this.
        _ = map.addFinalizer("example.com/x")
        guard let again = try await context.get(ConfigMap.self, request),
          again.object.finalizers.isEmpty, map.object.finalizers == ["example.com/x"]
        else { return .done }
        try await context.update(map)
        return .done
      })
    let object = APIObject(
      type: mapType, header: ObjectHeader(namespace: "default", name: "a"), body: .emptyMap)
    let plan = WorldPlan(
      objects: [object], processes: [WorldPlan.Process(name: "p", controllers: [hasty])])
    let world = try Runner.run(plan, DefaultSource()).world
    let stored = try #require(world.server.store.object(mapType, key("a")))
    #expect(stored.finalizers == ["example.com/x"] && world.outcome == .held)
  }
}

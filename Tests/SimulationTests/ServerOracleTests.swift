import APIMachinery
import APIStore
import Allocation
import Exploration
import Scalars
import Synchronization
import Testing
import ValueTree

@testable import Simulation

/// Has an item more once it has been asked.
private final class Growing: Allocator {
  private let asked = Mutex(false)

  var itemCount: Int { asked.withLock { $0 } ? 5 : 4 }

  func name(of item: Int) -> String { "gpu-\(item)" }

  func item(named name: String) -> Int? { (0..<itemCount).first { self.name(of: $0) == name } }

  func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
  ) throws(AllocationError) -> [Int] {
    asked.withLock { $0 = true }
    return Array(0..<count)
  }
}

@Suite("Promises of a server: each broken one is told, and nothing else")
struct ServerOracleTests {
  private func object(_ revision: UInt64, _ change: (inout ObjectHeader) -> Void = { _ in })
    -> APIObject
  {
    var header = ObjectHeader(
      namespace: "default", name: "a", uid: UID(high: 0, low: 1), resourceVersion: revision,
      generation: 4)
    change(&header)
    return binding("a").with(header: header)
  }

  private func deleting(_ revision: UInt64, _ finalizers: [String] = []) -> APIObject {
    let object = object(revision) { $0.deletionTimestamp = WorldPlan.defaultStartTime }
    let list = Value(finalizers.map { Value($0) })
    return object.with(body: object.body.setting("metadata", to: ["finalizers": list]))
  }

  private func broken(
    _ before: APIObject, _ after: APIObject, _ kind: StoreEvent.Kind = .modified
  ) -> String? {
    World.brokenPromise(before, after, kind)
  }

  @Test("I6: revisions grow")
  func revisions() {
    #expect(broken(object(5), object(6)) == nil)
    #expect(broken(object(5), object(5)) == "went from revision 5 to 5")
    #expect(broken(object(5), object(4)) == "went from revision 5 to 4")
  }

  @Test("I6 and I9: an object keeps its identity, and its generation never falls")
  func identities() {
    let other = object(6) { $0.uid = UID(high: 0, low: 2) }
    #expect(broken(object(5), other) == "changed its identity")
    let older = object(6) { $0.generation = 3 }
    #expect(broken(object(5), older) == "went from generation 4 to 3")
    #expect(broken(object(5), object(6) { $0.generation = 5 }) == nil)
  }

  @Test("I7: a deletion is not taken back, and finalizers do not come after it")
  func deletions() {
    #expect(broken(deleting(5), deleting(6)) == nil)
    #expect(broken(deleting(5), object(6)) == "was being deleted and is not any more")
    #expect(broken(deleting(5, ["x", "y"]), deleting(6, ["y"])) == nil)
    #expect(
      broken(deleting(5, ["x"]), deleting(6, ["x", "z"]))
        == "got the finalizer z while it was being deleted")
  }

  @Test("I5: books add up, also those of an allocator that does not know what it has")
  func books() throws {
    var plan = planned(reference, one)
    plan.allocators.register("gpu") { _ in Growing() }
    let result = try run(plan)
    #expect(oracle(result) == .invariant)
    #expect(
      sentence(result)
        == "pool gpus has 5 items, of which 3 are free, 1 in use and 0 on their way back.")
  }
}

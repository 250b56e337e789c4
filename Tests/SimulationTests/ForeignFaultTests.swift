import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// Each kind is one deed; what it leaves is looked at before anybody reacts.
@Suite("What others do: each deed does what its name says, and nothing else")
struct ForeignFaultTests {
  private static let lost = "00000000-0000-0000-0000-00000000c0de"

  /// A binding that has what can be damaged: an owner, labels, and a finalizer once it is served.
  private var target: APIObject {
    let metadata: Value = [
      "labels": ["app": "train"],
      "ownerReferences": [
        ["apiVersion": "v1", "kind": "ConfigMap", "name": "plan", "uid": Value(Self.lost)]
      ],
    ]
    return binding("a").with(body: binding("a").body.setting("metadata", to: metadata))
  }

  /// The world at rest after the reference controller has served a binding, and a deed done to that.
  private func world(after kind: FaultKind, number: Int? = nil) throws -> World {
    var world = try World(planned(reference, [WorldPlan.Step(.apply(target))]))
    while let decision = world.defaultDecision, decision != .resync { world.take(decision) }
    let object = try #require(served(world))
    #expect(object.hasFinalizers && object.body["status"] != nil && holder("gpu-0", world) != nil)
    var decisions: [Decision] = []
    world.faultDecisions(kind, into: &decisions)
    let deed = try #require(
      decisions.first { number == nil || world.name(of: $0).hasSuffix(" \(number ?? 0)") })
    world.take(deed)
    return world
  }

  private func served(_ world: World) -> APIObject? {
    world.server.store.object(bindingType, key("a"))
  }

  private func holder(_ item: String, _ world: World) -> String? {
    world.holdings().rows.first { $0.item == item }?.holder
  }

  @Test("F18: edit adds an annotation, and delete asks for a deletion")
  func editAndDelete() throws {
    let edited = try #require(served(try world(after: .edit)))
    #expect(edited.body[Fields.annotationsPath]?["drydock.dev/edited"] != nil)
    #expect(edited.hasFinalizers && !edited.isDeleting)
    var world = try world(after: .delete)
    #expect(try #require(served(world)).isDeleting)
    world.settle()
    #expect(served(world) == nil && world.outcome == .held)
  }

  @Test("F18: recreate waits for the object to go, and makes another one of its name")
  func recreate() throws {
    var world = try world(after: .recreate)
    let old = try #require(served(world))
    #expect(old.isDeleting)
    world.settle()
    let new = try #require(served(world))
    #expect(new.uid != old.uid && !new.isDeleting && world.outcome == .held)
    #expect(holder("gpu-0", world) != nil)
  }

  @Test("F18: a status that is emptied, finalizers that are taken off, a deletion by force")
  func overrides() throws {
    let blank = try #require(served(try world(after: .editStatus)))
    #expect(blank.body["status"]?.isEmptyCollection ?? true)
    let stripped = try #require(served(try world(after: .stripFinalizers)))
    #expect(!stripped.hasFinalizers && !stripped.isDeleting)
    #expect(served(try world(after: .forceDelete)) == nil)
  }

  @Test("F22: an owner's identity, the labels, a finalizer's name")
  func damage() throws {
    func damaged(_ part: Int) throws -> APIObject {
      try #require(served(try world(after: .corrupt, number: part)))
    }
    let owner = try damaged(1).ownerReferences.first?.ownerUID
    #expect(owner != nil && owner != UID(Self.lost))
    #expect(try damaged(2).labels.isEmpty)
    let finalizers = try damaged(3).finalizers
    let right = try #require(served(try world(after: .edit))).finalizers
    #expect(finalizers == right.map { $0 + "x" })
  }

  @Test("F17: an item that is given back behind its holder, and one that is taken")
  func items() throws {
    #expect(holder("gpu-0", try world(after: .releaseBehind)) == nil)
    let taken = try world(after: .steal)
    #expect(holder("gpu-0", taken) != "operator" && holder("gpu-1", taken) == "operator")
  }
}

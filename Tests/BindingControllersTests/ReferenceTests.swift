import ControllerRuntime
import APIStore
import APIServer
import APIAllocation
import APIMachinery
import Allocation
import BindingControllers
import Testing
import ValueTree

private let reference = ReferenceBindingController()

@Suite("Reference controller: the order of its effects")
struct ReferenceOrderTests {
  @Test("Create: finalizer and pool, books, devices, status; then nothing more")
  func create() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus", "count": 2])
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "update", "list", "rebuild", "ensure", "update-status",
      ])
    let bound = try #require(harbour.stored("a"))
    #expect(bound.phase == .bound && bound.devices.map(\.name) == ["gpu-0", "gpu-1"])
    #expect(bound.devices.map(\.generation) == [1, 1] && bound.boundPool == "gpus")
    #expect(bound.finalizers == [ReferenceBindingController.finalizer])
    #expect(try await harbour.run(reference, "a") == ["cached-get", "ensure"])
    #expect(harbour.stored("a") == bound)
  }

  @Test("Delete: close, take back, confirm, and only then the finalizer")
  func delete() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus", "count": 2], finalizers: ["other.dev/stays"])
    await harbour.settle(reference, ["a"])
    try harbour.delete("a")
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "begin-release", "finish-release", "held", "update",
      ])
    #expect(harbour.stored("a")?.finalizers == ["other.dev/stays"])
    #expect(harbour.books[0].capacity.free == 4)
    #expect(try await harbour.run(reference, "a") == ["cached-get"])
  }

  @Test(
    "What was never held needs no work when it goes, and a missing object is looked for at the server"
  )
  func nothing() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"], finalizers: ["other.dev/stays"])
    try harbour.delete("a")
    #expect(try await harbour.run(reference, "a") == ["cached-get"])
    #expect(try await harbour.run(reference, "b") == ["cached-get", "get"])
  }

  @Test("Exhausted: a pending status that says why, and what is held nevertheless")
  func exhausted() async throws {
    let harbour = try Harbour(gpus: 2)
    try harbour.apply("a", ["pool": "gpus"])
    // The status write of a met request is refused, then the request grows beyond the pool.
    harbour.fault = (5, .refused)
    await #expect(throws: StatusError.self) { try await harbour.run(reference, "a") }
    try harbour.patch("a", ["spec": ["count": 5]])
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "ensure", "held", "update-status",
      ])
    let waiting = try #require(harbour.stored("a"))
    #expect(waiting.phase == .pending && waiting.devices.map(\.name) == ["gpu-0"])
    #expect(waiting.message == "pool \"gpus\" is exhausted: 4 wanted, 1 free")
    #expect(harbour.isClean)
    #expect(try await harbour.run(reference, "a") == ["cached-get", "ensure", "held"])
  }

  @Test("Grow: what is held stays")
  func grow() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["spec": ["count": 3]])
    #expect(
      try await harbour.run(reference, "a") == ["cached-get", "ensure", "update-status"])
    #expect(harbour.stored("a")?.devices.map(\.name) == ["gpu-0", "gpu-1", "gpu-2"])
  }

  @Test("Shrink: first the status without the surplus, then the surplus, one by one")
  func shrink() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus", "count": 3])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["spec": ["count": 1]])
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "ensure", "update-status", "release", "release",
      ])
    #expect(harbour.items(of: "a") == ["gpu-0"])
    try harbour.patch("a", ["spec": ["count": 0]])
    await harbour.settle(reference, ["a"])
    #expect(harbour.items(of: "a").isEmpty && harbour.stored("a")?.devices.isEmpty == true)
  }

  @Test("Shrink cut off before the release: the server is asked before the surplus goes")
  func shrinkAgain() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus", "count": 2])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["spec": ["count": 1]])
    harbour.fault = (3, .refused)
    await #expect(throws: AllocationError.unavailable) { try await harbour.run(reference, "a") }
    #expect(
      try await harbour.run(reference, "a") == ["cached-get", "ensure", "get", "release"])
    #expect(harbour.isClean)
  }

  @Test("A cache that is behind a growth does not give back what the stored status names")
  func staleShrink() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus", "count": 1])
    await harbour.settle(reference, ["a"])
    let behind = try #require(harbour.stored("a"))
    try harbour.patch("a", ["spec": ["count": 2]])
    await harbour.settle(reference, ["a"])
    // A process that starts again with an older cache.
    harbour.crash()
    harbour.rewind(to: behind)
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "list", "rebuild", "ensure", "get",
      ])
    #expect(harbour.isClean)
  }

  @Test("A sealed owner gets nothing: its deletion has not arrived yet")
  func sealed() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"], finalizers: ["other.dev/stays"])
    await harbour.settle(reference, ["a"])
    let behind = try #require(harbour.stored("a"))
    try harbour.delete("a")
    await harbour.settle(reference, ["a"])
    harbour.rewind(to: behind)
    #expect(try await harbour.run(reference, "a") == ["cached-get", "ensure"])
    #expect(harbour.books[0].capacity.free == 4)
  }
}

@Suite("Reference controller: what users do to it")
struct ReferenceTamperingTests {
  @Test("A stripped finalizer: what was seen is given back when the object is gone")
  func forgotten() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["metadata": ["finalizers": []]])
    try harbour.delete("a")
    #expect(harbour.stored("a") == nil)
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "get", "begin-release", "finish-release", "held",
      ])
    #expect(harbour.books[0].capacity.free == 4)
    #expect(try await harbour.run(reference, "a") == ["cached-get", "get"])
  }

  @Test(
    "Deleted and made again under the same name unseen: the old one's goes back, the new one gets its own"
  )
  func remade() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["metadata": ["finalizers": []]])
    try harbour.delete("a")
    try harbour.apply("a", ["pool": "gpus", "count": 2])
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "get", "begin-release", "finish-release", "held", "update", "ensure",
        "update-status",
      ])
    #expect(harbour.items(of: "a") == ["gpu-0", "gpu-1"])
    #expect(harbour.isClean)
  }

  @Test("A cache that has not seen an object yet is no proof of its absence")
  func unseen() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    harbour.rewind(to: nil)
    let effects = try await harbour.run(reference, "a")
    #expect(effects == ["cached-get", "get", "ensure"])
    #expect(harbour.items(of: "a") == ["gpu-0"])
  }

  @Test(
    "The finalizer stripped off while a foreign one holds the object: everything goes back all the same"
  )
  func strippedWhileTerminating() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"], finalizers: ["other.dev/stays"])
    await harbour.settle(reference, ["a"])
    try harbour.delete("a")
    try harbour.patch("a", ["metadata": ["finalizers": ["other.dev/stays"]]])
    #expect(
      try await harbour.run(reference, "a") == [
        "cached-get", "begin-release", "finish-release", "held",
      ])
    #expect(harbour.books[0].capacity.free == 4)
    #expect(try await harbour.run(reference, "a") == ["cached-get"])
  }

  @Test("spec.pool changed: the devices stay where they are from, and the status says so")
  func poolChanged() async throws {
    let harbour = try Harbour()
    try harbour.addPool("other", 2)
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    try harbour.patch("a", ["spec": ["pool": "other"]])
    await harbour.settle(reference, ["a"])
    #expect(
      harbour.stored("a")?.message
        == "spec.pool has changed; the devices stay those of pool \"gpus\"")
    #expect(harbour.items(of: "a") == ["gpu-0"])
    try harbour.delete("a")
    await harbour.settle(reference, ["a"])
    #expect(harbour.books.map(\.capacity.free) == [4, 2] && harbour.stored("a") == nil)
  }

  @Test(
    "spec.pool changed together with a stripped finalizer or annotation: no grant becomes unfindable"
  )
  func poolAndMarksChanged() async throws {
    let marks: [Value] = [
      ["finalizers": []], ["annotations": .null], ["finalizers": [], "annotations": .null],
    ]
    for mark in marks {
      let harbour = try Harbour()
      try harbour.addPool("other", 2)
      try harbour.apply("a", ["pool": "gpus"])
      await harbour.settle(reference, ["a"])
      try harbour.patch("a", ["spec": ["pool": "other"], "metadata": mark])
      await harbour.settle(reference, ["a"])
      #expect(harbour.isClean, "\(mark)")
      try harbour.delete("a")
      await harbour.settle(reference, ["a"])
      #expect(harbour.books.map(\.capacity.free) == [4, 2], "\(mark)")
    }
  }

  @Test("A pool that is missing is waited for, and used once it is there")
  func missingPool() async throws {
    let harbour = try Harbour(gpus: nil)
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(reference, ["a"])
    #expect(harbour.stored("a")?.phase == .pending)
    #expect(harbour.stored("a")?.message == "there is no pool \"gpus\"")
    try harbour.addPool("gpus", 1)
    await harbour.settle(reference, ["a"])
    #expect(harbour.stored("a")?.phase == .bound && harbour.stored("a")?.message == nil)
    try harbour.apply("b", ["pool": "none"])
    await harbour.settle(reference, ["b"])
    try harbour.delete("b")
    await harbour.settle(reference, ["b"])
    #expect(harbour.stored("b") == nil, "a pool that is not there holds nobody up")
  }
}

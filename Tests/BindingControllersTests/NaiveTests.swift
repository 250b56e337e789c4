import ControllerRuntime
import APIStore
import APIServer
import APIAllocation
import APIMachinery
import Allocation
import BindingControllers
import Testing
import ValueTree

private let naive = NaiveBindingController()

@Suite("Naive controller: its defects can be seen")
struct NaiveTests {
  private func bound(gpus: Int = 4) async throws -> Harbour {
    let harbour = try Harbour(gpus: gpus)
    try harbour.apply("a", ["pool": "gpus"])
    await harbour.settle(naive, ["a"])
    return harbour
  }

  @Test("Undisturbed it works: finalizer, then device and status, then both back")
  func undisturbed() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    #expect(try await harbour.run(naive, "a") == ["cached-get", "update"])
    #expect(
      try await harbour.run(naive, "a") == ["cached-get", "allocate", "update-status"])
    #expect(try await harbour.run(naive, "a") == ["cached-get"])
    #expect(harbour.stored("a")?.devices.map(\.name) == ["gpu-0"])
    #expect(harbour.stored("a")?.devices.first?.generation == nil, "row 15: a bare name")
    try harbour.delete("a")
    #expect(try await harbour.run(naive, "a") == ["cached-get", "free", "update"])
    #expect(harbour.stored("a") == nil && harbour.books[0].capacity.free == 4)
  }

  @Test(
    "Rows 5, 6, 7: a crash, a conflict or a lost reply between taking and recording leaks the device"
  )
  func leaks() async throws {
    let faults: [(Int, Harbour.Fault)] = [
      (1, .crashAfter), (1, .lostReply), (2, .crashBefore), (2, .conflict), (2, .refused),
    ]
    for (place, fault) in faults {
      let harbour = try Harbour()
      try harbour.apply("a", ["pool": "gpus"])
      try await harbour.run(naive, "a")
      harbour.fault = (place, fault)
      await harbour.settle(naive, ["a"])
      #expect(harbour.audits[0].leaked.map(\.item) == ["gpu-0"], "\(fault) at \(place)")
      #expect(harbour.items(of: "a") == ["gpu-0", "gpu-1"], "\(fault) at \(place)")
    }
  }

  @Test(
    "Row 8: a cache that has not seen the status takes a second device, and its write meets a conflict"
  )
  func staleCache() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"])
    try await harbour.run(naive, "a")
    let behind = harbour.stored("a")
    try await harbour.run(naive, "a")
    harbour.rewind(to: behind)
    await #expect(throws: StatusError.self) { try await harbour.run(naive, "a") }
    #expect(harbour.audits[0].leaked.map(\.item) == ["gpu-1"])
  }

  @Test("Row 2: deleted before the finalizer stood, it tries to add one for ever")
  func stuck() async throws {
    let harbour = try Harbour()
    try harbour.apply("a", ["pool": "gpus"], finalizers: ["other.dev/stays"])
    try harbour.delete("a")
    for _ in 1...3 {
      await #expect(throws: StatusError.self) { try await harbour.run(naive, "a") }
      #expect(harbour.effects == ["cached-get", "update"])
    }
  }

  @Test("Row 10: a release that fails is ignored, and the last pointer to the device goes")
  func ignoredRelease() async throws {
    let harbour = try await bound()
    try harbour.delete("a")
    harbour.fault = (1, .refused)
    try await harbour.run(naive, "a")
    #expect(harbour.stored("a") == nil)
    #expect(harbour.audits[0].leaked.map(\.item) == ["gpu-0"])
  }

  @Test("Row 11: a second release frees what is another's by now")
  func releasesAnothers() async throws {
    let harbour = try await bound(gpus: 1)
    try harbour.delete("a")
    harbour.fault = (2, .conflict)
    await #expect(throws: StatusError.self) { try await harbour.run(naive, "a") }
    try harbour.apply("b", ["pool": "gpus"])
    await harbour.settle(naive, ["b"])
    #expect(harbour.items(of: "b") == ["gpu-0"])
    try await harbour.run(naive, "a")
    #expect(harbour.items(of: "b").isEmpty)
    #expect(harbour.audits[0].dangling.map(\.item) == ["gpu-0"])
  }

  @Test("Row 9: it releases what the status says, whoever wrote that")
  func editedStatus() async throws {
    let harbour = try await bound()
    try harbour.apply("b", ["pool": "gpus"])
    await harbour.settle(naive, ["b"])
    try harbour.patch("a", ["status": ["devices": [["name": "gpu-1"]]]], subresource: .status)
    try harbour.delete("a")
    await harbour.settle(naive, ["a"])
    #expect(harbour.items(of: "b").isEmpty)
    #expect(harbour.audits[0].leaked.map(\.item) == ["gpu-0"])
  }

  @Test("Row 16: a larger request is ignored")
  func growth() async throws {
    let harbour = try await bound()
    try harbour.patch("a", ["spec": ["count": 3]])
    #expect(try await harbour.run(naive, "a") == ["cached-get"])
  }
}

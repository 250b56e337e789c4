import ControllerRuntime
import Allocation
import APIStore
import APIServer
import APIAllocation
import APIMachinery
import BindingControllers
import Testing
import ValueTree

private let reference = ReferenceBindingController()

@Suite("Reference controller: one fault at every effect")
struct ReferenceFaultTests {
  /// What a user does, one after the other; the controller comes to rest after each.
  private static let story: [@Sendable (Harbour) throws -> Void] = [
    { try $0.apply("a", ["pool": "gpus", "count": 2]) },
    { try $0.apply("b", ["pool": "gpus", "count": 1]) },
    { try $0.patch("a", ["spec": ["count": 3]]) },
    { try $0.patch("a", ["spec": ["count": 1]]) },
    { try $0.patch("b", ["spec": ["count": 9]]) },
    { try $0.delete("b") },
    { try $0.delete("a") },
    { try $0.apply("a", ["pool": "gpus", "count": 4]) },
    { try $0.delete("a") },
  ]

  @Test(
    "Refused, lost, in conflict, crashed before or after: nothing leaks, with books that outlive the process"
  )
  func ledger() async throws { try await tryAll(isMemoryBacked: false) }

  @Test("The same with books in memory, which records fill again after a crash")
  func inMemory() async throws { try await tryAll(isMemoryBacked: true) }

  private func tryAll(isMemoryBacked: Bool) async throws {
    for kind in Harbour.Fault.allCases {
      for place in 0..<200 {
        let harbour = try Harbour(isMemoryBacked: isMemoryBacked)
        harbour.fault = (place, kind)
        for (step, act) in Self.story.enumerated() {
          try act(harbour)
          let rests = await harbour.settle(reference, ["a", "b"])
          let context = "\(kind) at effect \(place), after step \(step)"
          #expect(rests, "\(context): does not come to rest")
          #expect(harbour.isClean, "\(context): \(harbour.audits)")
        }
        #expect(harbour.stored("a") == nil && harbour.stored("b") == nil)
        #expect(harbour.books[0].capacity.free == 4, "\(kind) at effect \(place)")
        // Beyond the end of the story there is nothing to go wrong.
        if harbour.fault != nil {
          #expect(place > 40, "the story has effects")
          break
        }
      }
    }
  }

  @Test(
    "A terminating object that has given its device back does not take it from its new owner at a restart"
  )
  func lateClaim() async throws {
    let harbour = try Harbour(gpus: 1, isMemoryBacked: true)
    try harbour.apply("a", ["pool": "gpus"], finalizers: ["other.dev/stays"])
    await harbour.settle(reference, ["a"])
    try harbour.delete("a")
    await harbour.settle(reference, ["a"])
    try harbour.apply("b", ["pool": "gpus"])
    await harbour.settle(reference, ["b"])
    harbour.crash()
    await harbour.settle(reference, ["a", "b"])
    #expect(harbour.items(of: "b") == ["gpu-0"] && harbour.isClean)
  }

  @Test(
    "A record of a device that there is not, or that another one holds, stops nobody and is told")
  func badRecords() async throws {
    let harbour = try Harbour(gpus: 2, isMemoryBacked: true)
    try harbour.apply("a", ["pool": "gpus"])
    try harbour.apply("b", ["pool": "gpus"])
    await harbour.settle(reference, ["a", "b"])
    let stolen: Value = [["name": "gpu-0", "generation": 1], ["name": "gpu-77"]]
    try harbour.patch("b", ["status": ["devices": stolen]], subresource: .status)
    harbour.crash()
    await harbour.settle(reference, ["b", "a"])
    #expect(harbour.isClean)
    #expect(harbour.items(of: "a") == ["gpu-0"] && harbour.items(of: "b") == ["gpu-1"])
    let warnings = harbour.notes.filter(\.isWarning)
    #expect(warnings.map(\.object) == [key("b"), key("b")])
    #expect(warnings.allSatisfy { $0.reason == "DeviceTaken" })
  }

  @Test("A pool in memory that is made anew under the process is filled again")
  func remadePool() async throws {
    let harbour = try Harbour(isMemoryBacked: true)
    try harbour.apply("a", ["pool": "gpus", "count": 2])
    await harbour.settle(reference, ["a"])
    try harbour.addPool("gpus", 3)
    #expect(try await harbour.run(reference, "a") == ["cached-get", "ensure"])
    await harbour.settle(reference, ["a"])
    #expect(harbour.items(of: "a") == ["gpu-0", "gpu-1"] && harbour.isClean)
  }
}

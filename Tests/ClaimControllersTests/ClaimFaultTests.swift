import APIAllocation
import Allocation
import Foundation
import Simulation
import Testing

@Suite("Claims under faults: nothing leaks, nothing is held twice, everything comes back")
struct ClaimFaultTests {
  private static let faults = """
    faults:
      allow: [crash, lost-reply, refused, conflict]
      budget: 4
      odds: 15
    """

  /// Claims come, compete, change and go.
  private static let workload =
    "workload:\n"
    + apply("PortClaim", "a", "pool: ports, port: 30001", when: "immediately")
    + apply("PortClaim", "b", "pool: ports, port: 30001", when: "immediately")
    + apply("PortClaim", "c", "pool: ports, count: 2, protocol: UDP", when: "immediately")
    + apply("IPClaim", "a", "pool: ips, count: 3", when: "immediately")
    + apply("IPClaim", "b", "pool: ips, ip: 10.0.0.2", when: "immediately")
    + apply("GPUClaim", "a", "pool: gpus, count: 2", when: "immediately")
    + apply("DeviceBinding", "a", "pool: gpus", when: "immediately")
    + delete("PortClaim", "a") + delete("IPClaim", "a", when: "immediately")
    + apply("PortClaim", "b", "port: 30002", when: "immediately")
    + apply("GPUClaim", "b", "pool: gpus, count: 2", when: "immediately")
    + delete("GPUClaim", "a", when: "immediately")

  private static let end =
    delete("PortClaim", "b") + delete("PortClaim", "c") + delete("IPClaim", "b")
    + delete("GPUClaim", "b") + delete("DeviceBinding", "a")

  private static let controllers = [
    "port-claims", "ip-claims", "gpu-claims", "reference-binding",
  ]

  @Test("Books that outlive the process: deleting all gives everything back")
  func ledgerBacking() throws { try Self.checkLedgerBacking(0..<12) }

  static func checkLedgerBacking(_ seeds: Range<UInt64>) throws {
    let scenario = try TestScenario(
      pools: Pools.all(Pools.ports, Pools.addresses, Pools.gpus), controllers: Self.controllers,
      workers: 2, Self.workload + Self.end + Self.faults)
    var faults = 0
    for seed in seeds {
      let world = try scenario.run(seed: seed)
      #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.map(\.sentence))")
      #expect(world.ledger.openCount == 0, "seed \(seed)")
      for book in world.books {
        #expect(book.capacity.free == book.capacity.total, "seed \(seed)")
      }
      faults += world.faultCount
    }
    // Seeds that meet no fault prove nothing.
    #expect(faults > 2 * seeds.count)
  }

  @Test("Claims that stay are bound at the end, whatever went wrong")
  func staying() throws {
    let scenario = try TestScenario(
      pools: Pools.all(Pools.ports, Pools.addresses, Pools.gpus), controllers: Self.controllers,
      Self.workload + Self.faults)
    for seed in 0..<12 as Range<UInt64> {
      let world = try scenario.run(seed: seed)
      #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.map(\.sentence))")
      #expect(world.status(PortClaim.self, "b").hasPrefix("Bound 30002/TCP"), "seed \(seed)")
      #expect(world.object(PortClaim.self, "c")?.phase == .bound, "seed \(seed)")
      #expect(world.status(IPClaim.self, "b").hasPrefix("Bound 10.0.0.2"), "seed \(seed)")
      #expect(world.object(GPUClaim.self, "b")?.recordedItems.count == 2, "seed \(seed)")
      #expect(world.object(DeviceBinding.self, "a")?.phase == .bound, "seed \(seed)")
    }
  }

  @Test("Two replicas share the books")
  func replicas() throws {
    let scenario = try TestScenario(
      pools: Pools.all(Pools.ports, Pools.addresses, Pools.gpus), controllers: Self.controllers,
      replicas: 2, Self.workload + Self.end + Self.faults)
    for seed in 0..<12 as Range<UInt64> {
      let world = try scenario.run(seed: seed)
      #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.map(\.sentence))")
      #expect(world.ledger.openCount == 0, "seed \(seed)")
    }
  }

  @Test("Books in a process's memory are filled from all kinds that may ask the pool")
  func memoryBacking() throws {
    let scenario = try TestScenario(
      pools: Pools.pool("gpus", "type: gpu, count: 4, backing: memory"),
      controllers: ["gpu-claims", "reference-binding"],
      """
      workload:
      \(apply("GPUClaim", "a", "pool: gpus"))
      \(apply("DeviceBinding", "b", "pool: gpus"))
      \(apply("GPUClaim", "c", "pool: gpus"))
      \(apply("DeviceBinding", "d", "pool: gpus"))
      faults:
        script:
        - {fault: crash-before, operation: ensure, object: default/c}
        - {fault: crash-before, operation: ensure, object: default/d}
      """)
    let world = try scenario.run()
    #expect(world.faultCount == 2)
    #expect(world.violations.isEmpty, "\(world.violations.map(\.sentence))")
    #expect(world.status(GPUClaim.self, "c") == "Bound gpu-2#1")
    #expect(world.status(DeviceBinding.self, "d") == "Bound gpu-3#1")
  }
}

/// The same on many more schedules; `scripts/soak` runs it.
@Suite("Soak: claims under faults", .enabled(if: Soak.isOn))
struct SoakClaimFaultTests {
  @Test("200 seeds", arguments: [0, 50, 100, 150] as [UInt64])
  func ledgerBacking(firstSeed: UInt64) throws {
    try ClaimFaultTests.checkLedgerBacking(firstSeed..<firstSeed + 50)
  }
}

private enum Soak {
  static var isOn: Bool { ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1" }
}

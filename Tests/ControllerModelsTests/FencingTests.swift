import APIAllocation
import Allocation
import APIMachinery
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing

/// A lease does not stop a process that was paused while it led; the token does.
@Suite("Leader election: who led before comes too late")
struct FencingTests {
  /// One process leads and is about to take a device; it is paused until another one has taken over and has taken one.
  private func pausedLeader(fencing: Bool) throws -> World {
    let controller = try model(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: m}
      spec:
        for: {kind: DeviceBinding}
        leaderElection: {lease: m, fencing: \(fencing)}
        steps:
        - get: {}
        - done:
          when: has(object.status.devices)
        - allocate: {pool: object.spec.pool, by: raw}
          onError: {Fenced: fail}
        - updateStatus: {set: {devices: "grants.map(g, {'name': g.item})"}}
      """
    ).controller()
    var world = try World(planned(controller, processes: 2, [apply(binding("a"))]), isTold: true)
    while world.pendingCall(of: 0) == nil, let decision = world.defaultDecision {
      world.take(decision)
    }
    try #require(world.pendingCall(of: 0) != nil)
    var turns: [Decision] = []
    while world.binding("a")?.devices.isEmpty != false {
      world.enabledDecisions(into: &turns)
      let next = turns.first { !$0.isOf(process: 0) }
      world.take(next ?? .wait)
      try #require(world.step < 2_000)
    }
    // The first one wakes up in the middle of what it was doing.
    world.take(.proceed(process: 0, controller: 0, worker: 0, .normal))
    return world
  }

  private func handedOut(_ world: World) -> Int {
    world.ledger.entries.count { $0.event == .opened }
  }

  @Test("A paused leader's call is refused after the next one's")
  func fenced() throws {
    let world = try pausedLeader(fencing: true)
    #expect(handedOut(world) == 1)
    #expect(world.timeline?.entries.contains { $0.text.contains("another process leads") } == true)
  }

  @Test("Without the token it is carried out, and a second device is taken")
  func unfenced() throws {
    #expect(try handedOut(pausedLeader(fencing: false)) == 2)
  }

  @Test("The books let in who leads, and nobody who led before")
  func books() throws {
    var book = try PoolBook(
      name: "p", allocator: DeviceAllocator(devices: [.init(name: "gpu-0")]))
    try book.admit(FencingToken(lease: "l", transitions: 1))
    try book.admit(FencingToken(lease: "l", transitions: 1))
    try book.admit(FencingToken(lease: "other", transitions: 0))
    let before = book.contentHash
    #expect(throws: AllocationError.fenced) {
      try book.admit(FencingToken(lease: "l", transitions: 0))
    }
    #expect(book.contentHash == before)
    try book.admit(FencingToken(lease: "l", transitions: 2))
    #expect(book.contentHash != before)
  }
}

extension Decision {
  fileprivate func isOf(process wanted: Int) -> Bool {
    switch self {
    case .deliver(let process, _), .start(let process, _, _), .proceed(let process, _, _, _),
      .crash(let process):
      process == wanted
    default: false
    }
  }
}

extension World {
  /// The call to a pool with which the first worker of a process waits.
  fileprivate func pendingCall(of process: Int) -> Bool? {
    outcomes(process: process, controller: 0, worker: 0).contains(.refused)
      && !outcomes(process: process, controller: 0, worker: 0).contains(.conflict) ? true : nil
  }
}

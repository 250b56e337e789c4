import Allocation
import APIMachinery
import Foundation
import LocalCluster
import Simulation
import Testing

@Suite("Killed at any moment, a command leaves the old state or the new one, whole")
struct KillTests {
  @Test("Two hundred kills") func someKills() throws { try Killing().run(rounds: 200) }
}

@Suite("Soak: kills", .enabled(if: ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"))
struct SoakKillTests {
  @Test("Two thousand kills") func manyKills() throws { try Killing().run(rounds: 2_000) }
}

/// Applies and deletes the quick start in turn, and kills most of the commands.
///
/// Each command changes all there is, so whatever is half done shows.
private struct Killing {
  private static let quickstart = Program.root.appending(path: "manifests/quickstart")
    .path(percentEncoded: false)
  /// Objects of the quick start, and the items that they hold.
  private static let whole = (objects: 12, items: 12)

  private let seed = UInt64.random(in: 0...UInt64.max)

  func run(rounds: Int) throws {
    var random = SeededDelays(state: seed)
    try Program.withFolder { folder in
      // How long the commands take here; corrected as the rounds go, because the machine has other work as well.
      var microseconds: [Bool: Double] = [:]
      for isApplying in [true, false] {
        let start = ContinuousClock.now
        try begin(isApplying, folder).waitUntilExit()
        microseconds[isApplying] = min(200_000, (ContinuousClock.now - start) / .microseconds(1))
      }
      var killed = 0
      var moved = 0
      var isThere = false
      for round in 0..<rounds {
        let isApplying = !isThere
        let process = try begin(isApplying, folder)
        // Half of the kills fall into the last third, where the state is written.
        let length = microseconds[isApplying] ?? 0
        let from = random.next(below: 2) == 0 ? 0 : length * 2 / 3
        usleep(UInt32(from) + random.next(below: UInt32(max(1, length - from))))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let isKilled = process.terminationReason == .uncaughtSignal
        if isKilled { killed += 1 }
        // One in five or so is let finish, so that kills fall everywhere in a command.
        microseconds[isApplying] = length * (isKilled ? 1.025 : 0.9)
        let found = try look(folder, "seed \(seed), round \(round)")
        if found != isThere { moved += 1 }
        isThere = found
      }
      #expect(killed > rounds / 2, "seed \(seed): only \(killed) were killed in time")
      #expect(moved > rounds / 20, "seed \(seed): only \(moved) commands got anywhere")
    }
  }

  private func begin(_ isApplying: Bool, _ folder: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.arguments =
      (isApplying ? ["apply"] : ["delete", "--ignore-not-found"]) + ["-f", Self.quickstart]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Whether the quick start is there; it must be so in every respect.
  private func look(_ folder: URL, _ moment: String) throws -> Bool {
    let path = folder.appending(path: ".drydock/cluster.db").path(percentEncoded: false)
    let state = try StateFile.read(path: path)
    let session = try ClusterSession(state: state, now: state.time, isLookedAt: true)
    let objects = session.types(named: "drydock").flatMap { session.objects(of: $0) }
    let held = session.holdings(freeMax: 0).rows
    let isThere = !objects.isEmpty
    #expect(objects.count == (isThere ? Self.whole.objects : 0), "\(moment)")
    #expect(held.count == (isThere ? Self.whole.items : 0), "\(moment)")
    #expect(held.allSatisfy { $0.isRecorded && $0.state == .open }, "\(moment)")
    #expect(session.audits.allSatisfy { $0.isClean }, "\(moment): \(session.audits)")
    #expect(session.warnings.isEmpty, "\(moment)")
    return isThere
  }
}

/// Delays that a seed tells again.
private struct SeededDelays {
  var state: UInt64

  mutating func next(below bound: UInt32) -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 33) % bound
  }
}

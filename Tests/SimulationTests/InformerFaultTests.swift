import APIAllocation
import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Synchronization
import Testing
import ValueTree

/// What an informer told, in order.
private final class Recorder: Sendable {
  private let lines = Mutex<[String]>([])

  var seen: [String] { lines.withLock { $0 } }

  func controller(_ name: String = "ear") -> Controller {
    Controller(
      name,
      watching: [
        Watch(bindingType) { event in
          self.note(event)
          return []
        }
      ], program: .steps { _ in Idle() })
  }

  private func note(_ event: InformerEvent) {
    let name = event.object?.name ?? "?"
    let text: String
    switch (event.old, event.new) {
    case (nil, _?): text = "\(name) new"
    case (let old?, let new?): text = old.uid == new.uid ? "\(name) changed" : "\(name) replaced"
    default: text = event.isTombstone ? "\(name) gone, not seen" : "\(name) gone"
    }
    lines.withLock { $0.append(text) }
  }
}

private struct Idle: StepReconcile {
  var stateHash: UInt64 { 0 }
  mutating func next(_ reply: Reply?) -> Step { .finish(.done) }
}

private func at(_ seconds: Int64, _ action: WorldPlan.UserAction) -> WorldPlan.Step {
  WorldPlan.Step(action, .after(.seconds(seconds)))
}

private let edit: Value = ["metadata": ["labels": ["a": "b"]]]

@Suite("Faults of informers: what a controller is told, and when")
struct InformerFaultTests {
  /// `a` is there from the start, `b` comes and goes, `a` changes and goes.
  private static let comings = [
    at(0, .apply(binding("a"))), at(2, .apply(binding("b"))), at(3, .delete(bindingType, key("b"))),
    at(4, .patch(bindingType, key("a"), edit)), at(5, .delete(bindingType, key("a"))),
  ]

  private func seen(
    _ workload: [WorldPlan.Step] = comings, _ faults: FaultScript.Fault...,
    changing change: (inout WorldPlan) -> Void = { _ in }
  ) throws -> [String] {
    let recorder = Recorder()
    var plan = planned(recorder.controller(), workload)
    let script = FaultScript(faults)
    plan.appointments = script.times
    for fault in faults {
      if let duration = fault.duration { plan.faults.allow([duration], of: fault.kind) }
    }
    change(&plan)
    let result = try Runner.run(plan, DefaultSource(script))
    #expect(result.missed == [] && result.world.faultCount == faults.count)
    // What the resync tells is the same for everybody.
    return recorder.seen
  }

  private func fault(
    _ kind: FaultKind, at seconds: Int64, for duration: GoDuration? = nil, number: Int? = nil
  ) -> FaultScript.Fault {
    var fault = FaultScript.Fault(kind, after: .seconds(seconds))
    fault.duration = duration
    fault.number = number
    return fault
  }

  /// When an informer sees what, in seconds, if it is hit after the first of them.
  private func sights(_ kind: FaultKind, for duration: GoDuration) throws -> [Int64] {
    var plan = planned(Recorder().controller(), Self.comings)
    plan.faults.allow([duration], of: kind)
    plan.appointments = [.seconds(1)]
    let script = FaultScript([fault(kind, at: 1, for: duration)])
    let result = try Runner.run(plan, DefaultSource(script), isTold: true)
    #expect(result.outcome == .held)
    let lines = result.world.timeline?.entries.filter { $0.text.hasPrefix("sees ") } ?? []
    return lines.map(\.time.wholeSeconds)
  }

  static let everything = [
    "a new", "b new", "b gone", "a changed", "a gone",
  ]

  @Test("Without a fault everything is told, in order")
  func faultFree() throws { #expect(try seen() == Self.everything) }

  @Test("F5: a watch that breaks and resumes loses nothing")
  func resumed() throws {
    #expect(try seen(Self.comings, fault(.watchBreak, at: 1, for: .minutes(1))) == Self.everything)
    #expect(try sights(.watchBreak, for: .minutes(1)) == [0, 61, 61, 61, 61])
  }

  @Test("F7: after a relist, what came and went never was, and what is gone is a tombstone")
  func relisted() throws {
    let told = try seen(Self.comings, fault(.relist, at: 1, for: .seconds(30)))
    #expect(told == ["a new", "a gone, not seen"])
  }

  @Test("F6: changes that come at once are one change an object")
  func coalesced() throws {
    let told = try seen(Self.comings, fault(.coalesce, at: 5)) {
      $0.processes[0].informerLag = .seconds(4)
    }
    // At 5 s the watch has told of `a` alone.
    #expect(told == ["a new", "a changed", "a gone"])
  }

  @Test("F6: an object that is deleted and made again arrives as an update with another UID")
  func replaced() throws {
    let workload = [
      at(0, .apply(binding("a"))), at(2, .recreate(bindingType, key("a"))), at(60, .look),
    ]
    #expect(try seen(workload) == ["a new", "a gone", "a new", "a changed"])
    let told = try seen(workload, fault(.relist, at: 1, for: .seconds(30)))
    #expect(told == ["a new", "a replaced", "a changed"])
  }

  @Test("F8: a watch that is late tells everything later; others are fresh")
  func delayed() throws {
    #expect(try sights(.watchDelay, for: .minutes(6)) == [0, 361, 361, 361, 361])
  }

  @Test("F8: each informer has a lag of its own")
  func lags() throws {
    let recorder = Recorder()
    let pools = Controller(
      "pools", watching: [Watch(Pool.type) { _ in [] }, Watch(bindingType) { _ in [] }],
      program: .steps { _ in Idle() })
    var plan = planned(pools, [at(1, .apply(binding("a"))), at(1, .apply(pool(5)))])
    plan.processes[0].controllers.append(recorder.controller())
    plan.processes[0].informerLags = [.init(bindingType, .seconds(40))]
    let result = try Runner.run(plan, DefaultSource(), isTold: true)
    let sights = result.world.timeline?.entries.filter { $0.text.hasPrefix("sees ") } ?? []
    #expect(sights.map(\.time.wholeSeconds) == [1, 41])
    #expect(sights.map { $0.text.contains("pool ") } == [true, false])
  }

  @Test("F9: an informer at a replica that is behind sees the past, and catches up")
  func timeTravel() throws {
    // One write before, `b` was there still; two before, it had not come yet. A list tells of `a` either way.
    for back in [1, 2] {
      let told = try seen(Self.comings, fault(.timeTravel, at: 4, number: back)) {
        $0.replicas = 2
      }
      #expect(
        told == [
          "a new", "b new", "b gone", "a changed", "b new", "b gone", "a changed", "a gone",
        ])
    }
  }

  @Test("F10: a first list comes in another order")
  func shuffled() throws {
    let workload = [at(60, .look)]
    func told(_ faults: [FaultScript.Fault]) throws -> [String] {
      let recorder = Recorder()
      var plan = planned(recorder.controller(), workload)
      plan.objects += ["a", "b", "c"].map { binding($0) }
      var world = try World(plan)
      var script = faults
      while let decision = world.defaultDecision {
        var taken = decision
        if let fault = script.first {
          script.removeFirst()
          var all: [Decision] = []
          world.faultDecisions(fault.kind, into: &all)
          taken = try #require(
            all.first { world.name(of: $0).hasSuffix(" \(fault.number ?? 0)") })
        }
        world.take(taken)
      }
      return recorder.seen
    }
    #expect(try told([]).prefix(3) == ["a new", "b new", "c new"])
    #expect(try told([fault(.shuffle, at: 0, number: 1)]).prefix(3) == ["c new", "b new", "a new"])
    let other = try told([fault(.shuffle, at: 0, number: 3)])
    #expect(other.prefix(3).sorted() == ["a new", "b new", "c new"])
  }

  @Test("F15: a watch that is behind a compaction lists again")
  func compacted() throws {
    let told = try seen(Self.comings, fault(.compaction, at: 5)) {
      $0.processes[0].informerLag = .seconds(4)
    }
    #expect(told == ["a new", "a changed", "a gone"])
  }

  @Test("F15: a store that is set back forgets what came after, and whoever saw that is told")
  func restored() throws {
    let workload = [
      at(0, .apply(binding("a"))), at(2, .apply(binding("b"))), at(9, .look),
    ]
    var plan = planned(Recorder().controller(), workload)
    plan.keepsSnapshots = true
    plan.appointments = [.seconds(5)]
    let script = FaultScript([fault(.storeRestore, at: 5, number: 2)])
    let result = try Runner.run(plan, DefaultSource(script))
    #expect(result.missed == [])
    #expect(result.world.server.store.object(bindingType, key("a")) != nil)
    #expect(result.world.server.store.object(bindingType, key("b")) == nil)
    #expect(oracle(result) == .invariant)
    #expect(
      sentence(result)
        == "at rest, p0's cache of devicebindings is not what the server has.")
  }

  @Test("A short history of watches leads to lists, as a compaction does")
  func history() throws {
    let told = try seen(Self.comings, fault(.watchDelay, at: 1, for: .seconds(30))) {
      $0.watchHistoryMax = 2
    }
    #expect(told == ["a new", "a gone, not seen"])
    let enough = try seen(Self.comings, fault(.watchDelay, at: 1, for: .seconds(30))) {
      $0.watchHistoryMax = 4
    }
    #expect(enough == Self.everything)
  }
}

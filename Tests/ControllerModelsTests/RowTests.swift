import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import Testing
import ValueTree

/// Each row of the table of what is wrong with the naive controller (semantics 6.2), made by changing one or two
/// lines of `reference` or of its scenario; and `reference` itself does not do it.
@Suite("Rows: each known fault is one or two lines away from the reference")
struct RowTests {
  private static let guarded = "    when: \"!(finalizer in object.metadata.finalizers) ||"
  private static let deletionTest = "  - if: object.metadata.deletionTimestamp != null\n"
  private static let foreign = "example.com/other"

  private func held(_ plan: WorldPlan, _ faults: [FaultScript.Fault] = []) throws {
    let result = try run(plan, faults)
    #expect(result.violations.map(\.sentence) == [])
  }

  @Test("1: the error of the finalizer's write is ignored; only luck goes on")
  func row1() throws {
    let changed = try mutant([Self.guarded: "    onError: done\n" + Self.guarded])
    let faults = [fault(.refused, "update", "a")]
    let plan = planned(changed, [apply(binding("a"))])
    #expect(try beforeResync(plan, faults).binding("a")?.devices.isEmpty == true)
    let right = planned(try reference(), [apply(binding("a"))])
    #expect(try beforeResync(right, faults).binding("a")?.devices.count == 1)
  }

  /// An object is deleted while it has not our finalizer, and somebody else's keeps it.
  private func testsFinalizerFirst(
    _ workload: [WorldPlan.Step], lag: GoDuration = .zero
  ) throws {
    let changed = try mutant([
      Self.deletionTest:
        "  - if: object.metadata.deletionTimestamp != null && finalizer in object.metadata.finalizers\n"
    ])
    let wrong = try Runner.run(planned(changed, lag: lag, workload), DefaultSource(), isTold: true)
    #expect(wrong.world.refusals("Invalid") > 1)
    let right = try Runner.run(
      planned(reference(), lag: lag, workload), DefaultSource(), isTold: true)
    #expect(right.world.refusals("Invalid") == 0)
  }

  @Test("2: the finalizer test stands before the deletion test")
  func row2() throws {
    // It is being deleted before anybody has seen it.
    try testsFinalizerFirst(
      [
        apply(binding("a", finalizers: [Self.foreign])), delete("a", .immediately),
        patch("a", ["metadata": ["labels": ["touched": "yes"]]]),
      ], lag: .seconds(1))
  }

  @Test("3: our finalizer was taken off, others remain")
  func row3() throws {
    try testsFinalizerFirst([
      apply(binding("a", finalizers: [Self.foreign])), delete("a"),
      patch("a", ["metadata": ["labels": ["touched": "yes"]]]),
    ])
  }

  @Test("4: every reconcile of a live object allocates")
  func row4() throws {
    let plan = planned(try mutant([Line.key: Line.raw]), [apply(binding("a"))])
    #expect(oracle(try run(plan)) == .leak)
    try held(planned(reference(), [apply(binding("a"))]))
  }

  @Test("5: a crash between allocation and record")
  func row5() throws {
    let workload = [apply(binding("a"))]
    let plan = planned(try mutant(Line.rawOnce), workload)
    #expect(oracle(try run(plan, [fault(.crashAfter, "allocate", "a")])) == .leak)
    try held(plan)
    try held(planned(reference(), workload), [fault(.crashAfter, "ensure", "a")])
  }

  @Test("6: the status write conflicts, and the next reconcile takes another device")
  func row6() throws {
    let workload = [apply(binding("a"))]
    let faults = [fault(.conflict, "update-status", "a")]
    #expect(oracle(try run(planned(mutant(Line.rawOnce), workload), faults)) == .leak)
    try held(planned(reference(), workload), faults)
  }

  @Test("7: the status write's answer is lost, and the cache does not know it yet")
  func row7() throws {
    let workload = [apply(binding("a"))]
    let faults = [fault(.lostReply, "update-status", "a")]
    let plan = planned(try mutant(Line.rawOnce), lag: .seconds(1), workload)
    #expect(try hunt(plan, faults, until: [.leak]) != nil)
    try held(planned(reference(), lag: .seconds(1), workload), faults)
  }

  @Test("8: the next reconcile reads a cache that is older than the status")
  func row8() throws {
    let workload = [apply(binding("a"))]
    let lag = GoDuration.seconds(1)
    let changed = planned(try mutant(Line.rawOnce), lag: lag, workload)
    #expect(try hunt(changed, until: [.leak]) != nil)
    #expect(try blame(planned(reference(), lag: lag, workload)) == nil)
  }

  @Test("9: the delete branch releases what a stale status says")
  func row9() throws {
    let workload = [apply(binding("a", count: 2)), delete("a", .immediately)]
    let changed = planned(try mutant([Line.release: Line.releaseByName]), workload)
    #expect(try hunt(changed, until: [.leak]) != nil)
    #expect(try blame(planned(reference(), workload)) == nil)
  }

  @Test("10: the error of the release is ignored")
  func row10() throws {
    let workload = [apply(binding("a")), delete("a")]
    let faults = [fault(.refused, "begin-release", "a")]
    let changed = try mutant(["      onError: {UnknownPool: ignore}\n": "      onError: ignore\n"])
    #expect(oracle(try run(planned(changed, workload), faults)) == .leak)
    try held(planned(reference(), workload), faults)
  }

  /// One device; `b` waits for it while `a` goes.
  private static let succession = [
    apply(binding("a")), apply(binding("b")), delete("a"),
  ]

  @Test(
    "11, 12: the release is repeated when the finalizer's write failed or its answer was lost",
    arguments: [Decision.Outcome.conflict, .lostReply])
  func row11(_ outcome: Decision.Outcome) throws {
    let faults = [fault(outcome, "update", "a", occurrence: 2)]
    let lag = outcome == .lostReply ? GoDuration.seconds(1) : .zero
    let changed = planned(
      try mutant([Line.release: Line.releaseByName]), pool: pool(1), lag: lag, Self.succession)
    let found = try hunt(changed, faults, until: [.danglingRecord, .doubleHolder])
    #expect(found != nil)
    let right = planned(try reference(), pool: pool(1), lag: lag, Self.succession)
    #expect(try blame(right, faults) == nil)
  }

  @Test("13: two replicas keep the books in their own memory")
  func row13() throws {
    let workload = [apply(binding("a")), apply(binding("b"))]
    let plan = planned(try reference(), pool: pool(backing: "memory"), processes: 2, workload)
    #expect(try hunt(plan, until: [.doubleHolder, .danglingRecord]) != nil)
    // One process, or books that both share, are safe.
    #expect(try blame(planned(reference(), pool: pool(backing: "memory"), workload)) == nil)
    #expect(try blame(planned(reference(), processes: 2, workload)) == nil)
  }

  @Test("14: after a restart an object that waits is worked on before the records are entered")
  func row14() throws {
    let workload = [apply(binding("z")), apply(binding("a"), .settled)]
    let faults = [fault(.crashBefore, "cached-get", "a")]
    let books = pool(backing: "memory")
    let changed = try mutant([
      "    - rebuild: {pool: pool, records: records, complete: false, as: entered}\n":
        "    - rebuild: {pool: pool, records: '[]', as: entered}\n"
    ])
    let found = oracle(try run(planned(changed, pool: books, workload), faults))
    #expect(found == .doubleHolder || found == .danglingRecord)
    try held(planned(reference(), pool: books, workload), faults)
  }

  @Test(
    "15: made again under the same name, an object loses its device to its predecessor's release")
  func row15() throws {
    let workload = [apply(binding("a")), delete("a"), apply(binding("a"))]
    let faults = [fault(.lostReply, "update", "a", occurrence: 2)]
    // The process that released is behind; another one serves the successor.
    func plan(_ controller: Controller) -> WorldPlan {
      var plan = planned(controller, pool: pool(1), processes: 2, workload)
      plan.processes[0].informerLag = .seconds(1)
      return plan
    }
    let changed = try mutant([Line.release: Line.releaseByName])
    #expect(try hunt(plan(changed), faults, until: [.danglingRecord, .doubleHolder]) != nil)
    #expect(try blame(plan(reference()), faults) == nil)
  }

  @Test("16: more devices are asked for, and the old one is taken again instead of kept")
  func row16() throws {
    let workload = [apply(binding("a")), patch("a", ["spec": ["count": 3]])]
    let changed = try mutant([
      Line.key: Line.raw,
      Line.ready:
        "  - {done: , when: 'has(object.status.devices) && size(object.status.devices) == object.spec.count'}\n"
        + "  - set: {count:",
    ])
    try held(planned(changed, [apply(binding("a"))]))
    #expect(oracle(try run(planned(changed, workload))) == .leak)
    try held(planned(reference(), workload))
  }

  @Test("17: the finalizer is taken off by hand, and no code path knows the device")
  func row17() throws {
    let workload = [
      apply(binding("a")), patch("a", ["metadata": ["finalizers": []]]),
      delete("a", .immediately),
    ]
    let changed = planned(
      try mutant(["  - get: {missing: continue}\n": "  - get: {}\n"]), workload)
    #expect(try hunt(changed, until: [.leak]) != nil)
    #expect(try blame(planned(reference(), workload)) == nil)
  }

  @Test("18: somebody edits the status, which is the only record")
  func row18() throws {
    let editor = try model(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: editor}
      spec:
        for: {kind: DeviceBinding}
        steps:
        - get: {}
        - updateStatus: {remove: [devices]}
          when: object.metadata.deletionTimestamp != null
      """
    ).controller()
    let workload = [apply(binding("a")), delete("a")]
    let changed = try mutant([Line.release: Line.releaseByName])
    #expect(oracle(try run(planned(editor, and: changed, workload))) == .leak)
    try held(planned(editor, and: reference(), workload))
  }

  @Test("19: a merge patch replaces the list of finalizers from a stale copy")
  func row19() throws {
    let workload = [
      apply(binding("a")),
      patch("a", ["metadata": ["finalizers": [Value(Self.foreign)]]], .immediately),
    ]
    func lost(_ controller: Controller) throws -> Int {
      var lost = 0
      for seed in UInt64(0)..<60 {
        let plan = planned(controller, lag: .seconds(1), workload)
        let result = try Runner.run(plan, RandomSource(seed: seed, detourOdds: 2))
        let finalizers = result.world.binding("a")?.finalizers ?? []
        if !finalizers.contains(Self.foreign), finalizers.count == 1 { lost += 1 }
      }
      return lost
    }
    let changed = try mutant([
      "      addFinalizer: true\n": "      addFinalizer: true\n      by: mergePatch\n"
    ])
    #expect(try lost(changed) > lost(reference()))
  }

  @Test("20: the finalizer is stored, the deletion goes through all the same")
  func row20() throws {
    func plan(_ controller: Controller, _ race: ServerSettings.FinalizerRace) -> WorldPlan {
      var plan = planned(controller, [apply(binding("a")), delete("a", .immediately)])
      plan.settings.deleteFinalizerRace = race
      return plan
    }
    let changed = try mutant(["  - get: {missing: continue}\n": "  - get: {}\n"])
    #expect(try hunt(plan(changed, .legacy), until: [.leak]) != nil)
    #expect(try blame(plan(changed, .fixed)) == nil)
    #expect(try blame(plan(reference(), .legacy)) == nil)
  }

  @Test("21: the second of two allocations fails, and the next reconcile makes the first one again")
  func row21() throws {
    let workload = [apply(binding("a"))]
    let changed = try mutant([
      Line.key: Line.raw,
      Line.ready:
        "  - {if: has(object.status.devices), then: [done: ], else: [allocate: {pool: pool, by: raw, as: first}]}\n"
        + "  - set: {count:",
    ])
    let faults = [fault(.refused, "allocate", "a", occurrence: 2)]
    #expect(oracle(try run(planned(changed, workload), faults)) == .leak)
    try held(planned(reference(), workload), [fault(.refused, "ensure", "a")])
  }

  @Test("22: what was released is handed on while the node still uses it")
  func row22() throws {
    let agent = "node.example.com/agent"
    // The node's agent lets go of the object when it has stopped, five seconds after the deletion.
    func isShared(
      _ controller: Controller, _ finalizers: [String], left: [Value] = []
    ) throws -> Bool {
      let workload = [
        apply(binding("a", finalizers: finalizers)), apply(binding("b")), delete("a"),
        patch("a", ["metadata": ["finalizers": Value(left)]], .after(.seconds(5))),
      ]
      var world = try World(planned(controller, pool: pool(1), workload))
      var isShared = false
      while let decision = world.defaultDecision {
        world.take(decision)
        if world.binding("b")?.devices.isEmpty == false,
          world.binding("a")?.finalizers.contains(agent) == true
        {
          isShared = true
        }
      }
      #expect(world.binding("b")?.devices.count == 1)
      return isShared
    }
    #expect(try isShared(reference(), [agent]))
    #expect(try !isShared(reference(), []))
    // Who waits for the holder's consent does not share.
    let patient = try mutant([
      "    - set: {owner: object.metadata.uid}\n":
        "    - {requeue: {after: 1s}, when: 'object.metadata.finalizers.exists(f, f != finalizer)'}\n"
        + "    - set: {owner: object.metadata.uid}\n"
    ])
    #expect(try !isShared(patient, [agent], left: [Value(DeviceBinding.finalizer)]))
  }

  @Test("23: an exhausted pool is an error, and the key backs off for ever longer")
  func row23() throws {
    let workload = [apply(binding("a", count: 9))]
    let changed = try mutant(["      Exhausted: {goto: waiting}\n": "      Exhausted: fail\n"])
    let result = try run(planned(changed, workload))
    #expect(oracle(result) == .neverSettled)
    #expect(result.world.binding("a")?.phase == nil)
    let right = try run(planned(reference(), workload))
    #expect(right.violations.isEmpty)
    #expect(right.world.binding("a")?.phase == .pending)
  }

  @Test("24: the finalizer's own event is waited for, and a predicate filters it")
  func row24() throws {
    let workload = [apply(binding("a"))]
    let changed = try mutant([
      "  for: {kind: DeviceBinding}\n":
        "  for: {kind: DeviceBinding, predicates: [generationChanged]}\n",
      "      addFinalizer: true\n": "      addFinalizer: true\n      then: done\n",
    ])
    #expect(try beforeResync(planned(changed, workload)).binding("a")?.devices.isEmpty == true)
    #expect(try beforeResync(planned(reference(), workload)).binding("a")?.devices.count == 1)
  }

  @Test("25: a panic in the release is recovered, and comes again")
  func row25() throws {
    let workload = [apply(binding("a")), delete("a")]
    let changed = try mutant([
      Line.release:
        "    - fail: {message: \"'nil map'\", kind: panic}\n      when: \"request.name == 'a'\"\n"
        + Line.release
    ])
    let result = try run(planned(changed, workload))
    #expect(oracle(result) == .neverSettled)
    #expect(result.world.binding("a")?.isDeleting == true)
    try held(planned(reference(), workload))
  }
}

import APIAllocation
import APIServer
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import ValueTree

/// What a controller is, what goes wrong, and where the books are kept.
struct Cell: Hashable, CustomStringConvertible {
  let variant: Variant
  let backing: Backing
  let mode: Mode

  var description: String { "\(variant), \(backing), \(mode)" }

  static let all = Variant.allCases.flatMap { variant in
    Backing.allCases.flatMap { backing in
      Mode.all.map { Cell(variant: variant, backing: backing, mode: $0) }
    }
  }

  enum Backing: String, CaseIterable { case ledger, memory }

  /// What can go wrong: nothing, the order of turns alone, or faults of one kind on the default schedule.
  enum Mode: Hashable, CustomStringConvertible {
    case none
    /// Turns in any order.
    case order
    /// Turns in any order, and two processes.
    case two
    /// Turns in any order, and caches that are a second behind.
    case lag
    /// Turns in any order, and a server that loses a finalizer which comes while the object goes.
    case race
    case fault(FaultKind)

    static let all: [Mode] =
      [.none, .order, .two, .lag, .race]
      + [
        FaultKind.crashBefore, .crashAfter, .refused, .lostReply, .lateSuccess, .conflict,
        .sentTwice, .exhausted, .notFound, .kill, .partitionAllocator, .watchDelay, .editStatus,
        .stripFinalizers, .forceDelete,
      ].map(Mode.fault)

    var description: String {
      switch self {
      case .none: "none"
      case .order: "order"
      case .two: "two"
      case .lag: "lag"
      case .race: "race"
      case .fault(let kind): kind.rawValue
      }
    }
  }

  /// The shipped models, and what is a few lines away from `reference`, by the rows of semantics 6.2.
  ///
  /// Two rows are wrong by what nothing here judges, and are shown in `RowTests` alone. Row 19 drops the finalizer of
  /// another controller: what leaks is that one's, and here nobody else works on bindings. In row 22 the books are
  /// right, since what was given back is free; that a node still uses it is known to nobody but the node.
  enum Variant: String, CaseIterable {
    case reference
    case naive
    /// Row 1: ignores the error of the finalizer's write.
    case careless
    /// Rows 2 and 3: tests for its finalizer before it tests for the deletion.
    case finalizerFirst
    /// Row 4: takes items in every reconcile.
    case again
    /// Rows 5 to 8: takes items where the status has none.
    case once
    /// Rows 9, 11 and 12: gives back by name what the status says.
    case byName
    /// Row 10: ignores the error of the release.
    case ignoring
    /// Row 14: enters no records in empty books.
    case forgetful
    /// Row 16: takes all items again where another number is asked for.
    case resizing
    /// Rows 17 and 20: does nothing for what is gone.
    case noTombstone
    /// Row 21: takes a first item, and the others with a second call.
    case inTwo
    /// Row 23: fails where the pool is exhausted.
    case impatient
    /// Row 24: waits for the finalizer's own event, and filters it out; the resync is the luck that helps.
    case filtering
    /// Row 25: panics in the release of `a`.
    case panicking
  }

  func plan() throws -> WorldPlan {
    var plan = planned(
      try variant.controller(), pool: pool(variant.items, backing: backing.rawValue),
      processes: mode == .two ? 2 : 1, lag: mode == .lag ? .seconds(1) : .zero,
      variant.workload)
    if mode == .race { plan.settings.deleteFinalizerRace = .legacy }
    return plan
  }

  func source(_ seed: UInt64) -> RandomSource {
    guard case .fault(let kind) = mode else {
      return RandomSource(seed: seed, detourOdds: mode == .none ? 0 : 2)
    }
    // Rare, so that what comes late is hit as well.
    let budget = FaultBudget(rules: [FaultRule(kind)], count: 2, odds: 40)
    return RandomSource(seed: seed, budget: budget, detourOdds: 0)
  }
}

extension Cell.Variant {
  private static let foreign = "example.com/other"

  func controller() throws -> Controller {
    switch self {
    case .naive: try model(modelText("naive")).controller()
    // The line that joins the two is one more.
    case .inTwo: try model(modelText("reference"), replacing: changes).controller()
    default: try mutant(changes)
    }
  }

  /// Room to take too much, for those who take more than once, and for one with which nothing ever rests.
  ///
  /// Elsewhere one binding waits for another's items; who takes in two calls finds enough for both.
  var items: Int64 {
    switch self {
    case .inTwo: 12
    case .naive, .once, .panicking: 6
    default: 3
    }
  }

  /// Bindings come and go; one waits for another's items, one is touched while caches that are behind do not know
  /// its status yet, and one goes as soon as it has come.
  var workload: [WorldPlan.Step] {
    let common = [
      apply(binding("e")), delete("e", .immediately),
      apply(binding("a", count: 2)), apply(binding("b")), apply(binding("c")),
      patch("c", ["metadata": ["labels": ["touched": "yes"]]], .after(.milliseconds(1500))),
      delete("a"), apply(binding("d")), delete("b"),
    ]
    let resized = [
      patch("d", ["spec": ["count": 2]]), patch("c", ["spec": ["count": 2]]),
      patch("d", ["spec": ["count": 1]]),
    ]
    // Somebody else's finalizer stays for a while, or for ever.
    let shared = [apply(binding("f", finalizers: [Self.foreign]), .settled), delete("f")]
    let left = patch("f", ["metadata": ["finalizers": []]], .after(.seconds(1200)))
    switch self {
    case .reference: return common + resized + shared + [left]
    case .resizing: return common + resized
    case .finalizerFirst: return common + shared
    default: return common
    }
  }

  private var changes: KeyValuePairs<String, String> {
    switch self {
    case .reference, .naive: [:]
    case .careless:
      [
        "    when: \"!(finalizer in object.metadata.finalizers) ||":
          "    onError: done\n    when: \"!(finalizer in object.metadata.finalizers) ||"
      ]
    case .finalizerFirst:
      [
        "  - if: object.metadata.deletionTimestamp != null\n":
          "  - if: object.metadata.deletionTimestamp != null && finalizer in object.metadata.finalizers\n"
      ]
    case .again: [Line.key: Line.raw]
    case .once:
      [
        Line.key: Line.raw,
        Line.ready:
          "  - {done: , when: 'has(object.status.devices) && size(object.status.devices) > 0'}\n"
          + Line.ready,
      ]
    case .byName: [Line.release: Line.releaseByName]
    case .ignoring: ["      onError: {UnknownPool: ignore}\n": "      onError: ignore\n"]
    case .forgetful:
      [
        "    - rebuild: {pool: pool, records: records, complete: false, as: entered}\n":
          "    - rebuild: {pool: pool, records: '[]', as: entered}\n"
      ]
    case .resizing:
      [
        Line.key: Line.raw,
        Line.ready:
          "  - {done: , when: 'has(object.status.devices) && size(object.status.devices) == object.spec.count'}\n"
          + Line.ready,
      ]
    case .inTwo:
      [
        Line.key: Line.raw,
        Line.ready:
          "  - {done: , when: 'has(object.status.devices) && size(object.status.devices) > 0'}\n"
          + "  - call: ready\n  - allocate: {pool: pool, by: raw, as: first}\n"
          + "    onError: requeue\n  - set: {count:",
        "  - set:\n      kept:":
          "  - set: {grants: first + grants, count: count + 1}\n  - set:\n      kept:",
      ]
    case .filtering:
      [
        "  for: {kind: DeviceBinding}\n":
          "  for: {kind: DeviceBinding, predicates: [generationChanged]}\n",
        "      addFinalizer: true\n": "      addFinalizer: true\n      then: done\n",
      ]
    case .noTombstone: ["  - get: {missing: continue}\n": "  - get: {}\n"]
    case .impatient: ["      Exhausted: {goto: waiting}\n": "      Exhausted: fail\n"]
    case .panicking:
      [
        Line.release:
          "    - fail: {message: \"'nil map'\", kind: panic}\n      when: \"request.name == 'a'\"\n"
          + Line.release
      ]
    }
  }
}

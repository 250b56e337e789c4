import Simulation

/// What a group of cells breaks, and why: from what the faults mean (semantics 6.2 and 6.5), not from what runs gave.
struct Expectation {
  let variants: [Cell.Variant]
  var backings = Cell.Backing.allCases
  /// Empty for all.
  var modes: [Cell.Mode] = []
  /// What has to be found.
  var must: [Violation.Oracle] = []
  /// What may be found besides.
  var may: [Violation.Oracle] = []
  /// Whether it comes before all else in each run.
  var hidesOthers = false
  let because: String

  func covers(_ cell: Cell) -> Bool {
    variants.contains(cell.variant) && backings.contains(cell.backing)
      && (modes.isEmpty || modes.contains(cell.mode))
  }

  /// What a cell must break, and what it may.
  static func of(_ cell: Cell) -> (must: [Violation.Oracle], may: [Violation.Oracle]) {
    let rules = table.filter { $0.covers(cell) }
    // A run ends with the first thing that it breaks.
    let first = rules.first { $0.hidesOthers }
    return (first?.must ?? rules.flatMap(\.must), rules.flatMap { $0.must + $0.may })
  }

  private static let crashes: [Cell.Mode] = faults(.crashBefore, .crashAfter, .kill)
  private static let turns: [Cell.Mode] = [.order, .lag, .race]

  private static func faults(_ kinds: FaultKind...) -> [Cell.Mode] { kinds.map(Cell.Mode.fault) }

  /// What is not listed holds.
  static let table: [Expectation] = [
    Expectation(
      variants: Cell.Variant.allCases, backings: [.memory], modes: [.two], must: [.doubleHolder],
      may: [.leak, .neverSettled, .danglingRecord], hidesOthers: true,
      because: "row 13: each of two processes hands out what it believes free, and gives back what "
        + "the other's owner records"),

    Expectation(
      variants: [.naive], backings: [.ledger],
      modes: turns + [.two] + crashes + faults(.lostReply, .sentTwice), must: [.leak],
      may: [.neverSettled, .danglingRecord],
      because: "rows 5 to 9: what was taken and not recorded is taken once more; a pool that has "
        + "leaked dry is an error for ever (row 23); in any order also row 12"),
    Expectation(
      variants: [.naive], backings: [.ledger], modes: faults(.refused, .lateSuccess, .conflict),
      must: [.leak, .danglingRecord], may: [.neverSettled],
      because: "row 6, and row 11: the release is repeated with the write of the finalizer"),
    Expectation(
      variants: [.naive], backings: [.ledger], modes: faults(.notFound, .partitionAllocator),
      must: [.leak], may: [.neverSettled],
      because: "row 10: the error of the release is ignored"),
    Expectation(
      variants: [.naive],
      modes: faults(.editStatus, .stripFinalizers, .forceDelete), must: [.leak],
      may: [.neverSettled],
      because: "rows 17 and 18: the status is the only record, the finalizer the only guard"),
    Expectation(
      variants: [.naive], backings: [.memory],
      modes: turns + faults(.refused, .lateSuccess, .conflict), must: [.leak],
      may: [.neverSettled, .doubleHolder, .danglingRecord],
      because:
        "rows 6, 8, 9 and 11: the status is not written when the next reconcile takes; calls to "
        + "books in memory cannot be lost, and the retry after a lost reply reads a fresh cache"),
    Expectation(
      variants: [.naive], backings: [.memory], modes: crashes, must: [.doubleHolder],
      may: [.danglingRecord],
      because:
        "row 14: books that a crash has emptied hand out what is recorded; row 11, where who "
        + "came while the process was down is served first"),
    Expectation(
      variants: [.naive], modes: faults(.watchDelay), must: [.leak], may: [.neverSettled],
      because: "row 9: it is deleted before the finalizer's event starts the reconcile that takes"),

    Expectation(
      variants: [.finalizerFirst], must: [.neverSettled],
      because: "rows 2 and 3: to add a finalizer to what is being deleted fails for ever"),
    Expectation(
      variants: [.again, .resizing], must: [.leak],
      because: "rows 4 and 16: even without faults"),
    Expectation(
      variants: [.once, .inTwo], modes: turns + faults(.refused, .lateSuccess, .conflict),
      must: [.leak],
      because: "rows 6 and 8: the status is not written, or not seen, when the next reconcile takes"
    ),
    Expectation(
      variants: [.once, .inTwo], modes: faults(.watchDelay), must: [.leak],
      because: "row 8: the finalizer's event starts a reconcile, the status's is late"),
    Expectation(
      variants: [.once, .inTwo], modes: faults(.editStatus, .stripFinalizers), must: [.leak],
      because: "rows 6 and 18: who edits the object meets the write of the status, or empties it"),
    Expectation(
      variants: [.once, .inTwo], backings: [.ledger],
      modes: [.two] + crashes + faults(.lostReply, .sentTwice), must: [.leak],
      because: "rows 5 and 7; books in memory forget with the crash what nobody recorded, and no "
        + "call to them is lost or sent twice"),
    Expectation(
      variants: [.inTwo], backings: [.ledger], modes: faults(.exhausted, .partitionAllocator),
      must: [.leak],
      because: "row 21: the second call fails, and the next reconcile takes the first item again; "
        + "a call to books in memory does not fail"),
    Expectation(
      variants: [.inTwo], modes: faults(.watchDelay, .editStatus, .stripFinalizers),
      may: [.neverSettled],
      because: "row 23: the first call asks a pool that has leaked dry again and again"),
    Expectation(
      variants: [.byName], modes: turns, must: [.leak],
      may: [.danglingRecord, .doubleHolder],
      because: "row 9: it is deleted before the status is written; row 12: a second pass"),
    Expectation(
      variants: [.byName], backings: [.ledger],
      modes: [.two] + faults(.refused, .lostReply, .lateSuccess, .conflict, .notFound),
      must: [.danglingRecord], may: [.leak],
      because: "row 11: what was given back is given to who waits before it is given back again"),
    Expectation(
      variants: [.byName], backings: [.memory], modes: faults(.refused, .lateSuccess, .conflict),
      must: [.danglingRecord], may: [.leak, .doubleHolder],
      because:
        "row 11, where only the finalizer's write can fail; row 9 where the status's fails twice"),
    Expectation(
      variants: [.byName], backings: [.ledger], modes: crashes, must: [.leak],
      because: "row 9: it is deleted while the process that took for it is down; books in memory "
        + "are emptied with that"),
    Expectation(
      variants: [.byName], modes: crashes, may: [.danglingRecord],
      because: "row 11, where who came while the process was down is served first"),
    Expectation(
      variants: [.byName], backings: [.ledger], modes: faults(.partitionAllocator),
      may: [.danglingRecord],
      because: "row 11, where the way to the pool is cut between the releases of two items"),
    Expectation(
      variants: [.byName], modes: faults(.watchDelay), may: [.danglingRecord],
      because: "row 12: its own earlier events start a second pass, which still sees the finalizer"),
    Expectation(
      variants: [.byName], modes: faults(.editStatus, .stripFinalizers, .forceDelete),
      must: [.leak],
      because: "rows 17 and 18: no status tells what to give back"),
    Expectation(
      variants: [.ignoring], backings: [.ledger],
      modes: faults(.refused, .lostReply, .lateSuccess, .partitionAllocator), must: [.leak],
      because: "row 10: the finalizer goes although the release has not, or not all of it"),
    Expectation(
      variants: [.forgetful], backings: [.memory], modes: crashes, must: [.doubleHolder],
      because: "row 14: books that a crash has emptied hand out what is recorded"),
    Expectation(
      variants: [.noTombstone], modes: [.race] + faults(.stripFinalizers, .forceDelete),
      must: [.leak],
      because: "rows 17 and 20: what is gone without a release has no code path"),
    Expectation(
      variants: [.impatient], must: [.neverSettled],
      because: "row 23: to wait for items is an error for ever"),
    Expectation(
      variants: [.panicking], must: [.neverSettled],
      because: "row 25: the panic comes again with every retry"),
    Expectation(
      variants: [.panicking], modes: faults(.editStatus, .stripFinalizers, .forceDelete),
      may: [.leak],
      because: "rows 17, 18 and 25: what the panic keeps from its release has lost its record"),
  ]

  /// A run for each line of the table that says what must be: its cell, and the seed that finds it.
  static let examples: [(cell: Cell, seed: UInt64)] = runs.map {
    (Cell(variant: $0, backing: $1, mode: $2), $3)
  }

  private static let runs: [(Cell.Variant, Cell.Backing, Cell.Mode, UInt64)] = [
    (.reference, .memory, .two, 0), (.naive, .ledger, .order, 1),
    (.naive, .ledger, .fault(.kill), 0),
    (.naive, .ledger, .fault(.refused), 0), (.naive, .ledger, .fault(.notFound), 0),
    (.naive, .memory, .fault(.editStatus), 0), (.naive, .memory, .lag, 0),
    (.naive, .memory, .fault(.kill), 0),
    (.naive, .memory, .fault(.watchDelay), 73), (.finalizerFirst, .ledger, .none, 0),
    (.again, .memory, .none, 0), (.resizing, .ledger, .none, 0),
    (.once, .ledger, .fault(.conflict), 2),
    (.once, .memory, .fault(.watchDelay), 3), (.once, .ledger, .fault(.crashAfter), 4),
    (.once, .memory, .fault(.editStatus), 0), (.byName, .ledger, .order, 1),
    (.byName, .ledger, .fault(.conflict), 2), (.byName, .memory, .fault(.refused), 10),
    (.byName, .ledger, .fault(.crashAfter), 17), (.byName, .memory, .fault(.forceDelete), 0),
    (.inTwo, .ledger, .fault(.exhausted), 3), (.ignoring, .ledger, .fault(.refused), 7),
    (.forgetful, .memory, .fault(.crashAfter), 0),
    (.noTombstone, .memory, .fault(.forceDelete), 0), (.impatient, .ledger, .none, 0),
    (.panicking, .ledger, .none, 0),
  ]
}

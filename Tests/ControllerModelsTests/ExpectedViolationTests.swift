import Exploration
import Foundation
import Simulation
import Testing

private let isSoaking = ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"

/// What the runs of a cell break, and how, until `done`.
private func found(
  _ cell: Cell, _ seeds: ClosedRange<UInt64>,
  until done: (UInt64, [Violation.Oracle]) -> Bool = { _, _ in false }
) throws -> [Violation.Oracle: String] {
  var found: [Violation.Oracle: String] = [:]
  var plan = try cell.plan()
  for seed in seeds {
    plan.seed = seed
    for violation in try Runner.run(plan, cell.source(seed)).violations
    where found[violation.oracle] == nil {
      found[violation.oracle] = "seed \(seed): \(violation.sentence)"
    }
    // Without faults and detours each run is the same.
    if cell.mode == .none || done(seed, Array(found.keys)) { break }
  }
  return found
}

/// Says what was found and may not be.
private func judge(_ found: [Violation.Oracle: String], in cell: Cell) {
  let may = Expectation.of(cell).may
  for (oracle, sentence) in found.sorted(by: { $0.key.rawValue < $1.key.rawValue })
  where !may.contains(oracle) {
    Issue.record("\(cell): \(oracle): \(sentence)")
  }
}

/// Semantics 6.5: each controller, under each fault, with books of each kind, breaks what it is known to break and
/// nothing else.
///
/// A violation that does not come fails as well as one that nobody expects: it would be a checker that sees nothing.
@Suite("Expected violations: variant, fault and books, both ways")
struct ExpectedViolationTests {
  @Test("Every line of the table that says what must be has a run that breaks it")
  func examples() throws {
    for line in Expectation.table where !line.must.isEmpty {
      #expect(Expectation.examples.contains { line.covers($0.cell) }, "\(line.because)")
    }
    for (cell, seed) in Expectation.examples {
      let found = try found(cell, seed...seed)
      let must = Expectation.of(cell).must
      #expect(must.contains { found[$0] != nil }, "\(cell): no \(must) with seed \(seed)")
      judge(found, in: cell)
    }
  }

  @Test("What is not in the table holds: the reference, and some of all others")
  func holds() throws {
    let cells = Cell.all.filter { Expectation.of($0).may.isEmpty }
    #expect(cells.count > 200)
    let right = cells.filter { $0.variant == .reference && $0.backing == .ledger }
    #expect(right.count == Cell.Mode.all.count)
    let others = cells.filter { $0.variant != .reference }
    let some = stride(from: 0, to: others.count, by: 15).map { others[$0] }
    for (seed, cell) in (right + some).enumerated() {
      judge(try found(cell, UInt64(seed)...UInt64(seed)), in: cell)
    }
  }
}

@Suite("Soak: expected violations", .enabled(if: isSoaking))
struct SoakExpectedViolationTests {
  @Test("Each cell breaks what it must, and nothing that it may not", arguments: Cell.all)
  func cells(cell: Cell) throws {
    let must = Expectation.of(cell).must
    let found = try found(cell, 0...400) { seed, found in
      // What must be found may take longer than what may not.
      seed >= 100 && must.allSatisfy(found.contains)
    }
    for oracle in must { #expect(found[oracle] != nil, "\(cell): no \(oracle)") }
    judge(found, in: cell)
  }
}

import APIMachinery
import ControllerRuntime
public import Simulation

/// Every single fault at every effect of the fault-free run, and every turn that could have come early.
///
/// - Guarantees: complete for its scope: each row is an effect of the default schedule, each column something that can
///   become of it, and each cell the run that follows the default schedule everywhere else.
public struct FaultMatrix: Sendable {
  /// What is tried at an effect.
  public enum Column: Sendable, Hashable {
    /// Something other than an answer becomes of the effect.
    case outcome(Decision.Outcome)
    /// The next step of the user comes before the effect.
    case userFirst
    /// The informers of the process see nothing until everything else has come to rest.
    case lag
    /// The process's informer of one kind sees nothing until then, while its others are fresh.
    case informerLag(String)
    /// A fault that hits no effect comes before it.
    case fault(FaultKind)

    /// What is tried in worlds of a plan: everything that can become of effects, each lag, and these kinds of faults.
    public static func all(in plan: WorldPlan, _ kinds: [FaultKind] = []) -> [Column] {
      var columns = Decision.Outcome.allCases.filter { $0 != .normal }.map(Column.outcome)
      columns += [.userFirst, .lag]
      var seen: [String] = []
      for process in plan.processes {
        var names: [String] = []
        for controller in process.controllers {
          for watch in controller.watches where !names.contains(watch.type.qualifiedPlural) {
            names.append(watch.type.qualifiedPlural)
          }
        }
        // Where there is one informer, its lag is that of the process.
        guard names.count > 1 else { continue }
        for name in names where !seen.contains(name) { seen.append(name) }
      }
      columns += seen.map(Column.informerLag)
      columns += kinds.filter { $0.outcome == nil }.map(Column.fault)
      return columns
    }

    /// The column's heading.
    public var name: String {
      switch self {
      case .outcome(let outcome): outcome.rawValue
      case .userFirst: "user-first"
      case .lag: "lag"
      case .informerLag(let kind): "lag:\(kind.prefix { $0 != "." })"
      case .fault(let kind): kind.rawValue
      }
    }
  }

  /// What a run of the matrix came to.
  public struct Cell: Sendable, Hashable {
    /// The rule that was broken; nil where none was.
    public let oracle: Violation.Oracle?
    /// What the oracle said.
    public let sentence: String
  }

  /// An effect of the fault-free run.
  public struct Row: Sendable {
    /// The turn, with its number.
    public let name: String
    /// What became of each column; nothing for what cannot happen there.
    public internal(set) var cells: [Column: Cell]
  }

  /// What was tried, as far as it can happen anywhere.
  public var columns: [Column] {
    tried.filter { column in rows.contains { $0.cells[column] != nil } }
  }

  private let tried: [Column]
  /// What nobody asks for, of all that could be tried.
  public let leftOut: [Column]
  /// The effects of the fault-free run, in order.
  public private(set) var rows: [Row] = []
  /// What the fault-free run itself came to.
  public private(set) var faultFree: Cell
  /// How many runs there were, the fault-free one not counted.
  public private(set) var runCount = 0
  /// For each pair of faults that broke a rule where neither did alone: what and where.
  public private(set) var pairs: [PairFinding] = []

  /// Two faults that break a rule together and not alone.
  public struct PairFinding: Sendable, Hashable {
    /// The first: its turn and what became of it.
    public let first: Deviation
    /// The second.
    public let second: Deviation
    /// What it came to.
    public let cell: Cell
  }

  /// How many cells broke a rule.
  public var violatedCount: Int {
    rows.reduce(0) { $0 + $1.cells.values.filter { $0.oracle != nil }.count }
  }

  /// Tries every single fault of a plan, and with `isPaired` every two outcomes, too.
  ///
  /// - Parameters:
  ///   - plan: What the world is made from.
  ///   - script: Faults at fixed places, in each run.
  ///   - kinds: Faults that hit no effect, each of which is tried before each effect, at the process that acts.
  ///   - rules: Which faults are allowed, and to whom; nil for all that can become of effects, each lag, and `kinds`.
  ///   - isPaired: Whether a second fault is tried behind each first one.
  ///   - isInterrupted: Asked before each run; once it says yes, the matrix is what is known by then.
  /// - Complexity: O(effects · columns) runs from where they differ; for pairs that squared.
  /// - Throws: `World.PlanError`, `Standstill`.
  public init(
    of plan: WorldPlan, script: FaultScript = FaultScript(), kinds: [FaultKind] = [],
    allowing rules: [FaultRule]? = nil, isPaired: Bool = false,
    isInterrupted: () -> Bool = { false }
  ) throws {
    let scope = Scope(rules)
    let asked = rules?.map(\.kind) ?? kinds
    let possible = Column.all(in: plan, (asked + FaultKind.legal).deduplicated)
    tried = possible.filter { column in
      if case .fault(let kind) = column, !asked.contains(kind) { return false }
      return scope.includes(column)
    }
    leftOut = possible.filter { [tried] in !tried.contains($0) }
    faultFree = Cell(oracle: nil, sentence: "")
    var world = try World(plan)
    var source = DefaultSource(script)
    var numbering = DecisionNumbering()
    while let decision = try source.choose(in: world) {
      let name = world.name(of: decision)
      if case .proceed(_, _, _, .normal) = decision {
        let place = numbering.numbered(name)
        var row = Row(name: place, cells: [:])
        for column in tried where !isInterrupted() {
          guard var fork = Self.fork(world, column, at: decision, scope) else { continue }
          runCount += 1
          let trail = isPaired && column.isFault ? (fork, numbering) : nil
          row.cells[column] = try Self.finish(&fork, column, decision)
          if let (start, counts) = trail, row.cells[column]?.oracle == nil {
            let first = Deviation(at: place, take: "\(name) !\(column.name)")
            try addPairs(first, from: start, counts, scope, isInterrupted)
          }
        }
        rows.append(row)
      }
      numbering.count(name)
      world.take(decision)
    }
    guard world.outcome != nil else { throw Standstill(step: world.step) }
    faultFree = Self.cell(of: world)
  }

  /// The world after what the column stands for; nil where that cannot be.
  private static func fork(
    _ world: World, _ column: Column, at decision: Decision, _ scope: Scope
  ) -> World? {
    guard case .proceed(let process, let controller, let worker, _) = decision,
      scope.admits(column, at: decision, in: world)
    else { return nil }
    switch column {
    case .outcome(let outcome):
      let fault = Decision.proceed(
        process: process, controller: controller, worker: worker, outcome)
      guard world.isEnabled(fault) else { return nil }
      var fork = world
      fork.take(fault)
      return fork
    case .userFirst:
      guard world.isEnabled(.user) else { return nil }
      var fork = world
      fork.take(.user)
      return fork
    case .lag: return world
    case .informerLag(let kind):
      return world.informer(of: kind, process: process) == nil ? nil : world
    case .fault(let kind):
      guard let fault = scope.fault(kind, before: process, in: world) else { return nil }
      var fork = world
      fork.take(fault)
      return fork
    }
  }

  /// Takes a fork to its end.
  private static func finish(
    _ world: inout World, _ column: Column, _ decision: Decision
  ) throws -> Cell {
    if var source = LaggingSource(column, at: decision, in: world) {
      while let decision = try source.choose(in: world) { world.take(decision) }
    } else {
      while let decision = world.defaultDecision { world.take(decision) }
    }
    guard world.outcome != nil else { throw Standstill(step: world.step) }
    return cell(of: world)
  }

  private static func cell(of world: World) -> Cell {
    let violation = world.violations.first
    return Cell(oracle: violation?.oracle, sentence: violation?.sentence ?? "")
  }

  /// Tries every second fault behind a first one that the controllers survive.
  private mutating func addPairs(
    _ first: Deviation, from start: World, _ numbering: DecisionNumbering, _ scope: Scope,
    _ isInterrupted: () -> Bool
  ) throws {
    var world = start
    var numbering = numbering
    numbering.count(first.take)
    while let decision = world.defaultDecision {
      let name = world.name(of: decision)
      if case .proceed(_, _, _, .normal) = decision {
        for column in tried where column.isFault && !isInterrupted() {
          guard var fork = Self.fork(world, column, at: decision, scope) else { continue }
          runCount += 1
          let cell = try Self.finish(&fork, column, decision)
          guard cell.oracle != nil else { continue }
          pairs.append(
            PairFinding(
              first: first,
              second: Deviation(at: numbering.numbered(name), take: "\(name) !\(column.name)"),
              cell: cell))
        }
      }
      numbering.count(name)
      world.take(decision)
    }
  }
}

extension FaultMatrix.Column {
  /// Whether it is something that becomes of an effect.
  var isFault: Bool { if case .outcome = self { true } else { false } }
}

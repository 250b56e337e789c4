public import Simulation

extension FaultMatrix {
  /// The run of a cell once more, told and with names, so that it can be saved as a trace.
  ///
  /// - Parameters:
  ///   - plan: What the world is made from.
  ///   - script: Faults at fixed places, as in the matrix.
  ///   - rules: Which faults are allowed, as in the matrix.
  ///   - row: The effect.
  ///   - column: What was tried there.
  /// - Returns: the run.
  /// - Throws: `World.PlanError`, `Standstill`.
  public static func run(
    _ plan: WorldPlan, script: FaultScript = FaultScript(), allowing rules: [FaultRule]? = nil,
    row: String, _ column: Column
  ) throws -> RunResult {
    try Runner.run(
      plan, CellSource(row: row, column: column, script: script, scope: Scope(rules)), isTold: true,
      isNamed: true)
  }
}

/// The default schedule up to a row of a matrix, then what its column stands for.
struct CellSource: DecisionSource {
  private let row: String
  private let column: FaultMatrix.Column
  private let scope: FaultMatrix.Scope
  private var before: DefaultSource
  private var lagging: LaggingSource?
  private var numbering = DecisionNumbering()
  private var isBehind = false

  init(row: String, column: FaultMatrix.Column, script: FaultScript, scope: FaultMatrix.Scope) {
    self.scope = scope
    self.row = row
    self.column = column
    before = DefaultSource(script)
  }

  mutating func choose(in world: World) throws(Divergence) -> Decision? {
    if isBehind {
      guard lagging != nil else { return world.defaultDecision }
      return try lagging?.choose(in: world)
    }
    guard let decision = try before.choose(in: world) else { return nil }
    let name = world.name(of: decision)
    guard case .proceed(let process, let controller, let worker, .normal) = decision,
      numbering.numbered(name) == row
    else {
      numbering.count(name)
      return decision
    }
    isBehind = true
    switch column {
    case .outcome(let outcome):
      return .proceed(process: process, controller: controller, worker: worker, outcome)
    case .userFirst: return .user
    case .lag, .informerLag:
      lagging = LaggingSource(column, at: decision, in: world)
      return try lagging?.choose(in: world)
    case .fault(let kind): return scope.fault(kind, before: process, in: world) ?? decision
    }
  }
}

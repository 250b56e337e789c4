public import Scenarios

/// One run: a fresh server, the controller, the scenario's user, and a plan of faults.
public struct ExternalRun {
  private let scenario: Scenario
  private let plan: FaultPlan
  private let settings: ExternalSettings
  private let isInterrupted: @Sendable () -> Bool

  /// A run.
  ///
  /// - Parameters:
  ///   - scenario: What there is and what the user does; its processes run inside the server.
  ///   - plan: What is done to the controller.
  ///   - settings: How it is run.
  ///   - isInterrupted: Asked now and then; true ends the run.
  public init(
    _ scenario: Scenario, _ plan: FaultPlan = FaultPlan(), settings: ExternalSettings,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.scenario = scenario
    self.plan = plan
    self.settings = settings
    self.isInterrupted = isInterrupted
  }

  /// Runs it, on this thread.
  ///
  /// - Returns: what became of it; everything that was started has ended.
  /// - Throws: what the system says where no server, folder or process could be made.
  public func run() throws -> ExternalResult {
    let stage = try ExternalStage(scenario, settings: settings)
    defer { stage.end() }
    return try stage.run(plan, isInterrupted: isInterrupted)
  }
}

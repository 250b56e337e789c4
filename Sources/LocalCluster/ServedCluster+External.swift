public import Allocation
public import ControllerRuntime
public import Simulation

/// What those need who drive programs outside through a scenario.
extension ServedCluster {
  /// The world, for reading; a copy that is kept makes writes dear.
  public var world: World { session.world }

  /// Lets the scenario's user act now.
  public func act(_ action: WorldPlan.UserAction) { session.world.actAsUser(action) }

  /// Judges the cluster as one at rest.
  ///
  /// - Parameter isEnd: Whether the user is going to do nothing more.
  /// - Returns: what is wrong, with what the oracles found on the way.
  public func judgeNow(isEnd: Bool) -> [Violation] {
    let found = foundViolations
    foundViolations = []
    return found + session.world.judgeNow(isEnd: isEnd)
  }

  /// Carries out a call to a pool.
  ///
  /// - Parameters:
  ///   - call: The call.
  ///   - actor: Who calls, for the ledger.
  /// - Returns: the grants that it is about, or why it was refused.
  public func call(
    _ call: AllocatorCall, by actor: String
  ) -> Result<[Grant], AllocationError> {
    session.world.perform(call, by: actor)
  }
}

public import APIMachinery
public import Allocation
public import ControllerRuntime
public import Simulation
import APIServer
import APIStore

/// What those need who drive programs outside through a scenario.
extension ServedCluster {
  /// The world, for reading; a copy that is kept makes writes dear.
  public var world: World { session.world }

  /// Lets the scenario's user act now.
  public func act(_ action: WorldPlan.UserAction) {
    session.world.actAsUser(action)
    session.world.judgeMoment()
  }

  /// Forgets which properties have held, for another run on the same cluster.
  public func forgetProperties() { session.world.forgetProperties() }

  /// Whether an object is there.
  public func contains(_ type: ResourceType, _ key: ObjectKey) -> Bool {
    server.store.object(type, key) != nil
  }

  /// All objects of a kind; none where there is no such kind.
  ///
  /// - Parameters:
  ///   - apiVersion: Its group and version.
  ///   - kind: The kind.
  /// - Returns: the objects, by namespace and name.
  public func objects(apiVersion: String, kind: String) -> [APIObject] {
    guard let type = registry.type(apiVersion: apiVersion, kind: kind) else { return [] }
    return server.store.objects(type).objects(in: nil)
  }

  /// Judges the cluster as one at rest.
  ///
  /// - Parameter isEnd: Whether the user is going to do nothing more.
  /// - Returns: what was wrong when it happened, on the way here, and what is wrong if nothing more is done about it.
  public func judgeNow(isEnd: Bool) -> (onTheWay: [Violation], atRest: [Violation]) {
    noteViolations()
    defer { foundViolations = [] }
    return (foundViolations, session.world.judgeNow(isEnd: isEnd))
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
    defer { session.world.judgeMoment() }
    return session.world.perform(call, by: actor)
  }
}

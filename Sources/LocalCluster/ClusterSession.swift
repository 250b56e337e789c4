public import APIMachinery
public import Scalars
public import Scenarios
public import Simulation
import APIServer
import APIStore
import BindingControllers
import ValueTree

/// One command's work on a local cluster: a world that is made from a state, changed, and made a state again.
///
/// Every session is a cold start of all controllers.
public struct ClusterSession {
  var world: World

  /// A session on a cluster as it was saved.
  ///
  /// - Parameters:
  ///   - state: What was saved.
  ///   - now: The time at which the session begins; the cluster's own, if that is later.
  ///   - controllers: What runs.
  ///   - isLookedAt: Whether nothing is going to be changed.
  ///   - isServed: Whether it goes on for as long as somebody wants, and never has to come to rest.
  /// - Throws: `World.PlanError` when the state does not fit this version.
  public init(
    state: ClusterState, now: Timestamp, controllers: ControllerRegistry = .local,
    isLookedAt: Bool = false, isServed: Bool = false
  ) throws {
    var plan = WorldPlan(
      startTime: now, processes: [WorldPlan.Process(controllers: controllers)],
      decisionsMax: isServed ? .max : max(1_000_000, 200 * state.objects.count),
      recordsEvents: true)
    if isServed {
      plan.virtualTimeMax = .hours(1_000_000)
      plan.settings.completesPods = true
    }
    plan.adaptSettings()
    if state.isNew {
      // A cluster of its own has UIDs of its own.
      plan.seed = UInt64(bitPattern: now.seconds) ^ UInt64(bitPattern: Int64(now.nanoseconds))
      world = try World(plan)
    } else {
      // Kinds that were defined are known before their objects are looked at.
      for object in state.objects where object.type == CustomResourceDefinition.type {
        let definition = CustomResourceDefinition(object)
        guard definition.isEstablished else { continue }
        plan.registry.register(try definition.resource())
      }
      plan.seed = state.seed
      plan.startTime = max(now, state.time)
      world = try World(plan, restoring: state, isLookedAt: isLookedAt)
    }
    world.forgetEvents(before: world.now - Self.eventLifetime)
  }

  /// A session on a world that a scenario describes.
  ///
  /// - Parameters:
  ///   - plan: The world.
  ///   - now: The time at which it begins.
  /// - Throws: `World.PlanError` when the plan makes no sense.
  init(of plan: WorldPlan, now: Timestamp) throws {
    var plan = plan
    plan.startTime = now
    plan.decisionsMax = .max
    plan.virtualTimeMax = .hours(1_000_000)
    plan.recordsEvents = true
    world = try World(plan)
  }

  /// How long an Event is kept after it was last seen, as a cluster does by default.
  private static let eventLifetime = GoDuration.hours(1)

  /// The cluster as it is to be saved.
  public var state: ClusterState { world.clusterState }

  /// The kinds that there are.
  public var registry: ResourceRegistry { world.server.registry }

  /// The time of the latest change; waiting for what does not come is no change.
  public var now: Timestamp { world.lastChange }

  /// What the oracles have found in this session, a sentence each.
  public private(set) var warnings: [String] = []

  /// Sends a request to the server.
  mutating func perform(
    _ request: APIRequest, by actor: String = "user"
  ) -> Result<APIResponse, StatusError> {
    let result = world.perform(request, by: actor)
    if case .success = result { isSettled = false }
    return result
  }

  /// Whether the controllers have run since the latest request.
  private(set) var isSettled = false

  /// Runs the controllers until nothing moves any more.
  ///
  /// What the oracles find is noted, and the controllers go on: a cluster is not stopped by what it shows.
  ///
  /// - Parameter report: Hears how many decisions that has taken, now and then.
  public mutating func settle(reporting report: (Int) -> Void = { _ in }) {
    var count = 0
    isSettled = true
    for _ in 0..<100 {
      while let decision = world.defaultDecision {
        world.take(decision)
        count += 1
        if count.isMultiple(of: 1_000) { report(count) }
      }
      let found = world.takeViolations()
      for sentence in found.map(\.sentence) where !warnings.contains(sentence) {
        warnings.append(sentence)
      }
      if found.isEmpty || found.contains(where: { $0.oracle == .neverSettled }) { return }
    }
  }
}

extension WorldPlan.Process {
  /// The process that runs all controllers of the local cluster.
  fileprivate init(controllers: ControllerRegistry) {
    self.init(
      name: "controllers",
      controllers: controllers.names.compactMap { controllers.make($0, workers: 1) })
  }
}

extension ControllerRegistry {
  /// The controllers of a local cluster unless others are asked for: all that ship but the one that loses what it holds.
  public static let local: ControllerRegistry = {
    let names = builtIn.names.filter { $0 != NaiveBindingController.name }
    return builtIn.only(names) ?? builtIn
  }()

  /// The controllers of these names, each once and in this order; nil where nothing is registered by one.
  public func only(_ names: [String]) -> ControllerRegistry? {
    var chosen = ControllerRegistry()
    for name in names {
      guard make(name, workers: 1) != nil else { return nil }
      chosen.register(name) { [self] workers in
        guard let controller = make(name, workers: workers) else {
          preconditionFailure("a controller that was registered stays so")
        }
        return controller
      }
    }
    return chosen
  }
}

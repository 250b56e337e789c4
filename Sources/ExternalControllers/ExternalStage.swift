import APIMachinery
import APIServerHTTP
import Allocation
import LocalCluster
import Scalars
public import Scenarios
import Simulation
import ValueTree
import YAMLCoding

/// A server with a controller at its door, on which one run is made, or several, one after the other.
///
/// Several share the server and the process: each has a namespace of its own, and what an earlier one has spoilt is not
/// told again.
public final class ExternalStage {
  private let scenario: Scenario
  private let settings: ExternalSettings
  private let isShared: Bool
  private let isAttached: Bool
  private let clock = RunClock()
  private let start = RunClock.timestamp
  private let door: ChaosDoor
  private let listener: APIListener
  private let folder: TemporaryFolder
  private let crew: ControllerCrew
  private var runCount = 0
  private var isOver = false
  private var told: Set<String> = []

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - scenario: What there is and what the user does; its processes run inside the server.
  ///   - settings: How the controller is run.
  ///   - isShared: Whether several runs are to be made here.
  ///   - isAttached: Whether somebody else starts the controller.
  /// - Throws: what the system says where no server or folder could be made.
  public init(
    _ scenario: Scenario, settings: ExternalSettings, isShared: Bool = false,
    isAttached: Bool = false
  ) throws {
    self.scenario = scenario
    self.settings = settings
    self.isShared = isShared
    self.isAttached = isAttached
    door = ChaosDoor(clock: clock, delays: settings.delays)
    var world = scenario.plan(seed: 0)
    // When the user acts is decided here, by what the controller does.
    world.workload = []
    if isShared { world.objects.removeAll { $0.type.definition.isNamespaced } }
    listener = try APIListener.start(
      try ServedCluster(of: world, now: start), port: 0,
      clock: { [start, clock] in
        // What people read needs no nanoseconds.
        start + .milliseconds(clock.elapsed.nanoseconds / 1_000_000)
      }, door: door)
    folder = try TemporaryFolder()
    crew = ControllerCrew(settings, listener, door, folder)
  }

  /// What a controller needs that is started by somebody else: lines for a shell.
  ///
  /// - Throws: what the system says where no file can be written.
  public func environment() throws -> [String] {
    try crew.environment(instance: 0).map { "export \($0.name)=\($0.value)" }
  }

  /// Makes a run, on this thread.
  ///
  /// - Parameters:
  ///   - plan: What is done to the controller.
  ///   - isInterrupted: Asked now and then; true ends the run.
  /// - Returns: what became of it.
  /// - Throws: what the system says where no process could be started.
  public func run(
    _ plan: FaultPlan, isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> ExternalResult {
    runCount += 1
    let move = isShared ? NamespaceMove(to: "run-\(runCount)") : nil
    door.begin(plan, namespace: move?.target ?? NamespaceMove.origin)
    try listener.withCluster { $0.forgetProperties() }
    let begin = clock.elapsed
    let steps = try steps(move)
    if !isAttached { try crew.startMissing() }
    let driver = ScenarioDriver(
      steps: steps, isAttached: isAttached, settings: settings, clock: clock, door: door,
      listener: listener, crew: crew, isInterrupted: isInterrupted)
    let (found, failure) = try driver.run()
    // Faults that are still to come belong to this run and to no other one.
    door.disarm()
    if !isShared { crew.end() }
    let findings = found.filter { told.insert($0.sentence).inserted }
    let result = ExternalResult(
      plan: plan, fired: door.fired, findings: findings, failure: failure, log: door.log,
      biographies: try biographies(findings), start: start, elapsed: clock.elapsed - begin,
      requestCount: door.requestCount, seen: door.seen,
      propertiesHeld: try listener.withCluster { $0.world.propertiesHeld })
    if let move { try cleanUp(steps, move, driver) }
    return result
  }

  private func steps(_ move: NamespaceMove?) throws -> [WorldPlan.Step] {
    guard let move else { return scenario.plan.workload }
    let registry = scenario.plan.registry
    guard let type = registry.type(apiVersion: "v1", kind: "Namespace") else {
      return scenario.plan.workload
    }
    var header = ObjectHeader()
    header.name = move.target
    var steps = [
      WorldPlan.Step(.apply(APIObject(type: type, header: header, body: .emptyMap)))
    ]
    steps += scenario.plan.objects.filter { $0.type.definition.isNamespaced }
      .map { WorldPlan.Step(.apply(move.moved($0))) }
    return steps
      + scenario.plan.workload.map { WorldPlan.Step(move.moved($0.action), move.moved($0.moment)) }
  }

  /// Takes away what a run has left, so that the next one finds the pools as it did.
  private func cleanUp(
    _ steps: [WorldPlan.Step], _ move: NamespaceMove, _ driver: ScenarioDriver
  ) throws {
    for step in steps.reversed() {
      guard case .apply(let object) = step.action, object.type.definition.isNamespaced else {
        continue
      }
      try listener.withCluster { $0.act(.delete(object.type, object.key)) }
    }
    try driver.waitForQuiet()
  }

  private func biographies(
    _ findings: [ExternalResult.Finding]
  ) throws -> [(item: ExternalResult.Item, entries: [Ledger.Entry])] {
    let items = findings.compactMap(\.item)
    return try listener.withCluster { cluster in
      items.map { item in
        (item, cluster.world.ledger.biography(pool: item.pool, item: item.name))
      }
    }
  }

  /// Ends the controller and the server; a second time it does nothing.
  public func end() {
    if isOver { return }
    isOver = true
    crew.end()
    listener.stop()
    folder.remove()
  }
}

/// A scenario's default namespace under another name.
struct NamespaceMove: Sendable {
  static let origin = "default"
  let target: String

  init(to target: String) { self.target = target }

  func moved(_ object: APIObject) -> APIObject {
    guard object.type.definition.isNamespaced, object.namespace == Self.origin else {
      return object
    }
    var header = object.header
    header.namespace = target
    return object.with(header: header)
  }

  func moved(_ action: WorldPlan.UserAction) -> WorldPlan.UserAction {
    switch action {
    case .apply(let object): .apply(moved(object))
    case .patch(let type, let key, let patch): .patch(type, moved(key, type), patch)
    case .delete(let type, let key, let options): .delete(type, moved(key, type), options)
    case .look: .look
    case .patchPart(let type, let key, let patch, let part):
      .patchPart(type, moved(key, type), patch, part)
    case .scale(let type, let key, let count): .scale(type, moved(key, type), count)
    case .recreate(let type, let key): .recreate(type, moved(key, type))
    case .stripFinalizers(let type, let key, let names):
      .stripFinalizers(type, moved(key, type), names)
    case .forceDelete(let type, let key): .forceDelete(type, moved(key, type))
    case .release, .take, .restart, .upgrade: action
    }
  }

  func moved(_ moment: WorldPlan.Moment) -> WorldPlan.Moment {
    guard case .when(let condition) = moment else { return moment }
    return .when(condition.on(moved(condition.key, condition.type)))
  }

  private func moved(_ key: ObjectKey, _ type: ResourceType) -> ObjectKey {
    guard type.definition.isNamespaced, key.namespace == Self.origin else { return key }
    return ObjectKey(namespace: target, name: key.name)
  }
}

public import APIMachinery
public import APIServer
public import Scalars
public import Scenarios
public import Simulation
import APIStore
import Allocation

/// A cluster that others use while it runs: requests come when they come, its controllers work in between, and what
/// was written is kept in a file, where there is one.
///
/// - Flow: `advance` the clock, `handle` requests, then `run` and `commit`; answers to writes go out behind the
///   commit. When `nextDue` comes, `advance` and `run` again.
/// - Guarantees: what `commit` has returned from survives the process.
/// - Caveats: it belongs to one thread.
public final class ServedCluster {
  var session: ClusterSession
  private var journal: StateJournal?
  /// Kept open, and with it the file's lock.
  private let file: StateFile?
  private var warned: Set<String> = []
  private let compactionInterval: GoDuration?
  private var nextMaintenance: Timestamp
  /// The revision at the latest maintenance; the next one forgets what was written up to there.
  private var revisionAtMaintenance: UInt64 = 0

  /// How often old Events go where nothing is compacted.
  private static let maintenanceInterval = GoDuration.minutes(5)
  /// How long an Event is kept after it was last seen, as in Kubernetes.
  private static let eventLifetime = GoDuration.hours(1)

  /// A cluster, as it was left where a file says so.
  ///
  /// - Parameters:
  ///   - path: The state file; nil for a cluster in memory.
  ///   - controllers: What runs.
  ///   - compactionInterval: How often writes are forgotten that were there the time before, so that watches can begin
  ///     that long ago at least; nil for never, but for the oldest of a kind that is written very often.
  ///   - now: The time.
  /// - Throws: `StateFileError`, or what is wrong with the state.
  public init(
    path: String?, controllers: ControllerRegistry = .local,
    compactionInterval: GoDuration? = .minutes(5), now: Timestamp
  ) throws {
    self.compactionInterval = compactionInterval
    nextMaintenance = now + (compactionInterval ?? Self.maintenanceInterval)
    guard let path else {
      file = nil
      session = try ClusterSession(
        state: ClusterState(), now: now, controllers: controllers, isServed: true)
      return
    }
    let file = try StateFile.open(path: path, create: true)
    self.file = file
    let (session, state) = try file.withTransaction { state in
      let session = try ClusterSession(
        state: state, now: now, controllers: controllers, isServed: true)
      state = session.state
      return (session, state)
    }
    self.session = session
    if let database = file.connection {
      journal = try StateJournal(database, path: path, after: session.world, state)
    }
  }

  /// A cluster in memory as a scenario describes it, whose user waits to be told to act.
  ///
  /// - Parameters:
  ///   - plan: The scenario's world; it starts now, and nothing bounds how long it goes on.
  ///   - now: The time.
  /// - Throws: `World.PlanError` when the plan makes no sense.
  public init(of plan: WorldPlan, now: Timestamp) throws {
    file = nil
    // A run is short, and whoever lists anew in it was made to.
    compactionInterval = nil
    nextMaintenance = now + Self.maintenanceInterval
    session = try ClusterSession(of: plan, now: now)
  }

  /// The server, for reading; a copy that is kept makes writes dear.
  public var server: APIServer { session.world.server }

  /// The kinds that there are.
  public var registry: ResourceRegistry { session.registry }

  /// The cluster's time.
  public var now: Timestamp { session.world.now }

  /// The revision of the latest write.
  public var revision: UInt64 { session.world.server.store.revision }

  /// Counts writes to objects and to the books of pools.
  public var changeCount: UInt64 {
    session.world.server.store.revision &+ session.world.ledger.revision
  }

  /// The revision of the latest write to a kind.
  public func lastRevision(_ type: ResourceType) -> UInt64 {
    session.world.server.store.lastRevision(type)
  }

  /// Whether writes are kept in a file.
  public var isKept: Bool { file != nil }

  /// Sets the clock forward; a time that has passed changes nothing.
  public func advance(to now: Timestamp) { session.world.advance(to: now) }

  /// Carries out a request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - actor: Who asks, for the ledger.
  /// - Returns: the server's answer, or its refusal.
  public func handle(
    _ request: APIRequest, by actor: String = "user"
  ) -> Result<APIResponse, StatusError> {
    defer { session.world.judgeMoment() }
    return session.perform(request, by: actor)
  }

  /// Lets the controllers work on what is due.
  ///
  /// - Parameter turnsMax: How many turns may be taken.
  /// - Returns: whether there is more to do at once.
  public func run(turnsMax: Int) -> Bool {
    // What a request has brought to light must not keep the controllers from their work.
    noteViolations()
    for _ in 0..<turnsMax {
      guard let decision = session.world.dueDecision else { return maintain() }
      session.world.take(decision)
      if !session.world.violations.isEmpty { noteViolations() }
    }
    return session.world.dueDecision != nil
  }

  /// When there is something to do although nobody asked for anything.
  public var nextDue: Timestamp { min(session.world.nextDue ?? nextMaintenance, nextMaintenance) }

  /// Whether something was written that `commit` would keep.
  public var needsCommit: Bool { journal?.isBehind(session.world) ?? false }

  /// Keeps everything that was written.
  ///
  /// - Throws: `StateFileError` where that fails; nothing that was not kept may be called done then.
  public func commit() throws { try journal?.commit(session.world) }

  /// Does what a cluster does now and then, if it is time: takes out Events that nobody has repeated for an hour, and
  /// forgets the writes that were old the last time.
  ///
  /// - Returns: whether that gives controllers something to do.
  private func maintain() -> Bool {
    let now = session.world.now
    guard now >= nextMaintenance else { return false }
    nextMaintenance = now + (compactionInterval ?? Self.maintenanceInterval)
    if compactionInterval != nil { session.world.forgetWrites(through: revisionAtMaintenance) }
    session.world.forgetEvents(before: now - Self.eventLifetime)
    revisionAtMaintenance = revision
    return session.world.dueDecision != nil
  }

  /// Applies manifests as kubectl does.
  public func apply(_ manifests: [Manifest]) -> [ClusterSession.Outcome] {
    session.apply(manifests)
  }

  /// What the oracles have found since somebody asked, a sentence each; one sentence is told once.
  public func takeWarnings() -> [String] {
    defer { warnings = [] }
    return warnings
  }

  private var warnings: [String] = []
  /// What the oracles have found since it was last judged.
  var foundViolations: [Violation] = []

  func noteViolations() {
    for violation in session.world.takeViolations()
    where warned.count < 1_000 && warned.insert(violation.sentence).inserted {
      warnings.append(violation.sentence)
      foundViolations.append(violation)
    }
  }
}

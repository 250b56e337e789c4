import APIServerHTTP
import Glibc
import LocalCluster
public import Scalars
public import Scenarios
import Simulation
import YAMLCoding

/// How a controller outside is run.
public struct ExternalSettings: Sendable {
  /// What the shell runs.
  public var command: String
  /// The file of Drydock, which holds processes.
  public var program: String
  /// How long nothing must happen until all is at rest.
  public var quiet: GoDuration
  /// How long coming to rest may take.
  public var settleMax: GoDuration
  /// How long the controller may take until it asks for something.
  public var startMax: GoDuration
  /// How long after its end a controller is started again.
  public var restartDelay: GoDuration
  /// For how long the controller is stopped by a pause; longer than its lease.
  public var pause: GoDuration

  /// Settings.
  public init(
    command: String, program: String, quiet: GoDuration = .seconds(1),
    settleMax: GoDuration = .seconds(30), startMax: GoDuration = .seconds(20),
    restartDelay: GoDuration = .milliseconds(100), pause: GoDuration = .seconds(20)
  ) {
    self.command = command
    self.program = program
    self.quiet = quiet
    self.settleMax = settleMax
    self.startMax = startMax
    self.restartDelay = restartDelay
    self.pause = pause
  }

  var delays: FaultDelays {
    FaultDelays(
      short: min(quiet, .milliseconds(500)), long: quiet + quiet, pause: pause)
  }
}

/// What became of one run.
public struct ExternalResult: Sendable {
  /// Something that must not be.
  public struct Finding: Sendable, Hashable {
    /// The oracle.
    public let oracle: String
    /// What it says.
    public let sentence: String
    /// The item that it is about: pool and name.
    public let item: Item?
  }

  /// An item of a pool.
  public struct Item: Sendable, Hashable {
    /// The pool.
    public let pool: String
    /// The item.
    public let name: String
  }

  /// What was done to the controller.
  public let plan: FaultPlan
  /// Those faults whose place came.
  public let fired: Set<RequestName>
  /// What must not be.
  public let findings: [Finding]
  /// Why the run could not be judged; nil where it was.
  public let failure: String?
  /// What happened.
  public let log: RunLog
  /// The lives of the items that findings are about, a line each.
  public let biography: [String]
  /// How long it took.
  public let elapsed: GoDuration
  /// How many requests there were.
  public let requestCount: Int
  let seen: [ChaosDoor.Seen]

  /// Whether all faults of the plan came to pass.
  public var isComplete: Bool { plan.faults.allSatisfy { fired.contains($0.place) } }
}

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
    let clock = RunClock()
    let door = ChaosDoor(plan, clock: clock, delays: settings.delays)
    let start = RunClock.timestamp
    var world = scenario.plan(seed: 0)
    // When the user acts is decided here, by what the controller does.
    world.workload = world.workload.map { WorldPlan.Step($0.action) }
    let listener = try APIListener.start(
      try ServedCluster(of: world, now: start), port: 0,
      clock: { start + clock.elapsed }, door: door)
    defer { listener.stop() }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let crew = ControllerCrew(settings, listener, door, folder)
    defer { crew.end() }
    let driver = Driver(
      steps: scenario.plan.workload, settings: settings, clock: clock, door: door,
      listener: listener, crew: crew, isInterrupted: isInterrupted)
    let (findings, failure) = try driver.run()
    crew.end()
    let items = findings.compactMap(\.item)
    let biography = try listener.withCluster { cluster in
      items.flatMap { item in
        ["The life of \(item.name) of pool \(item.pool):"]
          + cluster.world.ledger.biography(pool: item.pool, item: item.name).map {
            "  \($0.time - start) \($0.event.rawValue) \($0.actor)"
          }
      }
    }
    return ExternalResult(
      plan: plan, fired: door.fired, findings: findings, failure: failure, log: door.log,
      biography: biography, elapsed: clock.elapsed, requestCount: door.requestCount,
      seen: door.seen)
  }
}

/// The user of a run, who waits until all is quiet where the scenario says so.
private struct Driver {
  let steps: [WorldPlan.Step]
  let settings: ExternalSettings
  let clock: RunClock
  let door: ChaosDoor
  let listener: APIListener
  let crew: ControllerCrew
  let isInterrupted: @Sendable () -> Bool

  private enum Rest {
    case quiet
    case restless
    case failed(String)
  }

  func run() throws -> (findings: [ExternalResult.Finding], failure: String?) {
    try crew.start(instance: 0)
    if let failure = try waitForStart() { return ([], failure) }
    let begin = clock.elapsed
    for (index, step) in steps.enumerated() {
      switch step.moment {
      case .immediately: break
      case .after(let delay):
        while clock.elapsed < begin + delay, !isInterrupted() { try tick() }
      case .settled:
        let (findings, failure) = try judged(isLast: false)
        if !findings.isEmpty || failure != nil { return (findings, failure) }
      }
      if isInterrupted() { return ([], "interrupted") }
      door.note(.user, "user", UserText.of(step.action))
      try listener.withCluster { $0.takeUpcomingStep() }
      _ = index
    }
    return try judged(isLast: true)
  }

  private func judged(
    isLast: Bool
  ) throws -> (findings: [ExternalResult.Finding], failure: String?) {
    switch try waitForRest() {
    case .failed(let failure): return ([], failure)
    case .restless:
      // What cannot come to rest has given nothing back that it holds now.
      var findings = try judge()
      findings.append(
        ExternalResult.Finding(
          oracle: "never-settled",
          sentence: "The controller did not come to rest within \(settings.settleMax).", item: nil))
      return (findings, nil)
    case .quiet: return (try judge(), nil)
    }
  }

  private func judge() throws -> [ExternalResult.Finding] {
    try listener.withCluster { cluster in
      cluster.judgeNow().map { violation in
        ExternalResult.Finding(
          oracle: violation.oracle.rawValue, sentence: violation.sentence,
          item: violation.item.map { ExternalResult.Item(pool: $0.pool, name: $0.name) })
      }
    }
  }

  private func waitForStart() throws -> String? {
    let deadline = clock.elapsed + settings.startMax
    while !door.hasHeard(from: 0) {
      if isInterrupted() { return "interrupted" }
      if let failure = try tick() { return failure }
      if clock.elapsed > deadline {
        return "the controller asked for nothing within \(settings.startMax)"
          + crew.lastWords
      }
    }
    switch try waitForRest() {
    case .failed(let failure): return failure
    case .restless: return "the controller did not come to rest before the user had done anything"
    case .quiet: return nil
    }
  }

  private func waitForRest() throws -> Rest {
    var deadline = clock.elapsed + settings.settleMax
    if settings.pause > settings.settleMax { deadline = deadline + settings.pause }
    while true {
      if isInterrupted() { return .failed("interrupted") }
      if let failure = try tick() { return .failed(failure) }
      if crew.isSteady, door.quietTime >= settings.quiet {
        let isIdle = try listener.withCluster { $0.world.dueDecision == nil }
        if isIdle { return .quiet }
      }
      if clock.elapsed > deadline { return .restless }
    }
  }

  /// Lets a moment pass, and looks after the processes.
  @discardableResult
  private func tick() throws -> String? {
    usleep(4_000)
    return try crew.tend()
  }
}

/// What a user does, in words.
enum UserText {
  static func of(_ action: WorldPlan.UserAction) -> String {
    switch action {
    case .apply(let object): "applies \(object.type.kind) \(object.key)"
    case .patch(let type, let key, _): "changes \(type.kind) \(key)"
    case .delete(let type, let key, _): "deletes \(type.kind) \(key)"
    case .look: "looks"
    }
  }
}

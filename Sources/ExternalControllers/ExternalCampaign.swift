import Glibc
import Scalars
public import Scenarios
import Synchronization

/// Many plans tried on one controller, some at a time, each on a server of its own.
public final class ExternalCampaign: Sendable {
  /// A plan that broke something.
  public struct Failure: Sendable {
    /// The run in which it was seen first.
    public let result: ExternalResult
    /// How often it was tried again, and how often it broke the same.
    public let tries: Int
    /// How often the same was broken.
    public let hits: Int
    /// One of the runs in which nothing was.
    public let held: ExternalResult?

    /// What was broken is told for sure unless it never came again.
    public var isConfirmed: Bool { tries == 0 || hits > 0 }
    /// Whether it came each time.
    public var isSteady: Bool { hits == tries }
  }

  /// What came of a campaign.
  public struct Tally: Sendable {
    /// How many plans were tried.
    public var runCount = 0
    /// How many plans there were.
    public var planCount = 0
    /// Plans whose place never came, since the controller did something else.
    public var missedCount = 0
    /// Plans that could not be judged, with why.
    public var unjudged: [(plan: FaultPlan, reason: String)] = []
    /// What was broken, in the order of the plans.
    public var failures: [Failure] = []
    /// What was broken once and never again, though the same plan was tried again.
    public var unconfirmed: [Failure] = []
    /// Whether each property of the scenario has held at some moment of some run, in its order.
    public var propertiesHeld: [Bool] = []
    /// How often each fault came to pass.
    public var faultCounts: [DoorFault: Int] = [:]
    /// Whether somebody ended it.
    public var isInterrupted = false
  }

  private let scenario: Scenario
  private let settings: ExternalSettings
  private let plans: [FaultPlan]
  private let keepsGoing: Bool
  private let isShared: Bool
  private let triesMax: Int
  private let isInterrupted: @Sendable () -> Bool
  private let runner: Runner
  private let retrier: Runner
  private let state: Mutex<State>

  /// Makes one run of a plan, unless it is to be broken off.
  typealias Runner = @Sendable (FaultPlan, @escaping @Sendable () -> Bool) throws -> ExternalResult

  private struct State {
    var next = 0
    var tally = Tally()
    var failures: [Int: Failure] = [:]
    var error: (any Error)?
    var running = 0
    var jobs = 1
    var isStopped = false
    /// Whether a violation is being tried again, and nothing else is begun.
    var isRetrying = false
  }

  /// A campaign that has not begun.
  ///
  /// - Parameters:
  ///   - scenario: What there is and what the user does.
  ///   - plans: What is tried, in this order.
  ///   - settings: How the controller is run.
  ///   - keepsGoing: Whether it goes on behind the first violation.
  ///   - isShared: Whether the runs of a thread share a server and a process.
  ///   - tries: How often a violation is tried again.
  ///   - isInterrupted: Asked now and then; true ends the campaign.
  public convenience init(
    _ scenario: Scenario, _ plans: [FaultPlan], settings: ExternalSettings,
    keepsGoing: Bool = false, isShared: Bool = false, tries: Int = 5,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    // What was wrong for the whole time once need not be for so long again.
    var shorter = settings
    shorter.confirm = GoDuration(nanoseconds: settings.confirm.nanoseconds / 2)
    let retrying = shorter
    self.init(
      scenario, plans, settings: settings, keepsGoing: keepsGoing, isShared: isShared, tries: tries,
      isInterrupted: isInterrupted,
      runner: { plan, isStopped in
        try ExternalRun(scenario, plan, settings: settings, isInterrupted: isStopped).run()
      },
      retrier: { plan, isStopped in
        try ExternalRun(scenario, plan, settings: retrying, isInterrupted: isStopped).run()
      })
  }

  init(
    _ scenario: Scenario, _ plans: [FaultPlan], settings: ExternalSettings, keepsGoing: Bool,
    isShared: Bool, tries: Int, isInterrupted: @escaping @Sendable () -> Bool,
    runner: @escaping Runner, retrier: Runner? = nil
  ) {
    self.runner = runner
    self.retrier = retrier ?? runner
    self.scenario = scenario
    self.settings = settings
    self.plans = plans
    self.keepsGoing = keepsGoing
    self.isShared = isShared
    triesMax = tries
    self.isInterrupted = isInterrupted
    state = Mutex(State())
  }

  /// Runs it on several threads.
  ///
  /// - Parameters:
  ///   - jobs: How many runs at a time.
  ///   - tell: Hears from this thread, now and then, how many runs have been made.
  /// - Returns: what came of it.
  /// - Throws: what the system says where no server or process could be made.
  public func run(jobs: Int, tell: (Int, Int) -> Void = { _, _ in }) throws -> Tally {
    state.withLock {
      $0.running = jobs
      $0.jobs = jobs
    }
    for _ in 0..<jobs {
      PlainThread.start {
        self.work()
        self.state.withLock { $0.running -= 1 }
      }
    }
    while true {
      let (done, running) = state.withLock { ($0.tally.runCount, $0.running) }
      tell(done, plans.count)
      if running == 0 { break }
      usleep(10_000)
    }
    return try state.withLock { state in
      if let error = state.error { throw error }
      var tally = state.tally
      tally.planCount = plans.count
      let failures = state.failures.sorted { $0.key < $1.key }.map(\.value)
      tally.failures = failures.filter(\.isConfirmed)
      tally.unconfirmed = failures.filter { !$0.isConfirmed }
      tally.isInterrupted = isInterrupted()
      return tally
    }
  }

  /// Runs it on a server that is there, one plan after the other; nothing is tried again.
  ///
  /// - Parameters:
  ///   - stage: The server, shared by all runs.
  ///   - tell: Hears how many runs have been made.
  /// - Returns: what came of it.
  /// - Throws: what the system says where something cannot be started.
  public func run(on stage: ExternalStage, tell: (Int, Int) -> Void) throws -> Tally {
    var tally = Tally()
    tally.planCount = plans.count
    for plan in plans where !isInterrupted() {
      let result = try stage.run(plan, isInterrupted: isInterrupted)
      tally.add(result)
      tell(tally.runCount, plans.count)
      guard !result.findings.isEmpty else { continue }
      tally.failures.append(Failure(result: result, tries: 0, hits: 0, held: nil))
      if !keepsGoing { break }
    }
    tally.isInterrupted = isInterrupted()
    return tally
  }

  private func work() {
    var stage: ExternalStage?
    defer { stage?.end() }
    while let index = take() {
      do {
        if isShared, stage == nil {
          stage = try ExternalStage(scenario, settings: settings, isShared: true)
        }
        let result = try trial(plans[index], on: stage)
        if !result.findings.isEmpty || result.failure != nil {
          // What is spoilt spoils no other run.
          stage?.end()
          stage = nil
        }
        note(result, index)
      } catch {
        state.withLock {
          $0.error = error
          $0.isStopped = true
        }
      }
    }
  }

  private static let triesPerJob = 3

  /// Tries the plan of a run that broke something again, several at a time.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - jobs: How many runs at a time.
  /// - Returns: how often it broke the same again.
  public func retried(_ result: ExternalResult, jobs: Int) -> Failure {
    // Most of such a run is waiting for the controller to start, and for nothing to happen.
    let repeats = Repeats(running: max(1, min(triesMax, jobs * Self.triesPerJob)))
    let oracle = result.findings[0].oracle
    let work: @Sendable () -> Void = { [self] in
      while !isInterrupted() {
        let isOne = repeats.counts.withLock { repeats in
          guard repeats.started < triesMax else { return false }
          repeats.started += 1
          return true
        }
        guard isOne,
          let again = try? retrier(result.plan, isInterrupted), again.failure != "interrupted"
        else { break }
        repeats.counts.withLock { repeats in
          repeats.tries += 1
          if again.findings.contains(where: { $0.oracle == oracle }) {
            repeats.hits += 1
          } else if again.findings.isEmpty, again.failure == nil {
            repeats.held = again
          }
        }
      }
      repeats.counts.withLock { $0.running -= 1 }
    }
    for _ in 1..<max(1, repeats.counts.withLock { $0.running }) { PlainThread.start(work) }
    work()
    while repeats.counts.withLock({ $0.running }) > 0 { usleep(5_000) }
    return repeats.counts.withLock {
      Failure(result: result, tries: $0.tries, hits: $0.hits, held: $0.held)
    }
  }

  private func take() -> Int? {
    // Whether there is anything more to do shows when the violation has been tried again.
    while state.withLock({ $0.isRetrying }), !isInterrupted() { usleep(5_000) }
    if isInterrupted() { return nil }
    return state.withLock { state in
      guard !state.isStopped, state.next < plans.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func trial(
    _ plan: FaultPlan, on stage: ExternalStage?
  ) throws -> ExternalResult {
    let isStopped: @Sendable () -> Bool = { [self] in
      isInterrupted() || state.withLock { $0.isStopped }
    }
    if let stage { return try stage.run(plan, isInterrupted: isStopped) }
    return try runner(plan, isStopped)
  }

  private func note(_ result: ExternalResult, _ index: Int) {
    var turn = begin(noting: result)
    while turn == .later {
      usleep(5_000)
      turn = begin(noting: result)
    }
    guard turn == .retry else { return }
    let jobs = state.withLock { $0.jobs }
    let failure = retried(result, jobs: keepsGoing ? 1 : jobs)
    state.withLock { state in
      state.failures[index] = failure
      if keepsGoing { return }
      state.isRetrying = false
      if failure.isConfirmed { state.isStopped = true }
    }
  }

  /// What comes of a run that has ended.
  private enum Turn {
    case done
    case retry
    case later
  }

  /// Counts a run; of those that broke something one is tried again at a time, unless all are to be found.
  private func begin(noting result: ExternalResult) -> Turn {
    state.withLock { state in
      if state.isStopped { return .done }
      let isBroken = !result.findings.isEmpty
      if isBroken, state.isRetrying { return .later }
      state.tally.add(result)
      guard isBroken else { return .done }
      state.isRetrying = !keepsGoing
      return .retry
    }
  }
}

/// A thread of the system, for work that waits.
enum PlainThread {
  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  static func start(_ work: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = unsafe Unmanaged.passRetained(Work(work)).toOpaque()
    let status = unsafe pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, box)
    precondition(status == 0, "the system starts no more threads")
    _ = pthread_detach(thread)
  }
}

extension ExternalCampaign.Tally {
  /// Counts a run.
  mutating func add(_ result: ExternalResult) {
    // What was not run to its end tells nothing.
    if result.failure == "interrupted" { return }
    runCount += 1
    note(result.propertiesHeld)
    for fault in result.plan.faults where result.fired.contains(fault.place) {
      faultCounts[fault.fault, default: 0] += 1
    }
    if !result.isComplete { missedCount += 1 }
    if let failure = result.failure { unjudged.append((result.plan, failure)) }
  }

  /// Notes which properties have held at some moment of a run.
  public mutating func note(_ held: [Bool]) {
    if propertiesHeld.count < held.count {
      propertiesHeld += [Bool](repeating: false, count: held.count - propertiesHeld.count)
    }
    for index in held.indices where held[index] { propertiesHeld[index] = true }
  }

  /// Whether all plans have been tried.
  public var isComplete: Bool { runCount == planCount }
}

/// The runs of a plan that is tried again, counted by several threads.
private final class Repeats: Sendable {
  struct Counts {
    var started = 0
    var tries = 0
    var hits = 0
    var held: ExternalResult?
    var running: Int
  }

  let counts: Mutex<Counts>

  init(running: Int) { counts = Mutex(Counts(running: running)) }
}

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
  private let state: Mutex<State>

  private struct State {
    var next = 0
    var tally = Tally()
    var failures: [Int: Failure] = [:]
    var error: (any Error)?
    var running = 0
    var jobs = 1
    var isStopped = false
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
  public init(
    _ scenario: Scenario, _ plans: [FaultPlan], settings: ExternalSettings,
    keepsGoing: Bool = false, isShared: Bool = false, tries: Int = 5,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
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
      tally.failures = state.failures.sorted { $0.key < $1.key }.map(\.value)
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
      tally.failures.append(Failure(result: result, tries: 0, hits: 0))
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

  /// Tries a plan again; some runs at a time where nothing else is going on.
  private func tried(again result: ExternalResult) -> Failure {
    let repeats = Repeats(running: keepsGoing ? 1 : state.withLock { $0.jobs })
    let oracle = result.findings[0].oracle
    // What has been confirmed once is known again at sight.
    var settings = settings
    settings.confirm = .zero
    let work: @Sendable () -> Void = { [self, settings] in
      while !isInterrupted() {
        let isOne = repeats.counts.withLock { repeats in
          guard repeats.started < triesMax else { return false }
          repeats.started += 1
          return true
        }
        guard isOne,
          let again = try? ExternalRun(
            scenario, result.plan, settings: settings, isInterrupted: isInterrupted
          ).run(), again.failure != "interrupted"
        else { break }
        repeats.counts.withLock { repeats in
          repeats.tries += 1
          if again.findings.contains(where: { $0.oracle == oracle }) { repeats.hits += 1 }
        }
      }
      repeats.counts.withLock { $0.running -= 1 }
    }
    for _ in 1..<max(1, repeats.counts.withLock { $0.running }) { PlainThread.start(work) }
    work()
    while repeats.counts.withLock({ $0.running }) > 0 { usleep(5_000) }
    return repeats.counts.withLock { Failure(result: result, tries: $0.tries, hits: $0.hits) }
  }

  private func take() -> Int? {
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
    return try ExternalRun(scenario, plan, settings: settings, isInterrupted: isStopped).run()
  }

  private func note(_ result: ExternalResult, _ index: Int) {
    let isFirst = state.withLock { state in
      if state.isStopped { return false }
      state.tally.add(result)
      guard !result.findings.isEmpty else { return false }
      if !keepsGoing { state.isStopped = true }
      return true
    }
    guard isFirst else { return }
    let failure = tried(again: result)
    state.withLock { $0.failures[index] = failure }
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
    runCount += 1
    for fault in result.plan.faults where result.fired.contains(fault.place) {
      faultCounts[fault.fault, default: 0] += 1
    }
    if !result.isComplete { missedCount += 1 }
    if let failure = result.failure, failure != "interrupted" {
      unjudged.append((result.plan, failure))
    }
  }
}

/// The runs of a plan that is tried again, counted by several threads.
private final class Repeats: Sendable {
  struct Counts {
    var started = 0
    var tries = 0
    var hits = 0
    var running: Int
  }

  let counts: Mutex<Counts>

  init(running: Int) { counts = Mutex(Counts(running: running)) }
}

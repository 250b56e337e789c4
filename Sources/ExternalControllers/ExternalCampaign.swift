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
  private let triesMax: Int
  private let isInterrupted: @Sendable () -> Bool
  private let state: Mutex<State>

  private struct State {
    var next = 0
    var tally = Tally()
    var failures: [Int: Failure] = [:]
    var error: (any Error)?
    var running = 0
    var isStopped = false
  }

  /// A campaign that has not begun.
  ///
  /// - Parameters:
  ///   - scenario: What there is and what the user does.
  ///   - plans: What is tried, in this order.
  ///   - settings: How the controller is run.
  ///   - keepsGoing: Whether it goes on behind the first violation.
  ///   - tries: How often a violation is tried again.
  ///   - isInterrupted: Asked now and then; true ends the campaign.
  public init(
    _ scenario: Scenario, _ plans: [FaultPlan], settings: ExternalSettings,
    keepsGoing: Bool = false, tries: Int = 5,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.scenario = scenario
    self.settings = settings
    self.plans = plans
    self.keepsGoing = keepsGoing
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
    state.withLock { $0.running = jobs }
    for _ in 0..<jobs { PlainThread.start { self.work() } }
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

  private func work() {
    while let index = take() {
      do {
        try note(try trial(plans[index]), index)
      } catch {
        state.withLock {
          $0.error = error
          $0.isStopped = true
        }
      }
    }
    state.withLock { $0.running -= 1 }
  }

  private func take() -> Int? {
    if isInterrupted() { return nil }
    return state.withLock { state in
      guard !state.isStopped, state.next < plans.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func trial(_ plan: FaultPlan) throws -> ExternalResult {
    let isStopped: @Sendable () -> Bool = { [self] in
      isInterrupted() || state.withLock { $0.isStopped }
    }
    return try ExternalRun(scenario, plan, settings: settings, isInterrupted: isStopped).run()
  }

  private func note(_ result: ExternalResult, _ index: Int) throws {
    let isFirst = state.withLock { state in
      if state.isStopped { return false }
      state.tally.runCount += 1
      for fault in result.plan.faults where result.fired.contains(fault.place) {
        state.tally.faultCounts[fault.fault, default: 0] += 1
      }
      if !result.isComplete { state.tally.missedCount += 1 }
      if let failure = result.failure, failure != "interrupted" {
        state.tally.unjudged.append((result.plan, failure))
      }
      guard !result.findings.isEmpty else { return false }
      if !keepsGoing { state.isStopped = true }
      return true
    }
    guard isFirst else { return }
    var hits = 0
    var tries = 0
    for _ in 0..<triesMax where !isInterrupted() {
      let again = try ExternalRun(
        scenario, result.plan, settings: settings, isInterrupted: isInterrupted
      ).run()
      if again.failure == "interrupted" { break }
      tries += 1
      let oracle = result.findings[0].oracle
      if again.findings.contains(where: { $0.oracle == oracle }) { hits += 1 }
    }
    let failure = Failure(result: result, tries: tries, hits: hits)
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

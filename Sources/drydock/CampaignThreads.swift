import Exploration
import Glibc
import Synchronization

/// A campaign on several threads, with the same result as on one.
///
/// Runs are handed out in batches; tallies are added up in the order of the batches, and those behind the first
/// violation do not count.
final class CampaignThreads: Sendable {
  private let campaign: Campaign
  private let runsMax: Int
  private let stopsAtViolation: Bool
  private let batch: Int
  private let first: Int
  private let stride: Int
  private let isInterrupted: @Sendable () -> Bool
  private let state: Mutex<State>

  private struct State {
    var next = 0
    /// No batch from this one on counts.
    var end = Int.max
    var tallies: [Int: CampaignTally] = [:]
    var done = CampaignTally.Progress()
    var failure: (any Error)?
    var running = 0
  }

  /// A campaign that has not begun.
  ///
  /// - Parameters:
  ///   - campaign: What is run.
  ///   - runsMax: The most runs.
  ///   - shard: Which batches are ours: every `count`-th, from `index` on.
  ///   - stopsAtViolation: Whether the first violation ends it.
  ///   - isInterrupted: Asked before each run, on any thread.
  init(
    _ campaign: Campaign, runsMax: Int, shard: Shard = Shard(index: 0, count: 1),
    stopsAtViolation: Bool, isInterrupted: @escaping @Sendable () -> Bool
  ) {
    self.campaign = campaign
    self.runsMax = runsMax
    self.stopsAtViolation = stopsAtViolation
    self.isInterrupted = isInterrupted
    batch = 64
    first = shard.index
    stride = shard.count
    state = Mutex(State())
  }

  /// Runs the campaign; `tell` is called from this thread now and then.
  func run(jobs: Int, tell: (CampaignTally.Progress) -> Void) throws -> CampaignTally {
    state.withLock { $0.running = jobs }
    for _ in 0..<jobs { Self.detach { self.work() } }
    while true {
      let (progress, isOver) = state.withLock { ($0.done, $0.running == 0) }
      if isOver { break }
      tell(progress)
      usleep(2_000)
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      var sum = CampaignTally()
      for (_, tally) in state.tallies.sorted(by: { $0.key < $1.key }) { sum.add(tally) }
      return sum
    }
  }

  private func work() {
    while let number = take() {
      let start = number * batch
      let range = start..<min(start + batch, runsMax)
      do {
        let tally = try campaign.run(
          range, stopsAtViolation: stopsAtViolation, isInterrupted: isInterrupted)
        note(tally, number)
      } catch {
        state.withLock {
          $0.failure = error
          $0.end = 0
        }
      }
    }
    state.withLock { $0.running -= 1 }
  }

  /// The next batch.
  private func take() -> Int? {
    if isInterrupted() { return nil }
    return state.withLock { state in
      let number = first + state.next * stride
      guard number < state.end, number * batch < runsMax else { return nil }
      state.next += 1
      return number
    }
  }

  private func note(_ tally: CampaignTally, _ number: Int) {
    state.withLock { state in
      guard number < state.end else { return }
      state.tallies[number] = tally
      state.done.add(tally)
      if stopsAtViolation, tally.violatedCount > 0 {
        state.end = number + 1
        state.tallies = state.tallies.filter { $0.key <= number }
      }
    }
  }

  private static func detach(_ work: @escaping @Sendable () -> Void) {
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

  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

extension CampaignTally {
  /// How far a campaign has come.
  struct Progress: Sendable {
    private(set) var runCount = 0
    private(set) var faultCount = 0
    private(set) var schedules: Set<UInt64> = []
    private(set) var ends: Set<UInt64> = []
    /// How many runs there had been when the latest new end came.
    private(set) var runsAtLastEnd = 0

    mutating func add(_ tally: CampaignTally) {
      runCount += tally.runCount
      faultCount += tally.faultCounts.reduce(0) { $0 + $1.count }
      schedules.formUnion(tally.schedules)
      let known = ends.count
      ends.formUnion(tally.ends.keys)
      if ends.count > known { runsAtLastEnd = runCount }
    }
  }
}

extension CampaignThreads {
  /// How many threads can run at once.
  static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

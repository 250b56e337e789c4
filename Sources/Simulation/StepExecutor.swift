import Synchronization

/// Runs the tasks of reconciles one job at a time, on the caller's thread and only when told to.
///
/// One executor serves one thread at a time. It is `Sendable` for the compiler's sake; a job that arrives from
/// elsewhere is dropped, since its timing cannot be repeated: the reconcile that waits for it is then found waiting
/// for nothing.
final class StepExecutor: TaskExecutor, @unchecked Sendable {
  /// Jobs in the order in which they came, behind those that have been handed out.
  private struct Jobs {
    private var jobs: ContiguousArray<UnownedJob> = []
    private var next = 0

    mutating func append(_ job: UnownedJob) { jobs.append(job) }

    mutating func removeAll() {
      jobs.removeAll(keepingCapacity: true)
      next = 0
    }

    mutating func popFirst() -> UnownedJob? {
      if next == jobs.count {
        if next > 0 { removeAll() }
        return nil
      }
      defer { next += 1 }
      return jobs[next]
    }
  }

  // Only the thread that entered touches this: `enqueue` compares threads first.
  private var ready = Jobs()
  private let owner = Atomic<UInt>(0)

  /// How many reconciles of stopped processes would not end and were left standing.
  var parkedCount = 0

  /// More jobs than this without an effect are no reconcile but a loop.
  static let jobsWithoutEffectMax = 10_000

  /// Makes the calling thread the one whose jobs are run.
  func enter() { owner.store(ThreadIdentity.current.value, ordering: .relaxed) }

  /// Whether the calling thread is the one whose jobs are run.
  var isEntered: Bool { owner.load(ordering: .relaxed) == ThreadIdentity.current.value }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    guard isEntered else { return }
    ready.append(job)
  }

  /// Runs jobs until none is ready.
  ///
  /// - Returns: false when the jobs would not end.
  func drain() -> Bool {
    var count = 0
    while let job = ready.popFirst() {
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      count += 1
      if count > Self.jobsWithoutEffectMax {
        ready.removeAll()
        return false
      }
    }
    return true
  }
}

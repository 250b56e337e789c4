/// Runs the tasks of reconciles one job at a time, on the caller's thread and only when told to.
///
/// One executor serves one thread. It is `Sendable` for the compiler's sake; a job that arrives from elsewhere is
/// kept apart and reported, since its timing cannot be repeated.
final class StepExecutor: TaskExecutor, @unchecked Sendable {
  // Only the owning thread touches these: `enqueue` compares threads first.
  private var ready: ContiguousArray<UnownedJob> = []
  private var next = 0
  private let owner: ThreadIdentity
  private let foreign = ForeignJobs()

  /// More jobs than this without an effect are no reconcile but a loop.
  static let jobsWithoutEffectMax = 10_000

  init() { owner = ThreadIdentity.current }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    guard ThreadIdentity.current == owner else { return foreign.add(job) }
    ready.append(job)
  }

  /// Runs jobs until none is ready.
  ///
  /// - Returns: false when the jobs would not end.
  func drain() -> Bool {
    var count = 0
    while next < ready.count {
      let job = ready[next]
      next += 1
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      count += 1
      if count > Self.jobsWithoutEffectMax {
        ready.removeAll()
        next = 0
        return false
      }
    }
    ready.removeAll(keepingCapacity: true)
    next = 0
    return true
  }

  /// Whether a job has come from another thread since this was last asked.
  func takeForeignJobs() -> Bool { foreign.take() }
}

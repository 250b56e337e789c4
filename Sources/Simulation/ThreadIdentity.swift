// tidy: the executor must tell its own thread from others, to report code that left it; nothing is decided by it.
import Glibc
import Synchronization

/// Which thread this is.
struct ThreadIdentity: Equatable, Sendable {
  private let value: UInt

  static var current: ThreadIdentity { ThreadIdentity(value: UInt(pthread_self())) }
}

/// Jobs that came from another thread.
///
/// They are dropped: what they would do cannot be repeated.
final class ForeignJobs: Sendable {
  private let count = Mutex(0)

  func add(_ job: UnownedJob) { count.withLock { $0 += 1 } }

  func take() -> Bool {
    count.withLock { count in
      defer { count = 0 }
      return count > 0
    }
  }
}

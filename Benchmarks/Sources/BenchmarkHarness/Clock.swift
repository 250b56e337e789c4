#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whose CPU time is measured; wall time would measure the neighbours of a shared machine.
public enum Clock: Sendable {
  case thread, process

  /// CPU time used so far.
  var nanoseconds: Double {
    var time = timespec()
    let status =
      switch self {
      case .thread: unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      case .process: unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      }
    precondition(status == 0, "the system has no CPU clock")
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

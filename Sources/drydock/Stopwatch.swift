import Glibc
import Scalars

/// How long something has taken, by a clock that nobody sets.
struct Stopwatch: Sendable {
  private let start = Self.now

  /// The time since it was made.
  var elapsed: GoDuration { GoDuration(nanoseconds: Self.now - start) }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// What the environment says.
enum Environment {
  /// A number; nil where there is none.
  static func number(_ name: String) -> Int? {
    unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
  }
}

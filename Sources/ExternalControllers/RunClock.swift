import Glibc
public import Scalars

/// The time of a run, by a clock that nobody sets.
public struct RunClock: Sendable {
  private let start = Self.now

  /// A clock that starts now.
  public init() {}

  /// The time since it was made.
  public var elapsed: GoDuration { GoDuration(nanoseconds: Self.now - start) }

  /// `+12.345s`.
  public static func text(_ time: GoDuration) -> String {
    let milliseconds = time.nanoseconds / 1_000_000
    let rest = String(milliseconds % 1_000)
    return "+\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest + "s"
  }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The time of day.
  static var timestamp: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}

extension GoDuration {
  static func + (left: GoDuration, right: GoDuration) -> GoDuration {
    GoDuration(nanoseconds: left.nanoseconds + right.nanoseconds)
  }

  static func - (left: GoDuration, right: GoDuration) -> GoDuration {
    GoDuration(nanoseconds: left.nanoseconds - right.nanoseconds)
  }
}

public import Scalars

/// How long a key waits that failed.
public struct RateLimiter: Sendable, Hashable {
  /// The delay after the first failure; it doubles with each further one.
  public var baseDelay: GoDuration
  /// The longest delay of a key.
  public var maxDelay: GoDuration
  /// How many failures a second pass over all keys, and how many at once; nil without such a limit.
  public var bucket: Bucket?

  /// A bucket of tokens that is refilled at a steady rate.
  public struct Bucket: Sendable, Hashable {
    /// Tokens a second.
    public let rate: Int64
    /// The most tokens there can be.
    public let burst: Int64
    /// When the bucket would be empty, counted back from the tokens in it: the time of its next debt.
    private var emptyAt: Timestamp?

    /// A full bucket.
    ///
    /// - Precondition: both are positive.
    public init(rate: Int64, burst: Int64) {
      precondition(rate > 0 && burst > 0, "a bucket needs a rate and a burst")
      self.rate = rate
      self.burst = burst
    }

    /// Takes a token and says how long to wait for it.
    mutating func take(at now: Timestamp) -> GoDuration {
      let interval = GoDuration(nanoseconds: 1_000_000_000 / rate)
      let full = now - GoDuration(nanoseconds: interval.nanoseconds * burst)
      let start = Swift.max(emptyAt ?? full, full) + interval
      emptyAt = start
      return start > now ? start - now : .zero
    }
  }

  /// A limiter.
  public init(baseDelay: GoDuration, maxDelay: GoDuration, bucket: Bucket? = nil) {
    self.baseDelay = baseDelay
    self.maxDelay = maxDelay
    self.bucket = bucket
  }

  /// 5 ms doubling to 1000 s: controller-runtime's.
  public static let exponential = RateLimiter(
    baseDelay: .milliseconds(5), maxDelay: .seconds(1000))

  /// The larger of that and a bucket of 10 a second with a burst of 100: client-go's.
  public static let clientGo = RateLimiter(
    baseDelay: .milliseconds(5), maxDelay: .seconds(1000), bucket: Bucket(rate: 10, burst: 100))

  /// The delay of a key after its `failures`th failure, from 0.
  mutating func delay(failures: Int, at now: Timestamp) -> GoDuration {
    let own: GoDuration
    // Beyond 62 doublings the delay is the longest one anyway.
    let shift = Int64(Swift.min(failures, 62))
    let (product, overflow) = baseDelay.nanoseconds.multipliedReportingOverflow(by: 1 << shift)
    own = overflow ? maxDelay : Swift.min(GoDuration(nanoseconds: product), maxDelay)
    guard let waiting = bucket?.take(at: now) else { return own }
    return Swift.max(own, waiting)
  }
}

public import Scalars

/// Times, counted in fixed buckets: exact to three decimal digits, so that those of parts add up to those of the whole
/// whoever counted which.
public struct TimeHistogram: Sendable, Hashable {
  /// By the upper bound of a bucket, in nanoseconds: how many times.
  private var counts: [Int64: Int] = [:]
  /// How many times there are.
  public private(set) var count = 0
  /// The longest, exactly.
  public private(set) var max: GoDuration = .zero

  /// No times.
  public init() {}

  /// The bucket that a time falls into: what is longer than it by less than one per cent, with three digits.
  static func bound(of nanoseconds: Int64) -> Int64 {
    var digits = Swift.max(0, nanoseconds)
    var unit: Int64 = 1
    var isRounded = false
    while digits >= 1_000 {
      isRounded = isRounded || digits % 10 > 0
      digits /= 10
      unit *= 10
    }
    let (bound, isTooLong) = (digits + (isRounded ? 1 : 0)).multipliedReportingOverflow(by: unit)
    return isTooLong ? .max : bound
  }

  /// Counts a time.
  public mutating func add(_ time: GoDuration) {
    counts[Self.bound(of: time.nanoseconds), default: 0] += 1
    count += 1
    max = Swift.max(max, time)
  }

  /// Counts those of another part.
  public mutating func add(_ other: TimeHistogram) {
    counts.merge(other.counts) { $0 + $1 }
    count += other.count
    max = Swift.max(max, other.max)
  }

  /// What so many of a hundred times do not exceed, to a per cent; nil without times.
  public func percentile(_ percent: Int) -> GoDuration? {
    guard count > 0 else { return nil }
    // The nearest rank, without a product that a large number of times would overflow.
    let rank = count / 100 * percent + (count % 100 * percent + 99) / 100
    var passed = 0
    for (bound, times) in buckets {
      passed += times
      if passed >= rank { return Swift.min(GoDuration(nanoseconds: bound), max) }
    }
    return max
  }

  /// The buckets: their upper bounds in nanoseconds, and how many times fell into them, the shortest first.
  public var buckets: [(bound: Int64, times: Int)] {
    counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A histogram of buckets that were written down; nil where they are none.
  public init?(buckets: [(bound: Int64, times: Int)], max: GoDuration) {
    for (bound, times) in buckets {
      let (sum, isTooMany) = count.addingReportingOverflow(times)
      guard bound >= 0, times > 0, Self.bound(of: bound) == bound, counts[bound] == nil, !isTooMany
      else { return nil }
      counts[bound] = times
      count = sum
    }
    let longest = counts.keys.max() ?? 0  // tidy: the largest, whatever the order
    guard max >= .zero, Self.bound(of: max.nanoseconds) == longest else { return nil }
    self.max = max
  }
}

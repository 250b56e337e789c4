/// One thing that is measured, at one or several sizes.
///
/// A benchmark is declared in a `Suite`; nothing runs before the runner asks for it, so preparing costs
/// nothing when a filter leaves the benchmark out.
public struct Benchmark: Sendable {
  /// Runs the measured operation this many times.
  public typealias Batch = (_ iterations: Int) -> Void

  enum Body: Sendable {
    /// Prepares for a size and returns the batch to be timed.
    case time(Clock, @Sendable (_ size: Int) -> Batch)
    /// Makes `size` things and returns them, so that they live while memory is read.
    case memory(@Sendable (_ size: Int) -> any Sendable)
    /// Divides the figures of two other benchmarks of this suite.
    case ratio(of: String, to: String)
  }

  let name: String
  let sizes: [Int]
  /// Bytes that one operation works through; 0 where throughput says nothing.
  let bytes: Int
  let target: Target?
  let body: Body

  /// Measures CPU time per operation.
  ///
  /// - Parameters:
  ///   - name: What the table shows, without the suite's name.
  ///   - bytes: The text one operation works through, where throughput is of interest.
  ///   - target: What the result is held against.
  ///   - clock: Whose CPU time counts: `process` where the work runs on several threads.
  ///   - prepare: Makes what is needed and returns the batch that is timed.
  /// - Returns: The declaration.
  public static func time(
    _ name: String, bytes: Int = 0, target: Target? = nil, clock: Clock = .thread,
    prepare: @escaping @Sendable () -> Batch
  ) -> Benchmark {
    Benchmark(
      name: name, sizes: [1], bytes: bytes, target: target, body: .time(clock) { _ in prepare() })
  }

  /// Measures CPU time per operation at several sizes, one row each, named `name@size`.
  public static func time(
    _ name: String, sizes: [Int], target: Target? = nil, clock: Clock = .thread,
    prepare: @escaping @Sendable (_ size: Int) -> Batch
  ) -> Benchmark {
    Benchmark(name: name, sizes: sizes, bytes: 0, target: target, body: .time(clock, prepare))
  }

  /// Measures the memory that each of `count` things takes while all are kept.
  public static func memory(
    _ name: String, count: Int, target: Target? = nil,
    make: @escaping @Sendable (_ count: Int) -> any Sendable
  ) -> Benchmark {
    Benchmark(name: name, sizes: [count], bytes: 0, target: target, body: .memory(make))
  }

  /// Compares two rows of the same suite and the same run, by their best times.
  public static func ratio(
    _ name: String, of numerator: String, to denominator: String, target: Target? = nil
  ) -> Benchmark {
    Benchmark(
      name: name, sizes: [1], bytes: 0, target: target,
      body: .ratio(of: numerator, to: denominator))
  }
}

/// What a figure is held against.
public enum Target: Sendable {
  case nanoseconds(atMost: Double)
  case megabytesPerSecond(atLeast: Double)
  case operationsPerSecond(atLeast: Double)
  case bytes(atMost: Double)
  case ratio(atMost: Double)
}

/// The benchmarks of one part of the house.
public struct Suite: Sendable {
  let name: String
  let benchmarks: [Benchmark]

  /// A suite; list it in the executable's `suites`.
  public init(_ name: String, _ benchmarks: [Benchmark]) {
    self.name = name
    self.benchmarks = benchmarks
  }
}

/// Uses a result, so that the optimiser must make it.
@inline(never) @_optimize(none)
public func use<Result: ~Copyable>(_ result: borrowing Result) {}

/// Runs suites and collects a row per benchmark and size.
struct Runner {
  let options: Options
  private(set) var rows: [Row] = []

  init(options: Options) { self.options = options }

  mutating func run(_ suite: Suite, report: (Row) -> Void) {
    for benchmark in suite.benchmarks {
      for size in benchmark.sizes {
        let isGrowth = benchmark.sizes.count > 1
        let name = "\(suite.name)/\(benchmark.name)" + (isGrowth ? "@\(size)" : "")
        guard options.filter.map({ name.contains($0) }) ?? true else { continue }
        var row = Row(name: name, size: size, target: benchmark.target)
        switch benchmark.body {
        case .time(let clock, let prepare):
          row.time = measure(prepare(size), with: clock)
          if benchmark.bytes > 0, let time = row.time {
            row.megabytesPerSecond = Double(benchmark.bytes) / time.best * 1e3
          }
        case .memory(let make):
          row.memory = measureMemory(size, make)
        case .ratio(let numerator, let denominator):
          guard let above = best("\(suite.name)/\(numerator)"),
            let below = best("\(suite.name)/\(denominator)")
          else { continue }
          row.ratio = above / below
        }
        rows.append(row)
        report(row)
      }
    }
  }

  private func best(_ name: String) -> Double? {
    rows.last { $0.name == name }?.time?.best
  }

  /// Times batches that are long enough for the clock, after a warm-up that also finds their length.
  private func measure(_ batch: Benchmark.Batch, with clock: Clock) -> Row.Time {
    if let iterations = options.iterations {
      let start = clock.nanoseconds
      batch(iterations)
      let each = (clock.nanoseconds - start) / Double(iterations)
      return Row.Time(best: each, median: each, iterations: iterations)
    }
    let batchNanoseconds = options.isQuick ? 4e6 : 2e7
    var iterations = 1
    while true {
      let start = clock.nanoseconds
      batch(iterations)
      let elapsed = clock.nanoseconds - start
      if elapsed >= batchNanoseconds || iterations >= 1 << 40 { break }
      // Never more than ten times at once: the first calls are slower than those to come.
      let wanted = Double(iterations) * batchNanoseconds / Swift.max(elapsed, 1) * 1.2
      iterations = Int(Swift.min(wanted, Double(iterations) * 10)) + 1
    }
    var samples: [Double] = []
    for _ in 0..<(options.isQuick ? 9 : 25) {
      let start = clock.nanoseconds
      batch(iterations)
      samples.append((clock.nanoseconds - start) / Double(iterations))
    }
    samples.sort()
    return Row.Time(
      best: samples[0], median: samples[samples.count / 2], iterations: iterations)
  }

  private func measureMemory(
    _ count: Int, _ make: (Int) -> any Sendable
  ) -> Row.Space {
    // Once for what is made only once: tables, and the allocator's own.
    use(make(1))
    let before = Memory.now
    let kept = make(count)
    let after = Memory.now
    use(kept)
    func each(_ figure: (Memory) -> Double?) -> Double? {
      guard let old = figure(before), let new = figure(after) else { return nil }
      return (new - old) / Double(count)
    }
    return Row.Space(allocated: each { $0.allocated }, resident: each { $0.resident })
  }
}

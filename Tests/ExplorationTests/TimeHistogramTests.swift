import BindingControllers
import Exploration
import Scalars
import Simulation
import Testing

@Suite("Times of campaigns: fixed buckets that add up")
struct TimeHistogramTests {
  private func histogram(_ times: [Int64]) -> TimeHistogram {
    var histogram = TimeHistogram()
    for time in times { histogram.add(GoDuration(nanoseconds: time)) }
    return histogram
  }

  /// Times of all magnitudes.
  private func times(_ count: Int) -> [Int64] {
    var random = SplitMix64(state: 11)
    return (0..<count).map { _ in Int64(random.next() >> UInt64(1 + random.next(below: 60))) }
  }

  @Test("Percentiles are those of the sorted times, and at most a per cent more")
  func percentiles() throws {
    let times = times(2_000)
    let (histogram, sorted) = (histogram(times), times.sorted())
    #expect(histogram.count == 2_000 && histogram.max.nanoseconds == sorted.last)
    for percent in [1, 25, 50, 90, 99, 100] {
      let exact = sorted[(times.count * percent + 99) / 100 - 1]
      let told = try #require(histogram.percentile(percent)).nanoseconds
      #expect(told >= exact && Double(told - exact) <= Double(exact) * 0.01, "\(percent)")
    }
    #expect(TimeHistogram().percentile(50) == nil)
  }

  @Test("What has three digits is told as it is, and nothing is longer than the longest")
  func exact() {
    for time in [GoDuration.zero, .milliseconds(5), .seconds(30), .milliseconds(1_010)] {
      #expect(histogram([time.nanoseconds]).percentile(50) == time)
    }
    #expect(histogram([1_234_567]).percentile(50) == GoDuration(nanoseconds: 1_234_567))
    #expect(histogram([1_234_567, 9_000_000]).percentile(50) == GoDuration(nanoseconds: 1_240_000))
    #expect(histogram([.max]).percentile(50) == .max && histogram([-5]).percentile(99) == .zero)
  }

  @Test("Parts add up to the whole, in any order, and through what is written down")
  func parts() throws {
    let times = times(300)
    let whole = histogram(times)
    var sum = histogram(Array(times[200...]))
    sum.add(histogram(Array(times[..<200])))
    #expect(sum == whole)
    #expect(TimeHistogram(buckets: whole.buckets, max: whole.max) == whole)
  }

  @Test("What is no histogram is not read")
  func malformed() {
    let ms = GoDuration.milliseconds(1)
    #expect(TimeHistogram(buckets: [], max: .zero) == TimeHistogram())
    #expect(TimeHistogram(buckets: [(1_000_000, 1)], max: ms) != nil)
    #expect(TimeHistogram(buckets: [(1_000_000, 0)], max: ms) == nil)
    #expect(TimeHistogram(buckets: [(1_000_001, 1)], max: ms) == nil)
    #expect(TimeHistogram(buckets: [(-1, 1)], max: .zero) == nil)
    #expect(TimeHistogram(buckets: [(1_000_000, 1), (1_000_000, 1)], max: ms) == nil)
    #expect(TimeHistogram(buckets: [(1_000_000, 1)], max: .seconds(1)) == nil)
    #expect(TimeHistogram(buckets: [(5, .max), (6, .max)], max: GoDuration(nanoseconds: 6)) == nil)
  }

  @Test("A campaign counts the releases of its runs, and not what is still held by who is there")
  func campaign() throws {
    var plan = plan(processes: 1)
    plan.processes[0].controllers = [ReferenceBindingController.controller(workers: 1)]
    let campaign = Campaign(plan, budget: .every, seed: 7)
    let tally = try campaign.run(0..<40, stopsAtViolation: false)
    let entries = tally.releases.entries
    #expect(entries.map(\.metric) == [.deletionToRelease, .deletionToRemoval, .held])
    #expect(entries.allSatisfy { $0.kind == "DeviceBinding" && $0.times.count > 20 })
    // Each run ends with a binding that holds on.
    let runs = try (0..<40).map { try Runner.run(plan, campaign.source(ofRun: $0)).world }
    let held = runs.flatMap { ReleaseMetrics($0).samples.filter { $0.metric == .held } }
    #expect(held.contains { $0.isOpen })
    #expect(entries[2].times.count == held.count { !$0.isOpen })
    var sum = try campaign.run(20..<40, stopsAtViolation: false)
    sum.add(try campaign.run(0..<20, stopsAtViolation: false))
    #expect(sum.releases == tally.releases)
  }
}

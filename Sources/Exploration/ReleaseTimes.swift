public import Simulation

/// How long releases took in the runs of a campaign, in virtual time, by what was measured and by the kind that holds.
public struct ReleaseTimes: Sendable, Hashable {
  /// The times of one metric and kind.
  public struct Entry: Sendable, Hashable {
    /// What was measured.
    public let metric: Threshold.Metric
    /// The kind of what is deleted, or holds.
    public let kind: String
    /// The times.
    public var times: TimeHistogram

    /// An entry.
    public init(metric: Threshold.Metric, kind: String, times: TimeHistogram) {
      self.metric = metric
      self.kind = kind
      self.times = times
    }

    fileprivate var place: (Int, String) {
      (Threshold.Metric.allCases.firstIndex(of: metric) ?? 0, kind)
    }
  }

  /// The times, by metric and kind.
  public private(set) var entries: [Entry] = []

  /// No times.
  public init() {}

  /// Counts the times of a run that is over.
  ///
  /// What is still held at the end by who is there has no time yet; what should have gone, and has not, counts with the
  /// time that it had.
  mutating func note(_ world: World) {
    for sample in ReleaseMetrics(world).samples where !(sample.isOpen && sample.metric == .held) {
      let index = place(of: sample.metric, sample.kind)
      entries[index].times.add(sample.time)
    }
  }

  /// Counts those of another part.
  public mutating func add(_ other: ReleaseTimes) {
    for entry in other.entries { add(entry) }
  }

  /// Counts the times of one metric and kind.
  public mutating func add(_ entry: Entry) {
    let index = place(of: entry.metric, entry.kind)
    entries[index].times.add(entry.times)
  }

  /// The place of an entry, which is made where there is none.
  private mutating func place(of metric: Threshold.Metric, _ kind: String) -> Int {
    if let index = entries.firstIndex(where: { $0.metric == metric && $0.kind == kind }) {
      return index
    }
    let entry = Entry(metric: metric, kind: kind, times: TimeHistogram())
    let index = entries.firstIndex { $0.place > entry.place } ?? entries.count
    entries.insert(entry, at: index)
    return index
  }
}

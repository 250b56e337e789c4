public import Scalars

/// What a world knows of the faults that may come: how long they last, and when they end.
///
/// Whether a fault comes is for others to decide; the settings say what it does, so that a trace of it can be replayed.
public struct FaultSettings: Sendable, Hashable {
  private struct Lasting: Sendable, Hashable {
    let kind: FaultKind
    var durations: [GoDuration]
  }

  /// After this time no fault is drawn any more, and what lasts ends; nil for no such bound.
  public var until: GoDuration?
  private var lasting: [Lasting] = []

  /// Every fault lasts as long as it usually does.
  public init() {}

  /// How long faults of a kind last: one of these.
  public func durations(of kind: FaultKind) -> [GoDuration] {
    lasting.first { $0.kind == kind }?.durations ?? kind.durations
  }

  /// How long a fault of a kind lasts that happens at a place where nobody chooses.
  public func duration(of kind: FaultKind) -> GoDuration { durations(of: kind).first ?? .zero }

  /// Sets how long faults of a kind last, or adds to it.
  public mutating func allow(_ durations: [GoDuration], of kind: FaultKind) {
    guard let index = lasting.firstIndex(where: { $0.kind == kind }) else {
      lasting.append(Lasting(kind: kind, durations: durations))
      return
    }
    for duration in durations where !lasting[index].durations.contains(duration) {
      lasting[index].durations.append(duration)
    }
  }
}

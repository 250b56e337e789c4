public import Simulation

/// One place where a run left the default schedule.
public struct Deviation: Sendable, Hashable {
  /// The turn that would have come: its name, and which of its name it is (`binder-0/c start default/a #2`).
  public var at: String
  /// The decision that was taken instead.
  public var take: String

  /// A deviation.
  public init(at: String, take: String) {
    self.at = at
    self.take = take
  }
}

/// Numbers the decisions of a run by name, so that each has a name of its own.
struct DecisionNumbering {
  private var counts: [String: Int] = [:]

  /// The name of the turn with the number that it would have.
  func numbered(_ name: String) -> String { "\(name) #\((counts[name] ?? 0) + 1)" }

  /// Counts a decision that was taken; a fault counts as the turn that it hit.
  mutating func count(_ name: String) {
    counts[name.turn, default: 0] += 1
  }
}

extension String {
  /// The name without the fault that follows it behind " !".
  fileprivate var turn: String {
    // By bytes: this is asked of every decision of a run that is named.
    let bytes = utf8
    var index = bytes.startIndex
    while let space = bytes[index...].firstIndex(of: 0x20) {
      index = bytes.index(after: space)
      if index < bytes.endIndex, bytes[index] == 0x21 { return String(self[..<space]) }
    }
    return self
  }
}

/// Follows recorded deviations, and the default schedule everywhere else.
///
/// Strict: a deviation that cannot be taken, or whose place never comes, is a `Divergence`.
public struct ReplaySource: DecisionSource {
  private let deviations: [Deviation]
  private var next = 0
  private var numbering = DecisionNumbering()
  private var enabled: [Decision] = []

  /// A source that takes these deviations, in order.
  public init(_ deviations: [Deviation]) { self.deviations = deviations }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard let turn = world.defaultDecision else {
      try checkComplete()
      return nil
    }
    let place = numbering.numbered(world.name(of: turn))
    guard next < deviations.count, deviations[next].at == place else {
      numbering.count(world.name(of: turn))
      return turn
    }
    let wanted = deviations[next].take
    next += 1
    guard let decision = world.decision(named: wanted, insteadOf: turn, &enabled) else {
      throw Divergence(
        wanted: wanted, at: place, reason: "that cannot happen there in this scenario")
    }
    numbering.count(wanted)
    return decision
  }

  /// Checks that every deviation has been taken.
  public func checkComplete() throws(Divergence) {
    guard next < deviations.count else { return }
    throw Divergence(
      wanted: deviations[next].take, at: deviations[next].at,
      reason: "the run never comes to that place")
  }
}

extension World {
  /// The decision of this name that can be taken where `turn` is due.
  func decision(
    named name: String, insteadOf turn: Decision, _ enabled: inout [Decision]
  ) -> Decision? {
    enabledDecisions(into: &enabled)
    for decision in [turn] + enabled {
      if self.name(of: decision) == name { return decision }
      if case .proceed(let process, let controller, let worker, _) = decision {
        for outcome in outcomes(process: process, controller: controller, worker: worker) {
          let variant = Decision.proceed(
            process: process, controller: controller, worker: worker, outcome)
          if self.name(of: variant) == name { return variant }
        }
      }
    }
    if let fault = faultDecision(named: name) { return fault }
    for process in plan.processes.indices {
      let crash = Decision.crash(process: process)
      if isEnabled(crash), self.name(of: crash) == name { return crash }
    }
    return nil
  }
}

public import Simulation

/// Takes deviations where their places come up and they can be taken, and the default schedule everywhere else.
///
/// What a shrinker needs: a deviation that has lost its sense is passed over.
public struct LenientSource: DecisionSource {
  /// By place: what is still to be taken there, the next one last.
  ///
  /// A turn that waits is left more than once.
  private var deviations: [String: [String]]
  private var numbering = DecisionNumbering()
  private var enabled: [Decision] = []
  /// Names are made for turns that a deviation may begin at, and for no others, once all have been taken.
  private var remaining: Int

  /// A source that takes those of these deviations that fit.
  public init(_ deviations: [Deviation]) {
    self.deviations = Dictionary(grouping: deviations, by: \.at)
      .mapValues { $0.reversed().map(\.take) }
    remaining = deviations.count
  }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard let turn = world.defaultDecision else { return nil }
    guard remaining > 0 else { return turn }
    let name = world.name(of: turn)
    let place = numbering.numbered(name)
    while let wanted = deviations[place]?.popLast() {
      remaining -= 1
      if let decision = world.decision(named: wanted, insteadOf: turn, &enabled) {
        numbering.count(wanted)
        return decision
      }
    }
    numbering.count(name)
    return turn
  }
}

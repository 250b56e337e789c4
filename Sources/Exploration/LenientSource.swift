public import Simulation

/// Takes deviations where their places come up and they can be taken, and the default schedule everywhere else.
///
/// What a shrinker needs: a deviation that has lost its sense is passed over.
public struct LenientSource: DecisionSource {
  private let deviations: [String: String]
  private var numbering = DecisionNumbering()
  private var enabled: [Decision] = []
  /// Names are made for turns that a deviation may begin at, and for no others, once all have been taken.
  private var remaining: Int

  /// A source that takes those of these deviations that fit.
  public init(_ deviations: [Deviation]) {
    self.deviations = Dictionary(
      deviations.map { ($0.at, $0.take) }, uniquingKeysWith: { first, _ in first })
    remaining = self.deviations.count
  }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard let turn = world.defaultDecision else { return nil }
    guard remaining > 0 else { return turn }
    let name = world.name(of: turn)
    guard let wanted = deviations[numbering.numbered(name)] else {
      numbering.count(name)
      return turn
    }
    remaining -= 1
    guard let decision = world.decision(named: wanted, insteadOf: turn, &enabled) else {
      numbering.count(name)
      return turn
    }
    numbering.count(wanted)
    return decision
  }
}

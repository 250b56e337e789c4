public import Simulation

/// The default schedule, but a process's informers see nothing as long as anybody can do anything else.
public struct LaggingSource: DecisionSource {
  private let process: Int
  /// The kind whose informer lags; nil for all of them.
  private let kind: String?
  private var enabled: [Decision] = []
  private var isOver = false

  /// A schedule on which this process lags, or one of its informers, until the world stands still for it.
  public init(process: Int, kind: String? = nil) {
    self.process = process
    self.kind = kind
  }

  /// The schedule of a column that stands for a lag; nil for other columns.
  init?(_ column: FaultMatrix.Column, at decision: Decision, in world: World) {
    guard case .proceed(let process, _, _, _) = decision else { return nil }
    switch column {
    case .lag: self.init(process: process)
    case .informerLag(let kind): self.init(process: process, kind: kind)
    default: return nil
    }
  }

  /// Whether it is what the informer would see.
  private func isHeldBack(_ decision: Decision, in world: World) -> Bool {
    guard case .deliver(process, let informer) = decision else { return false }
    return kind == nil || world.informer(of: kind ?? "", process: process) == informer
  }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard let turn = world.defaultDecision else { return nil }
    guard !isOver, isHeldBack(turn, in: world) else { return turn }
    world.enabledDecisions(into: &enabled)
    for decision in enabled where !isHeldBack(decision, in: world) { return decision }
    isOver = true
    return turn
  }
}

public import Simulation

/// Who chooses what happens next in a world.
public protocol DecisionSource {
  /// Chooses among what is enabled; nil where nothing is.
  ///
  /// - Throws: `Divergence` when a schedule cannot be followed.
  mutating func choose(in world: World) throws(Divergence) -> Decision?

  /// Scripted faults that have not happened.
  var missed: [FaultScript.Fault] { get }
}

extension DecisionSource {
  /// None, for a source without a script.
  public var missed: [FaultScript.Fault] { [] }
}

/// A recorded schedule that does not fit the world any more.
public struct Divergence: Error, Sendable, Hashable, CustomStringConvertible {
  /// The decision that the schedule asks for.
  public let wanted: String
  /// Where it was to come.
  public let at: String
  /// Why it cannot.
  public let reason: String

  /// A divergence.
  public init(wanted: String, at: String, reason: String) {
    self.wanted = wanted
    self.at = at
    self.reason = reason
  }

  public var description: String {
    "the trace does not fit: at \"\(at)\" it takes \"\(wanted)\", but \(reason)"
  }
}

/// The default schedule: canonical order, immediate delivery, no faults but scripted ones.
public struct DefaultSource: DecisionSource {
  private var script: FaultScript

  /// A source, with faults at fixed places.
  public init(_ script: FaultScript = FaultScript()) { self.script = script }

  public var missed: [FaultScript.Fault] { script.missed }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard let decision = world.defaultDecision else { return nil }
    return script.applied(to: decision, in: world)
  }
}

public import Simulation

/// What would have been: a failing run again, each time with one of its choices flipped back to the default.
public struct Counterfactual: Sendable {
  /// One choice, and the run without it.
  public struct Choice: Sendable, Hashable {
    /// The choice.
    public let deviation: Deviation
    /// What the run without it breaks; nil where it holds.
    public let otherwise: Violation.Oracle?
    /// Whether the failure is gone without it.
    public let isCause: Bool
  }

  /// The choices of the run, in order.
  public let choices: [Choice]
  /// How many runs it took.
  public var runCount: Int { choices.count }

  /// The choices without which the failure is gone.
  public var causes: [Deviation] { choices.filter(\.isCause).map(\.deviation) }

  /// Flips each choice of a run.
  ///
  /// - Parameters:
  ///   - plan: What worlds are made from, reduced as for the run.
  ///   - deviations: The choices.
  ///   - violation: The failure.
  ///   - isInterrupted: Asked before each run and in it; choices that were not tried count as causes.
  /// - Throws: `Standstill`.
  public init(
    _ plan: WorldPlan, _ deviations: [Deviation], _ violation: Violation,
    isInterrupted: () -> Bool = { false }
  ) throws {
    var choices: [Choice] = []
    for (index, deviation) in deviations.enumerated() {
      if isInterrupted() {
        choices.append(Choice(deviation: deviation, otherwise: nil, isCause: true))
        continue
      }
      var others = deviations
      others.remove(at: index)
      let without: Violation?
      do {
        without = try Runner.run(plan, LenientSource(others), isInterrupted: isInterrupted)
          .violations.first
      } catch is Interruption {
        choices.append(Choice(deviation: deviation, otherwise: nil, isCause: true))
        continue
      }
      let isSame = without?.oracle == violation.oracle && without?.subject == violation.subject
      choices.append(
        Choice(deviation: deviation, otherwise: without?.oracle, isCause: !isSame))
    }
    self.choices = choices
  }
}

import APIAllocation
import APIMachinery
public import Simulation

/// Makes a failing run smaller: deviations, faults, steps of the workload and objects are left out as long as the same
/// rule is broken, until none of them can go (delta debugging; Zeller and Hildebrandt, 2002).
public struct Shrinker {
  /// A failing run, smaller than it was.
  public struct Result {
    /// What was taken out of the scenario.
    public let reduction: Reduction
    /// The run, told and with names.
    public let run: RunResult
    /// How many runs it took.
    public let runCount: Int
    /// Whether nothing more can be left out; false where the time was up before.
    public let isMinimal: Bool
  }

  private let plan: WorldPlan
  private let oracle: Violation.Oracle
  private let subject: String?
  private let isInterrupted: () -> Bool
  private var runCount = 0
  private var wasInterrupted = false
  /// Whether the whole scenario keeps the rule by the default schedule; nil before anybody has looked.
  private var holdsByDefault: Bool?

  /// A shrinker of runs of a plan that break this rule.
  ///
  /// - Parameters:
  ///   - plan: What worlds are made from.
  ///   - oracle: The rule.
  ///   - subject: The kinds, finalizers and controllers for which it is broken; nil for any.
  ///   - isInterrupted: Asked before each run and in it, but for the first and the last; once it says yes, what has been
  ///     reached is the result.
  public init(
    _ plan: WorldPlan, oracle: Violation.Oracle, subject: String? = nil,
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.plan = plan
    self.oracle = oracle
    self.subject = subject
    self.isInterrupted = isInterrupted
  }

  /// The smallest run that can be reached from these deviations by leaving out.
  ///
  /// - Parameters:
  ///   - deviations: Those of a failing run.
  ///   - reduction: What has been taken out of the scenario already.
  ///   - known: That run, told and with names, where somebody has it: it is not run again.
  /// - Returns: nil where the deviations do not lead to a violation of the rule at all.
  /// - Throws: `Standstill`.
  public mutating func shrink(
    _ deviations: [Deviation], from reduction: Reduction = Reduction(), known: RunResult? = nil
  ) throws -> Result? {
    let all = deviations
    let before = reduction
    var deviations = deviations
    var reduction = reduction
    if let known {
      guard isWanted(known.violations.first) else { return nil }
    } else {
      // Nobody asks whether to go on in this run: without it there would be nothing to tell.
      guard try breaksRule(deviations, reduction, isInterrupted: { false }) else { return nil }
    }
    var size = 0
    repeat {
      size =
        deviations.count + plan.workload.count + plan.objects.count
        - reduction.steps.count - reduction.objects.count
      deviations = try least(deviations) { try $0.fails($1, reduction) }
      reduction.steps = try leftOut(of: steps, reduction.steps) { shrinker, steps in
        try shrinker.fails(deviations, Reduction(steps: steps, objects: reduction.objects))
      }
      reduction.objects = try leftOut(of: objects, reduction.objects) { shrinker, objects in
        try shrinker.fails(deviations, Reduction(steps: reduction.steps, objects: objects))
      }
    } while !wasInterrupted
      && deviations.count + plan.workload.count + plan.objects.count
        - reduction.steps.count - reduction.objects.count < size
    if let known, deviations.count == all.count, reduction == before {
      return Result(
        reduction: reduction, run: known, runCount: runCount, isMinimal: !wasInterrupted)
    }
    let run = try Runner.run(
      reduction.applied(to: plan), LenientSource(deviations), isTold: true, isNamed: true)
    return Result(
      reduction: reduction, run: run, runCount: runCount, isMinimal: !wasInterrupted)
  }

  private var steps: [Int] { Array(1..<(plan.workload.count + 1)) }

  /// The objects that can be left out.
  ///
  /// Without its pool every controller fails for ever: a failure of that sort is another one, though the same rule tells of
  /// it, so there the pools stay.
  private var objects: [String] {
    plan.objects.filter { $0.type != Pool.type || !Self.failsWithoutPools(oracle) }
      .map(Reduction.name)
  }

  private static func failsWithoutPools(_ oracle: Violation.Oracle) -> Bool {
    switch oracle {
    case .neverSettled, .stuckDeletion, .boundedError, .unsatisfied: true
    default: false
    }
  }

  /// Whether the run with these deviations breaks the rule.
  private mutating func fails(
    _ deviations: [Deviation], _ reduction: Reduction
  ) throws -> Bool {
    if !wasInterrupted, isInterrupted() { wasInterrupted = true }
    if wasInterrupted { return false }
    do {
      return try breaksRule(deviations, reduction, isInterrupted: isInterrupted)
    } catch is Interruption {
      wasInterrupted = true
      return false
    }
  }

  private mutating func breaksRule(
    _ deviations: [Deviation], _ reduction: Reduction, isInterrupted: () -> Bool
  ) throws -> Bool {
    runCount += 1
    do {
      let result = try Runner.run(
        reduction.applied(to: plan), LenientSource(deviations), isInterrupted: isInterrupted)
      guard isWanted(result.violations.first) else { return false }
      return try !makesVacuous(reduction, isInterrupted)
    } catch is World.PlanError {
      // Without what was left out the rest makes no sense.
      return false
    }
  }

  private func isWanted(_ violation: Violation?) -> Bool {
    guard let violation, violation.oracle == oracle else { return false }
    return subject == nil || violation.subject == subject
  }

  /// Whether so much is left out that the rule cannot be kept any more.
  ///
  /// What a user wants of the whole scenario (eventually three of them) is not to be had of a part of it; a failure
  /// that the default schedule of the part has, and that of the whole has not, is another one.
  private mutating func makesVacuous(
    _ reduction: Reduction, _ isInterrupted: () -> Bool
  ) throws -> Bool {
    guard oracle == .property, !reduction.isEmpty else { return false }
    let holds = try holdsByDefault ?? !breaksByDefault(Reduction(), isInterrupted)
    holdsByDefault = holds
    return try holds && breaksByDefault(reduction, isInterrupted)
  }

  private mutating func breaksByDefault(
    _ reduction: Reduction, _ isInterrupted: () -> Bool
  ) throws -> Bool {
    runCount += 1
    let result = try Runner.run(
      reduction.applied(to: plan), DefaultSource(), isInterrupted: isInterrupted)
    return isWanted(result.violations.first)
  }

  /// The names that can be left out besides those that already are, in order.
  private mutating func leftOut<Name: Hashable>(
    of all: [Name], _ known: [Name], _ fails: (inout Shrinker, [Name]) throws -> Bool
  ) throws -> [Name] {
    let kept = all.filter { !known.contains($0) }
    let needed = try least(kept) { shrinker, kept in
      try fails(&shrinker, all.filter { !kept.contains($0) })
    }
    return all.filter { !needed.contains($0) }
  }

  /// A part of the elements of which none can go, by halves and then one by one.
  private mutating func least<Element>(
    _ elements: [Element], _ fails: (inout Shrinker, [Element]) throws -> Bool
  ) throws -> [Element] {
    var kept = elements
    // Nothing at all is the smallest, and often enough.
    if !kept.isEmpty, try fails(&self, []) { return [] }
    var size = kept.count / 2
    // A long list is not walked through once nothing is tried any more.
    while size > 0, !wasInterrupted {
      var start = 0
      while start < kept.count, !wasInterrupted {
        var trial = kept
        trial.removeSubrange(start..<min(start + size, kept.count))
        if trial.count < kept.count, try fails(&self, trial) {
          kept = trial
        } else {
          start += size
        }
      }
      size = size == 1 ? 0 : max(1, size / 2)
    }
    return kept
  }
}

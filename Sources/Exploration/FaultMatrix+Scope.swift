import APIMachinery
import Simulation

extension FaultMatrix {
  /// What may be tried, and at whom.
  struct Scope: Sendable {
    private let rules: [FaultRule]?

    /// A scope of these rules; of everything without any.
    init(_ rules: [FaultRule]?) { self.rules = rules }

    /// The rules that allow a column; nil where everything is allowed.
    private func rules(for column: Column) -> [FaultRule]? {
      guard let rules else { return nil }
      return switch column {
      case .outcome(let outcome): rules.filter { $0.kind.outcome == outcome }
      case .lag, .informerLag: rules.filter { $0.kind == .watchDelay }
      case .fault(let kind): rules.filter { $0.kind == kind }
      // The user's next step is no fault.
      case .userFirst: nil
      }
    }

    /// Whether a column can have cells at all.
    func includes(_ column: Column) -> Bool { rules(for: column)?.isEmpty != true }

    /// Whether a column may be tried at an effect; which fault hits no effect is for `fault` to say.
    func admits(_ column: Column, at decision: Decision, in world: World) -> Bool {
      guard let rules = rules(for: column),
        case .proceed(let process, let controller, let worker, _) = decision
      else { return true }
      return rules.contains { rule in
        switch column {
        case .outcome:
          return rule.admits(
            world.turn(process: process, controller: controller, worker: worker))
        case .lag:
          return rule.type == nil
            && (rule.process ?? world.processName(process))
              == world.processName(process)
        case .informerLag(let kind):
          return (rule.type?.qualifiedPlural ?? kind) == kind
            && (rule.process ?? world.processName(process)) == world.processName(process)
        case .fault, .userFirst: return true
        }
      }
    }

    /// The first fault of a kind that can come before an effect of a process.
    func fault(_ kind: FaultKind, before process: Int, in world: World) -> Decision? {
      var decisions: [Decision] = []
      world.faultDecisions(kind, into: &decisions)
      let rules = rules(for: .fault(kind))
      return decisions.first { decision in
        guard rules?.contains(where: { $0.admits(decision, in: world) }) ?? true else {
          return false
        }
        return switch decision {
        case .crash(let hit): hit == process
        case .inject(let fault): fault.process == nil || fault.process == process
        default: false
        }
      }
    }
  }
}

extension [FaultKind] {
  /// Each kind once, where it stands first.
  var deduplicated: [FaultKind] {
    reduce(into: []) { kinds, kind in
      if !kinds.contains(kind) { kinds.append(kind) }
    }
  }
}

extension FaultBudget {
  /// The rules that can bring anything: where nothing may be spent, none.
  public var effectiveRules: [FaultRule] {
    count > 0 ? rules.filter { $0.count != 0 } : []
  }
}

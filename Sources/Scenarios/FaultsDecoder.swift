import APIMachinery
import Exploration
import Scalars
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.faults`.
struct FaultsDecoder {
  let processes: [String]

  /// The names under which faults are allowed, and what they stand for.
  private static let kinds: [(name: String, value: [Decision.Outcome])] = [
    ("crash", [.crashBefore, .crashAfter]),
    ("lost-reply", [.lostReply]),
    ("refused", [.refused]),
    ("conflict", [.conflict]),
  ]

  private static let outcomes: [(name: String, value: Decision.Outcome)] = [
    ("crash-before", .crashBefore), ("crash-after", .crashAfter),
    ("lost-reply", .lostReply), ("refused", .refused), ("conflict", .conflict),
  ]

  /// What faults can happen to, as schedules call it.
  private static let operations: [(name: String, value: String)] = [
    "cached-get", "cached-list", "cached-object", "cached-dependents", "discover", "get", "list",
    "create", "update", "update-status", "update-finalize", "patch", "patch-status", "delete",
    "deletecollection", "ensure", "begin-release", "finish-release", "release", "held",
    "outstanding",
    "rebuild", "allocate", "free", "sleep",
  ].map { ($0, $0) }

  func faults(
    in spec: FieldReader
  ) throws(SourceDiagnostic) -> (script: FaultScript, budget: FaultBudget) {
    guard let faults = spec.field("faults") else { return (FaultScript(), .none) }
    try faults.allow(["allow", "budget", "odds", "script"])
    var budget = FaultBudget()
    for entry in try faults.list("allow") { budget.outcomes += try entry.choice(Self.kinds) }
    if let field = faults.field("budget") { budget.count = try field.integer(in: 0...1_000) }
    if let field = faults.field("odds") { budget.odds = try field.integer(in: 1...1_000_000) }
    if !budget.outcomes.isEmpty, budget.count == 0, faults.field("budget") == nil {
      budget.count = 1
    }
    var script: [FaultScript.Fault] = []
    for entry in try faults.list("script") { script.append(try fault(entry)) }
    return (FaultScript(script), budget)
  }

  private func fault(_ entry: FieldReader) throws(SourceDiagnostic) -> FaultScript.Fault {
    try entry.allow(["fault", "operation", "object", "process", "occurrence"])
    let outcome = try entry.required("fault", "what happens").choice(Self.outcomes)
    let operation = try entry.required(
      "operation", "what it happens to: ensure, allocate, update-status, …"
    ).choice(Self.operations)
    var fault = FaultScript.Fault(outcome, at: operation)
    if let field = entry.field("object") {
      let parts = try field.string().split(separator: "/", omittingEmptySubsequences: false)
        .map(String.init)
      switch parts.count {
      case _ where parts.contains(""):
        throw field.mistake("no object's name", expected: "namespace/name")
      case 1: fault.object = ObjectKey(namespace: "default", name: parts[0])
      case 2: fault.object = ObjectKey(namespace: parts[0], name: parts[1])
      default: throw field.mistake("no object's name", expected: "namespace/name")
      }
    }
    if let field = entry.field("process") {
      fault.process = try field.choice(processes.map { ($0, $0) })
    }
    if let field = entry.field("occurrence") {
      fault.occurrence = try field.integer(in: 1...1_000_000)
    }
    return fault
  }
}

/// Reads `spec.limits`.
enum LimitsDecoder {
  static func decode(
    _ spec: FieldReader, into plan: inout WorldPlan
  ) throws(SourceDiagnostic) {
    guard let limits = spec.field("limits") else { return }
    try limits.allow(["virtualTime", "decisions"])
    if let field = limits.field("virtualTime") { plan.virtualTimeMax = try field.duration() }
    if let field = limits.field("decisions") {
      plan.decisionsMax = try field.integer(in: 1...100_000_000)
    }
  }
}

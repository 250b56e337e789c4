import APIMachinery
import ControllerModels
import Exploration
import Scalars
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.faults`.
struct FaultsDecoder {
  let processes: [String]
  let registry: ResourceRegistry

  /// What a scenario says of faults.
  struct Result {
    var script = FaultScript()
    var budget = FaultBudget.none
    /// Whether the scenario says which faults may be drawn, and be it none.
    var saysBudget = false
    var settings = FaultSettings()
  }

  /// Names that stand for several kinds: of old, by class, and by what they do to a controller's view.
  static let groups: [(name: String, value: [FaultKind])] =
    [
      ("crash", [.crashBefore, .crashAfter]),
      ("legal", FaultKind.legal),
      ("overrides", FaultKind.allCases.filter { $0.faultClass == .override }),
      ("illegal", FaultKind.allCases.filter { $0.faultClass == .illegal }),
      ("intermediate", [.crashBefore, .crashAfter, .kill]),
      ("stale", [.watchDelay, .timeTravel]),
      ("unobserved", [.coalesce, .relist]),
    ] + ids

  private static var ids: [(name: String, value: [FaultKind])] {
    var ids: [(name: String, value: [FaultKind])] = []
    for kind in FaultKind.allCases where kind.faultClass != .illegal {
      if let index = ids.firstIndex(where: { $0.name == kind.id }) {
        ids[index].value.append(kind)
      } else {
        ids.append((kind.id, [kind]))
      }
    }
    func number(_ id: String) -> Int { Int(id.dropFirst()) ?? 0 }
    return ids.sorted { number($0.name) < number($1.name) }
  }

  /// Kinds are many, so that a mistake names the nearest and the place where all of them stand.
  private func choice<T>(
    _ field: FieldReader, _ choices: [(name: String, value: T)]
  ) throws(SourceDiagnostic) -> T {
    let text = try field.string()
    if let found = choices.first(where: { $0.name == text }) { return found.value }
    throw field.mistake(
      "\"\(field.path)\" is \"\(text)\"",
      expected: "a kind of fault, such as crash-after, lost-reply or pause "
        + "(drydock schema scenario --tables lists them)",
      suggestion: SourceDiagnostic.suggestion(for: text, among: choices.map(\.name)))
  }

  private static let kinds: [(name: String, value: FaultKind)] = FaultKind.allCases.map {
    ($0.rawValue, $0)
  }

  static let names: [(name: String, value: [FaultKind])] =
    groups
    + kinds.filter { kind in !groups.contains { $0.name == kind.name } }.map {
      ($0.name, [$0.value])
    }

  /// What faults can happen to, as schedules call it.
  static let operations = [
    "cached-get", "cached-list", "cached-object", "cached-dependents", "discover", "get", "list",
    "create", "update", "update-status", "update-finalize", "patch", "patch-status", "delete",
    "deletecollection", "ensure", "begin-release", "finish-release", "release", "held",
    "outstanding",
    "rebuild", "allocate", "free", "sleep",
  ]

  func faults(in spec: FieldReader) throws(SourceDiagnostic) -> Result {
    var result = Result()
    guard let faults = spec.field("faults") else { return result }
    try faults.allow(ScenarioDefinition.faults.names)
    result.saysBudget = faults.field("allow") != nil || faults.field("budget") != nil
    var grouped: [FaultKind] = []
    for entry in try faults.list("allow") {
      guard entry.value.isMap else {
        for kind in try choice(entry, Self.names) where !result.budget.allows(kind) {
          result.budget.rules.append(FaultRule(kind))
          grouped.append(kind)
        }
        continue
      }
      let rule = try rule(entry, &result.settings)
      // Who says more of a kind means it in the place of what a group says.
      if let index = grouped.firstIndex(of: rule.kind) {
        grouped.remove(at: index)
        result.budget.rules.removeAll { $0.kind == rule.kind }
      }
      result.budget.rules.append(rule)
    }
    if faults.field("allow") == nil, result.saysBudget {
      result.budget.rules = FaultBudget.every.rules
    }
    if let field = faults.field("budget") {
      result.budget.count = try field.integer(in: 0...1_000)
    } else if !result.budget.rules.isEmpty {
      result.budget.count = 1
    }
    if let field = faults.field("odds") {
      result.budget.odds = try field.integer(in: 1...1_000_000)
    }
    if let field = faults.field("until") { result.settings.until = try field.duration() }
    var script: [FaultScript.Fault] = []
    for entry in try faults.list("script") {
      script.append(try fault(entry, &result.settings))
    }
    result.script = FaultScript(script)
    return result
  }

  /// A kind that may be drawn, with whom it may hit.
  private func rule(
    _ entry: FieldReader, _ settings: inout FaultSettings
  ) throws(SourceDiagnostic) -> FaultRule {
    try entry.allow(ScenarioDefinition.rule.names)
    let kind = try choice(entry.required("fault", "what happens"), Self.kinds)
    var rule = FaultRule(kind)
    if let field = entry.field("operation") {
      guard kind.outcome != nil else {
        throw field.mistake("\(kind.rawValue) hits no operation", expected: "no operation")
      }
      rule.operation = try field.choice(Self.operations.map { ($0, $0) })
    }
    rule.type = try type(entry)
    rule.object = try object(entry, rule.type)
    if let field = entry.field("process") { rule.process = try process(field) }
    if let field = entry.field("budget") { rule.count = try field.integer(in: 0...1_000) }
    if let field = entry.field("odds") { rule.odds = try field.integer(in: 1...1_000_000) }
    rule.durations = try durations(entry, of: kind, &settings)
    return rule
  }

  /// A fault at a fixed place.
  private func fault(
    _ entry: FieldReader, _ settings: inout FaultSettings
  ) throws(SourceDiagnostic) -> FaultScript.Fault {
    try entry.allow(ScenarioDefinition.scripted.names)
    let kind = try choice(entry.required("fault", "what happens"), Self.kinds)
    var fault: FaultScript.Fault
    if let at = entry.field("at") {
      guard kind.outcome == nil else {
        throw at.mistake(
          "\(kind.rawValue) hits an effect, and comes at no time",
          expected: "operation: what it happens to")
      }
      fault = FaultScript.Fault(kind, after: try at.duration())
      if let field = entry.field("operation") {
        throw field.mistake("a fault has one place", expected: "either at or operation")
      }
    } else {
      let expected = "what it happens to: ensure, allocate, update-status, …"
      let operation = try entry.required("operation", expected)
        .choice(Self.operations.map { ($0, $0) })
      fault = FaultScript.Fault(of: kind, at: operation)
    }
    fault.type = try type(entry)
    fault.object = try object(entry, fault.type)
    if let field = entry.field("process") { fault.process = try process(field) }
    if let field = entry.field("occurrence") {
      fault.occurrence = try field.integer(in: 1...1_000_000)
    }
    if let field = entry.field("number") { fault.number = try field.integer(in: 1...1_000) }
    fault.duration = try durations(entry, of: kind, &settings).first
    return fault
  }

  // MARK: Whom it hits

  private func process(_ field: FieldReader) throws(SourceDiagnostic) -> String {
    try field.choice(processes.map { ($0, $0) })
  }

  private func type(_ entry: FieldReader) throws(SourceDiagnostic) -> ResourceType? {
    guard let field = entry.field("kind") else { return nil }
    let name = try field.string()
    guard let type = registry.type(named: name) else {
      throw field.mistake(
        "there is no kind \"\(name)\"",
        suggestion: SourceDiagnostic.suggestion(for: name, among: registry.types.map(\.kind)))
    }
    return type
  }

  private func object(
    _ entry: FieldReader, _ type: ResourceType?
  ) throws(SourceDiagnostic) -> ObjectKey? {
    guard let field = entry.field("object") else { return nil }
    let parts = try field.string().split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    switch parts.count {
    case _ where parts.contains(""):
      throw field.mistake("no object's name", expected: "namespace/name")
    case 1:
      let isClusterScoped = type.map { !$0.definition.isNamespaced } ?? false
      return ObjectKey(namespace: isClusterScoped ? "" : "default", name: parts[0])
    case 2: return ObjectKey(namespace: parts[0], name: parts[1])
    default: throw field.mistake("no object's name", expected: "namespace/name")
    }
  }

  private func durations(
    _ entry: FieldReader, of kind: FaultKind, _ settings: inout FaultSettings
  ) throws(SourceDiagnostic) -> [GoDuration] {
    guard let field = entry.field("for") else { return [] }
    guard kind.takesDuration else {
      throw field.mistake("\(kind.rawValue) lasts no time", expected: "no for")
    }
    var durations: [GoDuration] = []
    if field.value.isList {
      for element in try entry.list("for") { durations.append(try duration(element, of: kind)) }
    } else {
      durations = [try duration(field, of: kind)]
    }
    settings.allow(durations, of: kind)
    return durations
  }

  private func duration(
    _ field: FieldReader, of kind: FaultKind
  ) throws(SourceDiagnostic) -> GoDuration {
    // A clock can jump back.
    if kind == .clockJump, let text = try? field.string(), let jump = GoDuration(text) {
      return jump
    }
    return try field.duration()
  }
}

extension FaultBudget {
  fileprivate func allows(_ kind: FaultKind) -> Bool { rules.contains { $0.kind == kind } }
}

/// Reads `spec.limits`.
enum LimitsDecoder {
  static func decode(
    _ spec: FieldReader, into plan: inout WorldPlan
  ) throws(SourceDiagnostic) {
    guard let limits = spec.field("limits") else { return }
    try limits.allow(ScenarioDefinition.limits.names)
    if let field = limits.field("virtualTime") { plan.virtualTimeMax = try field.duration() }
    if let field = limits.field("decisions") {
      plan.decisionsMax = try field.integer(in: 1...100_000_000)
    }
    if let field = limits.field("watchHistory") {
      plan.watchHistoryMax = try field.integer(in: 0...1_000_000)
    }
  }
}

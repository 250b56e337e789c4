import APIAllocation
import APIMachinery
import Allocation
import ControllerModels
import Scalars
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.workload`.
struct WorkloadDecoder {
  let registry: ResourceRegistry
  let allocators: AllocatorRegistry
  var processes: [WorldPlan.Process] = []

  private static let actions = [
    "apply", "patch", "delete", "scale", "recreate", "stripFinalizers", "forceDelete", "release",
    "take", "restart", "upgrade", "look", "repeat",
  ]

  func steps(in spec: FieldReader) throws(SourceDiagnostic) -> [WorldPlan.Step] {
    var steps: [WorldPlan.Step] = []
    for entry in try spec.list("workload") { steps += try self.steps(of: entry) }
    return steps
  }

  private func steps(of entry: FieldReader) throws(SourceDiagnostic) -> [WorldPlan.Step] {
    try entry.allow(Self.actions + ["when", "at"])
    let named = Self.actions.filter { entry.value[Key($0)] != nil }
    guard named.count == 1, let action = named.first else {
      throw entry.mistake(
        named.isEmpty ? "a step does nothing" : "a step does one thing",
        expected: "one of " + Self.actions.joined(separator: ", "))
    }
    if action == "repeat" { return try repeated(entry) }
    return [WorldPlan.Step(try self.action(action, entry), try moment(entry, action))]
  }

  /// Steps that are taken again and again, at times of their own.
  private func repeated(_ entry: FieldReader) throws(SourceDiagnostic) -> [WorldPlan.Step] {
    let field = try entry.required("repeat", "{times: 10, every: 1m, steps: […]}")
    try field.allow(ScenarioDefinition.repetition.names)
    let times = try field.required("times", "how often").integer(in: 1...1_000_000)
    let period = try field.required("every", "how much later").duration()
    if let when = entry.field("when") {
      throw when.mistake("a repetition has its times", expected: "at: when it begins")
    }
    let start = try entry.field("at").map { at throws(SourceDiagnostic) in try at.duration() }
    var once: [WorldPlan.Step] = []
    for step in try field.list("steps") {
      if let inner = step.field("repeat") { throw inner.mistake("a repetition in a repetition") }
      once += try steps(of: step)
    }
    var steps: [WorldPlan.Step] = []
    for turn in 0..<times {
      let begin = GoDuration(
        nanoseconds: (start ?? .zero).nanoseconds + Int64(turn) * period.nanoseconds)
      for (index, step) in once.enumerated() {
        steps.append(index == 0 ? WorldPlan.Step(step.action, .after(begin)) : step)
      }
    }
    return steps
  }

  // MARK: When

  private func moment(
    _ entry: FieldReader, _ action: String
  ) throws(SourceDiagnostic) -> WorldPlan.Moment {
    if let at = entry.field("at") {
      guard entry.field("when") == nil, action != "look" else {
        throw at.mistake("a step has one moment", expected: "either at or when")
      }
      return .after(try at.duration())
    }
    // Looking makes sense only at rest.
    guard let when = entry.field("when") else {
      return action == "look" ? .settled : .immediately
    }
    if when.value.isMap, action != "look" { return .when(try condition(when)) }
    switch try when.string() {
    case "immediately" where action != "look": return .immediately
    case "settled": return .settled
    case let text where text.hasPrefix("after "):
      guard action != "look", let delay = GoDuration(String(text.dropFirst(6))),
        delay >= .zero
      else { fallthrough }
      return .after(delay)
    default:
      throw when.mistake(
        "\"\(when.path)\" is \(when.value)",
        expected: action == "look"
          ? "settled" : "immediately, settled, or after and a duration (after 30s)")
    }
  }

  private func condition(
    _ field: FieldReader
  ) throws(SourceDiagnostic) -> WorldPlan.Condition {
    try field.allow(ScenarioDefinition.condition.names)
    let (type, key) = try object(field)
    let what = "\(type.definition.singular) \(key)"
    let states = ["exists", "gone", "deleting"]
    if let state = field.field("state") {
      switch try state.choice(states.map { ($0, $0) }) {
      case "gone": return .init("\(what) is gone", of: type, key) { $0 == nil }
      case "deleting":
        return .init("\(what) is being deleted", of: type, key) { $0?.isDeleting ?? false }
      default: return .init("\(what) is there", of: type, key) { $0 != nil }
      }
    }
    if let name = field.field("finalizer") {
      let finalizer = try name.string()
      return .init("\(what) has the finalizer \(finalizer)", of: type, key) {
        $0?.finalizers.contains(finalizer) ?? false
      }
    }
    let pathField = try field.required(
      "path", "a field's path, or state: \(states.joined(separator: ", "))")
    let path: FieldPath
    do { path = try FieldPath(parsing: try pathField.string()) } catch {
      throw pathField.mistake("\(pathField.value) is no path", expected: "such as status.phase")
    }
    let wanted = field.field("is")?.value.detached()
    let text = wanted.map { " is \($0)" } ?? " is there"
    return .init("\(path) of \(what)\(text)", of: type, key) { object in
      guard let found = object?.value[path] else { return false }
      return wanted == nil || found == wanted
    }
  }

  // MARK: What

  private func action(
    _ name: String, _ entry: FieldReader
  ) throws(SourceDiagnostic) -> WorldPlan.UserAction {
    guard let field = entry.field(name) else {
      if name == "look" { return .look }
      throw entry.mistake("\(name) has nothing behind it", expected: "\(name): an object")
    }
    switch name {
    case "apply": return .apply(try object(toApply: field))
    case "delete":
      try field.allow(ScenarioDefinition.deletion.names)
      let (type, key) = try object(field)
      let choices = PropagationPolicy.allCases.map { (name: $0.rawValue, value: $0) }
      let policy = try field.field("propagationPolicy").map { policy throws(SourceDiagnostic) in
        try policy.choice(choices)
      }
      let grace = try field.field("gracePeriodSeconds").map { grace throws(SourceDiagnostic) in
        Int64(try grace.integer(in: 0...1_000_000))
      }
      return .delete(
        type, key, DeleteOptions(gracePeriodSeconds: grace, propagationPolicy: policy))
    case "patch":
      try field.allow(ScenarioDefinition.patch.names)
      let (type, key) = try object(field)
      let patch = try field.required("merge", "a merge patch")
      guard patch.value.isMap else {
        throw patch.mistake("a merge patch is a map", expected: "fields to change")
      }
      guard let part = field.field("subresource") else {
        return .patch(type, key, patch.value.detached())
      }
      let choices: [(name: String, value: Subresource)] = [("status", .status), ("scale", .scale)]
      return .patchPart(type, key, patch.value.detached(), try part.choice(choices))
    default: return try rareAction(name, field)
    }
  }

  private func rareAction(
    _ name: String, _ field: FieldReader
  ) throws(SourceDiagnostic) -> WorldPlan.UserAction {
    switch name {
    case "scale":
      try field.allow(ScenarioDefinition.scaling.names)
      let (type, key) = try object(field)
      let count = try field.required("replicas", "how many").integer(in: 0...1_000_000)
      return .scale(type, key, Int64(count))
    case "recreate", "forceDelete":
      try field.allow(ScenarioDefinition.object.names)
      let (type, key) = try object(field)
      return name == "recreate" ? .recreate(type, key) : .forceDelete(type, key)
    case "stripFinalizers":
      try field.allow(ScenarioDefinition.stripping.names)
      let (type, key) = try object(field)
      var names: [String] = []
      for finalizer in try field.list("finalizers") { names.append(try finalizer.string()) }
      return .stripFinalizers(type, key, names)
    case "release", "take":
      try field.allow(ScenarioDefinition.item.names)
      let pool = try field.required("pool", "the pool").string()
      let item = try field.required("item", "the item").string()
      return name == "release" ? .release(item: item, pool: pool) : .take(item: item, pool: pool)
    case "restart", "upgrade":
      try field.allow(ScenarioDefinition.processChoice.names)
      let process = try field.required("process", "the process")
      let names = processes.filter { name == "restart" || !$0.otherVersion.isEmpty }.map(\.name)
      let chosen = try process.choice(names.map { ($0, $0) })
      return name == "restart" ? .restart(process: chosen) : .upgrade(process: chosen)
    default:
      throw field.mistake("look takes nothing", expected: "look: with nothing behind it")
    }
  }

  private func object(toApply field: FieldReader) throws(SourceDiagnostic) -> APIObject {
    var reader = ManifestReader(
      registry: registry, allocators: allocators, validation: .partial)
    reader.findsOwners = true
    return try reader.manifest(field.document, at: field.path).object
  }

  private func object(
    _ field: FieldReader
  ) throws(SourceDiagnostic) -> (ResourceType, ObjectKey) {
    let kindField = try field.required("kind", "a kind")
    let kind = try kindField.string()
    guard let type = registry.type(named: kind) else {
      throw kindField.mistake(
        "there is no kind \"\(kind)\"",
        suggestion: SourceDiagnostic.suggestion(for: kind, among: registry.types.map(\.kind)))
    }
    let name = try field.required("name", "the object's name").string()
    var namespace = ""
    if type.definition.isNamespaced {
      namespace = "default"
      if let given = field.field("namespace") { namespace = try given.string() }
    }
    return (type, ObjectKey(namespace: namespace, name: name))
  }
}

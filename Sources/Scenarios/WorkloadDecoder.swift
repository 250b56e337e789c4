import APIAllocation
import APIMachinery
import Allocation
import Scalars
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.workload`.
struct WorkloadDecoder {
  let registry: ResourceRegistry
  let allocators: AllocatorRegistry

  private static let actions = ["apply", "patch", "delete", "look"]

  func steps(in spec: FieldReader) throws(SourceDiagnostic) -> [WorldPlan.Step] {
    var steps: [WorldPlan.Step] = []
    for entry in try spec.list("workload") {
      try entry.allow(Self.actions + ["when"])
      let named = Self.actions.filter { entry.value[Key($0)] != nil }
      guard named.count == 1, let action = named.first else {
        throw entry.mistake(
          named.isEmpty ? "a step does nothing" : "a step does one thing",
          expected: "one of " + Self.actions.joined(separator: ", "))
      }
      steps.append(WorldPlan.Step(try self.action(action, entry), try moment(entry, action)))
    }
    return steps
  }

  private func moment(
    _ entry: FieldReader, _ action: String
  ) throws(SourceDiagnostic) -> WorldPlan.Moment {
    // Looking makes sense only at rest.
    guard let when = entry.field("when") else {
      return action == "look" ? .settled : .immediately
    }
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
      try field.allow(["kind", "namespace", "name", "propagationPolicy"])
      let (type, key) = try object(field)
      let choices = PropagationPolicy.allCases.map { (name: $0.rawValue, value: $0) }
      let policy = try field.field("propagationPolicy").map { policy throws(SourceDiagnostic) in
        try policy.choice(choices)
      }
      return .delete(type, key, DeleteOptions(propagationPolicy: policy))
    case "patch":
      try field.allow(["kind", "namespace", "name", "merge"])
      let (type, key) = try object(field)
      let patch = try field.required("merge", "a merge patch")
      guard patch.value.isMap else {
        throw patch.mistake("a merge patch is a map", expected: "fields to change")
      }
      return .patch(type, key, patch.value.detached())
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

import APIAllocation
import APIMachinery
import ValueTree
import YAMLCoding

/// Finds claims that ask a pool which the scenario has not.
///
/// An object may name a pool that is not there yet, and waits for it as in a cluster; so this is a warning and no
/// mistake. What waits for ever counts as at rest, and a run with a name that is misspelt would hold without a word.
struct UnknownPools {
  let registry: ResourceRegistry
  let names: [String]

  /// A warning for each place of these documents, and of these steps of the workload, that names such a pool.
  func warnings(
    in documents: [YAMLDocument], _ workload: [FieldReader]
  ) throws(SourceDiagnostic) -> [SourceDiagnostic] {
    var found: [SourceDiagnostic] = []
    for document in documents {
      if let warning = warning(FieldReader(document)) { found.append(warning) }
    }
    return found + (try warnings(in: workload))
  }

  private func warnings(
    in steps: [FieldReader]
  ) throws(SourceDiagnostic) -> [SourceDiagnostic] {
    var found: [SourceDiagnostic] = []
    for step in steps {
      if let turns = step.field("repeat") { found += try warnings(in: turns.list("steps")) }
      if let object = step.field("apply"), let warning = warning(object) { found.append(warning) }
      if let patch = step.field("patch"), let change = patch.field("merge"),
        let warning = warning(patch, change)
      {
        found.append(warning)
      }
    }
    return found
  }

  /// The warning for an object, or for a change of it.
  private func warning(_ object: FieldReader, _ change: FieldReader? = nil) -> SourceDiagnostic? {
    guard let kind = object.field("kind")?.value.string, let type = registry.type(named: kind),
      RecordRules.builtIn.types.contains(type),
      let pool = (change ?? object).field("spec")?.field("pool"), let name = pool.value.string,
      !names.contains(name)
    else { return nil }
    var warning = pool.mistake(
      "there is no pool \(pool.value), so this \(type.kind) waits for one",
      suggestion: SourceDiagnostic.suggestion(for: name, among: names))
    warning.severity = .warning
    return warning
  }
}

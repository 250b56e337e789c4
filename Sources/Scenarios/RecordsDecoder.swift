import APIAllocation
import APIMachinery
import ValueTree
import YAMLCoding

/// Reads `spec.records`: where kinds of the user's own record what they hold.
struct RecordsDecoder {
  let registry: ResourceRegistry

  /// The rules with those of the scenario.
  func adding(
    to rules: RecordRules, from spec: FieldReader
  ) throws(SourceDiagnostic) -> RecordRules {
    var rules = rules
    for entry in try spec.list("records") {
      try entry.allow(["kind", "items", "name", "generation", "pool", "key", "owner"])
      let kind = try entry.required("kind", "a kind")
      let name = try kind.string()
      guard let type = registry.type(named: name) else {
        throw kind.mistake(
          "there is no kind \"\(name)\"",
          suggestion: SourceDiagnostic.suggestion(for: name, among: registry.types.map(\.kind)))
      }
      guard !rules.types.contains(type) else {
        throw kind.mistake("where a \(type.kind) records what it holds is known already")
      }
      rules.add(type, try place(entry).rule)
    }
    return rules
  }

  private func place(_ entry: FieldReader) throws(SourceDiagnostic) -> RecordPlace {
    let items = try entry.required("items", "the path of the items, such as status.port")
    let poolField = try entry.required("pool", "the path of the pool's name, or a name in quotes")
    let poolText = try poolField.string()
    let pool: RecordPlace.PoolName
    do { pool = try RecordPlace.PoolName(parsing: poolText) } catch {
      throw poolField.mistake("\(error)", expected: "spec.pool, or 'ports' in quotes")
    }
    var place = RecordPlace(items: try path(items), pool: pool)
    if let field = entry.field("name") { place.name = Key(try field.string()) }
    if let field = entry.field("generation") { place.generation = Key(try field.string()) }
    if let field = entry.field("key") { place.requestKey = try field.string() }
    if let field = entry.field("owner") { place.owner = try path(field) }
    return place
  }

  private func path(_ field: FieldReader) throws(SourceDiagnostic) -> FieldPath {
    let text = try field.string()
    do { return try FieldPath(parsing: text) } catch { throw field.mistake("\(error)") }
  }
}

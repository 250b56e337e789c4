import APIAllocation
import APIMachinery
import ValueTree
import YAMLCoding

extension ModelCompiler {
  /// Refuses a path that objects of a kind do not have: the server would leave out what is written there.
  func check(
    _ path: FieldPath, of type: ResourceType?, at node: ModelNode
  ) throws(SourceDiagnostic) {
    guard let type else { return }
    if path.steps.first == .key(Fields.metadata) { return try check(metadata: path, type, node) }
    try check(record: path, type, node)
    guard outlines.knowsFields(type), let schema = type.schema,
      let body = Value.emptyMap.setting(path, to: true),
      let error = schema.unknownFields(in: body).first, case .key(let key)? = error.path.steps.last
    else { return }
    throw node.mistakeAtKey(
      "\(type.kind) has no field \"\(error.path)\"",
      expected: error.candidates.isEmpty
        ? nil : "one of " + error.candidates.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: key.text, among: error.candidates))
  }

  /// Refuses a field of an open status whose name is nearly that of the field which says what an object holds, where
  /// nothing writes that: the grants would be taken for lost.
  private func check(
    record path: FieldPath, _ type: ResourceType, _ node: ModelNode
  ) throws(SourceDiagnostic) {
    guard type.definition.group == Pool.type.definition.group, !outlines.saysRecords,
      path.steps.count > 1, path.steps[0] == .key(Fields.status),
      case .key(let key) = path.steps[1],
      case .fields(let names)? = type.schema?.field(Fields.status.text)?.content,
      !names.contains(key.text),
      let meant = SourceDiagnostic.suggestion(for: key.text, among: names)
    else { return }
    let isWritten = outlines.written.contains { text in
      let parts = text.split(separator: ".", maxSplits: 2).map(String.init)
      return parts.first == meant || parts.dropFirst().first == meant
    }
    if isWritten { return }
    throw node.mistakeAtKey(
      "\(type.kind) does not record what it holds in \"status.\(key.text)\"",
      expected: "status.\(meant), or spec.records with another place", suggestion: meant)
  }

  private func check(
    metadata path: FieldPath, _ type: ResourceType, _ node: ModelNode
  ) throws(SourceDiagnostic) {
    guard path.steps.count > 1, case .key(let key) = path.steps[1],
      case .fields(let names) = StructuralSchema.objectMetadata.content, !names.contains(key.text)
    else { return }
    throw node.mistakeAtKey(
      "\(type.kind) has no field \"metadata.\(key.text)\"",
      expected: "one of " + names.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: key.text, among: names))
  }

  /// Refuses a template with fields that objects of the kind do not have.
  func check(
    template body: Value, of type: ResourceType, at node: ModelNode
  ) throws(SourceDiagnostic) {
    guard outlines.knowsFields(type), let error = type.schema?.unknownFields(in: body).first,
      error.path.steps.first != .key(Fields.metadata),
      case .key(let key)? = error.path.steps.last
    else { return }
    throw SourceDiagnostic(
      "\(type.kind) has no field \"\(error.path)\"",
      at: node.document.keyMark(of: FieldPath(node.path.steps + error.path.steps)),
      expected: error.candidates.isEmpty
        ? nil : "one of " + error.candidates.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: key.text, among: error.candidates))
  }
}

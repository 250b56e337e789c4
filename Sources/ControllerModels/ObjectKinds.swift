import APIMachinery
import ValueTree
import YAMLCoding

/// What kinds of objects the names of a model stand for, as far as that can be told.
struct ObjectKinds {
  /// By name: all kinds that a step gives it; nil among them is one that cannot be told.
  private var kinds: [String: [ResourceType?]]

  init(of spec: ModelNode, _ own: ResourceType, _ registry: ResourceRegistry) {
    kinds = ["object": [own]]
    gather(spec, own, registry)
  }

  /// The kind of the object that a name stands for; nil where it may be one of several.
  func type(of name: String) -> ResourceType? {
    guard let found = kinds[name], let first = found.first, let first,
      found.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  private mutating func gather(
    _ node: ModelNode, _ own: ResourceType, _ registry: ResourceRegistry
  ) {
    for (key, member) in node.members {
      switch key {
      case "get", "create":
        let name = member["as"]?.text ?? (key == "get" ? "object" : nil)
        let type = member["kind"].map { registry.type(named: $0.text) } ?? own
        if let name { kinds[name, default: []].append(type) }
      case "update", "updateStatus", "ensureFinalizer", "removeFinalizer":
        // The same object by another name.
        if let name = member["as"]?.text, name != member["of"]?.text ?? "object" {
          kinds[name, default: []].append(nil)
        }
      case "set":
        for (name, _) in member.members { kinds[name, default: []].append(nil) }
      case "handlers":
        // The objects of events, which handlers do not write.
        continue
      default: break
      }
      if let name = node["forEach"] == nil ? nil : node["as"]?.text, key == "forEach" {
        kinds[name, default: []].append(nil)
      }
      if member.value.isMap || member.value.isList { gather(member, own, registry) }
    }
    if node.value.isList { for element in node.elements { gather(element, own, registry) } }
  }
}

extension ModelCompiler {
  /// Refuses a path that objects of a kind do not have: the server would leave out what is written there.
  func check(
    _ path: FieldPath, of type: ResourceType?, at node: ModelNode
  ) throws(SourceDiagnostic) {
    guard let type, let schema = type.schema, path.steps.first != .key(Fields.metadata),
      let body = Value.emptyMap.setting(path, to: true),
      let error = schema.unknownFields(in: body).first, case .key(let key)? = error.path.steps.last
    else { return }
    throw node.mistakeAtKey(
      "\(type.kind) has no field \"\(error.path)\"",
      expected: error.candidates.isEmpty
        ? nil : "one of " + error.candidates.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: key.text, among: error.candidates))
  }

  /// Refuses a template with fields that objects of the kind do not have.
  func check(
    template body: Value, of type: ResourceType, at node: ModelNode
  ) throws(SourceDiagnostic) {
    guard let error = type.schema?.unknownFields(in: body).first,
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

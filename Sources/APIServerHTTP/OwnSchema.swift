import APIMachinery
import ValueTree

/// The schemas of Drydock's own kinds as OpenAPI, with a sentence to each field for `kubectl explain`.
enum OwnSchema {
  /// The schema of a kind; nil for one that has none.
  static func value(of type: ResourceType) -> Value? {
    guard let schema = type.schema, type.definition.group == "drydock.dev" else { return nil }
    return described(openAPI(schema), type.kind, "")
      .setting("description", to: Value(sentences[type.kind] ?? ""))
  }

  /// Behind the kind's name, or `*` for all claims, and the path: what stands there.
  private static let sentences: [String: String] = [
    "Pool": "What can be handed out, by which allocator, and where the books are kept.",
    "DeviceBinding": "Asks a pool for devices; the status says which ones it got.",
    "GPUClaim": "Asks a pool for GPUs; the status says which ones it got.",
    "PortClaim": "Asks a pool for ports; the status says which ones it got.",
    "IPClaim": "Asks a pool for addresses; the status says which ones it got.",
    "spec": "What is wanted.",
    "status": "What controllers have found and done.",
    "Pool.spec.type": "The allocator: gpu, ip, port, or one that a program has registered.",
    "Pool.spec.backing":
      "Where the books are kept: ledger, outside the controllers, or memory, in their process.",
    "spec.pool": "The name of the pool that is asked.",
    "spec.count": "How many items are wanted; one, where nothing is said.",
    "spec.selector": "Attributes that every item must have, by name.",
    "spec.matchAttribute":
      "An attribute of which all items must have the same value, such as node.",
    "PortClaim.spec.port": "The port that is wanted; any, where nothing is said.",
    "PortClaim.spec.protocol": "The protocol of the ports: TCP, where nothing is said.",
    "PortClaim.spec.node": "The node whose ports are asked for.",
    "IPClaim.spec.ip": "The address that is wanted; any, where nothing is said.",
    "IPClaim.spec.family": "The family of the addresses.",
  ]

  /// A schema with its sentences.
  private static func described(_ schema: Value, _ kind: String, _ path: String) -> Value {
    var schema = schema
    if let sentence = sentences["\(kind).\(path)"] ?? sentences[path], !path.isEmpty {
      schema = schema.setting("description", to: Value(sentence))
    }
    guard let properties = schema["properties"] else { return schema }
    let members: [(Key, Value)] = properties.members.map { key, member in
      (key, described(member, kind, path.isEmpty ? key.text : "\(path).\(key.text)"))
    }
    return schema.setting("properties", to: Value(members: members))
  }

  /// A structural schema in the words of OpenAPI.
  static func openAPI(_ schema: StructuralSchema) -> Value {
    switch schema {
    case .anything(let common):
      return value([("x-kubernetes-preserve-unknown-fields", true)], common)
    case .object(let common, let rules): return value(members(rules), common)
    case .array(let common, let rules):
      return value([("type", "array"), ("items", openAPI(rules.items))], common)
    case .string(let common, let rules):
      var members: [(Key, Value)] = [("type", "string")]
      if let length = rules.minLength { members.append(("minLength", Value(length))) }
      if let length = rules.maxLength { members.append(("maxLength", Value(length))) }
      return value(members, common)
    case .number(let common, let rules):
      var members: [(Key, Value)] = [("type", rules.isInteger ? "integer" : "number")]
      if let minimum = rules.minimum { members.append(("minimum", Value(minimum))) }
      if let maximum = rules.maximum { members.append(("maximum", Value(maximum))) }
      return value(members, common)
    case .boolean(let common): return value([("type", "boolean")], common)
    case .intOrString(let common): return value([("x-kubernetes-int-or-string", true)], common)
    case .builtIn: return ["type": "object"]
    }
  }

  private static func members(_ rules: StructuralSchema.ObjectRules) -> [(Key, Value)] {
    var members: [(Key, Value)] = [("type", "object")]
    if !rules.properties.isEmpty {
      let properties = rules.properties.map { ($0.key, openAPI($0.schema)) }
      members.append(("properties", Value(members: properties)))
    }
    if !rules.required.isEmpty {
      members.append(("required", Value(rules.required.map { Value($0.text) })))
    }
    if let additional = rules.additional {
      members.append(("additionalProperties", openAPI(additional)))
    }
    if rules.keepsUnknown { members.append(("x-kubernetes-preserve-unknown-fields", true)) }
    return members
  }

  private static func value(
    _ members: [(Key, Value)], _ common: StructuralSchema.Common
  ) -> Value {
    var members = members
    if common.isNullable { members.append(("nullable", true)) }
    if let standing = common.defaultValue { members.append(("default", standing)) }
    if !common.allowed.isEmpty { members.append(("enum", Value(common.allowed))) }
    return Value(members: members)
  }
}

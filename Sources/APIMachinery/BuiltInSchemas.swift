import ValueTree

/// The schemas of Drydock's own kinds, as OpenAPI in one text a kind that is decoded when first asked for.
///
/// A Pool's spec is open: which fields it has depends on its allocator, which checks them itself. So is every
/// status, which belongs to controllers.
enum BuiltInSchemas {
  /// What gives the schema of a kind; nil for a kind that takes any content.
  static func maker(of definition: ResourceType.Definition) -> ResourceType.SchemaMaker? {
    guard definition.group == "drydock.dev" else { return { kubernetes(definition) } }
    return switch definition.kind {
    case "Pool": { pool }
    case "PortClaim": { portClaim }
    case "IPClaim": { ipClaim }
    case "GPUClaim", "DeviceBinding": { deviceClaim }
    default: nil
    }
  }

  private static func kubernetes(_ definition: ResourceType.Definition) -> StructuralSchema {
    .builtIn(
      KubernetesTypes.shared.content(
        group: definition.group, version: definition.version, kind: definition.kind))
  }

  private static let pool = schema(
    """
    {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
     "properties": {
      "type": {"type": "string", "minLength": 1},
      "backing": {"type": "string", "enum": ["ledger", "memory"]}}}
    """)

  private static let deviceClaim = schema(claim(), recording: "devices")

  private static let portClaim = schema(
    claim(
      """
      "port": {"type": "integer", "minimum": 1, "maximum": 65535},
      "protocol": {"type": "string", "enum": ["TCP", "UDP", "SCTP"]},
      "node": {"type": "string", "minLength": 1},
      """), recording: "ports")

  private static let ipClaim = schema(
    claim(
      """
      "ip": {"type": "string", "minLength": 1},
      "family": {"type": "string", "enum": ["IPv4", "IPv6"]},
      """), recording: "addresses")

  /// The spec of a claim: the fields that all claims have, and its own.
  private static func claim(_ fields: String = "") -> String {
    """
    {"type": "object", "required": ["pool"], "properties": {
      \(fields)
      "pool": {"type": "string", "minLength": 1},
      "count": {"type": "integer", "minimum": 0, "maximum": 1000000},
      "selector": {"type": "object", "additionalProperties": {}},
      "matchAttribute": {"type": "string", "minLength": 1}}}
    """
  }

  /// The schema of an object with this spec, which records what it holds in a field of its status.
  private static func schema(_ spec: String, recording field: String? = nil) -> StructuralSchema {
    let record = field.map { "\"\($0)\": {}" } ?? ""
    let text = """
      {"type": "object", "required": ["spec"], "properties": {
        "metadata": {}, "spec": \(spec),
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
         "properties": {\(record)}}}}
      """
    var reader = JSONReader()
    do { return try StructuralSchema(reading: reader.read(text), at: .root) } catch {
      preconditionFailure("a schema of Drydock's own is not well-formed: \(error)")
    }
  }
}

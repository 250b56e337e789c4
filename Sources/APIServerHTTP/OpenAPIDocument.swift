import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// One version of a group as an OpenAPI document: as much of it as kubectl and client libraries ask for.
struct OpenAPIDocument {
  private let version: ResourceDirectory.Version
  private let server: APIServer
  private let types = WireTypes.shared

  init(_ version: ResourceDirectory.Version, _ server: APIServer) {
    self.version = version
    self.server = server
  }

  /// The document.
  var value: Value {
    var schemas = Schemas(types: types)
    var paths: [(Key, Value)] = []
    for type in version.types {
      let name = schemaName(of: type)
      schemas.add(name, schema(of: type, &schemas))
      paths += self.paths(of: type, name)
    }
    schemas.addReached()
    return [
      "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "v1.36.0"],
      "paths": Value(members: paths), "components": ["schemas": schemas.value],
    ]
  }

  /// The name that Kubernetes' documents have for a kind.
  private func schemaName(of type: ResourceType) -> String {
    if !type.definition.isCustom {
      let group = version.group.prefix { $0 != "." }
      return "io.k8s.api.\(group.isEmpty ? "core" : group).\(version.version).\(type.kind)"
    }
    let group = version.group.split(separator: ".").reversed().joined(separator: ".")
    return [group.isEmpty ? "core" : group, version.version, type.kind].joined(separator: ".")
  }

  private func identity(of type: ResourceType) -> Value {
    [
      "group": Value(version.group), "version": Value(version.version), "kind": Value(type.kind),
    ]
  }

  // MARK: Paths

  private func paths(of type: ResourceType, _ schema: String) -> [(Key, Value)] {
    let root = version.group.isEmpty ? "/api/\(version.version)" : "/apis/\(version.name)"
    let place = type.definition.isNamespaced ? "/namespaces/{namespace}" : ""
    let collection = "\(root)\(place)/\(type.plural)"
    let reference: Value = ["$ref": Value("#/components/schemas/\(schema)")]
    let whole: Value = [
      "get": operation("list", type, reference, []),
      "post": operation("post", type, reference, ["dryRun", "fieldManager", "fieldValidation"]),
    ]
    let one: Value = [
      "get": operation("get", type, reference, []),
      "put": operation("put", type, reference, ["dryRun", "fieldManager", "fieldValidation"]),
      "patch": patch(type, reference),
      "delete": operation(
        "delete", type, reference,
        ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"]),
    ]
    var paths: [(Key, Value)] = [
      (Key(collection), whole), (Key("\(collection)/{name}"), one),
    ]
    if type.definition.isNamespaced {
      paths.append(
        (Key("\(root)/\(type.plural)"), ["get": operation("list", type, reference, [])]))
    }
    return paths
  }

  private func operation(
    _ action: String, _ type: ResourceType, _ schema: Value, _ parameters: [String]
  ) -> Value {
    [
      "x-kubernetes-action": Value(action),
      "x-kubernetes-group-version-kind": identity(of: type),
      "parameters": Value(
        parameters.map { name in
          [
            "name": Value(name), "in": "query",
            "schema": ["type": "string", "uniqueItems": true],
          ] as Value
        }),
      "responses": [
        "200": [
          "description": "OK", "content": ["application/json": ["schema": schema]],
        ]
      ],
    ]
  }

  private func patch(_ type: ResourceType, _ schema: Value) -> Value {
    var forms = ["application/json-patch+json", "application/merge-patch+json"]
    if !type.definition.isCustom { forms.append("application/strategic-merge-patch+json") }
    let body: Value = ["schema": ["type": "object"]]
    return operation(
      "patch", type, schema, ["dryRun", "fieldManager", "fieldValidation", "force"]
    ).setting(
      "requestBody",
      to: ["content": Value(members: forms.map { (Key($0), body) }), "required": true])
  }

  // MARK: Schemas

  /// The definition behind a kind; nil for a built-in one.
  static func definition(of type: ResourceType, _ server: APIServer) -> APIObject? {
    guard type.definition.isCustom,
      let definitions = server.registry.type(
        apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition")
    else { return nil }
    return server.store.object(definitions, ObjectKey(name: type.qualifiedPlural))
  }

  private func schema(of type: ResourceType, _ schemas: inout Schemas) -> Value {
    let identity: Value = [identity(of: type)]
    let extensionName: Key = "x-kubernetes-group-version-kind"
    if let place = types.place(apiVersion: type.apiVersion, kind: type.kind) {
      return schemas.record(place, isKind: true).setting(extensionName, to: identity)
    }
    var schema: Value = ["type": "object"]
    if let definition = Self.definition(of: type, server) {
      let own = definition.body[FieldPath(Fields.spec, "versions")]?.elements
        .first { $0["name"]?.string == version.version }
      schema = own?["schema"]?["openAPIV3Schema"] ?? schema
    } else {
      schema =
        OwnSchema.value(of: type)
        ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    }
    var properties: Value = schema["properties"] ?? .emptyMap
    properties = properties.setting(Fields.apiVersion, to: ["type": "string"])
    properties = properties.setting(Fields.kind, to: ["type": "string"])
    if let metadata = types.records.firstIndex(where: { $0.name == "ObjectMeta" }) {
      properties = properties.setting(Fields.metadata, to: schemas.reference(metadata))
    }
    return schema.setting("properties", to: properties).setting(extensionName, to: identity)
  }

  /// The schemas of a document: those of its kinds, and of whatever they are made of.
  private struct Schemas {
    let types: WireTypes
    private var members: [(Key, Value)] = []
    private var names: [Int: String] = [:]
    private var waiting: [Int] = []

    init(types: WireTypes) { self.types = types }

    var value: Value { Value(members: members) }

    mutating func add(_ name: String, _ schema: Value) { members.append((Key(name), schema)) }

    /// Adds what was referred to, and what that refers to.
    mutating func addReached() {
      while let place = waiting.popLast() {
        add(names[place] ?? "", record(place, isKind: false))
      }
    }

    mutating func reference(_ place: Int) -> Value {
      if names[place] == nil {
        // Two packages may have types of one name.
        names[place] =
          types.records[place].name == "ObjectMeta"
          ? "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
          : "io.k8s.\(types.records[place].name).\(place)"
        waiting.append(place)
      }
      return ["$ref": Value("#/components/schemas/\(names[place] ?? "")")]
    }

    mutating func record(_ place: Int, isKind: Bool) -> Value {
      var properties: [(Key, Value)] = []
      if isKind {
        properties = [
          (Fields.apiVersion, ["type": "string"]), (Fields.kind, ["type": "string"]),
        ]
      }
      collect(place, &properties)
      return ["type": "object", "properties": Value(members: properties)]
    }

    private mutating func collect(_ place: Int, _ properties: inout [(Key, Value)]) {
      for field in types.records[place].fields {
        if field.name.text.isEmpty {
          if let inner = field.content.record { collect(inner, &properties) }
          continue
        }
        if properties.contains(where: { $0.0 == field.name }) { continue }
        var schema = content(field.content)
        let strategies =
          (field.isMerged ? ["merge"] : []) + (field.isReplaced ? ["replace"] : [])
          + (field.retainsKeys ? ["retainKeys"] : [])
        if !strategies.isEmpty {
          if schema["$ref"] != nil { schema = ["allOf": [schema]] }
          schema = schema.setting(
            "x-kubernetes-patch-strategy", to: Value(strategies.joined(separator: ",")))
        }
        if let key = field.mergeKey {
          schema = schema.setting("x-kubernetes-patch-merge-key", to: Value(key.text))
        }
        properties.append((field.name, schema))
      }
    }

    private mutating func content(_ content: WireTypes.Content) -> Value {
      switch content {
      case .string: return ["type": "string"]
      case .bool: return ["type": "boolean"]
      case .int32: return ["type": "integer", "format": "int32"]
      case .int64: return ["type": "integer", "format": "int64"]
      case .double: return ["type": "number", "format": "double"]
      case .bytes: return ["type": "string", "format": "byte"]
      case .time, .microTime: return ["type": "string", "format": "date-time"]
      case .quantity: return ["oneOf": [["type": "string"], ["type": "number"]]]
      case .intOrString:
        return ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
      case .anything, .schemaOrBool, .schemaOrList, .schemaOrNames:
        return ["x-kubernetes-preserve-unknown-fields": true]
      case .list(let element): return ["type": "array", "items": self.content(element)]
      case .map(let member):
        return ["type": "object", "additionalProperties": self.content(member)]
      case .record(let place): return reference(place)
      }
    }
  }
}

public import ValueTree

/// The types that a structural schema gives to the values it describes.
///
/// A schema is read as Kubernetes reads that of a custom resource: `x-kubernetes-int-or-string` and
/// fields that are kept without a schema are `dyn`, `additionalProperties` is a map, formats such as
/// `date-time` give their own types, and names that are no identifiers are escaped
/// (`self.__dash__`-style).
public struct SchemaTypes: Sendable {
  /// The type of the whole.
  public let type: CELType
  /// How large values can be, by path, for estimating costs.
  public let sizes: SizeHints

  /// Reads a schema.
  ///
  /// - Parameters:
  ///   - schema: The schema: `openAPIV3Schema` of a resource's version, or a part of it.
  ///   - name: The name of the type.
  ///   - isResource: Whether the value is a whole object, with `apiVersion`, `kind` and `metadata`.
  public init(schema: Value, name: String = "object", isResource: Bool = false) {
    var reader = SchemaReader()
    type = reader.type(schema, name: name, path: "self", isResource: isResource, depth: 0)
    sizes = SizeHints(reader.sizes)
  }

  /// The name by which expressions know a property, or nil for one that they cannot name.
  ///
  /// - Parameter property: The name in the data.
  /// - Returns: The escaped name.
  public static func escaped(_ property: String) -> String? {
    if reserved.contains(property) { return "__\(property)__" }
    let bytes = Array(property.utf8)
    guard let first = bytes.first, !Lexer.isDigit(first) else { return nil }
    var result = ""
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "."): result += "__dot__"
      case UInt8(ascii: "-"): result += "__dash__"
      case UInt8(ascii: "/"): result += "__slash__"
      case UInt8(ascii: "_") where index < bytes.count && bytes[index] == byte:
        result += "__underscores__"
        index += 1
      case let letter where Lexer.isIdentifierPart(letter):
        result.unicodeScalars.append(Unicode.Scalar(letter))
      default: return nil
      }
    }
    return result
  }

  private static let reserved: Set<String> = [
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function",
    "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
  ]
}

/// Goes through a schema.
private struct SchemaReader {
  private static let depthMax = 64

  var sizes: [String: UInt64] = [:]

  mutating func type(
    _ schema: Value, name: String, path: String, isResource: Bool = false, depth: Int
  ) -> CELType {
    guard depth < Self.depthMax else { return .dyn }
    if schema["x-kubernetes-int-or-string"]?.bool == true { return .dyn }
    let isEmbedded = isResource || schema["x-kubernetes-embedded-resource"]?.bool == true
    switch schema["type"]?.string {
    case "boolean": return .bool
    case "integer": return .int
    case "number": return .double
    case "string":
      note(schema["maxLength"], path)
      return string(schema["format"]?.string)
    case "array":
      note(schema["maxItems"], path)
      let items = schema["items"].map {
        type($0, name: name + ".@items", path: path + ".@items", depth: depth + 1)
      }
      return .list(items ?? .dyn)
    case "object": return object(schema, name, path, isEmbedded, depth)
    default:
      return schema["properties"] == nil ? .dyn : object(schema, name, path, isEmbedded, depth)
    }
  }

  private func string(_ format: String?) -> CELType {
    switch format {
    case "byte": .bytes
    case "date", "date-time": .timestamp
    case "duration": .duration
    default: .string
    }
  }

  private mutating func note(_ limit: Value?, _ path: String) {
    if let limit = limit?.int, limit >= 0 { sizes[path] = UInt64(limit) }
  }

  private mutating func object(
    _ schema: Value, _ name: String, _ path: String, _ isResource: Bool, _ depth: Int
  ) -> CELType {
    if let additional = schema["additionalProperties"], additional.isMap {
      note(schema["maxProperties"], path)
      return .map(
        .string,
        type(additional, name: name + ".@values", path: path + ".@values", depth: depth + 1))
    }
    guard let properties = schema["properties"], !properties.isEmptyCollection || isResource else {
      let keepsAll =
        schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
        || schema["additionalProperties"]?.bool == true
      return keepsAll ? .map(.string, .dyn) : .object(ObjectType(name, fields: [:]))
    }
    var fields: [String: ObjectType.Field] = [:]
    for (key, property) in properties.members {
      guard let escaped = SchemaTypes.escaped(key.text) else { continue }
      let type = type(
        property, name: "\(name).\(key.text)", path: "\(path).\(key.text)", depth: depth + 1)
      fields[escaped] = ObjectType.Field(type, key: escaped == key.text ? nil : key.text)
    }
    if isResource {
      fields["apiVersion"] = ObjectType.Field(.string)
      fields["kind"] = ObjectType.Field(.string)
      fields["metadata"] = ObjectType.Field(
        .object(
          ObjectType(
            name + ".metadata",
            fields: [
              "name": ObjectType.Field(.string), "generateName": ObjectType.Field(.string),
            ])))
    }
    return .object(ObjectType(name, fields: fields))
  }
}

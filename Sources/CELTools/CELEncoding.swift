public import CEL
import Scalars
public import ValueTree

/// The language's own JSON encoding of values and types, in which an int and a double differ.
public enum CELEncoding {
  // MARK: Values

  /// Encodes a value.
  ///
  /// - Parameter value: The value.
  /// - Returns: An object with one member that names the kind: `{"int64Value": "1"}`.
  public static func encode(_ value: CELValue) -> Value {
    switch value {
    case .null: ["nullValue": .null]
    case .bool(let bool): ["boolValue": Value(bool)]
    case .int(let int): ["int64Value": Value(String(int))]
    case .uint(let uint): ["uint64Value": Value(String(uint))]
    case .double(let double): ["doubleValue": encode(double)]
    case .string(let text): ["stringValue": Value(text)]
    case .bytes(let bytes): ["bytesValue": Value(bytes.base64)]
    case .type(let type): ["typeValue": Value(type.runtimeName)]
    case .timestamp(let time): object("type.googleapis.com/google.protobuf.Timestamp", "\(time)")
    case .duration(let duration):
      object("type.googleapis.com/google.protobuf.Duration", duration.secondsText)
    case .list, .map, .tree: encodeCollection(value)
    case .optional(let optional):
      [
        "objectValue": [
          "@type": "optional_type", "value": optional.value.map { encode($0) } ?? .null,
        ]
      ]
    default: object(value.type.runtimeName, value.description)
    }
  }

  private static func object(_ type: String, _ text: String) -> Value {
    ["objectValue": ["@type": Value(type), "value": Value(text)]]
  }

  private static func encode(_ double: Double) -> Value {
    if double.isNaN { return "NaN" }
    if double.isInfinite { return double < 0 ? "-Infinity" : "Infinity" }
    return Value(double)
  }

  private static func encodeCollection(_ value: CELValue) -> Value {
    if let elements = value.elements {
      return [
        "listValue": elements.isEmpty
          ? .emptyMap : ["values": Value(elements.map { encode($0) })]
      ]
    }
    let entries = (value.entries ?? []).map { entry -> Value in
      ["key": encode(entry.key), "value": encode(entry.value)]
    }
    return ["mapValue": entries.isEmpty ? .emptyMap : ["entries": Value(entries)]]
  }

  /// Decodes what a variable is bound to: a value, an error or an unknown.
  static func decode(expression: Value, name: String) -> CELValue {
    if let value = expression["value"] { return decode(value) }
    return .unknown(UnknownSet([name]))
  }

  /// Decodes a value.
  ///
  /// - Parameter value: The encoded value.
  /// - Returns: The value; null for what is not known.
  public static func decode(_ value: Value) -> CELValue {
    for (key, content) in value.members {
      switch key.text {
      case "boolValue": return .bool(content.bool ?? false)
      case "int64Value": return .int(content.string.flatMap { Int64($0) } ?? content.int ?? 0)
      case "uint64Value": return .uint(content.string.flatMap { UInt64($0) } ?? 0)
      case "doubleValue": return .double(double(content))
      case "stringValue": return .string(content.string ?? "")
      case "bytesValue": return .bytes([UInt8](base64: content.string ?? "") ?? [])
      case "typeValue": return .type(.opaque(content.string ?? "", []))
      case "listValue":
        return .list((content["values"] ?? .emptyList).elements.map { decode($0) })
      case "mapValue":
        let entries = (content["entries"] ?? .emptyList).elements.map { entry in
          (decode(entry["key"] ?? .null), decode(entry["value"] ?? .null))
        }
        return .map(CELMap(keyed: entries))
      case "objectValue": return decode(object: content)
      default: return .null
      }
    }
    return .null
  }

  private static func double(_ value: Value) -> Double {
    switch value.string {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: value.double ?? 0
    }
  }

  private static func decode(object: Value) -> CELValue {
    let text = object["value"]?.string ?? ""
    switch object["@type"]?.string {
    case "type.googleapis.com/google.protobuf.Timestamp":
      return Timestamp(text).map { .timestamp($0) } ?? .null
    case "type.googleapis.com/google.protobuf.Duration":
      return GoDuration(text).map { .duration($0) } ?? .null
    default: return CELValue(object)
    }
  }

  // MARK: Types

  private static let primitives: [(String, CELType)] = [
    ("BOOL", .bool), ("INT64", .int), ("UINT64", .uint), ("DOUBLE", .double), ("STRING", .string),
    ("BYTES", .bytes),
  ]

  /// Encodes a type.
  ///
  /// - Parameter type: The type.
  /// - Returns: An object such as `{"listType": {"elemType": {"primitive": "INT64"}}}`.
  public static func encode(_ type: CELType) -> Value {
    switch type {
    case .dyn: return ["dyn": .emptyMap]
    case .error: return ["error": .emptyMap]
    case .null: return ["null": .null]
    case .timestamp: return ["wellKnown": "TIMESTAMP"]
    case .duration: return ["wellKnown": "DURATION"]
    case .list(let element): return ["listType": ["elemType": encode(element)]]
    case .map(let key, let value):
      return ["mapType": ["keyType": encode(key), "valueType": encode(value)]]
    case .type(let inner): return ["type": encode(inner)]
    case .opaque(let name, let parameters):
      return [
        "abstractType": [
          "name": Value(name), "parameterTypes": Value(parameters.map { encode($0) }),
        ]
      ]
    case .object(let type): return ["messageType": Value(type.name)]
    case .parameter(let name): return ["typeParam": Value(name)]
    default:
      let name = primitives.first { $0.1 == type }?.0
      return name.map { ["primitive": Value($0)] } ?? ["dyn": .emptyMap]
    }
  }

  /// Decodes a type.
  ///
  /// - Parameter type: The encoded type.
  /// - Returns: The type; `dyn` for what is not known.
  public static func decode(type: Value) -> CELType {
    for (key, content) in type.members {
      switch key.text {
      case "primitive", "wrapper":
        return primitives.first { $0.0 == content.string }?.1 ?? .dyn
      case "null": return .null
      case "wellKnown":
        return content.string == "TIMESTAMP"
          ? .timestamp : content.string == "DURATION" ? .duration : .dyn
      case "listType": return .list(decode(type: content["elemType"] ?? .null))
      case "mapType":
        return .map(
          decode(type: content["keyType"] ?? .null), decode(type: content["valueType"] ?? .null))
      case "type": return .type(decode(type: content))
      case "typeParam": return .parameter(content.string ?? "")
      case "abstractType":
        let parameters = (content["parameterTypes"] ?? .emptyList).elements
        return .opaque(content["name"]?.string ?? "", parameters.map { decode(type: $0) })
      default: return .dyn
      }
    }
    return .dyn
  }
}

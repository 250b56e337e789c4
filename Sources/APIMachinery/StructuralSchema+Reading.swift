public import ValueTree

extension StructuralSchema {
  /// Reads an OpenAPI v3 schema.
  ///
  /// - Parameters:
  ///   - value: The schema, as `openAPIV3Schema` holds it.
  ///   - path: Where it stands, for errors.
  /// - Throws: `FieldError` at the first thing that is no schema.
  public init(reading value: Value, at path: FieldPath) throws(FieldError) {
    guard value.isMap else { throw .invalid(path, value, "must be a schema") }
    var common = Common()
    common.isNullable = value["nullable"]?.bool ?? false
    common.defaultValue = value["default"]?.detached()
    common.allowed = value["enum"]?.elements.map { $0.detached() } ?? []
    if value["x-kubernetes-int-or-string"]?.bool == true {
      self = .intOrString(common)
      return
    }
    let keepsUnknown = value["x-kubernetes-preserve-unknown-fields"]?.bool ?? false
    guard let type = value["type"]?.string else {
      guard keepsUnknown || value["properties"] == nil else {
        throw .required(path.appending("type"), "must not be empty for specified object fields")
      }
      self = .anything(common)
      return
    }
    switch type {
    case "object":
      self = .object(common, try Self.objectRules(value, keepsUnknown, path))
    case "array":
      guard let items = value["items"] else {
        throw .required(path.appending("items"), "must be specified")
      }
      self = .array(
        common,
        ArrayRules(
          items: try StructuralSchema(reading: items, at: path.appending("items")),
          minCount: value["minItems"]?.int.map(Int.init(clamping:)),
          maxCount: value["maxItems"]?.int.map(Int.init(clamping:)),
          isUnique: value["uniqueItems"]?.bool ?? false))
    case "string":
      self = .string(
        common,
        StringRules(
          minLength: value["minLength"]?.int.map(Int.init(clamping:)),
          maxLength: value["maxLength"]?.int.map(Int.init(clamping:))))
    case "integer", "number":
      self = .number(
        common,
        NumberRules(
          isInteger: type == "integer", minimum: value["minimum"]?.double,
          maximum: value["maximum"]?.double,
          isMinimumExclusive: value["exclusiveMinimum"]?.bool ?? false,
          isMaximumExclusive: value["exclusiveMaximum"]?.bool ?? false,
          multipleOf: value["multipleOf"]?.double))
    case "boolean":
      self = .boolean(common)
    default:
      throw FieldError(
        .notSupported, path.appending("type"),
        "Unsupported value: \"\(type)\": supported values: \"array\", \"boolean\", \"integer\", "
          + "\"number\", \"object\", \"string\"")
    }
  }

  private static func objectRules(
    _ value: Value, _ keepsUnknown: Bool, _ path: FieldPath
  ) throws(FieldError) -> ObjectRules {
    var rules = ObjectRules()
    rules.keepsUnknown = keepsUnknown
    rules.required = value["required"]?.elements.compactMap { $0.string.map { Key($0) } } ?? []
    rules.minCount = value["minProperties"]?.int.map(Int.init(clamping:))
    rules.maxCount = value["maxProperties"]?.int.map(Int.init(clamping:))
    for (key, schema) in value["properties"]?.members ?? Value.emptyMap.members {
      rules.properties.append(
        Property(
          key: key,
          schema: try StructuralSchema(
            reading: schema, at: path.appending("properties").appending(key))))
    }
    if let additional = value["additionalProperties"] {
      if additional.bool == true {
        rules.additional = .anything(Common())
      } else if additional.isMap {
        rules.additional = try StructuralSchema(
          reading: additional, at: path.appending("additionalProperties"))
      }
    }
    return rules
  }
}

public import ValueTree

extension StructuralSchema {
  /// The value without fields that are not known.
  public func pruned(_ value: Value) -> Value {
    switch self {
    case .builtIn(let type): type.normalized(value, withDefaults: false)
    case .object(_, let rules) where value.isMap:
      Value(
        members: value.members.compactMap { key, member in
          if let schema = rules.schema(of: key) ?? rules.additional {
            return (key, schema.pruned(member))
          }
          return rules.keepsUnknown ? (key, member) : nil
        })
    case .array(_, let rules) where value.isList: Value(value.elements.map(rules.items.pruned))
    default: value
    }
  }

  /// The value with defaults where nothing was said, and without fields that are not known.
  ///
  /// Kubernetes prunes before it fills in defaults, and so does this; null stands for nothing where it is no value
  /// and there is a default.
  public func normalized(_ value: Value) -> Value {
    switch self {
    case .builtIn(let type): return type.normalized(value)
    case .object(_, let rules) where value.isMap:
      var builder = ValueBuilder(expectedWords: 64)
      builder.beginMap()
      for (key, member) in value.members {
        if let schema = rules.schema(of: key) {
          builder.key(key)
          if member.isNull, !schema.common.isNullable, let fallback = schema.common.defaultValue {
            builder.value(schema.normalized(fallback))
          } else {
            builder.value(schema.normalized(member))
          }
        } else if let additional = rules.additional {
          builder.key(key)
          builder.value(additional.normalized(member))
        } else if rules.keepsUnknown {
          builder.key(key)
          builder.value(member)
        }
      }
      for property in rules.properties where value[property.key] == nil {
        guard let fallback = property.schema.common.defaultValue else { continue }
        builder.key(property.key)
        builder.value(property.schema.normalized(fallback))
      }
      do { try builder.end() } catch { preconditionFailure("each field is written once") }
      return builder.finish()
    case .array(_, let rules) where value.isList:
      return Value(value.elements.map { rules.items.normalized($0) })
    default: return value
    }
  }

  /// What is wrong with a value.
  public func problems(of value: Value, at path: FieldPath) -> [FieldError] {
    if case .builtIn(let type) = self { return type.problems(of: value, at: path) }
    var problems: [FieldError] = []
    check(value, path, &problems)
    return problems
  }

  private func check(_ value: Value, _ path: FieldPath, _ problems: inout [FieldError]) {
    if value.isNull {
      if case .anything = self { return }
      if !common.isNullable { problems.append(Self.wrongType(value, path, typeName)) }
      return
    }
    if !common.allowed.isEmpty, !common.allowed.contains(value) {
      let allowed = common.allowed.map { "\($0)" }.joined(separator: ", ")
      problems.append(
        FieldError(
          .notSupported, path, "Unsupported value: \(value): supported values: \(allowed)",
          candidates: common.allowed.compactMap(\.string)))
      return
    }
    switch self {
    case .anything, .builtIn: return
    case .object(_, let rules) where value.isMap: rules.check(value, path, &problems)
    case .array(_, let rules) where value.isList: rules.check(value, path, &problems)
    case .string(_, let rules) where value.kind == .string: rules.check(value, path, &problems)
    case .number(_, let rules)
    where value.kind == .int || value.kind == .double && !rules.isInteger:
      rules.check(value, path, &problems)
    case .boolean where value.kind == .bool: return
    case .intOrString where value.kind == .int || value.kind == .string: return
    default: problems.append(Self.wrongType(value, path, typeName))
    }
  }

  private var typeName: String {
    switch self {
    case .anything, .builtIn: "any"
    case .object: "object"
    case .array: "array"
    case .string: "string"
    case .number(_, let rules): rules.isInteger ? "integer" : "number"
    case .boolean: "boolean"
    case .intOrString: "integer,string"
    }
  }

  private static func wrongType(
    _ value: Value, _ path: FieldPath, _ expected: String
  ) -> FieldError {
    let found =
      switch value.kind {
      case .null: "null"
      case .bool: "boolean"
      case .int: "integer"
      case .double: "number"
      case .string: "string"
      case .list: "array"
      case .map: "object"
      }
    return FieldError(
      .typeInvalid, path,
      "Invalid value: \"\(found)\": \(path) in body must be of type \(expected): \"\(found)\"")
  }
}

extension StructuralSchema.ObjectRules {
  func schema(of key: Key) -> StructuralSchema? {
    // By place: a copy of a property counts references to all its parts.
    for index in properties.indices where properties[index].key == key {
      return properties[index].schema
    }
    return nil
  }

  fileprivate func check(_ value: Value, _ path: FieldPath, _ problems: inout [FieldError]) {
    for key in required where value[key] == nil {
      problems.append(.required(path.appending(key)))
    }
    for (key, member) in value.members {
      if let schema = schema(of: key) ?? additional {
        problems += schema.problems(of: member, at: path.appending(key))
      }
    }
    let count = value.count
    if let minCount, count < minCount {
      problems.append(
        .invalid(path, value, "\(path) in body should have at least \(minCount) properties"))
    }
    if let maxCount, count > maxCount {
      problems.append(
        FieldError(
          .tooMany, path, "Too many: \(count): must have at most \(maxCount) items"))
    }
  }
}

extension StructuralSchema.ArrayRules {
  fileprivate func check(_ value: Value, _ path: FieldPath, _ problems: inout [FieldError]) {
    var seen: [Value] = []
    var count = 0
    for element in value.elements {
      problems += items.problems(of: element, at: path.appending(count))
      if isUnique {
        if seen.contains(element) {
          problems.append(
            FieldError(.duplicate, path.appending(count), "Duplicate value: \(element)"))
        }
        seen.append(element)
      }
      count += 1
    }
    if let minCount, count < minCount {
      problems.append(
        .invalid(path, value, "\(path) in body should have at least \(minCount) items"))
    }
    if let maxCount, count > maxCount {
      problems.append(
        FieldError(.tooMany, path, "Too many: \(count): must have at most \(maxCount) items"))
    }
  }
}

extension StructuralSchema.StringRules {
  func check(_ value: Value, _ path: FieldPath, _ problems: inout [FieldError]) {
    if minLength == nil, maxLength == nil { return }
    let length = value.string?.unicodeScalars.count ?? 0
    if let minLength, length < minLength {
      problems.append(
        .invalid(path, value, "\(path) in body should be at least \(minLength) chars long"))
    }
    if let maxLength, length > maxLength {
      problems.append(
        FieldError(.tooLong, path, "Too long: may not be more than \(maxLength) bytes"))
    }
  }
}

extension StructuralSchema.NumberRules {
  func check(_ value: Value, _ path: FieldPath, _ problems: inout [FieldError]) {
    guard let number = value.double else { return }
    func text(_ bound: Double) -> String { Value(bound).description }
    if let minimum, number < minimum || isMinimumExclusive && number == minimum {
      let than = isMinimumExclusive ? "greater than" : "greater than or equal to"
      problems.append(.invalid(path, value, "\(path) in body should be \(than) \(text(minimum))"))
    }
    if let maximum, number > maximum || isMaximumExclusive && number == maximum {
      let than = isMaximumExclusive ? "less than" : "less than or equal to"
      problems.append(.invalid(path, value, "\(path) in body should be \(than) \(text(maximum))"))
    }
    if let multipleOf, multipleOf > 0, (number / multipleOf).rounded() * multipleOf != number {
      problems.append(
        .invalid(path, value, "\(path) in body should be a multiple of \(text(multipleOf))"))
    }
  }
}

public import ValueTree

extension StructuralSchema {
  /// What values look like in which the schema would change nothing and finds nothing wrong.
  public var shape: ValueShape {
    if case .builtIn(let type) = self { return type.shape }
    var builder = ValueShape.Builder()
    let root = part(&builder)
    return builder.finish(root)
  }

  private func part(_ builder: inout ValueShape.Builder) -> ValueShape.Part {
    let place = builder.reserve()
    let common = common
    var rules = ValueShape.Builder.Rules(takesNull: common.isNullable, allowed: common.allowed)
    switch self {
    case .anything:
      rules.takesNull = true
      builder.describe(place, .anything, rules)
    case .object(_, let object):
      rules.condition = object.countCondition
      let others = object.additional?.part(&builder)
      var members = object.properties.map { property in
        ValueShape.Builder.Member(
          property.key, property.schema.part(&builder),
          isNeeded: property.schema.common.defaultValue != nil
            || object.required.contains(property.key))
      }
      for key in object.required where !members.contains(where: { $0.key == key }) {
        members.append(ValueShape.Builder.Member(key, nil, isNeeded: true))
      }
      builder.describeMap(
        place, members, others: others, takesOthers: object.keepsUnknown, rules)
    case .array(_, let array):
      rules.condition = array.countCondition(in: self)
      builder.describe(place, .list, inner: array.items.part(&builder), rules)
    case .string(_, let string):
      // By far the most frequent bound needs no look at the text.
      rules.takesEmpty = string.minLength ?? 0 < 1
      if string.minLength ?? 0 > 1 || string.maxLength != nil {
        rules.condition = { value in
          var problems: [FieldError] = []
          string.check(value, .root, &problems)
          return problems.isEmpty
        }
      }
      builder.describe(place, .string, rules)
    case .number(_, let number):
      if number.isBounded { rules.condition = number.isMet }
      builder.describe(place, number.isInteger ? .int : .number, rules)
    case .boolean: builder.describe(place, .bool, rules)
    case .intOrString: builder.describe(place, .intOrString, rules)
    case .builtIn: preconditionFailure("a built-in kind's types are no part of a schema")
    }
    return place
  }
}

extension StructuralSchema.ObjectRules {
  fileprivate var countCondition: ValueShape.Condition? {
    guard minCount != nil || maxCount != nil else { return nil }
    let (least, most) = (minCount ?? 0, maxCount ?? Int.max)
    return { value in
      let count = value.count
      return count >= least && count <= most
    }
  }
}

extension StructuralSchema.ArrayRules {
  fileprivate func countCondition(in schema: StructuralSchema) -> ValueShape.Condition? {
    guard minCount != nil || maxCount != nil || isUnique else { return nil }
    return { schema.problems(of: $0, at: .root).isEmpty }
  }
}

extension StructuralSchema.NumberRules {
  fileprivate var isBounded: Bool { minimum != nil || maximum != nil || multipleOf != nil }

  /// Whether a number keeps the bounds, which `check` words.
  fileprivate func isMet(by value: Value) -> Bool {
    guard let number = value.double else { return true }
    if let minimum, number < minimum || isMinimumExclusive && number == minimum { return false }
    if let maximum, number > maximum || isMaximumExclusive && number == maximum { return false }
    guard let multipleOf, multipleOf > 0 else { return true }
    return (number / multipleOf).rounded() * multipleOf == number
  }
}

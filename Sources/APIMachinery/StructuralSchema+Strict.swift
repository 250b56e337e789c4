public import ValueTree

extension StructuralSchema {
  /// Whether a value is as it must be: `normalized` would change nothing, and there are no `problems`.
  ///
  /// One walk that makes nothing: what nearly every write is asked.
  public func accepts(_ value: Value) -> Bool {
    if case .builtIn(let type) = self { return type.accepts(value) }
    if value.isNull {
      if case .anything = self { return true }
      return common.isNullable
    }
    if !common.allowed.isEmpty, !common.allowed.contains(value) { return false }
    var problems: [FieldError] = []
    switch self {
    case .anything: return true
    case .object(_, let rules) where value.isMap: return rules.accept(value)
    case .array(_, let rules) where value.isList:
      guard value.elements.allSatisfy(rules.items.accepts) else { return false }
      if rules.minCount == nil, rules.maxCount == nil, !rules.isUnique { return true }
      return self.problems(of: value, at: .root).isEmpty
    case .string(_, let rules) where value.kind == .string:
      rules.check(value, .root, &problems)
    case .number(_, let rules)
    where value.kind == .int || value.kind == .double && !rules.isInteger:
      rules.check(value, .root, &problems)
    case .boolean: return value.kind == .bool
    case .intOrString: return value.kind == .int || value.kind == .string
    default: return false
    }
    return problems.isEmpty
  }

  /// The fields that pruning takes off, as errors that name those which could have been meant.
  ///
  /// What a server prunes without a word is mostly a slip of the pen to who wrote it.
  public func unknownFields(in value: Value, at path: FieldPath = .root) -> [FieldError] {
    switch self {
    case .builtIn(let type): return type.unknownFields(in: value, at: path)
    case .object(_, let rules) where value.isMap:
      var unknown: [FieldError] = []
      for (key, member) in value.members {
        let place = path.appending(key)
        if let schema = rules.schema(of: key) ?? rules.additional {
          unknown += schema.unknownFields(in: member, at: place)
        } else if !rules.keepsUnknown {
          unknown.append(.unknownField(place, known: rules.properties.map(\.key.text)))
        }
      }
      return unknown
    case .array(_, let rules) where value.isList:
      return value.elements.enumerated().flatMap { index, element in
        rules.items.unknownFields(in: element, at: path.appending(index))
      }
    default: return []
    }
  }
}

extension StructuralSchema.ObjectRules {
  fileprivate func accept(_ value: Value) -> Bool {
    if let minCount, value.count < minCount { return false }
    if let maxCount, value.count > maxCount { return false }
    for key in required where value[key] == nil { return false }
    for property in properties
    where property.schema.common.defaultValue != nil && value[property.key] == nil {
      return false
    }
    var members = MemberCursor(value)
    while members.advance() {
      if let place = place(of: members) {
        if !properties[place].schema.accepts(members.value) { return false }
      } else if let additional {
        if !additional.accepts(members.value) { return false }
      } else if !keepsUnknown {
        return false
      }
    }
    return true
  }

  /// The place of the property whose name is that of the member.
  private func place(of member: borrowing MemberCursor) -> Int? {
    let properties = properties.span
    for index in properties.indices where member.order(against: properties[index].key) == 0 {
      return index
    }
    return nil
  }
}

public import ValueTree

extension StructuralSchema {
  /// Whether a value is as it must be: `normalized` would change nothing, and there are no `problems`.
  ///
  /// The shape is made anew each time; who asks often asks the kind, which keeps it.
  public func accepts(_ value: Value) -> Bool { shape.accepts(value) }

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

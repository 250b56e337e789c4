public import ValueTree

extension Value {
  /// The merge patch of kubectl's client-side apply, by the rules of JSON merge.
  ///
  /// What `modified` says is set where `current` says otherwise; what `original` (the last applied
  /// configuration) said and `modified` does not say any more is removed; everything else that is in `current`,
  /// such as defaults and what controllers wrote, stays.
  ///
  /// - Parameters:
  ///   - original: The configuration that was applied last; nil for the first time.
  ///   - modified: The configuration to apply.
  ///   - current: The object as the server has it.
  /// - Returns: the patch; an empty map when nothing has to change.
  public static func threeWayMergePatch(
    original: Value?, modified: Value, current: Value
  ) -> Value {
    var members: [(Key, Value)] = []
    for (key, wanted) in modified.members {
      guard let has = current[key] else {
        if !wanted.isNull { members.append((key, wanted)) }
        continue
      }
      if wanted.isNull {
        members.append((key, .null))
      } else if wanted.isMap, has.isMap {
        let inner = threeWayMergePatch(
          original: original?[key], modified: wanted, current: has)
        if !inner.isEmptyCollection { members.append((key, inner)) }
      } else if wanted != has {
        members.append((key, wanted))
      }
    }
    if let original, original.isMap {
      for (key, _) in original.members where modified[key] == nil && current[key] != nil {
        members.append((key, .null))
      }
    }
    return Value(members: members)
  }
}

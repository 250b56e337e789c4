public import ValueTree

extension Value {
  /// This value after a JSON merge patch (RFC 7386): null removes, a map merges, anything else replaces.
  public func merging(_ patch: Value) -> Value {
    guard patch.isMap else { return patch }
    var builder = ValueBuilder(expectedWords: 128)
    builder.beginMap()
    let target = isMap ? self : .emptyMap
    for (key, old) in target.members {
      guard let change = patch[key] else {
        builder.key(key)
        builder.value(old)
        continue
      }
      if change.isNull { continue }
      builder.key(key)
      builder.value(old.merging(change))
    }
    for (key, change) in patch.members where !change.isNull && target[key] == nil {
      builder.key(key)
      // A map that is new must lose its nulls all the same.
      builder.value(Value.null.merging(change))
    }
    do { try builder.end() } catch { preconditionFailure("the keys of two maps are merged once") }
    return builder.finish()
  }

  /// The merge patch that leads from this value to `other`.
  public func mergePatch(to other: Value) -> Value {
    var members: [(Key, Value)] = []
    for (key, old) in self.members where other[key] == nil {
      _ = old
      members.append((key, .null))
    }
    for (key, new) in other.members {
      guard let old = self[key] else {
        members.append((key, new))
        continue
      }
      if old == new { continue }
      members.append((key, old.isMap && new.isMap ? old.mergePatch(to: new) : new))
    }
    return Value(members: members)
  }
}

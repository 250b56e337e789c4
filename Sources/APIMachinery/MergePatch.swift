public import ValueTree

extension Value {
  /// This value after a JSON merge patch (RFC 7386): null removes, a map merges, anything else replaces.
  ///
  /// - Complexity: O(size of both).
  public func merging(_ patch: Value) -> Value {
    guard patch.isMap else { return patch }
    var builder = ValueBuilder(expectedWords: 128)
    merge(patch, into: &builder)
    return builder.finish()
  }

  /// Adds what this value becomes under a patch that is a map.
  private func merge(_ patch: Value, into builder: inout ValueBuilder) {
    builder.beginMap()
    // Both maps are in key order, so one walk over the two finds what they share.
    var members = (isMap ? self : .emptyMap).members.makeIterator()
    var changes = patch.members.makeIterator()
    var member = members.next()
    var change = changes.next()
    while member != nil || change != nil {
      if let old = member, change.map({ old.key < $0.key }) ?? true {
        builder.key(old.key)
        builder.value(old.value)
        member = members.next()
        continue
      }
      guard let new = change else { break }
      var target = Value.null
      if let old = member, old.key == new.key {
        target = old.value
        member = members.next()
      }
      change = changes.next()
      if new.value.isNull { continue }
      builder.key(new.key)
      if new.value.isMap {
        // A map that is new must lose its nulls all the same.
        target.merge(new.value, into: &builder)
      } else {
        builder.value(new.value)
      }
    }
    do { try builder.end() } catch { preconditionFailure("a walk in key order meets a key once") }
  }

  /// The merge patch that leads from this value to `other`, which must hold no null.
  public func mergePatch(to other: Value) -> Value {
    guard isMap, other.isMap else { return other }
    var patch: [(Key, Value)] = []
    for (key, _) in members where other[key] == nil { patch.append((key, .null)) }
    for (key, new) in other.members {
      guard let old = self[key] else {
        patch.append((key, new))
        continue
      }
      if old != new { patch.append((key, old.mergePatch(to: new))) }
    }
    return Value(members: patch)
  }
}

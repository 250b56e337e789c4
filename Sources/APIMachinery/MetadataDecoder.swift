import Scalars
import ValueTree

/// Splits `metadata` into what the header holds and the rest.
struct MetadataDecoder {
  var header = ObjectHeader()

  /// The rest; nil where nothing is left.
  mutating func decode(_ metadata: Value) throws(FieldError) -> Value? {
    let root = FieldPath(Fields.metadata)
    if metadata.isNull { return nil }
    guard metadata.isMap else {
      throw FieldError(.typeInvalid, root, "must be a map, not \(metadata.kind.rawValue)")
    }
    var builder = ValueBuilder()
    builder.beginMap()
    var isEmpty = true
    for (key, member) in metadata.members {
      let path = root.appending(key)
      switch key {
      case Fields.name: header.name = try text(member, path)
      case Fields.namespace: header.namespace = try text(member, path)
      case Fields.uid: header.uid = try identity(member, path)
      case Fields.resourceVersion:
        let version = try text(member, path)
        guard version.isEmpty || UInt64(version) != nil else {
          throw .invalid(path, member, "must be a decimal number in quotes")
        }
        header.resourceVersion = UInt64(version) ?? 0
      case Fields.generation: header.generation = try number(member, path) ?? 0
      case Fields.creationTimestamp: header.creationTimestamp = try time(member, path)
      case Fields.deletionTimestamp: header.deletionTimestamp = try time(member, path)
      case Fields.deletionGracePeriodSeconds:
        header.deletionGracePeriodSeconds = try number(member, path)
      case Fields.selfLink: continue
      default:
        try check(key, member, path)
        if member.isNull || member.isEmptyCollection { continue }
        isEmpty = false
        builder.key(key)
        builder.value(member)
      }
    }
    do { try builder.end() } catch { preconditionFailure("members of a map are unique") }
    // Not a conditional expression: in one, nil would be a null value.
    if isEmpty { return nil }
    return builder.finish()
  }

  private func text(_ value: Value, _ path: FieldPath) throws(FieldError) -> String {
    if value.isNull { return "" }
    guard let text = value.string else { throw wrongType(value, path, "a string") }
    return text
  }

  private func number(_ value: Value, _ path: FieldPath) throws(FieldError) -> Int64? {
    if value.isNull { return nil }
    guard let number = value.int else { throw wrongType(value, path, "an integer") }
    return number
  }

  private func time(_ value: Value, _ path: FieldPath) throws(FieldError) -> Timestamp? {
    let text = try text(value, path)
    if text.isEmpty { return nil }
    do { return try Timestamp(parsing: text).truncatedToSecond } catch {
      throw .invalid(path, value, "\(error)")
    }
  }

  private func identity(_ value: Value, _ path: FieldPath) throws(FieldError) -> UID? {
    let text = try text(value, path)
    if text.isEmpty { return nil }
    guard let uid = UID(text) else { throw .invalid(path, value, "must be a UUID") }
    return uid
  }

  private func check(_ key: Key, _ value: Value, _ path: FieldPath) throws(FieldError) {
    if value.isNull { return }
    switch key {
    case Fields.labels, Fields.annotations:
      guard value.isMap else { throw wrongType(value, path, "a map of strings") }
      for (name, member) in value.members where member.string == nil {
        throw wrongType(member, path.appending(name), "a string")
      }
    case Fields.finalizers:
      guard value.isList else { throw wrongType(value, path, "a list of strings") }
      for (index, element) in value.elements.enumerated() where element.string == nil {
        throw wrongType(element, path.appending(index), "a string")
      }
    case Fields.ownerReferences:
      guard value.isList else { throw wrongType(value, path, "a list of maps") }
      for (index, element) in value.elements.enumerated() {
        try checkOwner(element, path.appending(index))
      }
    case Fields.generateName:
      _ = try text(value, path)
    default: break
    }
  }

  private func checkOwner(_ value: Value, _ path: FieldPath) throws(FieldError) {
    guard value.isMap else { throw wrongType(value, path, "a map") }
    for (key, member) in value.members where !member.isNull {
      switch key {
      case Fields.apiVersion, Fields.kind, Fields.name, Fields.uid:
        _ = try text(member, path.appending(key))
      case Fields.controller, Fields.blockOwnerDeletion:
        if member.bool == nil { throw wrongType(member, path.appending(key), "a boolean") }
      default: break
      }
    }
  }

  private func wrongType(_ value: Value, _ path: FieldPath, _ expected: String) -> FieldError {
    .invalid(path, value, "must be \(expected), not \(value.kind.rawValue)")
  }
}

import Scalars
public import ValueTree

/// A field of an object that is not what it must be.
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The cause types of Kubernetes' `Status`.
  public enum Kind: String, Sendable, Hashable {
    case notFound = "FieldValueNotFound"
    case required = "FieldValueRequired"
    case duplicate = "FieldValueDuplicate"
    case invalid = "FieldValueInvalid"
    case notSupported = "FieldValueNotSupported"
    case forbidden = "FieldValueForbidden"
    case tooLong = "FieldValueTooLong"
    case tooMany = "FieldValueTooMany"
    case typeInvalid = "FieldValueTypeInvalid"
  }

  /// What is wrong with the field.
  public var kind: Kind
  /// Where the field is.
  public var path: FieldPath
  /// What Kubernetes says of it, without the path.
  public var message: String

  /// A field error.
  public init(_ kind: Kind, _ path: FieldPath, _ message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  public var description: String { "\(path): \(message)" }

  /// `Invalid value: …`, as field errors of Kubernetes begin.
  public static func invalid(_ path: FieldPath, _ value: Value, _ detail: String) -> FieldError {
    FieldError(.invalid, path, "Invalid value: \(value): \(detail)")
  }

  /// `Required value`, with a detail where there is one.
  public static func required(_ path: FieldPath, _ detail: String = "") -> FieldError {
    FieldError(.required, path, detail.isEmpty ? "Required value" : "Required value: \(detail)")
  }

  /// `Forbidden: …`.
  public static func forbidden(_ path: FieldPath, _ detail: String) -> FieldError {
    FieldError(.forbidden, path, "Forbidden: \(detail)")
  }
}

extension APIObject {
  /// Takes an object apart that came as one value, such as a manifest or a request's body.
  ///
  /// Empty labels, annotations, finalizers and owner references are left out, as Kubernetes leaves them out.
  ///
  /// - Throws: `FieldError` where metadata does not have its shape.
  public convenience init(
    decoding value: Value, as type: ResourceType
  ) throws(FieldError) {
    guard value.isMap else {
      throw FieldError(.typeInvalid, .root, "an object must be a map, not \(value.kind.rawValue)")
    }
    var decoder = MetadataDecoder()
    var builder = ValueBuilder(expectedWords: 128)
    builder.beginMap()
    for (key, member) in value.members {
      switch key {
      case Fields.apiVersion, Fields.kind: continue
      case Fields.metadata:
        if let metadata = try decoder.decode(member) {
          builder.key(key)
          builder.value(metadata)
        }
      default:
        builder.key(key)
        builder.value(member)
      }
    }
    do { try builder.end() } catch { preconditionFailure("members of a map are unique") }
    self.init(type: type, header: decoder.header, body: builder.finish())
  }

  /// The object as one value, as a client sees it.
  ///
  /// - Complexity: O(size).
  public var value: Value {
    var builder = ValueBuilder(expectedWords: 160)
    builder.beginMap()
    builder.key(Fields.apiVersion)
    builder.string(type.apiVersion)
    builder.key(Fields.kind)
    builder.string(type.kind)
    builder.key(Fields.metadata)
    builder.value(metadataValue)
    for (key, member) in body.members where key != Fields.metadata {
      builder.key(key)
      builder.value(member)
    }
    do { try builder.end() } catch { preconditionFailure("members of a map are unique") }
    return builder.finish()
  }

  /// `metadata` as a client sees it.
  public var metadataValue: Value {
    var builder = ValueBuilder(expectedWords: 64)
    builder.beginMap()
    func text(_ key: Key, _ text: String?, _ builder: inout ValueBuilder) {
      guard let text, !text.isEmpty else { return }
      builder.key(key)
      builder.string(text)
    }
    text(Fields.name, header.name, &builder)
    text(Fields.namespace, header.namespace, &builder)
    text(Fields.uid, header.uid?.description, &builder)
    if header.resourceVersion > 0 {
      text(Fields.resourceVersion, String(header.resourceVersion), &builder)
    }
    if header.generation > 0 {
      builder.key(Fields.generation)
      builder.int(header.generation)
    }
    text(Fields.creationTimestamp, header.creationTimestamp?.text(.seconds), &builder)
    text(Fields.deletionTimestamp, header.deletionTimestamp?.text(.seconds), &builder)
    if let grace = header.deletionGracePeriodSeconds {
      builder.key(Fields.deletionGracePeriodSeconds)
      builder.int(grace)
    }
    if let metadata = body[Fields.metadata] {
      for (key, member) in metadata.members {
        builder.key(key)
        builder.value(member)
      }
    }
    do { try builder.end() } catch { preconditionFailure("header and body share no field") }
    return builder.finish()
  }
}

/// Splits `metadata` into what the header holds and the rest.
private struct MetadataDecoder {
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
      case Fields.uid: header.uid = UID(try text(member, path))
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
    return isEmpty ? nil : builder.finish()
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
    do { return try Timestamp(parsing: text) } catch {
      throw .invalid(path, value, "\(error)")
    }
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
      for (index, element) in value.elements.enumerated() where !element.isMap {
        throw wrongType(element, path.appending(index), "a map")
      }
    case Fields.generateName:
      _ = try text(value, path)
    default: break
    }
  }

  private func wrongType(_ value: Value, _ path: FieldPath, _ expected: String) -> FieldError {
    .invalid(path, value, "must be \(expected), not \(value.kind.rawValue)")
  }
}

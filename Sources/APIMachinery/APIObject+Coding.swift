import Scalars
public import ValueTree

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

import APIMachinery
import Allocation
import CEL
import Scalars
import ValueTree

/// What a name of a model stands for while a reconcile runs.
enum Register: Sendable {
  /// Nothing has been set.
  case unset
  /// An object; nil where a read found none.
  case object(APIObject?)
  case objects([APIObject])
  case grants([Grant])
  case value(Value)
  case time(Timestamp)
  /// The key of the reconcile.
  ///
  /// Indirect, for it is the largest, and all registers have the size of the largest.
  indirect case key(ObjectKey)

  /// The value as expressions see it.
  var celValue: CELValue {
    switch self {
    case .unset: .null
    case .object(let object): object.map { .tree(ModelObject.value(of: $0)) } ?? .null
    case .objects(let objects): .list(objects.map { .tree(ModelObject.value(of: $0)) })
    case .grants(let grants): .tree(Value(grants.map(ModelObject.value(of:))))
    case .value(let value): CELValue(value)
    case .time(let time): .timestamp(time)
    case .key(let key): .tree(ModelProgram.value(of: key))
    }
  }

  /// What it is, in words.
  var sort: String {
    switch self {
    case .unset: "not set"
    case .object(nil): "null"
    case .object: "an object"
    case .objects(let objects): "a list of \(objects.count) objects"
    case .grants(let grants): "a list of \(grants.count) grants"
    case .value(let value): value.isNull ? "null" : "a \(value.kind.rawValue)"
    case .time: "a time"
    case .key: "a key"
    }
  }

  func combine(into hash: inout StableHash) {
    switch self {
    case .unset: hash.combine(0)
    case .object(let object):
      hash.combine(1)
      hash.combine(object?.contentHash ?? 0)
      hash.combine(object?.resourceVersion ?? 0)
    case .objects(let objects):
      hash.combine(2)
      for object in objects {
        hash.combine(object.contentHash)
        hash.combine(object.resourceVersion)
      }
    case .grants(let grants):
      hash.combine(3)
      for grant in grants {
        hash.combine(grant.item)
        hash.combine(UInt64(grant.generation))
        hash.combine(grant.state.rawValue)
      }
    case .value(let value):
      hash.combine(4)
      hash.combine(value.contentHash)
    case .time(let time):
      hash.combine(5)
      hash.combine(UInt64(bitPattern: time.seconds))
      hash.combine(UInt64(bitPattern: Int64(time.nanoseconds)))
    case .key(let key):
      hash.combine(6)
      hash.combine(key.path)
    }
  }
}

/// Objects and grants as expressions see them.
enum ModelObject {
  /// An object as a client sees it, but what `metadata` always may have is there, null or empty, and so are `spec` and
  /// `status`: an expression need not ask whether they are.
  static func value(of object: APIObject) -> Value {
    var builder = ValueBuilder(expectedWords: 192)
    builder.beginMap()
    builder.key(Fields.apiVersion)
    builder.string(object.type.apiVersion)
    builder.key(Fields.kind)
    builder.string(object.type.kind)
    builder.key(Fields.metadata)
    addMetadata(of: object, to: &builder)
    for (key, member) in object.body.members where key != Fields.metadata {
      builder.key(key)
      builder.value(member)
    }
    for key in [Fields.spec, Fields.status] where object.body[key] == nil {
      builder.key(key)
      builder.value(.emptyMap)
    }
    close(&builder)
    return builder.finish()
  }

  private static func addMetadata(of object: APIObject, to builder: inout ValueBuilder) {
    let header = object.header
    builder.beginMap()
    builder.key(Fields.name)
    builder.string(header.name)
    builder.key(Fields.namespace)
    builder.string(header.namespace)
    builder.key(Fields.uid)
    builder.string(object.uid.description)
    builder.key(Fields.resourceVersion)
    builder.string(String(header.resourceVersion))
    builder.key(Fields.generation)
    builder.int(header.generation)
    for (key, time) in [
      (Fields.creationTimestamp, header.creationTimestamp),
      (Fields.deletionTimestamp, header.deletionTimestamp),
    ] {
      builder.key(key)
      if let time { builder.string(time.text(.seconds)) } else { builder.null() }
    }
    builder.key(Fields.deletionGracePeriodSeconds)
    if let grace = header.deletionGracePeriodSeconds { builder.int(grace) } else { builder.null() }
    let metadata = object.body[Fields.metadata] ?? .emptyMap
    for (key, member) in metadata.members {
      builder.key(key)
      builder.value(member)
    }
    for key in [Fields.labels, Fields.annotations] where metadata[key] == nil {
      builder.key(key)
      builder.value(.emptyMap)
    }
    for key in [Fields.finalizers, Fields.ownerReferences] where metadata[key] == nil {
      builder.key(key)
      builder.value(.emptyList)
    }
    close(&builder)
  }

  /// The object that an expression made of one; nil for what is none.
  static func object(from value: Value, _ registry: ResourceRegistry) -> APIObject? {
    guard let apiVersion = value[Fields.apiVersion]?.string, let kind = value[Fields.kind]?.string,
      let type = registry.type(apiVersion: apiVersion, kind: kind)
    else { return nil }
    var plain = value
    for (key, member) in value[Fields.metadata]?.members ?? Value.emptyMap.members
    where member.isNull {
      plain = plain.removing(FieldPath(Fields.metadata, key))
    }
    for key in [Fields.spec, Fields.status] where value[key]?.isEmptyCollection == true {
      plain = plain.removing(key)
    }
    return try? APIObject(decoding: plain, as: type)
  }

  /// A grant as expressions see it.
  static func value(of grant: Grant) -> Value {
    Value(members: [
      ("generation", Value(Int64(grant.generation))), ("item", Value(grant.item)),
      ("key", Value(grant.requestKey)), ("owner", Value(grant.owner.description)),
      ("pool", Value(grant.pool)), ("state", Value(grant.state.rawValue)),
    ])
  }

  private static func close(_ builder: inout ValueBuilder) {
    do { try builder.end() } catch { preconditionFailure("header and body share no field") }
  }
}

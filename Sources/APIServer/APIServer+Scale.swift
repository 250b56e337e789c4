import APIMachinery
import APIStore
import Scalars
import ValueTree

/// The scale subresource: two numbers and a selector of an object, as an `autoscaling/v1` Scale.
extension APIServer {
  /// The Scale of an object.
  func scale(of owner: APIObject) throws(StatusError) -> APIObject {
    let (fields, type) = try scaleParts(of: owner.type)
    guard let wanted = fields.replicas(wantedBy: owner.body) else {
      throw StatusError(
        .internalError,
        "Internal error occurred: the spec replicas field \"\(fields.specReplicas)\" does not exist"
      )
    }
    return Self.scale(of: owner, fields, type, wanted: wanted)
  }

  private func scaleParts(
    of type: ResourceType
  ) throws(StatusError) -> (ScaleSubresource, ResourceType) {
    guard let fields = type.definition.scale, let view = type.scale else { throw .noSuchEndpoint }
    return (fields, view)
  }

  private static func scale(
    of owner: APIObject, _ fields: ScaleSubresource, _ type: ResourceType, wanted: Int64
  ) -> APIObject {
    var header = owner.header
    header.generation = 0
    header.deletionTimestamp = nil
    header.deletionGracePeriodSeconds = nil
    return APIObject(type: type, header: header, body: fields.body(wanted: wanted, of: owner.body))
  }

  /// Writes the number that a Scale wants into its owner; all else that it says is not looked at.
  ///
  /// - Throws: Invalid for a negative number; Conflict where UID or resource version are not the owner's.
  mutating func updateScale(_ scale: APIObject, at now: Timestamp) throws(StatusError) -> APIObject
  {
    // The Scale stands in its owner's place.
    let type = registry.types[scale.type.index]
    let (fields, view) = try scaleParts(of: type)
    guard scale.type.kind == view.kind, scale.type.apiVersion == view.apiVersion else {
      throw StatusError(
        .badRequest,
        "the API version in the data (\(scale.type.apiVersion)) does not match the expected API "
          + "version (\(view.apiVersion))")
    }
    let key = type.definition.isNamespaced ? scale.key : ObjectKey(name: scale.name)
    let owner = try get(type, key)
    return try write(scale, over: owner, fields, view, at: now)
  }

  /// Patches the Scale of an object.
  mutating func patchScale(
    of type: ResourceType, _ key: ObjectKey, _ patch: Patch, at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let (fields, view) = try scaleParts(of: type)
    let owner = try get(type, key)
    let wanted = fields.replicas(wantedBy: owner.body) ?? 0
    let current = Self.scale(of: owner, fields, view, wanted: wanted)
    let patched = try patched(current, by: patch)
    return try write(patched, over: owner, fields, view, at: now)
  }

  private mutating func write(
    _ scale: APIObject, over owner: APIObject, _ fields: ScaleSubresource, _ view: ResourceType,
    at now: Timestamp
  ) throws(StatusError) -> APIObject {
    let path = FieldPath(Fields.spec, "replicas")
    var wanted: Int64 = 0
    if let value = scale.body[path], !value.isNull {
      guard let number = value.int, Int32(exactly: number) != nil else {
        let found = value.int.map { "number \($0)" } ?? value.goKind
        throw StatusError(
          .badRequest,
          "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal \(found) "
            + "into Go struct field ScaleSpec.spec.replicas of type int32")
      }
      wanted = number
    }
    guard wanted >= 0 else {
      throw .invalid(
        view, owner.name,
        [.invalid(path, Value(wanted), "must be greater than or equal to 0")])
    }
    if let uid = scale.header.uid, uid != owner.uid {
      var error = StatusError.conflict(
        owner.type, owner.name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(owner.uid)")
      error.kind = "\(owner.type.plural)/scale"
      error.message = error.message.replacing(
        owner.type.qualifiedPlural,
        with: owner.type.qualifiedPlural.replacing(
          owner.type.plural, with: "\(owner.type.plural)/scale", maxReplacements: 1),
        maxReplacements: 1)
      throw error
    }
    guard let body = owner.body.setting(fields.specReplicas, to: Value(wanted)) else {
      throw StatusError(
        .internalError,
        "Internal error occurred: the spec replicas field \"\(fields.specReplicas)\" cannot be set")
    }
    var header = owner.header
    header.resourceVersion = scale.resourceVersion
    let changed = APIObject(type: owner.type, header: header, body: body)
    let stored = try self.stored(owner.type, owner.key)
    let written = try write(changed, over: stored, subresource: nil, at: now)
    return Self.scale(of: written, fields, view, wanted: wanted)
  }
}

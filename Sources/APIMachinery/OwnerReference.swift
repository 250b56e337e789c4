public import ValueTree

/// What an object says of another one that owns it.
public struct OwnerReference: Sendable, Hashable {
  /// The owner's group and version.
  public var apiVersion: String
  /// The owner's kind.
  public var kind: String
  /// The owner's name.
  public var name: String
  /// The owner's identity, as written; it need not have the form of a UUID.
  public var uid: String
  /// Whether the owner is the one that controls the object; at most one may.
  public var controller: Bool
  /// Whether the owner's deletion in the foreground waits for this object.
  public var blockOwnerDeletion: Bool

  /// A reference to an owner.
  public init(
    apiVersion: String, kind: String, name: String, uid: String, controller: Bool = false,
    blockOwnerDeletion: Bool = false
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    self.controller = controller
    self.blockOwnerDeletion = blockOwnerDeletion
  }

  /// A reference to this object as the one that controls.
  public init(controlledBy owner: APIObject) {
    self.init(
      apiVersion: owner.type.apiVersion, kind: owner.type.kind, name: owner.name,
      uid: owner.uid.description, controller: true, blockOwnerDeletion: true)
  }

  /// The owner's identity; nil where none has the form that is written, which servers print in lower case.
  public var ownerUID: UID? {
    let upperCase = UInt8(ascii: "A")...UInt8(ascii: "F")
    return uid.utf8.contains(where: upperCase.contains) ? nil : UID(uid)
  }

  init?(_ value: Value) {
    guard let kind = value[Fields.kind]?.string, let name = value[Fields.name]?.string else {
      return nil
    }
    self.init(
      apiVersion: value[Fields.apiVersion]?.string ?? "", kind: kind, name: name,
      uid: value[Fields.uid]?.string ?? "", controller: value[Fields.controller]?.bool ?? false,
      blockOwnerDeletion: value[Fields.blockOwnerDeletion]?.bool ?? false)
  }

  /// The reference as it stands in `metadata.ownerReferences`.
  public var value: Value {
    var members: [(Key, Value)] = [
      (Fields.apiVersion, Value(apiVersion)), (Fields.kind, Value(kind)),
      (Fields.name, Value(name)), (Fields.uid, Value(uid)),
    ]
    if controller { members.append((Fields.controller, true)) }
    if blockOwnerDeletion { members.append((Fields.blockOwnerDeletion, true)) }
    return Value(members: members)
  }
}

import APIMachinery
import ValueTree

/// Which fields of an update count (semantics 2.2).
enum UpdateStrategy {
  /// The built-in kinds whose status update leaves metadata alone, as newer kinds' does.
  private static let keepingMetadata: Set = ["resourceclaims.resource.k8s.io"]

  /// The content after an update of the main resource or of one part.
  static func body(_ new: Value, over stored: APIObject, subresource: Subresource?) -> Value {
    let type = stored.type
    let old = stored.body
    switch subresource {
    case nil:
      let kept = type.definition.hasStatus ? new.taking(Fields.status, from: old) : new
      return NamespaceRules.isNamespace(type)
        ? NamespaceRules.updated(kept, over: old, name: stored.name) : kept
    case .status:
      // Most clients send back what they have read; then there is nothing to put together.
      if new.isEqual(to: old, butFor: status) { return new }
      // Built-in kinds take metadata along; custom resources do not.
      let written = old.taking(Fields.status, from: new)
      if type.definition.isCustom || keepingMetadata.contains(type.qualifiedPlural) {
        return written
      }
      let taken = written.taking(Fields.metadata, from: new)
      // The node agent must not touch owners: the garbage collector relies on them (semantics 1.7).
      return type.isPod ? taken.takingOwners(from: old) : taken
    case .finalize, .scale:
      return new.taking(Fields.status, from: old)
    }
  }

  private static let status = [Fields.status]
  private static let metadata = [Fields.metadata]
  private static let metadataAndStatus = [Fields.metadata, Fields.status]

  /// Whether anything but metadata and a status of its own differs.
  static func changesSpec(_ body: Value, _ stored: APIObject) -> Bool {
    let others = stored.type.definition.hasStatus ? metadataAndStatus : metadata
    return !body.isEqual(to: stored.body, butFor: others)
  }
}

extension Value {
  /// This map with the member `key` as `other` has it, or without it where `other` has none.
  fileprivate func taking(_ key: Key, from other: Value) -> Value {
    guard let member = other[key] else { return removing(key) }
    return self[key] == member ? self : setting(key, to: member)
  }

  /// This object's content with the owner references of another.
  fileprivate func takingOwners(from other: Value) -> Value {
    let owners = other[Fields.ownerReferencesPath]
    if self[Fields.ownerReferencesPath] == owners { return self }
    guard let owners else { return removing(Fields.ownerReferencesPath) }
    return setting(Fields.ownerReferencesPath, to: owners) ?? self
  }
}

import APIMachinery
import ValueTree

/// Which fields of an update count (semantics 2.2).
enum UpdateStrategy {
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
      // Built-in kinds take metadata along; custom resources do not.
      let written = old.taking(Fields.status, from: new)
      return type.definition.isCustom ? written : written.taking(Fields.metadata, from: new)
    case .finalize:
      return new.taking(Fields.status, from: old)
    }
  }

  /// Whether anything but metadata and a status of its own differs.
  static func changesSpec(_ body: Value, _ stored: APIObject) -> Bool {
    let hasStatus = stored.type.definition.hasStatus
    func isSpec(_ key: Key) -> Bool {
      key != Fields.metadata && !(hasStatus && key == Fields.status)
    }
    // Members stand in key order, so equal specs are equal step by step.
    var new = body.members.lazy.filter { isSpec($0.key) }.makeIterator()
    var old = stored.body.members.lazy.filter { isSpec($0.key) }.makeIterator()
    while true {
      switch (new.next(), old.next()) {
      case (nil, nil): return false
      case (let a?, let b?): if a.key != b.key || a.value != b.value { return true }
      default: return true
      }
    }
  }
}

extension Value {
  /// This map with the member `key` as `other` has it, or without it where `other` has none.
  fileprivate func taking(_ key: Key, from other: Value) -> Value {
    guard let member = other[key] else { return removing(key) }
    return self[key] == member ? self : setting(key, to: member)
  }
}

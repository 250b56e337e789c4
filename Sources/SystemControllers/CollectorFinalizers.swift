import APIMachinery
import ValueTree

/// The finalizers by which a deletion tells the collector what to do with dependents (semantics 1.3).
enum CollectorFinalizer {
  static let foreground = "foregroundDeletion"
  static let orphan = "orphan"
}

extension APIObject {
  /// Whether the object is being deleted and waits for the dependents that block it.
  var waitsForDependents: Bool {
    isDeleting && finalizers.contains(CollectorFinalizer.foreground)
  }

  /// Whether the object is being deleted and its dependents are to lose their reference first.
  var orphansDependents: Bool { isDeleting && finalizers.contains(CollectorFinalizer.orphan) }

  /// Whether the owner's deletion in the foreground waits for this object.
  func blocks(_ owner: APIObject) -> Bool {
    ownerReferences.contains { $0.blockOwnerDeletion && $0.uid == owner.uid.description }
  }

  /// A merge patch of metadata that fits this state of the object only.
  func metadataPatch(_ key: Key, _ value: Value) -> Value {
    [
      "metadata": Value(members: [
        (Fields.uid, Value(uid.description)),
        (Fields.resourceVersion, Value(String(resourceVersion))), (key, value),
      ])
    ]
  }

  /// The references but for those to these owners, as a patch.
  func droppingReferences(to owners: [String]) -> Value {
    let kept = referenceValues.filter { value in
      !owners.contains { value[Fields.uid]?.string == $0 }
    }
    return metadataPatch(Fields.ownerReferences, kept.isEmpty ? .null : Value(kept))
  }

  /// All references, none of which blocks its owner's deletion any more, as a patch.
  var unblockingOwners: Value {
    let references = referenceValues.map { value in
      value[Fields.blockOwnerDeletion]?.bool == true
        ? value.setting(Fields.blockOwnerDeletion, to: false) : value
    }
    return metadataPatch(Fields.ownerReferences, Value(references))
  }

  /// The references as they are written, with what a reader does not know of.
  private var referenceValues: [Value] {
    body[Fields.ownerReferencesPath]?.elements.map(\.self) ?? []
  }
}

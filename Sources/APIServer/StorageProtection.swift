import APIMachinery
import ValueTree

/// What the admission of storage protection does to new claims and volumes (semantics 1.11).
enum StorageProtection {
  private static let finalizers = [
    "PersistentVolumeClaim": "kubernetes.io/pvc-protection",
    "PersistentVolume": "kubernetes.io/pv-protection",
  ]

  /// The content of a new object, with the finalizer that protects it.
  static func created(_ body: Value, _ type: ResourceType) -> Value {
    guard type.definition.group.isEmpty, let finalizer = finalizers[type.kind] else { return body }
    let present = body[Fields.finalizersPath] ?? .emptyList
    if present.elements.contains(where: { $0.string == finalizer }) { return body }
    return body.setting(Fields.finalizersPath, to: present.appending(Value(finalizer))) ?? body
  }
}

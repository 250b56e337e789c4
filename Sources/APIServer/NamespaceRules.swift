import APIMachinery
import ValueTree

/// What is special about namespaces (semantics 1.8): a finalizer list of their own in the spec, and a phase.
enum NamespaceRules {
  private static let finalizersPath = FieldPath(Fields.spec, Fields.finalizers)
  private static let phasePath = FieldPath(Fields.status, "phase")

  static func isNamespace(_ type: ResourceType) -> Bool {
    type.definition.group.isEmpty && type.kind == "Namespace"
  }

  /// The content of a namespace at its creation.
  static func created(_ body: Value) -> Value {
    var finalizers = body[finalizersPath] ?? .emptyList
    if !finalizers.elements.contains(where: { $0.string == "kubernetes" }) {
      finalizers = finalizers.appending("kubernetes")
    }
    let withFinalizer = body.setting(finalizersPath, to: finalizers) ?? body
    return withFinalizer.setting(phasePath, to: "Active") ?? withFinalizer
  }

  /// The content once deletion has been asked for.
  static func terminating(_ body: Value) -> Value {
    body.setting(phasePath, to: "Terminating") ?? body
  }

  /// Whether the spec still holds the namespace; it is emptied through `/finalize` only.
  static func isHeld(_ object: APIObject) -> Bool {
    object.body[finalizersPath].map { !$0.isEmptyCollection } ?? false
  }
}

import APIMachinery
import ValueTree

/// What is special about namespaces (semantics 1.8): a finalizer list of their own in the spec, a phase, and a
/// label that says their name.
enum NamespaceRules {
  /// Namespaces that cannot be deleted.
  static let immortal = ["default", "kube-public", "kube-system"]

  /// The namespaces that every server begins with, with their contents, which are made once for all servers.
  static let first = (immortal + ["kube-node-lease"]).map { name in
    (name: name, body: created(.emptyMap, name: name))
  }

  private static let finalizersPath = FieldPath(Fields.spec, Fields.finalizers)
  private static let phasePath = FieldPath(Fields.status, "phase")
  private static let nameLabelPath = Fields.labelsPath.appending("kubernetes.io/metadata.name")

  static func isNamespace(_ type: ResourceType) -> Bool {
    type.kind == "Namespace" && type.definition.group.isEmpty
  }

  /// The content of a namespace at its creation.
  static func created(_ body: Value, name: String) -> Value {
    var finalizers = body[finalizersPath] ?? .emptyList
    if !finalizers.elements.contains(where: { $0.string == "kubernetes" }) {
      finalizers = finalizers.appending("kubernetes")
    }
    let labelled = setting(body, nameLabelPath, to: Value(name))
    return setting(setting(labelled, finalizersPath, to: finalizers), phasePath, to: "Active")
  }

  /// The content after an update of the main resource, which leaves the spec's finalizers alone.
  static func updated(_ body: Value, over old: Value, name: String) -> Value {
    let kept = old[finalizersPath].map { setting(body, finalizersPath, to: $0) }
    return setting(kept ?? body.removing(finalizersPath), nameLabelPath, to: Value(name))
  }

  /// The content once deletion has been asked for.
  static func terminating(_ body: Value) -> Value { setting(body, phasePath, to: "Terminating") }

  /// Whether the spec still holds the namespace; it is emptied through `/finalize` only.
  static func isHeld(_ body: Value) -> Bool {
    body[finalizersPath].map { !$0.isEmptyCollection } ?? false
  }

  /// What stands in the way of a path, such as a string for a spec, is left as it is.
  private static func setting(_ body: Value, _ path: FieldPath, to value: Value) -> Value {
    body[path] == value ? body : body.setting(path, to: value) ?? body
  }
}

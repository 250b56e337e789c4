import APIMachinery
import ValueTree

/// The finalizers by which a deletion tells the garbage collector what to do with dependents (semantics 1.3).
extension APIServer {
  private static let orphan = "orphan"
  private static let foreground = "foregroundDeletion"

  /// The object's content with at most one of the two finalizers: the one that the deletion wants.
  func collectorFinalizers(of stored: APIObject, _ options: DeleteOptions) -> Value {
    // Most deletions want neither, of objects that have neither.
    if !Self.hasAny(stored), wantedFinalizer(stored, [], options) == nil { return stored.body }
    let finalizers = stored.finalizers
    let wanted = wantedFinalizer(stored, finalizers, options)
    var kept = finalizers.filter { $0 != Self.orphan && $0 != Self.foreground }
    if let wanted { kept.append(wanted) }
    if Set(kept) == Set(finalizers) { return stored.body }
    if kept.isEmpty { return stored.body.removing(Fields.finalizersPath).droppingEmptyMetadata }
    let list = Value(kept.map { Value($0) })
    return stored.body.setting(Fields.finalizersPath, to: list) ?? stored.body
  }

  private static func hasAny(_ object: APIObject) -> Bool {
    guard let list = object.body[Fields.finalizersPath] else { return false }
    return list.containsText(orphan) || list.containsText(foreground)
  }

  private func wantedFinalizer(
    _ stored: APIObject, _ finalizers: [String], _ options: DeleteOptions
  ) -> String? {
    let definition = stored.type.definition
    guard settings.hasGarbageCollector, definition.defaultPropagation != nil else { return nil }
    if let orphans = options.orphanDependents { return orphans ? Self.orphan : nil }
    if let policy = options.propagationPolicy { return Self.finalizer(of: policy) }
    if finalizers.contains(Self.orphan) { return Self.orphan }
    if finalizers.contains(Self.foreground) { return Self.foreground }
    return definition.defaultPropagation.flatMap(Self.finalizer(of:))
  }

  private static func finalizer(of policy: PropagationPolicy) -> String? {
    switch policy {
    case .background: nil
    case .foreground: foreground
    case .orphan: orphan
    }
  }
}

extension Value {
  /// Whether an object of this content has a finalizer.
  var hasFinalizers: Bool { self[Fields.finalizersPath].map { !$0.isEmptyCollection } ?? false }

  /// The same content without a metadata map in which nothing is left, as objects are stored.
  fileprivate var droppingEmptyMetadata: Value {
    self[Fields.metadata]?.isEmptyCollection == true ? removing(Fields.metadata) : self
  }
}

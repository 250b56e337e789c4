public import APIMachinery
public import Scenarios
import APIServer
import APIStore
import Simulation
import ValueTree

extension ClusterSession {
  /// What became of one manifest.
  public struct Outcome: Sendable {
    /// kubectl's words.
    public enum Verb: String, Sendable {
      case created, configured, unchanged, pruned, deleted
    }

    /// The kind.
    public let type: ResourceType
    /// The object.
    public let key: ObjectKey
    /// What was done, or why not.
    public let result: Result<Verb, StatusError>
  }

  /// Applies manifests as kubectl's client-side apply does; the controllers do not run yet.
  ///
  /// Namespaces and definitions of kinds come first, then pools, then everything else in the order given.
  ///
  /// - Parameters:
  ///   - manifests: What is applied.
  ///   - report: Hears how many have been, after each.
  /// - Returns: what became of each, in the order in which they were applied.
  public mutating func apply(
    _ manifests: [Manifest], reporting report: (Int) -> Void = { _ in }
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    for manifest in Self.ordered(manifests) {
      outcomes.append(apply(manifest.object))
      report(outcomes.count)
    }
    return outcomes
  }

  /// Manifests in the order in which they are applied.
  public static func ordered(_ manifests: [Manifest]) -> [Manifest] {
    let ranked = manifests.enumerated().map {
      (rank($0.element.object.type), $0.offset, $0.element)
    }
    return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private static func rank(_ type: ResourceType) -> Int {
    switch type.kind {
    case "Namespace" where type.definition.group.isEmpty: 0
    case "CustomResourceDefinition": 1
    case "Pool": 2
    default: 3
    }
  }

  private mutating func apply(_ object: APIObject) -> Outcome {
    let key = object.key
    func outcome(_ result: Result<Outcome.Verb, StatusError>) -> Outcome {
      Outcome(type: object.type, key: key, result: result)
    }
    // A kind may have been defined a moment ago, by a manifest before this one.
    guard
      let type = world.server.registry.type(
        apiVersion: object.type.apiVersion, kind: object.type.kind)
    else {
      return outcome(
        .failure(
          StatusError(
            .notFound,
            "no matches for kind \"\(object.type.kind)\" in version \"\(object.type.apiVersion)\""))
      )
    }
    let applied = LastApplied.annotated(
      APIObject(type: type, header: object.header, body: object.body))
    guard !object.name.isEmpty else {
      return outcome(
        .failure(
          StatusError(
            .badRequest, "an object without a name cannot be applied, only created",
            type: object.type)))
    }
    guard let stored = world.server.store.object(type, key) else {
      return outcome(perform(.create(applied)).map { _ in .created })
    }
    let current = world.server.presented(stored, as: type)
    let patch = Value.threeWayMergePatch(
      original: LastApplied.configuration(of: current), modified: applied.value,
      current: current.value)
    if patch.isEmptyCollection { return outcome(.success(.unchanged)) }
    let before = current.resourceVersion
    return outcome(
      perform(.mergePatch(type, key, patch)).map { response in
        response.object?.resourceVersion == before ? .unchanged : .configured
      })
  }

  /// Deletes what was applied once, is chosen by the selector, and is not among these manifests.
  ///
  /// - Returns: what became of each.
  public mutating func prune(_ selector: LabelSelector, keeping manifests: [Manifest]) -> [Outcome]
  {
    prunable(selector, keeping: manifests).map { object in
      Outcome(
        type: object.type, key: object.key,
        result: perform(.delete(object.type, object.key, DeleteOptions(uid: object.uid)))
          .map { _ in .pruned })
    }
  }

  /// What `prune` would delete, dependents' kinds before pools and namespaces.
  public func prunable(
    _ selector: LabelSelector, keeping manifests: [Manifest]
  ) -> [APIObject] {
    var found: [APIObject] = []
    for type in world.server.registry.types.sorted(by: { Self.rank($0) > Self.rank($1) }) {
      for object in world.server.store.list(type)
      where selector.matches(object) && LastApplied.configuration(of: object) != nil
        && !manifests.contains(where: { $0.object.type == type && $0.object.key == object.key })
      {
        found.append(object)
      }
    }
    return found
  }
}

/// The annotation in which client-side apply keeps what was applied last.
enum LastApplied {
  private static let path = FieldPath(
    Fields.metadata, Fields.annotations, "kubectl.kubernetes.io/last-applied-configuration")

  /// The object with the annotation that tells its own configuration.
  static func annotated(_ object: APIObject) -> APIObject {
    let bare = object.with(body: object.body.removing(path))
    let text = JSONWriter().string(bare.value) + "\n"
    return object.with(body: bare.body.setting(path, to: Value(text)) ?? bare.body)
  }

  /// What was applied last; nil for an object that was not applied.
  static func configuration(of object: APIObject) -> Value? {
    guard let text = object.body[path]?.string else { return nil }
    var reader = JSONReader()
    return try? reader.read(text)
  }
}

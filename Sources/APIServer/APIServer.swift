public import APIMachinery
public import APIStore
public import Scalars
import ValueTree

/// An API server as a function: a request and a state in, an answer and a new state out.
///
/// - Guarantees: nothing is read but the request, the state and the time that is handed in. A request is carried
///   out whole or refused with a `StatusError` and no change.
/// - Caveats: admission is not here yet; `semantics.md` rules that are carry their section in a comment.
public struct APIServer: Sendable {
  /// What is stored.
  public internal(set) var store: APIStore
  /// The kinds that are served.
  public internal(set) var registry: ResourceRegistry
  /// What differs from cluster to cluster.
  public let settings: ServerSettings
  /// Where UIDs and generated names come from.
  public let identity: IdentitySource
  /// The kind of namespaces, which each create asks for; nil where the registry has none.
  var namespaceType: ResourceType?
  /// The places of kinds whose definition is being deleted.
  var endingKinds: Set<Int> = []

  /// An empty server with the namespaces that every cluster has.
  public init(
    registry: ResourceRegistry = .builtIn, identity: IdentitySource = IdentitySource(),
    settings: ServerSettings = ServerSettings(), historyLimit: Int = 100_000,
    startedAt time: Timestamp
  ) {
    self.settings = settings
    self.registry = registry
    self.identity = identity
    store = APIStore(historyLimit: historyLimit)
    namespaceType = registry.type(apiVersion: "v1", kind: "Namespace")
    guard let type = namespaceType else { return }
    for (name, body) in NamespaceRules.first {
      let namespace = APIObject(type: type, header: ObjectHeader(name: name), body: body)
      do { try create(namespace, at: time) } catch {
        preconditionFailure("an empty server takes its first namespaces: \(error)")
      }
    }
  }

  /// Carries out a request.
  ///
  /// - Throws: `StatusError`, with Kubernetes' reason, code and message; nothing has changed then.
  @discardableResult
  public mutating func handle(
    _ request: APIRequest, at now: Timestamp
  ) throws(StatusError) -> APIResponse {
    try request.checkOptions()
    if request.isDryRun { return try rehearse(request, at: now) }
    switch request {
    case .get(let type, let key, let options):
      if let part = options.subresource { try checkServed(part, of: type, for: "get") }
      let object = try get(type, key, resourceVersion: options.resourceVersion)
      return .object(options.subresource == .scale ? try scale(of: object) : object)
    case .list(let type, let options):
      let list = try list(type, options)
      // The next page will ask for this state.
      if !list.continueToken.isEmpty, list.revision == store.revision {
        store.keepState(of: type)
      }
      return .list(list)
    case .create(let object, _):
      return .object(try create(object, at: now))
    case .update(let object, let subresource, _):
      return .object(try update(object, subresource: subresource, at: now))
    case .patch(let type, let key, let patch, let subresource, _):
      return .object(try self.patch(type, key, patch, subresource: subresource, at: now))
    case .delete(let type, let key, let options):
      let deletion = try delete(storageType(of: type), key, options, at: now)
      let object = presented(deletion.object, as: type)
      return deletion.isRemoval ? .removed(object) : .object(object)
    case .deleteCollection(let type, let chosen, let options):
      return .list(try deleteCollection(type, chosen, options, at: now))
    }
  }

  /// Carries a request out without its writes: on a copy that is thrown away (semantics 1.2).
  ///
  /// What it answers has the revision of what is stored, and none where nothing is.
  private func rehearse(
    _ request: APIRequest, at now: Timestamp
  ) throws(StatusError) -> APIResponse {
    var trial = self
    func kept(_ object: APIObject) -> APIObject {
      object.with(resourceVersion: store.object(object.type, object.key)?.resourceVersion ?? 0)
    }
    switch try trial.handle(request.withoutDryRun, at: now) {
    case .object(let object): return .object(kept(object))
    case .removed(let object): return .removed(kept(object))
    case .list(var list):
      list.objects = list.objects.map(kept)
      list.revision = store.revision
      return .list(list)
    }
  }

  /// Adds a kind, as an established CustomResourceDefinition does.
  @discardableResult
  public mutating func register(
    _ definition: ResourceType.Definition, schema: StructuralSchema? = nil
  ) -> ResourceType {
    let type = registry.register(definition, schema: schema)
    namespaceType = registry.type(apiVersion: "v1", kind: "Namespace")
    return type
  }

  /// The schema of a kind as it is now, where content is not as it wants it; nil for nearly all content.
  ///
  /// Objects may have been written under an earlier schema.
  func schema(of type: ResourceType, refusing content: Value) -> StructuralSchema? {
    if type.isView { return type.accepts(content) ? nil : type.schema }
    guard type.index < registry.types.count, !registry.types[type.index].accepts(content) else {
      return nil
    }
    return registry.types[type.index].schema
  }

  /// Writes an object with the next revision.
  mutating func commit(
    _ kind: StoreEvent.Kind, _ type: ResourceType, _ header: ObjectHeader, _ body: Value,
    over previous: APIObject?, sent: APIObject? = nil, at now: Timestamp
  ) -> APIObject {
    var header = header
    header.resourceVersion = store.revision + 1
    // Most bodies are kept as they were sent or stored, and their hash with them.
    let written =
      if let source = sent ?? previous {
        APIObject(type: type, header: header, body: body, perhapsOf: source)
      } else {
        APIObject(type: type, header: header, body: body)
      }
    store.commit(
      StoreEvent(kind: kind, object: written, previous: previous, time: now))
    if type.isDefinition { serve(written) }
    return written
  }

  /// Takes an object out; watchers see its last state with the revision of the removal (semantics 1.2).
  mutating func remove(_ stored: APIObject, at now: Timestamp) -> APIObject {
    let tombstone = stored.with(resourceVersion: store.revision + 1)
    store.commit(
      StoreEvent(kind: .deleted, object: tombstone, previous: stored, time: now))
    if stored.type.isDefinition {
      stopServing(stored)
      reviseNames(like: stored, at: now)
    }
    return tombstone
  }
}

public import APIMachinery
public import ValueTree

/// Reads and writes of objects whose kind is known only when the controller runs.
extension ReconcileContext {
  // MARK: Kinds

  /// The kind that a reference names, in any version that is served; nil where it is not served.
  ///
  /// - Throws: the server's `StatusError`.
  public nonisolated(nonsending) func discover(
    apiVersion: String, kind: String
  ) async throws -> ResourceType? {
    try await discover(.kind(apiVersion: apiVersion, kind: kind)).first
  }

  /// The kinds that the server serves, in its order.
  ///
  /// - Throws: the server's `StatusError`.
  public nonisolated(nonsending) func discoverEverything() async throws -> [ResourceType] {
    try await discover(.everything)
  }

  private nonisolated(nonsending) func discover(
    _ question: Discovery
  ) async throws -> [ResourceType] {
    guard case .discovered(let result) = try await perform(.discover(question)) else {
      preconditionFailure("a driver answers a discovery with kinds")
    }
    return try result.get()
  }

  // MARK: Owners

  /// The object of this identity, as the caches have it.
  ///
  /// Waits until all caches have been filled. For controllers that watch every kind.
  public nonisolated(nonsending) func cachedObject(_ uid: UID) async throws -> APIObject? {
    guard case .cached(let object) = try await perform(.cachedObject(uid)) else {
      preconditionFailure("a driver answers a cached read from its cache")
    }
    return object
  }

  /// The objects that name this identity as their owner, as the caches have them.
  ///
  /// Waits until all caches have been filled. For controllers that watch every kind.
  public nonisolated(nonsending) func cachedDependents(
    of owner: UID
  ) async throws -> [APIObject] {
    guard case .cachedList(let objects) = try await perform(.cachedDependents(owner)) else {
      preconditionFailure("a driver answers a cached read from its cache")
    }
    return objects
  }

  // MARK: Reads

  /// Reads an object; nil when it is not there.
  ///
  /// From the cache, nil proves nothing: the object may exist and not have arrived yet.
  public nonisolated(nonsending) func get(
    _ type: ResourceType, _ key: ObjectKey, from source: ReadSource = .cache
  ) async throws -> APIObject? {
    switch source {
    case .cache:
      guard case .cached(let object) = try await perform(.cachedGet(type, key)) else {
        preconditionFailure("a driver answers a cached read from its cache")
      }
      return object
    case .server:
      do {
        return try await object(.get(type, key))
      } catch let error as StatusError where error.isNotFound {
        return nil
      }
    }
  }

  /// Reads all objects of a kind, in one namespace or in all, in key order.
  public nonisolated(nonsending) func list(
    _ type: ResourceType, namespace: String? = nil, from source: ReadSource = .cache
  ) async throws -> [APIObject] {
    switch source {
    case .cache:
      guard
        case .cachedList(let objects) = try await perform(.cachedList(type, namespace: namespace))
      else { preconditionFailure("a driver answers a cached read from its cache") }
      return objects
    case .server:
      return try await objects(.list(type, namespace: namespace))
    }
  }

  // MARK: Writes

  /// Replaces an object or one part of it, if its resource version is still the one it was read with.
  ///
  /// - Returns: the object as the server has it.
  @discardableResult
  public nonisolated(nonsending) func update(
    _ object: APIObject, subresource: Subresource? = nil
  ) async throws -> APIObject {
    try await self.object(.update(object, subresource: subresource))
  }

  /// Merges a JSON merge patch into an object; with a resource version in it, only into that state.
  ///
  /// - Returns: the object as the server has it.
  @discardableResult
  public nonisolated(nonsending) func mergePatch(
    _ type: ResourceType, _ key: ObjectKey, _ patch: Value, subresource: Subresource? = nil
  ) async throws -> APIObject {
    try await object(.mergePatch(type, key, patch, subresource: subresource))
  }

  /// Deletes an object, if the preconditions hold.
  ///
  /// - Returns: the object as it is after the request, or as it last was.
  @discardableResult
  public nonisolated(nonsending) func delete(
    _ type: ResourceType, _ key: ObjectKey, _ options: DeleteOptions = .none
  ) async throws -> APIObject {
    try await object(.delete(type, key, options))
  }

  /// Deletes the objects that the list options choose, one after the other.
  ///
  /// - Returns: the objects as they are after the request, or as they last were.
  @discardableResult
  public nonisolated(nonsending) func deleteCollection(
    _ type: ResourceType, _ chosen: ListOptions, _ options: DeleteOptions = .none
  ) async throws -> [APIObject] {
    try await objects(.deleteCollection(type, chosen, options))
  }

  private nonisolated(nonsending) func object(_ request: APIRequest) async throws -> APIObject {
    guard let object = try await answer(request).object else {
      preconditionFailure("the answer to \(request.verb) is an object")
    }
    return object
  }

  private nonisolated(nonsending) func objects(_ request: APIRequest) async throws -> [APIObject] {
    guard case .list(let list) = try await answer(request) else {
      preconditionFailure("the answer to \(request.verb) is a list")
    }
    return list.objects
  }

  private nonisolated(nonsending) func answer(_ request: APIRequest) async throws -> APIResponse {
    guard case .api(let result) = try await perform(.api(request)) else {
      preconditionFailure("a driver answers a request with an answer")
    }
    return try result.get()
  }
}

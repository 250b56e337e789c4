public import APIMachinery
public import ValueTree

/// Where a read is answered.
public enum ReadSource: Sendable, Hashable {
  /// The informer's cache: quick, and possibly behind.
  case cache
  /// The server: what is stored at this moment.
  case server
}

extension ReconcileContext {
  /// Reads an object; nil when it is not there.
  ///
  /// From the cache, nil proves nothing: the object may exist and not have arrived yet.
  @inlinable
  public nonisolated(nonsending) func get<R: Resource>(
    _: R.Type, _ key: ObjectKey, from source: ReadSource = .cache
  ) async throws -> R? {
    switch source {
    case .cache:
      guard case .cached(let object) = try await perform(.cachedGet(R.type, key)) else {
        preconditionFailure("a driver answers a cached read from its cache")
      }
      return object.map(R.init)
    case .server:
      do {
        return R(try await request(.get(R.type, key)))
      } catch let error as StatusError where error.isNotFound {
        return nil
      }
    }
  }

  /// Reads all objects of a kind, in one namespace or in all, in key order.
  @inlinable
  public nonisolated(nonsending) func list<R: Resource>(
    _: R.Type, namespace: String? = nil, from source: ReadSource = .cache
  ) async throws -> [R] {
    switch source {
    case .cache:
      guard
        case .cachedList(let objects) = try await perform(
          .cachedList(R.type, namespace: namespace))
      else { preconditionFailure("a driver answers a cached read from its cache") }
      return objects.map(R.init)
    case .server:
      let reply = try await perform(.api(.list(R.type, namespace: namespace)))
      guard case .api(let result) = reply, case .list(let list) = try result.get() else {
        preconditionFailure("a driver answers a list with a list")
      }
      return list.objects.map(R.init)
    }
  }

  /// Makes an object.
  ///
  /// - Returns: the object as the server has it.
  @inlinable @discardableResult
  public nonisolated(nonsending) func create<R: Resource>(_ resource: R) async throws -> R {
    R(try await request(.create(resource.object)))
  }

  /// Replaces an object (its status excepted, where that has an endpoint of its own).
  ///
  /// - Returns: the object as the server has it.
  @inlinable @discardableResult
  public nonisolated(nonsending) func update<R: Resource>(_ resource: R) async throws -> R {
    R(try await request(.update(resource.object)))
  }

  /// Replaces an object's status.
  ///
  /// - Returns: the object as the server has it.
  @inlinable @discardableResult
  public nonisolated(nonsending) func updateStatus<R: Resource>(
    _ resource: R
  ) async throws -> R {
    R(try await request(.update(resource.object, subresource: .status)))
  }

  /// Merges a JSON merge patch into an object or its status.
  ///
  /// - Returns: the object as the server has it.
  @inlinable @discardableResult
  public nonisolated(nonsending) func mergePatch<R: Resource>(
    _: R.Type, _ key: ObjectKey, _ patch: Value, subresource: Subresource? = nil
  ) async throws -> R {
    R(try await request(.mergePatch(R.type, key, patch, subresource: subresource)))
  }

  /// Deletes an object, if the preconditions hold.
  @inlinable
  public nonisolated(nonsending) func delete<R: Resource>(
    _: R.Type, _ key: ObjectKey, _ options: DeleteOptions = .none
  ) async throws {
    _ = try await request(.delete(R.type, key, options))
  }

  @usableFromInline
  nonisolated(nonsending) func request(_ request: APIRequest) async throws -> APIObject {
    guard case .api(let result) = try await perform(.api(request)) else {
      preconditionFailure("a driver answers a request with an answer")
    }
    guard let object = try result.get().object else {
      preconditionFailure("the answer to \(request.verb) is an object")
    }
    return object
  }
}

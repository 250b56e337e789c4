public import APIMachinery
public import Allocation

/// A pool as a reconcile sees it.
public struct PoolClient {
  /// The pool's name.
  public let name: String
  let context: ReconcileContext

  /// Sees to it that the owner holds `count` items; asking again gives the same ones.
  ///
  /// - Throws: `AllocationError.exhausted`, `.ownerSealed`, and what a broken connection throws.
  public nonisolated(nonsending) func ensure(
    _ count: Int, for owner: some Resource, key: String = "default",
    selector: [AttributeRequirement] = [], matchAttribute: String? = nil
  ) async throws -> [Grant] {
    try await call(
      .ensure(
        request(count, owner, key: key, selector: selector, matchAttribute: matchAttribute)))
  }

  /// Closes everything that the owner holds and seals the owner.
  ///
  /// - Returns: what is being given back.
  @discardableResult
  public nonisolated(nonsending) func beginRelease(_ owner: UID) async throws -> [Grant] {
    try await call(.beginRelease(pool: name, owner: owner))
  }

  /// Gives back what the owner has begun to give back.
  public nonisolated(nonsending) func finishRelease(_ owner: UID) async throws {
    _ = try await call(.finishRelease(pool: name, owner: owner))
  }

  /// Gives back one grant; the owner is compared.
  public nonisolated(nonsending) func release(_ grant: Grant) async throws {
    _ = try await call(
      .release(
        pool: name, item: grant.item, generation: grant.generation, owner: grant.owner))
  }

  /// What the owner holds, open or closing.
  public nonisolated(nonsending) func grants(of owner: UID) async throws -> [Grant] {
    try await call(.held(pool: name, owner: owner))
  }

  /// Everything that is out, open or closing, whoever holds it: what a sweeper begins with.
  public nonisolated(nonsending) func outstanding() async throws -> [Grant] {
    try await call(.outstanding(pool: name))
  }

  /// Enters what objects record; to be done after a restart, before the first new grant.
  ///
  /// Books that outlive the process are ready and stay as they are.
  ///
  /// - Returns: the records that were not entered, because others have a better claim to their items or the pool does
  ///   not have them. Somebody should be told: their owners get other items.
  /// - Throws: `AllocationError.notReady` where the books need records and `isComplete` says that these are not all.
  @discardableResult
  public nonisolated(nonsending) func rebuild(
    from records: [AllocationRecord], isComplete: Bool = true
  ) async throws -> [AllocationRecord] {
    let adopted = try await call(
      .rebuild(pool: name, records: records, isComplete: isComplete))
    // Books that were ready adopt nothing and refuse nothing.
    guard !adopted.isEmpty else { return [] }
    return records.filter { record in
      !adopted.contains { $0.item == record.item && $0.owner == record.owner }
    }
  }

  /// The pool without its protocol.
  public var raw: RawPoolClient { RawPoolClient(pool: self) }

  func request(
    _ count: Int, _ owner: some Resource, key: String = "default",
    selector: [AttributeRequirement] = [], matchAttribute: String? = nil
  ) -> AllocationRequest {
    AllocationRequest(
      pool: name, for: owner.object, key: key, count: count, selector: selector,
      matchAttribute: matchAttribute)
  }

  nonisolated(nonsending) func call(_ call: AllocatorCall) async throws -> [Grant] {
    guard case .allocator(let result) = try await context.perform(.allocator(call)) else {
      preconditionFailure("a driver answers a call to a pool with grants")
    }
    return try result.get()
  }
}

/// A pool as naive controllers use it: taking twice takes twice, freeing asks nobody.
public struct RawPoolClient {
  let pool: PoolClient

  /// Takes items.
  ///
  /// Nothing remembers what for.
  public nonisolated(nonsending) func take(
    _ count: Int, for owner: some Resource
  ) async throws -> [Grant] {
    try await pool.call(.takeRaw(pool.request(count, owner)))
  }

  /// Frees an item, whoever holds it.
  public nonisolated(nonsending) func free(_ item: String) async throws {
    _ = try await pool.call(.freeRaw(pool: pool.name, item: item))
  }
}

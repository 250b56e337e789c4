import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import Scalars
import ValueTree

/// Pools are objects, and their books follow them: made with them, changed with them, gone with them.
extension World {
  /// What the books say against a write to a Pool; nil where they agree.
  ///
  /// A pool whose items are in use cannot lose them.
  func refusal(of request: APIRequest) -> StatusError? {
    guard request.type == Pool.type else { return nil }
    if case .deleteCollection(_, let chosen, _) = request {
      let pools = (try? server.list(Pool.type, chosen))?.objects ?? []
      return pools.lazy.compactMap { inUse(held(in: $0.name), $0.key) }.first
    }
    guard let key = request.key else { return nil }
    if case .delete = request {
      guard server.store.object(Pool.type, key) != nil else { return nil }
      return inUse(held(in: key.name), key)
    }
    guard let pool = result(of: request) else { return nil }
    return refusal(of: Pool(pool), key)
  }

  /// What a write would lead to; nil for one that the server refuses, with an answer of its own.
  private func result(of request: APIRequest) -> APIObject? {
    guard request.isWrite else { return nil }
    var trial = server
    guard case .object(let object)? = try? trial.handle(request, at: now) else { return nil }
    return object
  }

  private func refusal(of pool: Pool, _ key: ObjectKey) -> StatusError? {
    do {
      let book = try pool.book(plan.allocators)
      let backing = try pool.backing()
      let held = held(in: key.name)
      // Books do not move between a process and the outside while something is handed out.
      if let stored = server.store.object(Pool.type, key), try Pool(stored).backing() != backing {
        return inUse(held, key)
      }
      return inUse(held.filter { book.allocator.item(named: $0.item) == nil }, key)
    } catch {
      return .invalid(Pool.type, key.name, [error])
    }
  }

  private func inUse(
    _ items: [(item: String, holder: String)], _ key: ObjectKey
  ) -> StatusError? {
    guard let first = items.first else { return nil }
    let more = items.count > 1 ? " and \(items.count - 1) more" : ""
    return .conflict(
      Pool.type, key.name,
      "\(first.item) is held by \(first.holder)\(more); delete the holders first")
  }

  /// What is handed out of a pool, by its books and by what objects record: books in the memory of processes that
  /// have just started know less than the objects do.
  private func held(in pool: String) -> [(item: String, holder: String)] {
    var held: [(item: String, holder: String)] = []
    for book in books(of: pool) {
      for grant in book.allGrants { held.append((grant.item, book.holder(of: grant.item) ?? "")) }
    }
    for record in records.all where record.pool == pool {
      if !held.contains(where: { $0.item == record.item }) {
        held.append((record.item, record.holder))
      }
    }
    return held
  }

  /// Refuses a user's claim that no controller could ever satisfy, whatever the pools are given: one on a pool that hands
  /// out something else, an address that is none, a selector that names no value.
  func refusalOfClaim(_ request: APIRequest) -> StatusError? {
    guard let expected = Self.poolTypes.first(where: { $0.claim == request.type })?.type,
      let key = request.key
    else { return nil }
    if case .delete = request { return nil }
    guard let body = result(of: request)?.body else { return nil }
    if let problem = Self.problem(of: body) {
      return .invalid(request.type, key.name, [problem])
    }
    let path = FieldPath(Fields.spec, "pool")
    guard let name = body[path]?.string,
      let pool = server.store.object(Pool.type, ObjectKey(name: name)),
      let found = pool.body[FieldPath(Fields.spec, "type")]?.string, found != expected,
      Self.poolTypes.contains(where: { $0.type == found })
    else { return nil }
    return .invalid(
      request.type, key.name,
      [.invalid(path, Value(name), "pool \"\(name)\" is of type \(found), not \(expected)")])
  }

  private static func problem(of claim: Value) -> FieldError? {
    let ip = FieldPath(Fields.spec, "ip")
    if let value = claim[ip], let text = value.string, IPAddress(text) == nil {
      return .invalid(ip, value, "must be an IP address, such as 10.0.0.7 or fd00::7")
    }
    let selector = FieldPath(Fields.spec, "selector")
    for (key, value) in claim[selector]?.members ?? Value.emptyMap.members
    where value.isMap || value.isList || value.isNull {
      return .invalid(
        selector.appending(key), value, "must be a string, a number or a boolean")
    }
    return nil
  }

  /// What the pools must hand out that Drydock's own claims ask.
  private static let poolTypes: [(claim: ResourceType, type: String)] = [
    (PortClaim.type, "port"), (IPClaim.type, "ip"), (GPUClaim.type, "gpu"),
    (DeviceBinding.type, "gpu"),
  ]

  private func books(of pool: String) -> [PoolBook] {
    allBooks.filter { $0.name == pool }
  }

  /// Brings the books in line with a Pool that was written.
  mutating func follow(_ pool: Pool) throws(FieldError) {
    let fresh = try pool.book(plan.allocators)
    let backing = try pool.backing()
    if backing == .ledger {
      memoryPools.removeAll { $0.name == fresh.name }
      return take(fresh)
    }
    books.removeAll { $0.name == fresh.name }
    memoryPools.removeAll { $0.name == fresh.name }
    memoryPools.append(fresh.emptied)
    for index in processes.indices where processes[index].isRunning {
      if let own = processes[index].books.firstIndex(where: { $0.name == fresh.name }) {
        let book = processes[index].books[own]
        processes[index].books[own] = PoolBook(
          name: fresh.name, allocator: fresh.allocator, restoring: book.state,
          isReady: book.isReady)
      } else {
        processes[index].books.append(fresh.emptied)
      }
    }
  }

  /// Closes the books of a Pool that is gone.
  mutating func forget(poolNamed name: String) {
    books.removeAll { $0.name == name }
    memoryPools.removeAll { $0.name == name }
    for index in processes.indices { processes[index].books.removeAll { $0.name == name } }
  }
}

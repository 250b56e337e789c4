import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation

/// Pools are objects, and their books follow them: made with them, changed with them, gone with them.
extension World {
  /// What the books say against a write to a Pool; nil where they agree.
  ///
  /// A pool whose items are in use cannot lose them.
  func refusal(of request: APIRequest) -> StatusError? {
    guard request.type == Pool.type, let key = request.key else { return nil }
    switch request {
    case .delete:
      guard server.store.object(Pool.type, key) != nil else { return nil }
      return inUse(books(of: key.name).flatMap(\.allGrants), key)
    case .create(let object), .update(let object, nil):
      return refusal(of: Pool(object), key)
    case .mergePatch(_, _, let patch, nil):
      guard let stored = server.store.object(Pool.type, key),
        let changed = try? APIObject(decoding: stored.value.merging(patch), as: Pool.type)
      else { return nil }
      return refusal(of: Pool(changed), key)
    default: return nil
    }
  }

  private func refusal(of pool: Pool, _ key: ObjectKey) -> StatusError? {
    do {
      let book = try pool.book(plan.allocators)
      _ = try pool.backing()
      let lost = books(of: key.name).flatMap(\.allGrants).filter {
        book.allocator.item(named: $0.item) == nil
      }
      return inUse(lost, key)
    } catch {
      return .invalid(Pool.type, key.name, [error])
    }
  }

  private func inUse(_ grants: [Grant], _ key: ObjectKey) -> StatusError? {
    guard let first = grants.first else { return nil }
    let holder = books(of: key.name).compactMap { $0.holder(of: first.item) }.first ?? "someone"
    let more = grants.count > 1 ? " and \(grants.count - 1) more" : ""
    return .conflict(
      Pool.type, key.name, "\(first.item) is held by \(holder)\(more); delete the holders first")
  }

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

public import APIMachinery
import PersistentCollections

/// What is kept of a pool's books when nobody has them in memory.
///
/// Items go by name: a pool that is changed in between may number them anew.
public struct PoolBookState: Sendable, Hashable {
  /// The latest grant of one item.
  public struct Slot: Sendable, Hashable {
    /// The item's name.
    public var item: String
    /// Which grant of the item.
    public var generation: UInt32
    /// Where the grant stands.
    public var state: GrantState
    /// Who has, or had, the item.
    public var owner: UID
    /// Which of the owner's requests the item is for.
    public var requestKey: String
    /// The owner for people.
    public var holder: String
    /// The item's place among those that the owner holds, in the order of granting; nil when it holds it no more.
    public var position: Int?

    /// The latest grant of one item.
    public init(
      item: String, generation: UInt32, state: GrantState, owner: UID, requestKey: String,
      holder: String, position: Int? = nil
    ) {
      self.item = item
      self.generation = generation
      self.state = state
      self.owner = owner
      self.requestKey = requestKey
      self.holder = holder
      self.position = position
    }
  }

  /// The pool.
  public var pool: String
  /// The latest grant of each item that was ever handed out.
  public var slots: [Slot]
  /// The owners that have begun to give everything back, in order.
  public var sealed: [UID]
  /// The item that was handed out last, where the allocator goes on from it.
  public var last: String?

  /// The state of a pool's books.
  public init(
    pool: String, slots: [Slot] = [], sealed: [UID] = [], last: String? = nil
  ) {
    self.pool = pool
    self.slots = slots
    self.sealed = sealed
    self.last = last
  }

  /// The items that are out, as grants.
  public var grants: [Grant] {
    slots.filter { $0.state == .open || $0.state == .closing }.map {
      Grant(
        pool: pool, item: $0.item, generation: $0.generation, owner: $0.owner,
        requestKey: $0.requestKey, state: $0.state)
    }
  }
}

extension PoolBook {
  /// What is worth keeping of the books.
  ///
  /// - Complexity: O(items ever handed out).
  public var state: PoolBookState {
    var state = PoolBookState(
      pool: name, sealed: sealed.map(\.key), last: last.map(allocator.name))
    state.slots = slots.map { item, slot in
      PoolBookState.Slot(
        item: allocator.name(of: item), generation: slot.generation, state: slot.state,
        owner: slot.owner, requestKey: slot.requestKey, holder: slot.holder,
        position: held[slot.owner]?.firstIndex(of: item))
    }
    state.slots += strays
    return state
  }

  /// The books of a pool as they were when their state was taken.
  ///
  /// What the pool has no longer (its spec was changed) is kept aside, and is there again when the item is.
  public init(
    name: String, allocator: any Allocator, restoring state: PoolBookState, isReady: Bool = true
  ) {
    self.init(name: name, allocator: allocator, isReady: isReady)
    var heldInOrder: [UID: [(position: Int, item: Int)]] = [:]
    var owners: [UID] = []
    for slot in state.slots {
      guard let item = allocator.item(named: slot.item) else {
        strays.append(slot)
        continue
      }
      slots.updateValue(
        Slot(
          generation: slot.generation, state: slot.state, owner: slot.owner,
          requestKey: slot.requestKey, holder: slot.holder),
        forKey: item)
      if slot.state != .closed { free.remove(item) }
      guard let position = slot.position else { continue }
      if heldInOrder[slot.owner] == nil { owners.append(slot.owner) }
      heldInOrder[slot.owner, default: []].append((position, item))
    }
    for owner in owners {
      let items = (heldInOrder[owner] ?? []).sorted { $0.position < $1.position }.map(\.item)
      held.updateValue(items, forKey: owner)
    }
    if allocator.continuesAfterLast { last = state.last.flatMap(allocator.item(named:)) }
    for owner in state.sealed { sealed.updateValue(true, forKey: owner) }
  }
}

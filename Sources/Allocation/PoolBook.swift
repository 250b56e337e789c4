public import APIMachinery
import PersistentCollections

/// The books of one pool: who holds which item, and the rules for handing out and taking back.
///
/// - Guarantees: `ensure` is idempotent by owner and request key; `release` compares the owner and is never blind; an
///   owner that has begun to release is sealed for good; a grant's state moves one way; total = free + open +
///   closing at every moment. A call that throws has changed nothing.
/// - Caveats: `takeRaw` and `freeRaw` keep none of this. They are there because real controllers work like that.
public struct PoolBook: Sendable {
  /// The pool's name.
  public let name: String
  /// What chooses the items.
  public let allocator: any Allocator

  struct Slot: Sendable, Hashable {
    var generation: UInt32
    var state: GrantState
    var owner: UID
    var requestKey: String
    var holder: String

    /// Whether somebody has the item.
    var isOut: Bool { state != .closed }
  }

  /// By item: the latest grant, also when it is closed, for its generation.
  var slots = PersistentMap<Int, Slot>()
  var free: ItemSet
  /// By owner: the items it holds, open or closing, in the order of granting.
  var held = PersistentMap<UID, [Int]>()
  var sealed = PersistentMap<UID, Bool>()
  /// The item that was handed out last, where the allocator goes on from it.
  var last: Int?
  /// Whether the books tell all there is; books that begin empty must be rebuilt from records first.
  public private(set) var isReady: Bool
  /// By lease: how often it had changed hands for the latest leader that has called.
  var fences = PersistentMap<String, Int64>()
  /// What was handed out of items that the pool has no longer, kept for when it has them again.
  var strays: [PoolBookState.Slot] = []

  /// The books of a pool of which nothing is handed out.
  ///
  /// Books with `isReady` false have to be rebuilt before anything is handed out.
  public init(name: String, allocator: any Allocator, isReady: Bool = true) {
    self.name = name
    self.isReady = isReady
    self.allocator = allocator
    free = ItemSet(capacity: allocator.itemCount, full: true)
  }

  // MARK: The protocol of semantics 3.14

  /// Sees to it that the owner holds as many items as it asks for; what it holds already stays.
  ///
  /// - Returns: everything that the owner holds for this request, in the order of granting; more than it asked for
  ///   where it once asked for more.
  /// - Throws: `notReady`, `ownerSealed`, `exhausted`, `invalid`; nothing has changed then.
  public mutating func ensure(
    _ request: AllocationRequest
  ) throws(AllocationError) -> [Grant] {
    try ensureCountingNew(request).grants
  }

  /// What `ensure` does, and how many of the grants are new: the last ones.
  public mutating func ensureCountingNew(
    _ request: AllocationRequest
  ) throws(AllocationError) -> (grants: [Grant], newCount: Int) {
    guard request.count >= 0 else { throw .invalid("a request cannot be for \(request.count)") }
    guard isReady else { throw .notReady }
    if isSealed(request.owner) { throw .ownerSealed }
    let grants = grants(of: request.owner, key: request.key, state: .open)
    // Most requests are asked once more for what is there.
    if grants.count >= request.count { return (grants, 0) }
    let more = try allocator.choose(
      request.count - grants.count, for: request,
      holding: items(of: request.owner, key: request.key), free: free, after: last)
    let holder = request.holder
    for item in more { open(item, owner: request.owner, key: request.key, holder: holder) }
    return (grants + more.compactMap(grant), more.count)
  }

  /// Gives back one item.
  ///
  /// What nobody holds is given back already: that is success, also for an item that the pool does not have.
  ///
  /// - Throws: `notOwner` when another owner holds the item, `staleGeneration` when the same owner holds another grant
  ///   of it.
  public mutating func release(
    item: String, generation: UInt32, owner: UID
  ) throws(AllocationError) {
    guard let index = allocator.item(named: item), let slot = slots[index], slot.isOut
    else { return }
    guard slot.owner == owner else { throw .notOwner }
    guard slot.generation == generation else { throw .staleGeneration }
    close(index)
  }

  /// Closes the owner's open grants and seals the owner: nothing is handed out to it any more.
  ///
  /// - Returns: what the owner still holds, all of it closing.
  @discardableResult
  public mutating func beginRelease(owner: UID) -> [Grant] {
    if sealed[owner] == nil {
      sealed.updateValue(true, forKey: owner)
    }
    for item in held[owner] ?? [] {
      slots.mutateValue(forKey: item) { slot in
        if slot.state == .open { slot.state = .closing }
      }
    }
    return grants(of: owner, state: .closing)
  }

  /// Takes back what the owner is giving back.
  public mutating func finishRelease(owner: UID) {
    for item in held[owner] ?? []
    where slots.withValue(forKey: item, { $0.state == .closing }) ?? false {
      close(item)
    }
  }

  /// What the owner holds, open or closing.
  public func grants(of owner: UID) -> [Grant] {
    guard let items = held[owner] else { return [] }
    // A loop: a closure over the books would be a copy of them.
    var grants: [Grant] = []
    grants.reserveCapacity(items.count)
    for item in items { if let grant = grant(item) { grants.append(grant) } }
    return grants
  }

  /// Whether the owner has begun to give everything back.
  public func isSealed(_ owner: UID) -> Bool { !sealed.isEmpty && sealed[owner] != nil }

  // MARK: Raw access

  /// Takes free items without saying for whom in a way that could be asked again.
  public mutating func takeRaw(
    _ count: Int, by request: AllocationRequest
  ) throws(AllocationError) -> [Grant] {
    let chosen = try allocator.choose(count, for: request, holding: [], free: free, after: last)
    let holder = request.holder
    for item in chosen { open(item, owner: request.owner, key: request.key, holder: holder) }
    return chosen.compactMap(grant)
  }

  /// Frees an item, whoever holds it.
  public mutating func freeRaw(item: String) throws(AllocationError) {
    guard let index = allocator.item(named: item) else { throw .unknownItem(item) }
    guard let slot = slots[index], slot.isOut else { return }
    close(index)
  }

  // MARK: Rebuilding

  /// Says that all records have been entered.
  mutating func finishRebuilding() { isReady = true }

  /// The same pool with empty books that have to be rebuilt.
  ///
  /// Nothing is known any more: neither who was sealed, nor the generations of what is free.
  public var emptied: PoolBook { PoolBook(name: name, allocator: allocator, isReady: false) }

  /// Enters a grant that a record tells of, as after a restart with empty books.
  ///
  /// - Returns: false when another owner has the item already: a duplicate to be reported.
  @discardableResult
  public mutating func adopt(_ record: AllocationRecord) throws(AllocationError) -> Bool {
    guard let index = allocator.item(named: record.item) else { throw .unknownItem(record.item) }
    if let slot = slots[index], slot.isOut { return slot.owner == record.owner }
    // An item's generation only grows, whatever a record says.
    let generation = max(record.generation ?? 1, nextGeneration(of: index))
    open(
      index, generation: generation, owner: record.owner, key: record.requestKey,
      holder: record.holder)
    if sealed[record.owner] != nil {
      slots.mutateValue(forKey: index) { $0.state = .closing }
    }
    return true
  }

  // MARK: Looking

  /// What is handed out, in the order of the items.
  public var allGrants: [Grant] {
    slots.compactMap { item, slot in slot.isOut ? grant(item) : nil }
  }

  /// The items that are out and the first free ones, in their order.
  ///
  /// - Complexity: O(items ever handed out + freeMax), however large the pool is.
  public func items(freeMax: Int) -> [Int] {
    var free: [Int] = []
    var next = 0
    while free.count < freeMax, let item = self.free.first(from: next) {
      free.append(item)
      next = item + 1
    }
    return (free + slots.compactMap { item, slot in slot.isOut ? item : nil }).sorted()
  }

  /// How many items can be handed out.
  public var freeCount: Int { free.count }

  /// The grant of the item that is out; nil when it is free.
  public func grant(ofItem name: String) -> Grant? {
    guard let item = allocator.item(named: name), let slot = slots[item], slot.isOut
    else { return nil }
    return grant(item)
  }

  /// Who holds the item, for people; nil when it is free.
  public func holder(of item: String) -> String? {
    guard let index = allocator.item(named: item), let slot = slots[index], slot.isOut
    else { return nil }
    return slot.holder
  }

  /// How many items are in which state; the sum is always the total.
  public struct Capacity: Sendable, Hashable {
    /// All items.
    public var total: Int
    /// Items that can be handed out.
    public var free: Int
    /// Items in use.
    public var open: Int
    /// Items that are being given back.
    public var closing: Int
  }

  /// The pool's capacity at this moment.
  ///
  /// - Complexity: O(items ever handed out).
  public var capacity: Capacity {
    var capacity = Capacity(
      total: allocator.itemCount, free: free.count, open: 0, closing: 0)
    slots.forEachValue { slot in
      switch slot.state {
      case .open: capacity.open += 1
      case .closing: capacity.closing += 1
      case .closed: break
      }
    }
    return capacity
  }

  /// A stable hash of everything that decides how the books answer from now on.
  public var contentHash: UInt64 {
    var hash = StableHash(seed: isReady ? 1 : 0)
    hash.combine(name)
    for (item, slot) in slots {
      hash.combine(item)
      hash.combine(UInt64(slot.generation))
      hash.combine(slot.state.rawValue)
      // Who held what is closed makes no difference any more.
      guard slot.isOut else { continue }
      hash.combine(slot.owner.high)
      hash.combine(slot.owner.low)
      hash.combine(slot.requestKey)
    }
    for (owner, _) in sealed {
      hash.combine(owner.high)
      hash.combine(owner.low)
    }
    if let last { hash.combine(last) }
    for (lease, transitions) in fences {
      hash.combine(lease)
      hash.combine(UInt64(bitPattern: transitions))
    }
    return hash.value
  }

  // MARK: Moves

  private mutating func open(
    _ item: Int, generation: UInt32? = nil, owner: UID, key: String, holder: String
  ) {
    precondition(free.contains(item), "an allocator chose an item that is not free")
    let generation = generation ?? nextGeneration(of: item)
    slots.updateValue(
      Slot(
        generation: generation, state: .open, owner: owner, requestKey: key, holder: holder),
      forKey: item)
    if held.mutateValue(forKey: owner, { $0.append(item) }) == nil {
      held.updateValue([item], forKey: owner)
    }
    free.remove(item)
    if allocator.continuesAfterLast { last = item }
  }

  private mutating func close(_ item: Int) {
    let owner = slots.mutateValue(forKey: item) { slot in
      slot.state = .closed
      return slot.owner
    }
    guard let owner else { return }
    let isLast = held.mutateValue(forKey: owner) { items in
      items.removeAll { $0 == item }
      return items.isEmpty
    }
    if isLast == true { held.removeValue(forKey: owner) }
    free.insert(item)
  }

  private func nextGeneration(of item: Int) -> UInt32 {
    // A record that somebody edited can bring in the last number there is: it begins anew then.
    max((slots.withValue(forKey: item) { $0.generation } ?? 0) &+ 1, 1)
  }

  /// The items that the owner holds open for one of its requests.
  private func items(of owner: UID, key: String) -> [Int] {
    guard let items = held[owner] else { return [] }
    return items.filter { item in
      slots.withValue(forKey: item) { $0.state == .open && $0.requestKey == key } ?? false
    }
  }

  /// What the owner holds in one state, for one of its requests or for all.
  public func grants(of owner: UID, key: String? = nil, state: GrantState) -> [Grant] {
    guard let items = held[owner] else { return [] }
    var grants: [Grant] = []
    grants.reserveCapacity(items.count)
    for item in items {
      slots.withValue(forKey: item) { slot in
        guard slot.state == state, key == nil || slot.requestKey == key else { return }
        grants.append(grant(item, slot))
      }
    }
    return grants
  }

  private func grant(_ item: Int) -> Grant? {
    slots.withValue(forKey: item) { grant(item, $0) }
  }

  private func grant(_ item: Int, _ slot: Slot) -> Grant {
    Grant(
      pool: name, item: allocator.name(of: item), generation: slot.generation,
      owner: slot.owner, requestKey: slot.requestKey, state: slot.state)
  }
}

public import APIMachinery
import PersistentCollections
public import Scalars

/// The record of all grants ever made, kept by the world and not by any controller.
///
/// A port, address or device has a biography here: who asked, what recorded it, who gave it back. Oracles judge
/// by it. The ledger observes and never refuses: two open grants of one item are what it is there to see.
public struct Ledger: Sendable {
  /// What happened to an item.
  public enum Event: String, Sendable, Hashable {
    /// Handed out.
    case opened
    /// Written into an object.
    case recorded
    /// Gone from the object that recorded it.
    case unrecorded
    /// Being given back.
    case closing
    /// Given back.
    case closed
    /// Freed by somebody who did not say whose it was.
    case freedBlindly
    /// Lost from memory when the process that had handed it out stopped.
    case forgotten
  }

  /// One line of a biography.
  public struct Entry: Sendable, Hashable {
    /// When.
    public let time: Timestamp
    /// What.
    public let event: Event
    /// The pool.
    public let pool: String
    /// The item.
    public let item: String
    /// Which grant of the item.
    public let generation: UInt32
    /// The owner of the grant, or the object that records.
    public let owner: UID
    /// The owner for people.
    public let holder: String
    /// Who did it: a worker of a process, or a user.
    public let actor: String

    /// One line of a biography.
    public init(
      time: Timestamp, event: Event, pool: String, item: String, generation: UInt32,
      owner: UID, holder: String, actor: String
    ) {
      self.time = time
      self.event = event
      self.pool = pool
      self.item = item
      self.generation = generation
      self.owner = owner
      self.holder = holder
      self.actor = actor
    }
  }

  /// A grant that is out.
  public struct OpenGrant: Sendable, Hashable {
    /// The grant as it was handed out.
    public let grant: Grant
    /// The owner for people.
    public let holder: String
    /// Who asked for it.
    public let actor: String
    /// When it was handed out.
    public let openedAt: Timestamp
    /// Whether it is being given back.
    public var isClosing = false
  }

  private struct Place: Sendable, Hashable, Comparable {
    let pool: String
    let item: String

    static func < (left: Place, right: Place) -> Bool {
      left.pool != right.pool ? left.pool < right.pool : left.item < right.item
    }
  }

  /// All entries in order: those of full chunks by the number of the chunk, and behind them the latest.
  ///
  /// Entries are only ever added, so nothing need be looked for where one comes.
  private var chunks = PersistentMap<Int, ContiguousArray<Entry>>()
  private var latest: ContiguousArray<Entry> = []
  private static let chunkSize = 16
  private var open = PersistentMap<Place, [OpenGrant]>()
  /// The number of entries so far.
  public private(set) var revision: UInt64 = 0
  /// The number of grants that are out.
  public private(set) var openCount = 0
  /// A stable number for who has what now, whichever grant of an item it is and however that came about: what is taken and
  /// given back leaves the same.
  public private(set) var holdings: UInt64 = 0
  /// A stable hash of all entries in order, without their times.
  ///
  /// - Complexity: O(entries); nobody asks while a world goes on.
  public var historyHash: UInt64 {
    var hash: UInt64 = 0
    forEachEntry { hash = $0.hash(after: hash) }
    return hash
  }

  /// An empty ledger.
  public init() {}

  // MARK: Noting

  /// Notes that a grant was handed out.
  ///
  /// - Returns: the grants of the same item that are out as well; more than none is a double allocation.
  public mutating func noteOpened(
    _ grant: Grant, holder: String, by actor: String, at time: Timestamp
  ) -> [OpenGrant] {
    note(
      .opened, grant.pool, grant.item, grant.generation, grant.owner, holder, actor, time)
    let place = Place(pool: grant.pool, item: grant.item)
    openCount += 1
    holdings &+= grant.holding
    let opened = OpenGrant(grant: grant, holder: holder, actor: actor, openedAt: time)
    let others = open.mutateValue(forKey: place) { grants in
      defer { grants.append(opened) }
      return grants
    }
    if others == nil { open.updateValue([opened], forKey: place) }
    return others ?? []
  }

  /// Notes that a grant is being given back.
  public mutating func noteClosing(_ grant: Grant, by actor: String, at time: Timestamp) {
    let place = Place(pool: grant.pool, item: grant.item)
    let holder: String?? = open.mutateValue(forKey: place) { grants in
      guard let index = grants.firstIndex(where: { $0.grant.isSame(as: grant) }),
        !grants[index].isClosing
      else { return nil }
      grants[index].isClosing = true
      return grants[index].holder
    }
    guard case .some(let holder?) = holder else { return }
    holdings &+= grant.holding
    note(
      .closing, grant.pool, grant.item, grant.generation, grant.owner, holder, actor, time)
  }

  /// Notes that a grant is over.
  ///
  /// A grant that is not out is not noted: it was noted when it ended.
  public mutating func noteClosed(
    _ grant: Grant, _ event: Event = .closed, by actor: String, at time: Timestamp
  ) {
    let place = Place(pool: grant.pool, item: grant.item)
    var isLast = false
    var wasClosing = false
    let holder: String?? = open.mutateValue(forKey: place) { grants in
      guard let index = grants.firstIndex(where: { $0.grant.isSame(as: grant) }) else { return nil }
      isLast = grants.count == 1
      wasClosing = grants[index].isClosing
      return grants.remove(at: index).holder
    }
    guard case .some(let holder?) = holder else { return }
    note(event, grant.pool, grant.item, grant.generation, grant.owner, holder, actor, time)
    if isLast { open.removeValue(forKey: place) }
    openCount -= 1
    holdings &-= wasClosing ? grant.holding &* 2 : grant.holding
  }

  /// Notes that an object began or ceased to record an item.
  public mutating func noteRecord(
    _ record: AllocationRecord, isGone: Bool, by actor: String, at time: Timestamp
  ) {
    note(
      isGone ? .unrecorded : .recorded, record.pool, record.item, record.generation ?? 0,
      record.owner, record.holder, actor, time)
  }

  private mutating func note(
    _ event: Event, _ pool: String, _ item: String, _ generation: UInt32, _ owner: UID,
    _ holder: String, _ actor: String, _ time: Timestamp
  ) {
    revision += 1
    if latest.isEmpty { latest.reserveCapacity(Self.chunkSize) }
    latest.append(
      Entry(
        time: time, event: event, pool: pool, item: item, generation: generation, owner: owner,
        holder: holder, actor: actor))
    guard latest.count == Self.chunkSize else { return }
    chunks.updateValue(latest, forKey: chunks.count)
    latest = []
  }

  /// Looks at all entries in order, where they lie.
  public func forEachEntry(_ body: (Entry) -> Void) {
    chunks.forEachValue { chunk in
      for entry in chunk { body(entry) }
    }
    for entry in latest { body(entry) }
  }

  // MARK: Asking

  /// The grants that are out, by pool and item.
  public var openGrants: [OpenGrant] { open.flatMap(\.value) }

  /// Looks at the grants that are out, by pool and item, where they lie.
  public func forEachOpenGrant(_ body: (OpenGrant) -> Void) {
    open.forEachValue { grants in
      for index in grants.indices { body(grants[index]) }
    }
  }

  /// The grants of one item that are out.
  public func openGrants(pool: String, item: String) -> [OpenGrant] {
    open[Place(pool: pool, item: item)] ?? []
  }

  /// The whole life of one item.
  ///
  /// - Complexity: O(entries).
  public func biography(pool: String, item: String) -> [Entry] {
    var life: [Entry] = []
    forEachEntry { entry in
      if entry.pool == pool, entry.item == item { life.append(entry) }
    }
    return life
  }

  /// All entries in order.
  public var entries: [Entry] {
    var all: [Entry] = []
    all.reserveCapacity(chunks.count * Self.chunkSize + latest.count)
    forEachEntry { all.append($0) }
    return all
  }
}

extension Ledger.Entry {
  /// The hash of the entries up to this one; `hash` is that of those before.
  fileprivate func hash(after hash: UInt64) -> UInt64 {
    var hash = StableHash(seed: hash)
    hash.combine(event.rawValue)
    hash.combine(pool)
    hash.combine(item)
    hash.combine(UInt64(generation))
    hash.combine(owner.high)
    hash.combine(owner.low)
    hash.combine(actor)
    return hash.value
  }
}

extension Grant {
  /// Stands for the owner's having the item, added up while it is out and once more while it is being given back.
  fileprivate var holding: UInt64 {
    var hash = StableHash()
    hash.combine(pool)
    hash.combine(item)
    hash.combine(owner.high)
    hash.combine(owner.low)
    return hash.value
  }

  /// Whether both are the same grant, wherever it stands on its way.
  ///
  /// The owner is compared too: two books that know nothing of each other number an item's grants alike.
  fileprivate func isSame(as other: Grant) -> Bool {
    generation == other.generation && owner == other.owner
  }
}

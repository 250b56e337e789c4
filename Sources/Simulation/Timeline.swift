import ControllerRuntime
public import Allocation
public import Scalars

/// A readable account of a run, one line a happening.
public struct Timeline: Sendable {
  /// One line.
  public struct Entry: Sendable, Hashable {
    /// The decision it belongs to.
    public let step: Int
    /// The virtual time since the start.
    public let time: GoDuration
    /// Who.
    public let actor: String
    /// What.
    public let text: String
    /// What kind of line it is.
    public let kind: Kind
    /// Whether it changes nothing but what somebody knows.
    public var isMinor = false
  }

  /// What a line is about.
  public enum Kind: Sendable, Hashable {
    /// A turn like any other.
    case turn
    /// A fault.
    case fault
    /// The holdings of all pools at this moment.
    case holdings(Holdings)
  }

  /// Who has what: all that is out, and the first free items of each pool.
  public struct Holdings: Sendable, Hashable {
    /// The items, in the order of pools and items.
    public var rows: [Holding]
    /// How many free items of which pool are not among the rows; pools without such are left out.
    public var hiddenFree: [HiddenFree]

    /// Some items.
    public init(rows: [Holding], hiddenFree: [HiddenFree] = []) {
      self.rows = rows
      self.hiddenFree = hiddenFree
    }

    /// Free items that are not listed.
    public struct HiddenFree: Sendable, Hashable {
      /// The pool.
      public let pool: String
      /// How many.
      public let count: Int
    }

    /// The rows of which something holds.
    public func filter(_ isIncluded: (Holding) -> Bool) -> Holdings {
      Holdings(rows: rows.filter(isIncluded), hiddenFree: [])
    }
  }

  /// How many free items a pool shows, so that a pool of a million can be shown.
  public static let freeMax = 8

  /// Who has an item.
  public struct Holding: Sendable, Hashable {
    /// The pool.
    public let pool: String
    /// The item.
    public let item: String
    /// Who has it; nil when it is free.
    public let holder: String?
    /// Which grant of the item.
    public let generation: UInt32
    /// Where the grant stands; nil when the item is free.
    public let state: GrantState?
    /// Whether an object records it.
    public let isRecorded: Bool
  }

  /// The lines so far.
  public internal(set) var entries: [Entry] = []
}

extension World {
  /// Who acts.
  enum Actor {
    case user, world
    case process(Int)
    case informer(Int)
    case worker(Int, Int, Int)
  }

  mutating func tell(
    _ actor: Actor, _ text: @autoclosure () -> String, isFault: Bool = false, isMinor: Bool = false
  ) {
    guard timeline != nil else { return }
    let name: String
    switch actor {
    case .user: name = "user"
    case .world: name = "world"
    case .process(let process): name = processes[process].plan.name
    case .informer(let process): name = "\(processes[process].plan.name)/informer"
    case .worker(let process, let controller, let worker):
      name = actorName(process, controller, worker)
    }
    let line = text()
    let entry = Timeline.Entry(
      step: step, time: now - plan.startTime, actor: name, text: line,
      kind: isFault ? .fault : .turn, isMinor: isMinor)
    timeline?.entries.append(entry)
  }

  /// The name of a worker, for people and the ledger.
  func actorName(_ process: Int, _ controller: Int, _ worker: Int) -> String {
    if processes[process].isRunning {
      return processes[process].controllers[controller].actors[worker]
    }
    return ControllerState(
      processes[process].plan.controllers[controller], in: processes[process].plan.name
    ).actors[worker]
  }

  /// Who has what, with the first free items of each pool.
  ///
  /// - Complexity: O(items ever handed out + pools · freeMax), however large the pools are.
  public func holdings(freeMax: Int = Timeline.freeMax) -> Timeline.Holdings {
    var holdings = Timeline.Holdings(rows: [], hiddenFree: [])
    for book in allBooks {
      let items = book.items(freeMax: freeMax)
      holdings.rows += items.map { holding(book.allocator.name(of: $0), in: book) }
      let hidden = book.freeCount - min(freeMax, book.freeCount)
      if hidden > 0 { holdings.hiddenFree.append(.init(pool: book.name, count: hidden)) }
    }
    return holdings
  }

  /// Who has the item of this name, in each pool that has one.
  public func holdings(ofItem name: String, pool: String? = nil) -> [Timeline.Holding] {
    allBooks.filter { pool == nil || $0.name == pool }.compactMap { book in
      book.allocator.item(named: name).map { holding(book.allocator.name(of: $0), in: book) }
    }
  }

  private func holding(_ item: String, in book: PoolBook) -> Timeline.Holding {
    let grant = book.grant(ofItem: item)
    let isRecorded = grant.map { grant in
      records.records(pool: book.name, item: item).contains { $0.tells(of: grant) }
    }
    return Timeline.Holding(
      pool: book.name, item: item, holder: book.holder(of: item),
      generation: grant?.generation ?? 0, state: grant?.state, isRecorded: isRecorded ?? false)
  }

  mutating func tellHoldings() {
    guard timeline != nil else { return }
    let entry = Timeline.Entry(
      step: step, time: now - plan.startTime, actor: "user", text: "looks at who holds what",
      kind: .holdings(holdings()))
    timeline?.entries.append(entry)
  }
}

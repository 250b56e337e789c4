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
  }

  /// What a line is about.
  public enum Kind: Sendable, Hashable {
    /// A turn like any other.
    case turn
    /// A fault.
    case fault
    /// The holdings of all pools at this moment.
    case holdings([Holding])
  }

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

  mutating func tell(_ actor: Actor, _ text: @autoclosure () -> String, isFault: Bool = false) {
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
      kind: isFault ? .fault : .turn)
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

  /// Who has what, in the order of pools and items.
  public var holdings: [Timeline.Holding] {
    var holdings: [Timeline.Holding] = []
    for book in allBooks {
      for index in 0..<book.allocator.itemCount {
        let item = book.allocator.name(of: index)
        let grant = book.grant(ofItem: item)
        holdings.append(
          Timeline.Holding(
            pool: book.name, item: item, holder: book.holder(of: item),
            generation: grant?.generation ?? 0, state: grant?.state,
            isRecorded: grant.map { grant in
              records.records(pool: book.name, item: item).contains { $0.tells(of: grant) }
            } ?? false))
      }
    }
    return holdings
  }

  mutating func tellHoldings() {
    guard timeline != nil else { return }
    let entry = Timeline.Entry(
      step: step, time: now - plan.startTime, actor: "user", text: "looks at who holds what",
      kind: .holdings(holdings))
    timeline?.entries.append(entry)
  }
}

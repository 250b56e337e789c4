import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import PersistentCollections
import Scalars

extension World {
  /// Why a world cannot go on from a state.
  public enum RestoreError: Error, Sendable, CustomStringConvertible {
    /// The plan cannot become a world, or a Pool of the state makes no sense to this version.
    case plan(PlanError)
    /// The ledger tells of ends without beginnings.
    case contradictoryLedger

    public var description: String {
      switch self {
      case .plan(let error): "\(error)"
      case .contradictoryLedger: "the ledger contradicts itself"
      }
    }
  }

  /// A world that goes on where another one was left, with all its controllers started anew.
  ///
  /// - Guarantees: server, counters, clock, ledger and the books of ledger-backed pools are as they were. The clock
  ///   stands at the plan's start time or at the state's, whichever is later. Processes know nothing yet;
  ///   pools that are backed by memory are empty until they are rebuilt from records, unless the world is only to be
  ///   `isLookedAt`: then that has been done, and the ledger stands as it was saved.
  /// - Caveats: the plan's objects are not added and its seed is not used, unless the state is new.
  public init(
    _ plan: WorldPlan, restoring state: ClusterState, isTold: Bool = false,
    isLookedAt: Bool = false
  ) throws(RestoreError) {
    if state.isNew {
      do { try self.init(plan, isTold: isTold) } catch { throw .plan(error) }
      carried.unknown = state.unknown
      return
    }
    let state = state.resolved(in: plan.registry)
    var plan = plan
    plan.seed = state.seed
    plan.startTime = max(plan.startTime, state.time)
    let store = APIStore(
      restoring: state.objects, counters: state.counters, revision: state.revision)
    self.init(plan, over: store, isTold: isTold)
    carried.unknown = state.unknown
    carried.books = state.books
    for (index, object) in state.objects.enumerated() where object.type == Pool.type {
      do { try follow(Pool(object)) } catch {
        throw .plan(PlanError(index: index, object: object.key, reason: error))
      }
    }
    // In the order in which they were made, which the state's hash goes by.
    let order = state.books.map(\.pool)
    books.sort {
      (order.firstIndex(of: $0.name) ?? order.count)
        < (order.firstIndex(of: $1.name) ?? order.count)
    }
    // Records are entered without judging: what was wrong was told when it was written.
    for object in state.objects {
      guard let new = plan.recordRules.records(of: object) else { continue }
      _ = records.update(of: object.uid, to: new)
    }
    try restoreLedger(state, forgets: !isLookedAt)
    startAnew()
    if isLookedAt { rebuildMemory() }
  }

  /// A world over a store that was there before, without processes and pools.
  private init(_ plan: WorldPlan, over store: APIStore, isTold: Bool) {
    self.plan = plan
    now = plan.startTime
    lastProgress = plan.startTime
    executor = StepExecutor()
    server = APIServer(
      restoring: store, registry: plan.registry, identity: IdentitySource(seed: plan.seed),
      settings: plan.settings)
    traceHash = StableHash(seed: plan.seed).value
    timeline = isTold ? Timeline() : nil
    judges = Judges(plan, isTold: isTold)
  }

  /// What is worth keeping of this world.
  ///
  /// - Complexity: O(objects + items handed out + ledger entries).
  public var clusterState: ClusterState {
    var state = ClusterState(
      revision: server.store.revision, compactedRevision: server.store.revision, time: lastChange,
      seed: server.identity.seed)
    for type in server.registry.types {
      for (_, object) in server.store.objects(type) { state.objects.append(object) }
      // No two Events have one name, so nobody asks how many of it there were.
      if !EventRecord.isEvent(type) { state.counters += server.store.counters(type) }
    }
    state.books = books.map(\.state) + carried.books
    state.ledger = ledger.entries
    state.unknown = carried.unknown
    return state
  }

  /// The part of `clusterState` that is no object and no counter, for whoever keeps those up to date by themselves.
  ///
  /// - Complexity: O(items handed out).
  public var booksAndLedger: ClusterState {
    ClusterState(
      revision: server.store.revision, compactedRevision: server.store.revision, time: lastChange,
      seed: server.identity.seed, books: books.map(\.state) + carried.books,
      ledger: ledger.entries, unknown: carried.unknown)
  }

  /// Takes the books of a ledger-backed pool in.
  ///
  /// A pool that is applied again, changed or not, keeps what it has handed out.
  mutating func take(_ book: PoolBook) {
    let name = book.name
    let known = books.first { $0.name == name }?.state ?? carried.books.first { $0.pool == name }
    carried.books.removeAll { $0.pool == name }
    let kept = known.map { PoolBook(name: name, allocator: book.allocator, restoring: $0) }
    if let index = books.firstIndex(where: { $0.name == name }) {
      books[index] = kept ?? book
    } else {
      books.append(kept ?? book)
    }
  }

  private mutating func restoreLedger(
    _ state: ClusterState, forgets: Bool
  ) throws(RestoreError) {
    let books = books
    let restored = Ledger(restoring: state.ledger) { pool, item, generation in
      let grant = books.first { $0.name == pool }?.grant(ofItem: item)
      return grant?.generation == generation ? grant?.requestKey ?? "" : ""
    }
    guard let restored else { throw .contradictoryLedger }
    ledger = restored
    guard forgets else { return }
    // What processes had in memory went with them, as in a crash.
    for open in ledger.openGrants where !books.contains(where: { $0.name == open.grant.pool }) {
      ledger.noteClosed(open.grant, .forgotten, by: "restart", at: now)
    }
  }

  /// Fills the books in the memory of processes from what objects record, as their controllers would do first.
  private mutating func rebuildMemory() {
    let records = records.all
    for process in processes.indices {
      for book in processes[process].books.indices {
        processes[process].books[book].rebuild(from: records)
      }
    }
  }

  /// Starts all processes for the first time.
  private mutating func startAnew() {
    // Random numbers must not be those of the run before, or names drawn from them would be taken.
    var seed = StableHash(seed: plan.seed)
    seed.combine(server.store.revision &- eventWrites &+ ledger.revision)
    for process in plan.processes {
      var state = ProcessState(process, now: now)
      state.start(seed: seed.value, books: memoryPools, now: now, server)
      processes.append(state)
    }
  }
}

/// What a world cannot work with and keeps for those who can.
struct CarriedState: Sendable {
  /// What belongs to kinds that are not registered.
  var unknown = ClusterState.UnknownKinds()
  /// The books of pools that have no Pool object.
  var books: [PoolBookState] = []
}

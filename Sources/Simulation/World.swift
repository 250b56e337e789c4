import APIAllocation
public import APIMachinery
public import APIServer
import APIStore
public import Allocation
import ControllerRuntime
import PersistentCollections
public import Scalars

/// The whole simulated system: server, processes, pools, ledger, user and clock.
///
/// - Flow: ask for the `defaultDecision`, or for all `enabledDecisions`, and `take` one; again, until `outcome` says
///   that it is over.
/// - Guarantees: what a world becomes is a function of its plan and of the decisions taken. A copy is a fork: it costs
///   next to nothing, and both go their ways.
/// - Caveats: a world belongs to one thread. It is copied, not shared.
public struct World {
  /// What the world was made from.
  public let plan: WorldPlan
  /// The server.
  public internal(set) var server: APIServer
  /// The clock.
  public internal(set) var now: Timestamp
  /// The record of all grants.
  public internal(set) var ledger = Ledger()
  /// The books of pools that outlive processes.
  public internal(set) var books: [PoolBook] = []
  /// What the oracles have found; a run ends at the first.
  public internal(set) var violations: [Violation] = []
  /// How many decisions have been taken.
  public internal(set) var step = 0
  /// A stable hash of all decisions and everything that came of them.
  public internal(set) var traceHash: UInt64
  /// How many faults have been injected.
  public internal(set) var faultCount = 0

  var processes: ContiguousArray<ProcessState> = []
  var memoryPools: [PoolBook] = []
  var records = RecordIndex()
  var workloadPosition = 0
  /// Deletions that the server has begun; empty unless it has the race of finalizers and deletions.
  var removals: ContiguousArray<RemovalInFlight> = []
  /// The change count at which every informer was last resynced.
  var resyncedAt: UInt64?
  /// What is wrong for a while.
  var impairments = Impairments()
  /// What people did that breaks the contract with controllers.
  var overrides: [String] = []
  /// What the store was before the user's steps, where faults may go back there.
  var snapshots: [APIStore] = []
  var faults: [FaultNote] = []
  var grantStories = PersistentMap<GrantStory.Name, GrantStory>()
  var waiters: [Waiter] = []
  /// Decisions that do not count for the bound on coming to rest: those before the latest rest, and those that users'
  /// requests have brought.
  var decisionsAllowance = 0
  /// When something last changed, for the bound on coming to rest.
  var lastProgress: Timestamp
  /// The step at which time last passed.
  var timeStep = 0
  var isOver = false
  /// How many of the faults that last for a while are over.
  var healedCount = 0
  /// How many revisions went to Event objects, which are no change that anybody waits for.
  var eventWrites: UInt64 = 0
  /// When an Event object was last written.
  var lastEvent: Timestamp?
  /// What is kept for others when the world's state is saved.
  var carried = CarriedState()
  /// What oracles remember.
  var judges: Judges
  let executor: StepExecutor
  private let anchor = Anchor()

  /// A readable account of the run, when one was asked for.
  public var timeline: Timeline?

  /// Why a plan cannot become a world.
  public struct PlanError: Error, Sendable, CustomStringConvertible {
    /// The place of the object that does not fit among those of the plan.
    public let index: Int
    /// The object that does not fit.
    public let object: ObjectKey
    /// What is wrong.
    public let reason: any Error & Sendable
    public var description: String { "\(object): \(reason)" }
  }

  /// A world at its beginning: the plan's objects are there, its processes have been started and know nothing yet.
  ///
  /// - Throws: `PlanError` when the server refuses an object of the plan or a Pool makes no sense.
  ///
  /// - Precondition: no two processes, and no two controllers of a process, have one name; decisions are called by
  ///   them.
  public init(_ plan: WorldPlan, isTold: Bool = false) throws(PlanError) {
    Self.checkNames(plan)
    self.plan = plan
    now = plan.startTime
    lastProgress = plan.startTime
    executor = StepExecutor()
    server = APIServer(
      registry: plan.registry, identity: IdentitySource(seed: plan.seed),
      settings: plan.settings, startedAt: plan.startTime)
    traceHash = StableHash(seed: plan.seed).value
    timeline = isTold ? Timeline() : nil
    judges = Judges(plan, isTold: isTold)
    for (index, object) in plan.objects.enumerated() {
      do { try addAtStart(object) } catch {
        throw PlanError(index: index, object: object.key, reason: error)
      }
    }
    for process in plan.processes {
      var state = ProcessState(process, now: now)
      state.start(seed: plan.seed, books: memoryPools, now: now, server)
      processes.append(state)
    }
  }

  private static func checkNames(_ plan: WorldPlan) {
    for (index, process) in plan.processes.enumerated() {
      precondition(
        !plan.processes[..<index].contains { $0.name == process.name },
        "there are two processes \(process.name)")
      for (index, controller) in process.controllers.enumerated() {
        precondition(
          !process.controllers[..<index].contains { $0.name == controller.name },
          "process \(process.name) has two controllers \(controller.name)")
      }
    }
  }

  private mutating func addAtStart(_ object: APIObject) throws {
    if object.type == Pool.type { try follow(Pool(object)) }
    let created = try server.create(server.identifyingOwners(of: object), at: now)
    noteWrite(created, isRemoval: false, by: "user")
  }

  /// Stands for what is in store and books; a world in which it stays, or comes back, does nothing that lasts.
  ///
  /// Events do not count: a controller that says again and again that it waits is at rest. Nor does one that takes a part of
  /// what it needs, and gives it back where the rest is not to be had, again and again. The end of a fault does: what was
  /// tried in vain while it lasted has to be tried once more.
  var changes: UInt64 {
    server.store.revision &- eventWrites &+ ledger.holdings &+ UInt64(healedCount)
  }

  /// How a run ended; nil while it goes on.
  public var outcome: Outcome? {
    if !violations.isEmpty { return .violated }
    return isOver ? .held : nil
  }

  /// How a run ended.
  public enum Outcome: String, Sendable, Hashable {
    /// Everything came to rest and every oracle agreed.
    case held
    /// An oracle found something.
    case violated
  }

  /// A stable hash of everything that is there now; how it came about, and when, is no part of it.
  ///
  /// - Caveats: process memory has no stable hash; what was read from it shows in the effects that followed.
  public var stateHash: UInt64 {
    var hash = StableHash(seed: server.store.contentHash)
    for book in books { hash.combine(book.contentHash) }
    for process in processes {
      hash.combine(process.isRunning ? 1 : 0)
      for book in process.books { hash.combine(book.contentHash) }
      hash.combine(process.locals.random)
      for informer in process.informers {
        for (_, object) in informer.cache.objects { hash.combine(object.contentHash) }
      }
      for controller in process.controllers { controller.combine(into: &hash) }
    }
    for flight in removals {
      hash.combine(flight.removal.type.stableHash)
      hash.combine(flight.removal.key.path)
    }
    hash.combine(workloadPosition)
    return hash.value
  }

  /// What the books and the records of objects have against each other, pool by pool.
  public var audits: [Audit] {
    let records = records.all
    return allBooks.map { Audit(of: $0, records: records) }
  }

  /// Every pool's books: those that outlive processes, and those in the memory of running ones.
  public var allBooks: [PoolBook] { books + processes.flatMap(\.books) }
}

/// Makes what it is a part of stay where it lies.
///
/// A type that the compiler could hold in registers is loaded before each call of a method, which for a world means
/// copying a kilobyte several times a decision. An existential has no fixed layout, so whatever has one is handed on by
/// its address.
private struct Anchor: Sendable {
  let nothing: any Sendable = ()
}

/// A key that waits for something to be given back to a pool.
struct Waiter: Sendable, Hashable {
  let pool: String
  let process: Int
  let controller: Int
  let key: ObjectKey
}

extension ControllerState {
  fileprivate func combine(into hash: inout StableHash) {
    for key in queue.readyKeys { hash.combine(key.path) }
    for (key, _) in queue.delayedKeys {
      hash.combine(key.path)
      hash.combine(queue.failures(of: key))
    }
    for worker in workers {
      hash.combine(worker.request?.path ?? "")
      for recorded in worker.log {
        hash.combine(recorded.effectHash)
        hash.combine(recorded.reply.stableHash)
      }
      if let machine = worker.machine { hash.combine(machine.stateHash) }
      hash.combine(worker.pending?.stableHash ?? 0)
    }
  }
}

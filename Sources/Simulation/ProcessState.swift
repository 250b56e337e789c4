import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars

/// An informer of a process: its cache and its place in the server's log.
struct InformerState: Sendable {
  let type: ResourceType
  /// How far it is behind the server, at the least.
  var lag = GoDuration.zero
  var cache = InformerCache()

  init(type: ResourceType, lag: GoDuration) {
    self.type = type
    self.lag = lag
  }
}

/// What a worker has in hand.
struct WorkerState {
  /// What runs.
  enum Engine {
    case none
    /// Swift code that stands at an effect, unless a copy of this world has taken it further.
    case live(LiveHold)
    /// The machine in `machine`.
    case steps
  }

  /// The key; nil for an idle worker.
  private(set) var request: ReconcileRequest?
  /// Whether there is a key; asking that of the key itself copies its texts.
  private(set) var isBusy = false
  var engine = Engine.none
  /// A machine with explicit state; not a part of the engine, since it is changed where it lies.
  var machine: (any StepReconcile)?
  /// The process's memory and random numbers as they were when the reconcile began.
  var startLocals: ProcessLocals?
  /// The replies so far, from which Swift code is restored.
  var log: ContiguousArray<RecordedEffect> = []
  /// The effect that waits to be carried out.
  var pending: Effect?
  /// When a sleep ends.
  var wakesAt: Timestamp?
  /// The world's change count when the key's timer fired, if a timer brought the key.
  var wokenAt: UInt64?

  static var idle: WorkerState { WorkerState() }

  /// Takes a key in hand.
  mutating func take(_ key: ReconcileRequest) {
    request = key
    isBusy = true
  }

  /// Takes the effect that waits, and ends a sleep.
  mutating func takePending() -> Effect? {
    wakesAt = nil
    return pending.take()
  }

  /// Waits with an effect.
  mutating func wait(for effect: Effect, until time: Timestamp?) {
    if let time { wakesAt = time }
    pending = effect
  }

  /// Begins with a key and the machine for it, and runs that to its first step.
  mutating func begin(
    _ key: ReconcileRequest, _ make: (ReconcileRequest) -> any StepReconcile
  ) -> Step? {
    engine = .steps
    machine = make(key)
    return machine?.next(nil)
  }

  /// Has nothing in hand any more.
  mutating func release() {
    request = nil
    isBusy = false
    engine = .none
    machine = nil
    startLocals = nil
    if !log.isEmpty { log = [] }
    pending = nil
    wakesAt = nil
    wokenAt = nil
  }
}

/// How often a timer has fired while nothing changed anywhere.
struct QuietRepeats: Sendable {
  let count: Int
  /// The world's change count all the while; after the next change the timer may find something.
  let changes: UInt64
}

/// A controller of a running process.
struct ControllerState {
  let controller: Controller
  var queue: WorkQueue
  var workers: ContiguousArray<WorkerState>
  /// The workers' names, for people and the ledger: each effect that changes something carries one.
  let actors: ContiguousArray<String>
  /// The name in process memory that must be there for workers to take keys.
  let gate: String?
  /// Whether there is such a name.
  let isGated: Bool
  /// By key: how often its timer has fired in a row without anything having changed.
  var quietRepeats = PersistentMap<ObjectKey, QuietRepeats>()
  /// By key: the change count when its timer fired.
  var timerFired = PersistentMap<ObjectKey, UInt64>()

  /// The controller's watch of every kind, if it has one.
  var everyKind: EveryKindWatch? { controller.everyKind }

  init(_ controller: Controller, in process: String) {
    self.controller = controller
    let name = "\(process)/\(controller.name)"
    let isAlone = controller.workers == 1
    actors = ContiguousArray(
      (0..<controller.workers).map { isAlone ? name : "\(name)/\($0)" })
    queue = WorkQueue(limiter: controller.limiter)
    workers = ContiguousArray(repeating: .idle, count: controller.workers)
    gate = controller.election?.gate
    isGated = gate != nil
    for key in controller.startKeys { queue.add(key) }
  }

  /// Gives the next key to an idle worker, which has nothing else.
  mutating func take(for worker: Int) -> ReconcileRequest? {
    guard let key = queue.take() else { return nil }
    workers[worker].take(key)
    if !timerFired.isEmpty { workers[worker].wokenAt = timerFired.removeValue(forKey: key) }
    return key
  }

  /// Makes a worker idle.
  ///
  /// - Returns: what it had in hand, and what it knew of the timer that brought that.
  mutating func release(_ worker: Int) -> (key: ReconcileRequest, wokenAt: UInt64?)? {
    guard let key = workers[worker].request else { return nil }
    let wokenAt = workers[worker].wokenAt
    workers[worker].release()
    return (key, wokenAt)
  }

  /// Takes a key back from its worker, and notes whether its timer has fired for nothing.
  mutating func done(_ key: ReconcileRequest, _ repeats: QuietRepeats?) {
    if let repeats {
      quietRepeats.updateValue(repeats, forKey: key)
    } else if !quietRepeats.isEmpty {
      quietRepeats.removeValue(forKey: key)
    }
    queue.done(key)
  }

  /// Takes a key back from its worker that has nothing more to do with it.
  mutating func finish(_ key: ReconcileRequest) {
    queue.forget(key)
    done(key, nil)
  }
}

/// A process: running, or stopped and to be started again.
struct ProcessState {
  var plan: WorldPlan.Process
  var controllers: ContiguousArray<ControllerState> = []
  var informers: ContiguousArray<InformerState> = []
  /// Who owns whom among what the informers have; nil where no controller watches every kind.
  var graph: OwnerGraph?
  var locals: ProcessLocals
  /// The books of pools that are backed by this process's memory.
  var books: [PoolBook] = []
  var isRunning = false
  /// How often the process has been started.
  var incarnation: UInt64 = 0
  /// When it is started again.
  var restartsAt: Timestamp?
  /// How far its clock is ahead of the world's.
  var clockSkew: GoDuration

  init(_ plan: WorldPlan.Process, now: Timestamp) {
    var plan = plan
    plan.controllers += LeaderElection.electors(of: plan.controllers, identity: plan.name)
    plan.otherVersion += LeaderElection.electors(of: plan.otherVersion, identity: plan.name)
    self.plan = plan
    clockSkew = plan.clockSkew
    locals = ProcessLocals(seed: 0, now: now)
  }

  /// Starts with empty memory, empty caches and empty books.
  ///
  /// `server` says which kinds a controller of every kind finds.
  mutating func start(seed: UInt64, books: [PoolBook], now: Timestamp, _ server: APIServer) {
    incarnation += 1
    var hash = StableHash(seed: seed)
    hash.combine(plan.name)
    hash.combine(incarnation)
    locals = ProcessLocals(seed: hash.value, now: clock(now))
    let name = plan.name
    controllers = ContiguousArray(plan.controllers.map { ControllerState($0, in: name) })
    informers = []
    for controller in plan.controllers {
      for watch in controller.watches where !hasInformer(of: watch.type) {
        informers.append(InformerState(type: watch.type, lag: plan.lag(of: watch.type)))
      }
    }
    if plan.controllers.contains(where: { $0.everyKind != nil }) {
      graph = OwnerGraph()
      // A kind of which there never was an object is followed from its first one on.
      for type in server.registry.served
      where type.isCollected && server.store.lastRevision(type) > 0 && !hasInformer(of: type) {
        informers.append(InformerState(type: type, lag: plan.lag(of: type)))
      }
    }
    self.books = books
    isRunning = true
    restartsAt = nil
  }

  /// What the process's clock shows.
  func clock(_ now: Timestamp) -> Timestamp { clockSkew == .zero ? now : now + clockSkew }

  /// Lets the process start with the controllers of its other version from now on, and back again the next time.
  mutating func changeVersion() {
    swap(&plan.controllers, &plan.otherVersion)
  }

  /// Whether the controller's workers may take keys: a process that does not lead lets them wait.
  func isOpen(_ controller: Int) -> Bool {
    guard let gate = controllers[controller].gate else { return true }
    return locals.memory[gate] != nil
  }

  /// As whom a controller works that works only while it leads.
  func pass(of controller: Int) -> LeaderPass? {
    guard let gate = controllers[controller].gate else { return nil }
    return locals.memory[gate]?.value as? LeaderPass
  }

  /// Whether the kind is followed, in whichever version it was when that began.
  func hasInformer(of type: ResourceType) -> Bool {
    for index in informers.indices where informers[index].type.index == type.index { return true }
    return false
  }

  /// Follows a kind of which there was nothing before `revision`, if a controller watches every kind.
  mutating func follow(_ type: ResourceType, after revision: UInt64) {
    guard graph != nil, type.isCollected, !hasInformer(of: type) else { return }
    var informer = InformerState(type: type, lag: plan.lag(of: type))
    _ = informer.cache.replace(with: PersistentMap(), revision: revision)
    informers.append(informer)
  }

  /// Stops: everything that is not elsewhere is gone.
  ///
  /// With the workers go their holds on reconciles; one that a copy of this world holds too goes on there.
  mutating func stop(restartsAt time: Timestamp) {
    controllers = []
    informers = []
    graph = nil
    books = []
    locals.memory = PersistentMap()
    isRunning = false
    restartsAt = time
  }
}

extension ResourceType {
  /// Whether the garbage collector looks after objects of this kind.
  var isCollected: Bool { definition.defaultPropagation != nil }
}

public import APIMachinery
public import PersistentCollections
public import Scalars

/// What a process remembers, by name; a crash wipes it.
public typealias ProcessMemory = PersistentMap<String, MemoryValue>

/// A key that an event handler wants to be queued.
public struct QueueOrder: Sendable, Hashable {
  /// The key.
  public let key: ReconcileRequest
  /// How long it waits first.
  public let delay: GoDuration

  /// An order.
  public init(_ key: ReconcileRequest, after delay: GoDuration = .zero) {
    self.key = key
    self.delay = delay
  }
}

/// What a controller watches, and which keys an event of it queues.
public struct Watch: Sendable {
  /// Finds the keys that an event concerns.
  public typealias Mapping = @Sendable (InformerEvent) -> [ReconcileRequest]

  /// The kind that is watched.
  public let type: ResourceType
  /// Changes what the process remembers, and says which keys are queued.
  ///
  /// It runs when the informer tells of an event, before a worker can see what it changes.
  public typealias Handler =
    @Sendable (InformerEvent, _ now: Timestamp, inout ProcessMemory) -> [QueueOrder]

  /// Finds the keys.
  public let map: Mapping
  /// Handles events in place of `map`; nil where finding keys is all there is to do.
  public let handle: Handler?
  /// Whether each object queues itself, for which nobody need ask `map`.
  public private(set) var isOwn = false

  /// A watch with a mapping of one's own; it sees the old and the new state.
  public init(_ type: ResourceType, map: @escaping Mapping) {
    self.type = type
    self.map = map
    handle = nil
  }

  /// A watch whose events change what the process remembers.
  public init(_ type: ResourceType, handling handle: @escaping Handler) {
    self.type = type
    self.handle = handle
    map = { _ in [] }
  }

  /// The controller's own kind: each object queues itself.
  public static func own(_ type: ResourceType) -> Watch {
    var watch = Watch(type) { event in event.object.map { [$0.key] } ?? [] }
    watch.isOwn = true
    return watch
  }

  /// Objects that the controller's kind owns: each queues its controlling owner, old and new.
  ///
  /// The owner's version does not matter, only its group and kind: references outlive the version they were written in.
  public static func owned(_ type: ResourceType, by owner: ResourceType) -> Watch {
    Watch(type) { event in
      var keys: [ReconcileRequest] = []
      for object in [event.old, event.new].compactMap(\.self) {
        for reference in object.ownerReferences
        where reference.controller && reference.kind == owner.kind
          && reference.group == owner.definition.group
        {
          let key = ObjectKey(
            namespace: owner.definition.isNamespaced ? object.namespace : "",
            name: reference.name)
          if !keys.contains(key) { keys.append(key) }
        }
      }
      return keys
    }
  }
}

/// A watch of every kind that the garbage collector looks after, those included that are defined later.
///
/// The kinds of which nobody owns anything and nobody is owned, such as events, are not among them.
public struct EveryKindWatch: Sendable {
  /// Finds the keys that an event concerns; the graph has taken the event in.
  public typealias Mapping = @Sendable (InformerEvent, OwnerGraph) -> [ReconcileRequest]

  /// Finds the keys.
  public let map: Mapping

  /// A watch of every kind.
  public init(map: @escaping Mapping) { self.map = map }
}

extension OwnerReference {
  fileprivate var group: String {
    apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
  }
}

/// A controller: a reconciler, what it watches, and how many workers run it.
public struct Controller: Sendable {
  /// What a worker runs.
  public enum Program: Sendable {
    /// Straight-line Swift code.
    case reconciler(any Reconciler)
    /// A machine with explicit state, made anew for each key.
    case steps(@Sendable (ReconcileRequest) -> any StepReconcile)
  }

  /// The name, unique in its process.
  public let name: String
  /// What a worker runs.
  public let program: Program
  /// What is watched; the first is the controller's own kind, where it has one.
  public private(set) var watches: [Watch]
  /// The watch of every kind; its processes keep a graph of owners.
  public let everyKind: EveryKindWatch?
  /// How many keys are worked on at a time.
  public var workers: Int
  /// How long a key waits that failed.
  public var limiter: RateLimiter
  /// Keys that are queued when the process starts.
  public var startKeys: [ReconcileRequest] = []
  /// The lease that the process must hold for workers to take keys; nil for none.
  public private(set) var election: LeaderElection?

  /// The same controller, working only in the process that holds the lease.
  public func elected(_ election: LeaderElection) -> Controller {
    var copy = self
    copy.election = election
    return copy
  }

  /// A controller of objects of this kind.
  public init<R: Resource>(
    _ name: String, for _: R.Type, workers: Int = 1, limiter: RateLimiter = .exponential,
    reconciler: any Reconciler
  ) {
    self.init(
      name, for: R.type, workers: workers, limiter: limiter, program: .reconciler(reconciler))
  }

  /// A controller of objects of this kind.
  public init(
    _ name: String, for type: ResourceType, workers: Int = 1, limiter: RateLimiter = .exponential,
    program: Program
  ) {
    precondition(workers > 0, "a controller needs a worker")
    self.name = name
    self.program = program
    self.workers = workers
    self.limiter = limiter
    watches = [.own(type)]
    everyKind = nil
  }

  /// A controller that is told what it watches.
  public init(
    _ name: String, watching watches: [Watch] = [], everyKind: EveryKindWatch? = nil,
    workers: Int = 1, limiter: RateLimiter = .exponential, program: Program
  ) {
    precondition(workers > 0, "a controller needs a worker")
    self.name = name
    self.program = program
    self.workers = workers
    self.limiter = limiter
    self.watches = watches
    self.everyKind = everyKind
  }

  /// A controller that is told what it watches.
  public init(
    _ name: String, watching watches: [Watch] = [], everyKind: EveryKindWatch? = nil,
    workers: Int = 1, limiter: RateLimiter = .exponential, reconciler: any Reconciler
  ) {
    self.init(
      name, watching: watches, everyKind: everyKind, workers: workers, limiter: limiter,
      program: .reconciler(reconciler))
  }

  /// The kind that is watched first, which is the controller's own; nil for one that watches every kind only.
  public var type: ResourceType? { watches.first?.type }

  /// Watches objects that the controller's kind owns.
  ///
  /// - Precondition: it has a kind of its own.
  public func owns<R: Resource>(_: R.Type) -> Controller {
    guard let type else { preconditionFailure("\(name) has no kind of its own to be an owner") }
    return adding(.owned(R.type, by: type))
  }

  /// Watches objects of another kind.
  public func watches<R: Resource>(
    _: R.Type, map: @escaping Watch.Mapping
  ) -> Controller {
    adding(Watch(R.type, map: map))
  }

  private func adding(_ watch: Watch) -> Controller {
    var copy = self
    copy.watches.append(watch)
    return copy
  }
}

/// A reconcile as a machine with explicit state: quick to run, to copy and to hash.
public protocol StepReconcile: Sendable {
  /// Goes on with the reply to the last effect; with nil at the start.
  mutating func next(_ reply: Reply?) -> Step

  /// A stable hash of where the machine stands.
  var stateHash: UInt64 { get }
}

/// What a machine does next.
public enum Step: Sendable {
  /// Asks something of the world; it goes on with the reply.
  case effect(Effect)
  /// Is done.
  case finish(ReconcileResult)
  /// Has failed.
  case fail(any Error)
}

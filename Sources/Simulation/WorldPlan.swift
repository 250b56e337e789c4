public import APIAllocation
public import APIMachinery
public import APIServer
import APIStore
public import Allocation
public import ControllerRuntime
public import Scalars
public import ValueTree

/// What a world is made from.
public struct WorldPlan: Sendable {
  /// A process: controllers that share memory and caches, and that stop together.
  public struct Process: Sendable {
    /// The name.
    public var name: String
    /// What runs in it.
    public var controllers: [Controller]
    /// How far its informers are behind the server, at the least.
    public var informerLag: GoDuration
    /// How long after a crash it is started again.
    public var restartDelay: GoDuration
    /// How far the informers of single kinds are behind, where that is not `informerLag`.
    public var informerLags: [KindLag] = []
    /// How far its clock is ahead of the world's when it starts.
    public var clockSkew = GoDuration.zero
    /// How many objects its caches hold before it is killed for want of memory; nil for no bound.
    public var cacheMax: Int?
    /// What runs in it after an upgrade; empty where there is none.
    public var otherVersion: [Controller] = []

    /// How far the informer of a kind is behind.
    public struct KindLag: Sendable, Hashable {
      /// The kind.
      public var type: ResourceType
      /// How far.
      public var lag: GoDuration

      /// A lag of a kind.
      public init(_ type: ResourceType, _ lag: GoDuration) {
        self.type = type
        self.lag = lag
      }
    }

    /// How far the informer of a kind is behind, at the least.
    func lag(of type: ResourceType) -> GoDuration {
      if informerLags.isEmpty { return informerLag }
      return informerLags.first { $0.type.index == type.index }?.lag ?? informerLag
    }

    /// Whether any informer is behind.
    var hasLag: Bool { informerLag > .zero || !informerLags.isEmpty }

    /// A process.
    public init(
      name: String, controllers: [Controller], informerLag: GoDuration = .zero,
      restartDelay: GoDuration = .seconds(1)
    ) {
      self.name = name
      self.controllers = controllers
      self.informerLag = informerLag
      self.restartDelay = restartDelay
    }
  }

  /// What a user does.
  public enum UserAction: Sendable {
    /// Makes an object, or merges it over the one that is there.
    ///
    /// An owner reference without a UID gets that of the object of its name, as a user would look it up.
    case apply(APIObject)
    /// Merges a patch.
    case patch(ResourceType, ObjectKey, Value)
    /// Deletes an object, and says what becomes of its dependents.
    case delete(ResourceType, ObjectKey, DeleteOptions = .none)
    /// Looks: nothing changes, but the world must have come to rest.
    case look
    /// Patches a part of an object that has an endpoint of its own.
    case patchPart(ResourceType, ObjectKey, Value, Subresource)
    /// Sets the number of replicas.
    case scale(ResourceType, ObjectKey, Int64)
    /// Deletes an object, and makes one of the same name and content once it is gone.
    case recreate(ResourceType, ObjectKey)
    /// Takes these finalizers off, or all.
    case stripFinalizers(ResourceType, ObjectKey, [String])
    /// Takes all finalizers off and deletes without grace.
    case forceDelete(ResourceType, ObjectKey)
    /// Gives an item back behind its holder.
    case release(item: String, pool: String)
    /// Takes a free item for something that no controller knows.
    case take(item: String, pool: String)
    /// Stops a process, which starts again after its delay.
    case restart(process: String)
    /// Stops a process, and starts it in its other version.
    case upgrade(process: String)
  }

  /// When a user does it.
  public enum Moment: Sendable, Hashable {
    /// As soon as it is the step's turn.
    case immediately
    /// This long after the start, or later.
    case after(GoDuration)
    /// Once nothing moves any more.
    case settled
    /// Once something holds; if it does not before nothing moves any more, the step is left out.
    case when(Condition)
  }

  /// Something about an object that a user waits for.
  public struct Condition: Sendable, Hashable, CustomStringConvertible {
    /// Decides by the object, or by nil where there is none.
    public typealias Test = @Sendable (APIObject?) -> Bool

    /// The condition in words; conditions that read alike are alike.
    public let description: String
    /// The kind of the object.
    public let type: ResourceType
    /// The object.
    public let key: ObjectKey
    private let test: Test

    /// A condition on an object.
    public init(
      _ description: String, of type: ResourceType, _ key: ObjectKey, _ test: @escaping Test
    ) {
      self.description = description
      self.type = type
      self.key = key
      self.test = test
    }

    /// Whether it holds now.
    public func holds(in server: APIServer) -> Bool { test(server.store.object(type, key)) }

    /// The same condition on the object of another key.
    public func on(_ key: ObjectKey) -> Condition { Condition(description, of: type, key, test) }

    public static func == (left: Condition, right: Condition) -> Bool {
      left.description == right.description && left.type == right.type && left.key == right.key
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(description)
      hasher.combine(key)
    }
  }

  /// One step of the workload; steps are taken in order.
  public struct Step: Sendable {
    /// When.
    public var moment: Moment
    /// What.
    public var action: UserAction
    /// The number by which decisions call the step, where that is not its place.
    public var number: Int?

    /// A step.
    public init(_ action: UserAction, _ moment: Moment = .immediately) {
      self.action = action
      self.moment = moment
    }
  }

  /// The world's clock at the start.
  public var startTime: Timestamp
  /// What UIDs, names and the processes' random numbers come from.
  public var seed: UInt64
  /// Objects that are there before anything runs.
  public var objects: [APIObject]
  /// The processes.
  public var processes: [Process]
  /// What the user does.
  public var workload: [Step]
  /// The kinds that there are.
  public var registry: ResourceRegistry
  /// What differs from cluster to cluster; as long as nobody says otherwise, there is no garbage collector.
  public var settings: ServerSettings
  /// The allocators that pools can select.
  public var allocators: AllocatorRegistry
  /// How objects tell what they hold.
  public var recordRules: RecordRules
  /// How long a key may fail without anything having changed; then the world will not come to rest.
  public var virtualTimeMax: GoDuration
  /// How many decisions a run may take.
  public var decisionsMax: Int
  /// Whether what controllers tell people becomes Event objects, as in a cluster.
  ///
  /// They are written with revisions of their own, so that runs with and without them differ in what the server
  /// says; a simulation that looks for leaks goes without.
  public var recordsEvents: Bool
  /// What faults do when they come, and when there are no more of them.
  public var faults = FaultSettings()
  /// How many API servers there are; informers of a process can be connected to one that is behind.
  public var replicas = 1
  /// How many writes of a kind the server remembers for watches.
  public var watchHistoryMax = Self.watchHistoryDefault

  static let watchHistoryDefault = 100_000

  /// Whether the server forgets writes before any run would reach the usual bound.
  var limitsHistory: Bool { watchHistoryMax < Self.watchHistoryDefault }
  /// Times after the start at which the world stops for a decision, in order.
  public var appointments: [GoDuration] = []
  /// Whether the world keeps what its store was before each step of the user, for faults that go back there.
  public var keepsSnapshots = false
  /// Which rules runs are judged by.
  public var oracles = OracleSettings.partial
  /// What must hold besides.
  public var properties: [WorldProperty] = []
  /// Whether each reconcile that ends is run once more over its replies, to find state that it hides.
  public var checksRepetition: Bool

  /// A plan.
  public init(
    startTime: Timestamp = WorldPlan.defaultStartTime, seed: UInt64 = 0,
    objects: [APIObject] = [], processes: [Process] = [], workload: [Step] = [],
    registry: ResourceRegistry = .builtIn,
    settings: ServerSettings = ServerSettings(hasGarbageCollector: false),
    allocators: AllocatorRegistry = .builtIn, recordRules: RecordRules = .builtIn,
    virtualTimeMax: GoDuration = .hours(4), decisionsMax: Int = 100_000,
    recordsEvents: Bool = false, checksRepetition: Bool = false,
    oracles: OracleSettings = .partial, properties: [WorldProperty] = []
  ) {
    self.startTime = startTime
    self.seed = seed
    self.objects = objects
    self.processes = processes
    self.workload = workload
    self.registry = registry
    self.settings = settings
    self.allocators = allocators
    self.recordRules = recordRules
    self.virtualTimeMax = virtualTimeMax
    self.decisionsMax = decisionsMax
    self.recordsEvents = recordsEvents
    self.checksRepetition = checksRepetition
    self.oracles = oracles
    self.properties = properties
  }

  /// 2026-01-01T00:00:00Z.
  public static let defaultStartTime = Timestamp(seconds: 1_767_225_600)
}

public import APIMachinery
public import Allocation
public import Scalars

/// One thing that a reconcile asks of the world.
///
/// A reconcile is a function of its request and of the replies to its effects, so an effect is all there is to
/// decide about: carry it out, refuse it, lose its reply, or stop the process before or after it.
///
/// Indirect: an effect goes through many hands, and one reference is handed on at less cost than ten strings.
public indirect enum Effect: Sendable, Hashable {
  /// Reads an object from the informer's cache, which may be behind the server.
  case cachedGet(ResourceType, ObjectKey)
  /// Reads all objects of a kind from the informer's cache.
  case cachedList(ResourceType, namespace: String?)
  /// Reads the object of an identity from the caches of all kinds.
  case cachedObject(UID)
  /// Reads the objects that name an identity as their owner from the caches of all kinds.
  case cachedDependents(UID)
  /// Asks the server which kinds it serves.
  case discover(Discovery)
  /// A request to the API server.
  case api(APIRequest)
  /// A call to an allocator.
  case allocator(AllocatorCall)
  /// Waits.
  case sleep(GoDuration)
  /// Draws a number.
  case random
  /// Tells people something.
  case event(EventNote)
  /// Reads process memory.
  case readMemory(String)
  /// Writes process memory.
  case writeMemory(String, MemoryValue)
  /// Reads the clock; Swift code asks its context instead.
  case clock

  /// Whether the world answers at once: nothing outside the process can see or change the answer.
  public var isInline: Bool {
    switch self {
    case .random, .event, .readMemory, .writeMemory, .clock: true
    default: false
    }
  }

  /// Whether something outside the process may change by it.
  public var isWrite: Bool {
    switch self {
    case .api(let request): request.isWrite
    case .allocator(let call): call.isWrite
    default: false
    }
  }

  /// The operation's name in schedules: `update-status`, `ensure`, `cached-get`.
  public var operation: String {
    switch self {
    case .cachedGet: "cached-get"
    case .cachedList: "cached-list"
    case .cachedObject: "cached-object"
    case .cachedDependents: "cached-dependents"
    case .discover: "discover"
    case .api(let request): request.verb
    case .allocator(let call): call.operation
    case .sleep: "sleep"
    case .random: "random"
    case .event: "event"
    case .readMemory: "read-memory"
    case .writeMemory: "write-memory"
    case .clock: "clock"
    }
  }

  /// What the effect is about, for schedules: `devicebindings default/a`, `pool gpus`.
  public var subject: String {
    switch self {
    case .cachedGet(let type, let key): "\(type.plural) \(key)"
    case .cachedList(let type, let namespace): "\(type.plural) \(namespace ?? "*")"
    case .cachedObject(let uid), .cachedDependents(let uid): "\(uid)"
    case .discover(.everything): "every kind"
    case .discover(.kind(let apiVersion, let kind)): "\(apiVersion) \(kind)"
    case .api(let request):
      "\(request.type.plural) \(request.key.map { "\($0)" } ?? "*")"
    case .allocator(let call): "pool \(call.pool)"
    case .sleep(let duration): "\(duration)"
    case .random, .event, .clock: ""
    case .readMemory(let name), .writeMemory(let name, _): name
    }
  }

  /// A stable hash of everything that the effect says; memory counts by its name only.
  public var stableHash: UInt64 {
    var hash = StableHash()
    switch self {
    case .cachedGet(let type, let key):
      hash.combine(1)
      hash.combine(type.stableHash)
      hash.combine(key.namespace)
      hash.combine(key.name)
    case .cachedList(let type, let namespace):
      hash.combine(2)
      hash.combine(type.stableHash)
      hash.combine(namespace ?? "*")
    case .cachedObject(let uid):
      hash.combine(8)
      hash.combine(uid)
    case .cachedDependents(let uid):
      hash.combine(9)
      hash.combine(uid)
    case .discover(.everything): hash.combine(10)
    case .discover(.kind(let apiVersion, let kind)):
      hash.combine(11)
      hash.combine(apiVersion)
      hash.combine(kind)
    case .api(let request): hash.combine(request.stableHash)
    case .allocator(let call): hash.combine(call.stableHash)
    case .sleep(let duration):
      hash.combine(3)
      hash.combine(UInt64(bitPattern: duration.nanoseconds))
    case .random: hash.combine(4)
    case .event(let note):
      hash.combine(5)
      hash.combine(note.type.stableHash)
      hash.combine(note.object.path)
      hash.combine(note.isWarning ? 1 : 0)
      hash.combine(note.reason)
      hash.combine(note.message)
    case .readMemory(let name):
      hash.combine(6)
      hash.combine(name)
    case .writeMemory(let name, _):
      hash.combine(7)
      hash.combine(name)
    case .clock: hash.combine(8)
    }
    return hash.value
  }
}

/// A question about the kinds that a server serves.
public enum Discovery: Sendable, Hashable {
  /// Which kind this is, in any version that is served.
  case kind(apiVersion: String, kind: String)
  /// All of them.
  case everything
}

/// Something that a controller tells people, as `kubectl describe` shows it.
public struct EventNote: Sendable, Hashable {
  /// The kind of what it is about.
  public var type: ResourceType
  /// What it is about.
  public var object: ObjectKey
  /// The identity of what it is about; nil where the server has not given one.
  public var uid: UID?
  /// Whether it is a warning.
  public var isWarning: Bool
  /// One word.
  public var reason: String
  /// A sentence.
  public var message: String

  /// A note.
  public init(
    _ type: ResourceType, _ object: ObjectKey, uid: UID? = nil, isWarning: Bool = false,
    reason: String, message: String
  ) {
    self.type = type
    self.object = object
    self.uid = uid
    self.isWarning = isWarning
    self.reason = reason
    self.message = message
  }
}

/// A value in process memory.
public struct MemoryValue: Sendable, Hashable {
  /// The value.
  public let value: any Hashable & Sendable

  /// A value to keep.
  public init(_ value: any Hashable & Sendable) { self.value = value }

  public static func == (left: MemoryValue, right: MemoryValue) -> Bool {
    AnyHashable(left.value) == AnyHashable(right.value)
  }

  public func hash(into hasher: inout Hasher) { AnyHashable(value).hash(into: &hasher) }
}

/// What the world answers to an effect.
///
/// The larger answers are indirect, as effects are.
public enum Reply: Sendable, Hashable {
  /// An object from a cache; nil when the cache has none.
  case cached(APIObject?)
  /// Objects from a cache.
  case cachedList([APIObject])
  /// Kinds that a server serves, in the order in which it names them.
  case discovered(Result<[ResourceType], StatusError>)
  /// The server's answer.
  indirect case api(Result<APIResponse, StatusError>)
  /// The allocator's answer.
  indirect case allocator(Result<[Grant], AllocationError>)
  /// A number that was drawn.
  case number(UInt64)
  /// What process memory holds.
  indirect case memory(MemoryValue?)
  /// The time of the world.
  case time(Timestamp)
  /// Nothing but the turn.
  case done

  /// A stable hash of what the reply says; memory does not count.
  public var stableHash: UInt64 {
    var hash = StableHash()
    switch self {
    case .cached(let object):
      hash.combine(1)
      hash.combine(object?.contentHash ?? 0)
      hash.combine(object?.resourceVersion ?? 0)
    case .cachedList(let objects):
      hash.combine(2)
      for object in objects {
        hash.combine(object.contentHash)
        hash.combine(object.resourceVersion)
      }
    case .discovered(.success(let types)):
      hash.combine(9)
      for type in types {
        hash.combine(type.stableHash)
        hash.combine(type.apiVersion)
      }
    case .api(.success(let response)): hash.combine(response.stableHash)
    case .discovered(.failure(let error)):
      hash.combine(10)
      hash.combine(error.reason.rawValue)
      hash.combine(error.message)
    case .api(.failure(let error)):
      hash.combine(3)
      hash.combine(error.reason.rawValue)
      hash.combine(error.message)
    case .allocator(.success(let grants)):
      hash.combine(4)
      for grant in grants {
        hash.combine(grant.pool)
        hash.combine(grant.item)
        hash.combine(UInt64(grant.generation))
        hash.combine(grant.owner)
        hash.combine(grant.requestKey)
        hash.combine(grant.state.rawValue)
      }
    case .allocator(.failure(let error)):
      hash.combine(5)
      hash.combine(error.description)
    case .number(let number):
      hash.combine(6)
      hash.combine(number)
    case .memory: hash.combine(7)
    case .time(let time):
      hash.combine(9)
      hash.combine(UInt64(bitPattern: time.seconds))
      hash.combine(UInt64(bitPattern: Int64(time.nanoseconds)))
    case .done: hash.combine(8)
    }
    return hash.value
  }
}

public import APIMachinery
public import Scalars

/// Where a reconcile's effects go: the API, allocators, process memory and time.
///
/// - Guarantees: one effect is pending at a time (the context is not `Sendable`, so that code which would have two
///   does not compile). Replies come in the order of the effects.
/// - Errors: reads and writes throw the server's `StatusError`, calls to pools `AllocationError`; once the process
///   has stopped, everything throws `ProcessCrashed`.
public final class ReconcileContext {
  @usableFromInline let driver: any ReconcileDriver
  /// The names in process memory that this reconcile has asked for.
  @usableFromInline var memoryNames: [MemoryName] = []

  /// A context over a driver.
  public init(_ driver: any ReconcileDriver) { self.driver = driver }

  /// The time of the last reply; asking is no effect.
  public var now: Timestamp { driver.now }

  // What is generic is compiled again where it is used, with the controller's own types.

  /// Has an effect carried out.
  ///
  /// Inlined, for each function that waits has its way back to the executor to look for.
  @inlinable @inline(__always)
  nonisolated(nonsending) func perform(_ effect: Effect) async throws -> Reply {
    if let reply = try driver.answer(effect) { return reply }
    return try await driver.wait(effect)
  }

  /// Has an effect carried out that is always answered at once.
  ///
  /// A driver that leaves it unanswered has stopped for good.
  @usableFromInline
  func performInline(_ effect: Effect) throws -> Reply {
    guard let reply = try driver.answer(effect) else { throw ProcessCrashed() }
    return reply
  }

  // MARK: Time, chance, people

  /// Waits.
  public nonisolated(nonsending) func sleep(_ duration: GoDuration) async throws {
    _ = try await perform(.sleep(duration))
  }

  /// Draws a number below `bound`, the same one whenever the run is repeated.
  public func random(below bound: UInt64) throws -> UInt64 {
    precondition(bound > 0, "there is no number below 0")
    guard case .number(let number) = try performInline(.random) else {
      preconditionFailure("a driver answers a draw with a number")
    }
    return number % bound
  }

  /// Tells people something about the object: an Event, where the world keeps them.
  ///
  /// No write that anybody waits for: whatever becomes of it, the reconcile goes on.
  public func event(
    _ object: some Resource, isWarning: Bool = false, reason: String, _ message: String
  ) throws {
    try event(object.object, isWarning: isWarning, reason: reason, message)
  }

  /// Tells people something about an object of any kind.
  public func event(
    _ object: APIObject, isWarning: Bool = false, reason: String, _ message: String
  ) throws {
    _ = try performInline(
      .event(
        EventNote(
          object.type, object.key, uid: object.header.uid, isWarning: isWarning, reason: reason,
          message: message)))
  }

  // MARK: Pools

  /// The allocator of a pool.
  public func pool(_ name: String) -> PoolClient { PoolClient(name: name, context: self) }

  // MARK: Memory

  /// What this process remembers; a crash wipes it.
  @inlinable
  public subscript<Key: ProcessMemoryKey>(memory key: Key.Type) -> Key.Value {
    get { remembered(key, name(of: key, for: nil)) }
    set { remember(newValue, name(of: key, for: nil)) }
  }

  /// What this process remembers of one object: a memory of many costs no more than one of few.
  @inlinable
  public subscript<Key: ProcessMemoryKey>(
    memory key: Key.Type, for object: ObjectKey
  ) -> Key.Value {
    get { remembered(key, name(of: key, for: object)) }
    set { remember(newValue, name(of: key, for: object)) }
  }

  /// The name in process memory; a reconcile asks for few, and for each of them several times.
  @inlinable
  func name<Key: ProcessMemoryKey>(of _: Key.Type, for object: ObjectKey?) -> String {
    let key = ObjectIdentifier(Key.self)
    for known in memoryNames where known.key == key && known.object == object { return known.name }
    var name = Key.name
    if let object {
      name =
        object.namespace.isEmpty
        ? String(joining: name, " ", object.name)
        : String(joining: name, " ", object.namespace, "/", object.name)
    }
    memoryNames.append(MemoryName(key: key, object: object, name: name))
    return name
  }

  @inlinable
  func remembered<Key: ProcessMemoryKey>(_: Key.Type, _ name: String) -> Key.Value {
    // A stopped process reads what a new one would: whatever it does with that does not count.
    guard case .memory(let stored?) = try? performInline(.readMemory(name)) else {
      return Key.initial
    }
    return stored.value as? Key.Value ?? Key.initial
  }

  @inlinable
  func remember(_ value: some Hashable & Sendable, _ name: String) {
    _ = try? performInline(.writeMemory(name, MemoryValue(value)))
  }
}

/// What a reconcile calls something in process memory.
@usableFromInline
struct MemoryName {
  @usableFromInline let key: ObjectIdentifier
  @usableFromInline let object: ObjectKey?
  @usableFromInline let name: String

  @inlinable
  init(key: ObjectIdentifier, object: ObjectKey?, name: String) {
    self.key = key
    self.object = object
    self.name = name
  }
}

/// The name and type of something that a controller's process remembers between reconciles.
public protocol ProcessMemoryKey {
  associatedtype Value: Hashable & Sendable
  /// The name, unique within the process.
  static var name: String { get }
  /// What a process that has just started remembers.
  static var initial: Value { get }
}

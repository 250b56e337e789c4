import APIStore
import APIAllocation
import APIMachinery
import APIServer
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import Testing
import ValueTree

/// A small world for one controller: a real API server, a cache that can stand still, and the books of pools.
///
/// Every effect is answered at once. One of them can be made to go wrong.
final class Harbour: ReconcileDriver {
  /// What goes wrong with an effect.
  enum Fault: CaseIterable {
    /// It is not carried out, and says so.
    case refused
    /// It is carried out, and the reply is lost.
    case lostReply
    /// Another write came first.
    case conflict
    case crashBefore
    case crashAfter
  }

  var now = Timestamp(seconds: 1_000)
  private(set) var server: APIServer
  private(set) var cache = PersistentMap<ObjectKey, APIObject>()
  /// Whether the cache sees every write at once.
  private(set) var isCacheCurrent = true
  private(set) var books: [PoolBook] = []
  /// Whether a crash empties the books.
  let isMemoryBacked: Bool
  private(set) var memory: [String: MemoryValue] = [:]
  private(set) var notes: [EventNote] = []
  /// The effects since this was last emptied, but for those that the process answers itself.
  var effects: [String] = []
  /// Which of the effects from now on goes wrong, from 0, and how.
  var fault: (after: Int, kind: Fault)?

  init(gpus count: Int? = 4, isMemoryBacked: Bool = false) throws {
    self.isMemoryBacked = isMemoryBacked
    server = APIServer(startedAt: now)
    if let count { try addPool("gpus", count) }
  }

  /// Adds a pool, or makes one anew.
  func addPool(_ name: String, _ count: Int) throws {
    let devices = (0..<count).map { DeviceAllocator.Device(name: "gpu-\($0)") }
    let book = PoolBook(name: name, allocator: try DeviceAllocator(devices: devices))
    books.removeAll { $0.name == name }
    books.append(isMemoryBacked ? book.emptied : book)
  }

  // MARK: The user

  func apply(_ name: String, _ spec: Value, finalizers: [String] = []) throws {
    var binding = DeviceBinding(
      APIObject(
        type: DeviceBinding.type, header: ObjectHeader(namespace: "default", name: name),
        body: ["spec": spec]))
    binding.finalizers = finalizers
    try user(.create(binding.object))
  }

  func patch(_ name: String, _ patch: Value, subresource: Subresource? = nil) throws {
    try user(.mergePatch(DeviceBinding.type, key(name), patch, subresource: subresource))
  }

  func delete(_ name: String) throws { try user(.delete(DeviceBinding.type, key(name), .none)) }

  private func user(_ request: APIRequest) throws {
    try server.handle(request, at: now)
    catchUp()
  }

  func stored(_ name: String) -> DeviceBinding? {
    server.store.object(DeviceBinding.type, key(name)).map(DeviceBinding.init)
  }

  // MARK: The cache

  private func catchUp() {
    if isCacheCurrent { cache = server.store.objects(DeviceBinding.type) }
  }

  /// Stops the cache at an older state of its one object, or at none.
  func rewind(to binding: DeviceBinding?) {
    isCacheCurrent = false
    cache = PersistentMap()
    if let binding { cache.updateValue(binding.object, forKey: binding.key) }
  }

  /// Lets the cache follow the server again.
  func unwind() {
    isCacheCurrent = true
    catchUp()
  }

  // MARK: The process

  /// Runs one reconcile and returns its effects.
  @discardableResult
  func run(_ reconciler: some Reconciler, _ name: String) async throws -> [String] {
    effects = []
    _ = try await reconciler.reconcile(key(name), ReconcileContext(self))
    return effects
  }

  /// Runs all keys until nothing changes any more, and says whether it came to that.
  @discardableResult
  func settle(_ reconciler: some Reconciler, _ names: [String]) async -> Bool {
    var quiet = 0
    for _ in 0..<30 where quiet < 2 {
      let before = state
      for name in names {
        _ = try? await reconciler.reconcile(key(name), ReconcileContext(self))
      }
      quiet = state == before ? quiet + 1 : 0
    }
    return quiet == 2
  }

  private var state: [UInt64] { [server.store.revision] + books.map(\.contentHash) }

  func crash() {
    memory = [:]
    if isMemoryBacked { books = books.map(\.emptied) }
  }

  // MARK: ReconcileDriver

  func answer(_ effect: Effect) throws -> Reply? {
    switch effect {
    case .readMemory(let name): return .memory(memory[name])
    case .writeMemory(let name, let value):
      memory[name] = value
      return .done
    case .event(let note):
      notes.append(note)
      return .done
    default: break
    }
    effects.append(effect.operation)
    guard let (after, kind) = fault else { return carryOut(effect) }
    fault = after == 0 ? nil : (after - 1, kind)
    guard after == 0 else { return carryOut(effect) }
    switch kind {
    case .refused: return refusal(of: effect, .serviceUnavailable, .unavailable)
    case .conflict: return refusal(of: effect, .conflict, .unavailable)
    case .lostReply:
      let reply = carryOut(effect)
      return effect.isWrite ? refusal(of: effect, .timeout, .timeout) : reply
    case .crashBefore:
      crash()
      throw ProcessCrashed()
    case .crashAfter:
      _ = carryOut(effect)
      crash()
      throw ProcessCrashed()
    }
  }

  nonisolated(nonsending) func wait(_ effect: Effect) async throws -> Reply {
    throw ProcessCrashed()
  }

  private func refusal(
    of effect: Effect, _ reason: StatusError.Reason, _ error: AllocationError
  ) -> Reply {
    switch effect {
    case .api: .api(.failure(StatusError(reason, "made to fail")))
    case .allocator: .allocator(.failure(error))
    default: carryOut(effect)
    }
  }

  private func carryOut(_ effect: Effect) -> Reply {
    switch effect {
    case .cachedGet(_, let key): return .cached(cache[key])
    case .cachedList: return .cachedList(cache.map(\.value))
    case .api(let request):
      defer { catchUp() }
      do { return .api(.success(try server.handle(request, at: now))) } catch {
        return .api(.failure(error))
      }
    case .allocator(let call):
      do { return .allocator(.success(try perform(call))) } catch {
        return .allocator(.failure(error))
      }
    default: return .done
    }
  }

  private func perform(_ call: AllocatorCall) throws(AllocationError) -> [Grant] {
    guard let index = books.firstIndex(where: { $0.name == call.pool }) else {
      throw .unknownPool(call.pool)
    }
    switch call {
    case .ensure(let request): return try books[index].ensure(request)
    case .beginRelease(_, let owner): return books[index].beginRelease(owner: owner)
    case .finishRelease(_, let owner): books[index].finishRelease(owner: owner)
    case .release(_, let item, let generation, let owner):
      try books[index].release(item: item, generation: generation, owner: owner)
    case .held(_, let owner): return books[index].grants(of: owner)
    case .outstanding: return books[index].allGrants
    case .rebuild(_, let records, _): return books[index].rebuild(from: records).adopted
    case .takeRaw(let request): return try books[index].takeRaw(request.count, by: request)
    case .freeRaw(_, let item): try books[index].freeRaw(item: item)
    }
    return []
  }
}

extension Harbour {
  /// What does not fit between the books and the objects, a pool each.
  var audits: [Audit] {
    let records = server.store.list(DeviceBinding.type).flatMap { DeviceBinding($0).records }
    return books.map { Audit(of: $0, records: records) }
  }

  /// Whether books and objects fit.
  var isClean: Bool { audits.allSatisfy(\.isClean) }

  /// The items that the object of this name holds.
  func items(of name: String, pool: Int = 0) -> [String] {
    guard let uid = stored(name)?.uid else { return [] }
    return books[pool].grants(of: uid).map(\.item)
  }
}

func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

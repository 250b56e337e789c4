import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

/// SplitMix64: small, and the same on every machine, so that a printed seed replays a failure.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// One of these.
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}

extension ResourceRegistry {
  /// All kinds, and any content: these tests are about what holds for every kind.
  static let schemaless: ResourceRegistry = {
    var registry = ResourceRegistry.builtIn
    for type in registry.types { registry.register(type.definition) }
    return registry
  }()
}

/// A server with a clock that goes on by a second a request.
struct Bench {
  var server: APIServer
  var now: Timestamp

  init(
    seed: UInt64 = 0, settings: ServerSettings = ServerSettings(), historyLimit: Int = 100_000,
    registry: ResourceRegistry = .schemaless
  ) {
    now = Timestamp(seconds: 1_767_225_600)
    server = APIServer(
      registry: registry, identity: IdentitySource(seed: seed), settings: settings,
      historyLimit: historyLimit,
      startedAt: now)
  }

  var revision: UInt64 { server.store.revision }

  func kind(_ name: String) -> ResourceType {
    guard let type = server.registry.type(named: name) else {
      preconditionFailure("no kind \(name)")
    }
    return type
  }

  mutating func tick() -> Timestamp {
    now = Timestamp(seconds: now.seconds + 1)
    return now
  }

  /// An object; a namespaced one is in `default` unless its metadata says otherwise.
  func object(
    _ kind: String, _ name: String, metadata: Value = [:], body: Value = [:]
  ) throws -> APIObject {
    let type = self.kind(kind)
    var whole = metadata
    if !name.isEmpty { whole = whole.setting("name", to: Value(name)) }
    if type.definition.isNamespaced, whole["namespace"] == nil {
      whole = whole.setting("namespace", to: "default")
    }
    return try APIObject(decoding: body.setting("metadata", to: whole), as: type)
  }

  @discardableResult
  mutating func create(
    _ kind: String, _ name: String, metadata: Value = [:], body: Value = [:]
  ) throws -> APIObject {
    try create(object(kind, name, metadata: metadata, body: body))
  }

  @discardableResult
  mutating func create(_ object: APIObject) throws -> APIObject {
    try server.create(object, at: tick())
  }

  func get(_ object: APIObject) throws -> APIObject { try server.get(object.type, object.key) }

  @discardableResult
  mutating func update(
    _ object: APIObject, _ subresource: Subresource? = nil
  ) throws -> APIObject {
    try server.update(object, subresource: subresource, at: tick())
  }

  /// An update of the stored state with a merge patch made on the client's side.
  @discardableResult
  mutating func change(
    _ object: APIObject, _ patch: Value, _ subresource: Subresource? = nil
  ) throws -> APIObject {
    let changed = try APIObject(
      decoding: get(object).value.merging(patch), as: object.type)
    return try update(changed, subresource)
  }

  @discardableResult
  mutating func patch(
    _ object: APIObject, _ patch: Value, _ subresource: Subresource? = nil
  ) throws -> APIObject {
    try server.patch(
      object.type, object.key, .merge(patch), subresource: subresource, at: tick())
  }

  @discardableResult
  mutating func delete(
    _ object: APIObject, _ options: DeleteOptions = .none
  ) throws -> APIObject {
    try server.delete(object.type, object.key, options, at: tick()).object
  }

  /// The events of a kind after a revision, as `ADDED name revision`.
  func events(_ kind: String, after revision: UInt64) -> [String] {
    server.store.events(self.kind(kind), after: revision).map {
      "\($0.kind.rawValue) \($0.object.name) \($0.revision)"
    }
  }

  /// Runs a request that must be refused, and checks that nothing has changed.
  mutating func refusal(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (inout Bench) throws -> some Any
  ) throws -> StatusError {
    let before = (server.store.revision, server.store.contentHash)
    var error: StatusError?
    do { _ = try body(&self) } catch let refusal as StatusError { error = refusal }
    #expect(
      before == (server.store.revision, server.store.contentHash),
      "a refused request changes nothing", sourceLocation: sourceLocation)
    return try #require(error, "the request was not refused", sourceLocation: sourceLocation)
  }
}

import APIMachinery
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
}

/// Kinds that the tests write.
enum Kinds {
  static let registry = ResourceRegistry.builtIn

  static func named(_ name: String) -> ResourceType {
    guard let type = registry.type(named: name) else { preconditionFailure("no kind \(name)") }
    return type
  }

  static let pods = named("pods")
  static let nodes = named("nodes")
  static let leases = named("leases")
}

extension APIStore {
  /// Writes an object of this key and content, or removes it; says what happened.
  @discardableResult
  mutating func write(
    _ type: ResourceType, _ key: ObjectKey, _ number: Int?, time: Timestamp = .unixEpoch
  ) -> StoreEvent? {
    let previous = object(type, key)
    let event: StoreEvent
    if let number {
      let header = ObjectHeader(
        namespace: key.namespace, name: key.name, resourceVersion: revision + 1)
      let object = APIObject(type: type, header: header, body: ["spec": Value(number)])
      event = StoreEvent(
        kind: previous == nil ? .added : .modified, object: object, previous: previous, time: time)
    } else {
      guard let previous else { return nil }
      event = StoreEvent(
        kind: .deleted, object: previous.with(resourceVersion: revision + 1), previous: previous,
        time: time)
    }
    commit(event)
    return event
  }
}

/// What a store should be: the objects of each kind after each write, all kept.
struct StoreModel {
  /// By revision, by index of the kind: path and object, sorted by path.
  var states: [[Int: [String: APIObject]]] = [[:]]
  /// All events, by revision from 1.
  var events: [StoreEvent] = []

  mutating func note(_ event: StoreEvent) {
    var state = states[states.count - 1]
    let path = event.object.key.path
    switch event.kind {
    case .added, .modified: state[event.object.type.index, default: [:]][path] = event.object
    case .deleted: state[event.object.type.index, default: [:]][path] = nil
    }
    states.append(state)
    events.append(event)
  }

  /// The objects of a kind after a revision, in the order of the bytes of their paths.
  func objects(_ type: ResourceType, at revision: Int) -> [APIObject] {
    let state = states[revision][type.index] ?? [:]
    return state.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { state[$0] }
  }
}

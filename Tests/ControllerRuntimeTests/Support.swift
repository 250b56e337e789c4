import APIMachinery
import Allocation
import ControllerRuntime
import Scalars
import ValueTree

/// A generator of random numbers that gives the same ones for the same seed everywhere.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(limit))
  }
}

/// A driver that gives prepared replies in order and keeps the effects.
final class ScriptedDriver: ReconcileDriver {
  var now = Timestamp(seconds: 1_000)
  /// What is still to be answered; `crash` throws, an empty script stops the test's process.
  var script: [Answer]
  private(set) var effects: [Effect] = []
  private(set) var waits = 0

  enum Answer {
    case reply(Reply)
    /// Not at once, but when waited for.
    case later(Reply)
    case crash
  }

  init(_ script: Answer...) { self.script = script }

  func answer(_ effect: Effect) throws -> Reply? {
    effects.append(effect)
    guard let next = script.first else { throw ProcessCrashed() }
    switch next {
    case .reply(let reply):
      script.removeFirst()
      return reply
    case .later: return nil
    case .crash: throw ProcessCrashed()
    }
  }

  nonisolated(nonsending) func wait(_ effect: Effect) async throws -> Reply {
    guard case .later(let reply)? = script.first else { throw ProcessCrashed() }
    script.removeFirst()
    waits += 1
    return reply
  }
}

/// A kind to test with.
struct ConfigMap: Resource {
  static let type = ResourceRegistry.builtIn("v1", "ConfigMap")
  var object: APIObject
  init(_ object: APIObject) { self.object = object }

  init(
    _ name: String, namespace: String = "default", uid: UInt64 = 1, revision: UInt64 = 1,
    body: Value = .emptyMap
  ) {
    object = APIObject(
      type: Self.type,
      header: ObjectHeader(
        namespace: namespace, name: name, uid: UID(high: 1, low: uid), resourceVersion: revision),
      body: body)
  }
}

/// A kind that owns others.
struct Deployment: Resource {
  static let type = ResourceRegistry.builtIn("apps/v1", "Deployment")
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

/// A kind without namespaces.
struct Node: Resource {
  static let type = ResourceRegistry.builtIn("v1", "Node")
  var object: APIObject
  init(_ object: APIObject) { self.object = object }
}

func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

func grant(_ item: String, generation: UInt32 = 1, state: GrantState = .open) -> Grant {
  Grant(
    pool: "gpus", item: item, generation: generation, owner: UID(high: 1, low: 1),
    requestKey: "default", state: state)
}

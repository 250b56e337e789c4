import APIAllocation
import APIMachinery
import Allocation
import ControllerRuntime

/// A binding controller as a machine with explicit state: what a controller model compiles to.
///
/// It does what the reference controller does in a world without faults: reads from the cache, stores its
/// finalizer, sees to its devices, writes them into the status, and gives them back before it takes its
/// finalizer off.
struct BindingSteps: StepReconcile {
  static let finalizer = "drydock.dev/device-binding"

  private enum Place: UInt64 {
    case start, read, protected, ensured, written, closed, finished, checked, released
  }

  private let key: ObjectKey
  private var place = Place.start
  private var binding: DeviceBinding?

  init(_ key: ObjectKey) { self.key = key }

  var stateHash: UInt64 {
    var hash = StableHash(seed: place.rawValue)
    hash.combine(binding?.object.contentHash ?? 0)
    return hash.value
  }

  mutating func next(_ reply: Reply?) -> Step {
    switch (place, reply) {
    case (.start, _):
      return go(.read, .cachedGet(DeviceBinding.type, key))
    case (.read, .cached(nil)):
      return .finish(.done)
    case (.read, .cached(let object?)):
      return begin(DeviceBinding(object))
    case (.protected, .api(.success(.object(let object)))):
      return ensure(DeviceBinding(object))
    case (.ensured, .allocator(.success(let grants))):
      return write(grants)
    case (.closed, .allocator(.success)):
      return go(.finished, .allocator(.finishRelease(pool: pool, owner: uid)))
    case (.finished, .allocator(.success)):
      return go(.checked, .allocator(.held(pool: pool, owner: uid)))
    case (.checked, .allocator(.success(let left))) where left.isEmpty:
      guard var freed = binding else { return .finish(.done) }
      _ = freed.removeFinalizer(Self.finalizer)
      return go(.released, .api(.update(freed.object)))
    case (.written, .api(.success)), (.released, .api(.success)):
      return .finish(.done)
    default:
      return .finish(.requeueWithBackoff)
    }
  }

  private var pool: String { binding?.pool ?? "" }

  private var uid: UID { binding?.uid ?? UID(high: 0, low: 0) }

  private mutating func go(_ next: Place, _ effect: Effect) -> Step {
    place = next
    return .effect(effect)
  }

  private mutating func begin(_ found: DeviceBinding) -> Step {
    binding = found
    if found.isDeleting {
      guard found.hasFinalizer(Self.finalizer) else { return .finish(.done) }
      return go(.closed, .allocator(.beginRelease(pool: pool, owner: uid)))
    }
    var protected = found
    guard protected.addFinalizer(Self.finalizer) else { return ensure(found) }
    return go(.protected, .api(.update(protected.object)))
  }

  private mutating func ensure(_ stored: DeviceBinding) -> Step {
    binding = stored
    let request = AllocationRequest(
      pool: stored.pool, for: stored.object, key: DeviceBinding.requestKey, count: stored.count)
    return go(.ensured, .allocator(.ensure(request)))
  }

  private mutating func write(_ grants: [Grant]) -> Step {
    guard let stored = binding else { return .finish(.done) }
    var desired = stored
    desired.phase = .bound
    desired.devices = grants.map(DeviceBinding.Device.init)
    if desired == stored { return .finish(.done) }
    return go(.written, .api(.update(desired.object, subresource: .status)))
  }
}

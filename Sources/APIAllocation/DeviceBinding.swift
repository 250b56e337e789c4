public import APIMachinery
public import Allocation
import ValueTree

/// `kind: DeviceBinding`: asks for devices of a pool; its status says which ones it got.
///
/// ```yaml
/// spec: {pool: gpus, count: 2, selector: {product: H100}, matchAttribute: node}
/// status: {phase: Bound, devices: [{name: gpu-0, generation: 1}]}
/// ```
public struct DeviceBinding: Resource {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "DeviceBinding")
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  private static let poolPath = FieldPath(Fields.spec, "pool")
  private static let countPath = FieldPath(Fields.spec, "count")
  private static let selectorPath = FieldPath(Fields.spec, "selector")
  private static let matchPath = FieldPath(Fields.spec, "matchAttribute")
  private static let boundPoolPath = FieldPath(
    Fields.metadata, Fields.annotations, "drydock.dev/bound-pool")
  private static let phasePath = FieldPath(Fields.status, "phase")
  private static let messagePath = FieldPath(Fields.status, "message")
  private static let devicesPath = FieldPath(Fields.status, "devices")
  private static let generationKey = Key("generation")

  /// How far a binding has come.
  public enum Phase: String, Sendable, Hashable {
    /// It waits for devices.
    case pending = "Pending"
    /// It has what it asked for.
    case bound = "Bound"
  }

  /// A device that the status names.
  public struct Device: Sendable, Hashable {
    /// The device's name in its pool.
    public var name: String
    /// Which grant of the device; nil for controllers that do not write it down.
    public var generation: UInt32?

    /// A device.
    public init(name: String, generation: UInt32? = nil) {
      self.name = name
      self.generation = generation
    }

    /// The device that a grant hands out.
    public init(_ grant: Grant) { self.init(name: grant.item, generation: grant.generation) }
  }

  /// The pool that is asked.
  public var pool: String { self[Self.poolPath]?.string ?? "" }

  /// The pool that devices come from: the one written down with the finalizer, or else the one asked.
  public var boundPool: String {
    get { self[Self.boundPoolPath]?.string ?? pool }
    set { self[Self.boundPoolPath] = Value(newValue) }
  }

  /// Whether the pool that devices come from is written down.
  public var isPoolWrittenDown: Bool { self[Self.boundPoolPath]?.string != nil }

  /// How many devices are asked for.
  public var count: Int { self[Self.countPath]?.int.map { Int(clamping: $0) } ?? 1 }

  /// Attributes that each device must have.
  public var selector: [AttributeRequirement] {
    self[Self.selectorPath]?.members.map {
      AttributeRequirement($0.key.text, $0.value.string ?? $0.value.description)
    } ?? []
  }

  /// An attribute that all devices must share.
  public var matchAttribute: String? { self[Self.matchPath]?.string }

  /// How far the binding has come.
  public var phase: Phase? {
    get { self[Self.phasePath]?.string.flatMap(Phase.init(rawValue:)) }
    set { self[Self.phasePath] = newValue.map { Value($0.rawValue) } }
  }

  /// Why the binding has not come further, for people.
  public var message: String? {
    get { self[Self.messagePath]?.string }
    set { self[Self.messagePath] = newValue.map { Value($0) } }
  }

  /// The devices that the status names.
  public var devices: [Device] {
    get {
      self[Self.devicesPath]?.elements.compactMap { entry in
        entry[Fields.name]?.string.map {
          Device(
            name: $0, generation: entry[Self.generationKey]?.int.flatMap(UInt32.init(exactly:)))
        }
      } ?? []
    }
    set {
      self[Self.devicesPath] = newValue.isEmpty ? nil : Self.list(newValue)
    }
  }

  /// In one go, and the members in the order of their keys: every binding's status is written like this.
  private static func list(_ devices: [Device]) -> Value {
    var builder = ValueBuilder()
    builder.beginList()
    do {
      for device in devices {
        builder.beginMap()
        if let generation = device.generation {
          builder.key(generationKey)
          builder.int(Int64(generation))
        }
        builder.key(Fields.name)
        builder.string(device.name)
        try builder.end()
      }
      try builder.end()
    } catch {
      preconditionFailure("a device has each key once")
    }
    return builder.finish()
  }

  /// What the status says as records.
  public var records: [AllocationRecord] {
    // Asked of every state of every binding, most of which record nothing.
    let devices = devices
    if devices.isEmpty { return [] }
    let holder = "\(Self.type.kind) \(key)"
    let pool = boundPool
    return devices.map { device in
      AllocationRecord(
        pool: pool, item: device.name, generation: device.generation, owner: uid,
        holder: holder,
        requestKey: DeviceBinding.requestKey, isTerminating: isDeleting)
    }
  }

  /// The one request that a binding makes of its pool.
  public static let requestKey = "devices"
}

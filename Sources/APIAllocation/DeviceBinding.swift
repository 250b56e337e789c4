public import APIMachinery
import ValueTree

/// `kind: DeviceBinding`: asks for devices of a pool; its status says which ones it got.
///
/// ```yaml
/// spec: {pool: gpus, count: 2, selector: {product: H100}, matchAttribute: node}
/// status: {phase: Bound, devices: [{name: gpu-0, generation: 1}]}
/// ```
public struct DeviceBinding: PoolClaim {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "DeviceBinding")
  public static let finalizer = "drydock.dev/device-binding"
  public static let requestKey = "devices"
  public static let itemKind = "Device"
  public static var peers: [any PoolClaim.Type] { [GPUClaim.self] }
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  /// A device that the status names.
  public typealias Device = RecordedItem
  /// How far a binding has come.
  public typealias Phase = ClaimPhase

  /// The devices that the status names.
  public var devices: [Device] {
    get { recordedItems(at: DeviceList.path, name: DeviceList.name) }
    set {
      if isRecorded(newValue, at: DeviceList.path, name: Fields.name) { return }
      setRecordedItems(newValue, at: DeviceList.path, entry: DeviceList.write)
    }
  }

  public var recordedItems: [RecordedItem] {
    get { devices }
    set { devices = newValue }
  }
}

/// `status.devices`, as kinds that hold devices have it.
enum DeviceList {
  static let path = FieldPath(Fields.status, "devices")

  static func name(_ entry: Value) -> String? { entry[Fields.name]?.string }

  static func write(_ name: String, _ entry: inout ValueBuilder) {
    entry.key(Fields.name)
    entry.string(name)
  }
}

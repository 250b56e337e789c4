public import APIMachinery
import ValueTree

/// `kind: GPUClaim`: asks for GPUs of a pool; its status says which ones it got.
///
/// ```yaml
/// spec: {pool: gpus, count: 2, selector: {product: H100}, matchAttribute: node}
/// status: {phase: Bound, devices: [{name: gpu-0, generation: 1}]}
/// ```
public struct GPUClaim: PoolClaim {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "GPUClaim")
  public static let finalizer = "drydock.dev/gpu-claim"
  public static let requestKey = "devices"
  public static let itemKind = "Device"
  public static var peers: [any PoolClaim.Type] { [DeviceBinding.self] }
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  public var recordedItems: [RecordedItem] {
    get { recordedItems(at: DeviceList.path, name: DeviceList.name) }
    set {
      if isRecorded(newValue, at: DeviceList.path, name: Fields.name) { return }
      setRecordedItems(newValue, at: DeviceList.path, entry: DeviceList.write)
    }
  }
}

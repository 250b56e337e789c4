public import APIMachinery
public import Allocation
import Scalars
import ValueTree

/// `kind: IPClaim`: asks for addresses of a pool; its status says which ones it got.
///
/// ```yaml
/// spec: {pool: ips, family: IPv6, ip: "fd00::7"}
/// status: {phase: Bound, addresses: [{ip: "fd00::7", generation: 1}]}
/// ```
public struct IPClaim: PoolClaim {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "IPClaim")
  public static let finalizer = "drydock.dev/ip-claim"
  public static let requestKey = "addresses"
  public static let itemKind = "Address"
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  private static let path = FieldPath(Fields.status, "addresses")
  private static let ip = Key("ip")
  private static let family = Key("family")

  /// The family and the address that are asked for, beside the selector.
  public var requirements: [AttributeRequirement] {
    var all = selector
    for field in [Self.family, Self.ip] {
      guard let value = self[FieldPath(Fields.spec, field)] else { continue }
      all.append(AttributeRequirement(field.text, value.string ?? value.description))
    }
    return all
  }

  public func fits(_ item: String) -> Bool {
    guard let address = IPAddress(item) else { return false }
    return requirements.allSatisfy { requirement in
      switch requirement.name {
      case Self.ip.text: IPAddress(requirement.value) == address
      case Self.family.text: IPAllocator.family(requirement.value) == address.family
      default: false
      }
    }
  }

  public func message(for error: AllocationError) -> String {
    guard case .exhausted = error, count == 1,
      let ip = requirements.last(where: { $0.name == Self.ip.text })?.value
    else { return "\(error)" }
    return "\(ip) of pool \"\(boundPool)\" is taken"
  }

  public var recordedItems: [RecordedItem] {
    get { recordedItems(at: Self.path) { $0[Self.ip]?.string } }
    set {
      if isRecorded(newValue, at: Self.path, name: Self.ip) { return }
      setRecordedItems(newValue, at: Self.path) { name, entry in
        entry.key(Self.ip)
        entry.string(name)
      }
    }
  }
}

public import APIMachinery
public import Allocation
import ValueTree

/// `kind: PortClaim`: asks for ports of a pool; its status says which ones it got.
///
/// ```yaml
/// spec: {pool: ports, port: 30080, protocol: TCP, node: node-a}
/// status: {phase: Bound, ports: [{port: 30080, protocol: TCP, node: node-a, generation: 1}]}
/// ```
public struct PortClaim: PoolClaim {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "PortClaim")
  public static let finalizer = "drydock.dev/port-claim"
  public static let requestKey = "ports"
  public static let itemKind = "Port"
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  private static let path = FieldPath(Fields.status, "ports")
  private static let port = Key("port")
  private static let transport = Key("protocol")
  private static let node = Key("node")

  /// The port, protocol and node that are asked for, beside the selector; the protocol is TCP where nothing is said, as
  /// in Kubernetes.
  public var requirements: [AttributeRequirement] {
    var all = selector
    for field in [Self.transport, Self.node, Self.port] {
      guard let value = self[FieldPath(Fields.spec, field)] else { continue }
      all.append(AttributeRequirement(field.text, value.string ?? value.description))
    }
    if !all.contains(where: { $0.name == Self.transport.text }), matchAttribute != "protocol" {
      all.append(AttributeRequirement(Self.transport.text, "TCP"))
    }
    return all
  }

  public func fits(_ item: String) -> Bool {
    guard let port = PortItem(item) else { return false }
    return requirements.allSatisfy(port.meets)
  }

  public func message(for error: AllocationError) -> String {
    guard case .exhausted = error, count == 1,
      let port = requirements.last(where: { $0.name == Self.port.text })?.value
    else { return "\(error)" }
    return "port \(port) of pool \"\(boundPool)\" is taken"
  }

  public var recordedItems: [RecordedItem] {
    get {
      recordedItems(at: Self.path) { entry in
        guard let port = entry[Self.port]?.int, let transport = entry[Self.transport]?.string
        else { return nil }
        return PortItem(
          node: entry[Self.node]?.string, port: Int(clamping: port), transport: transport
        ).description
      }
    }
    set {
      setRecordedItems(newValue, at: Self.path) { name, entry in
        guard let item = PortItem(name) else {
          entry.key(Fields.name)
          entry.string(name)
          return
        }
        if let node = item.node {
          entry.key(Self.node)
          entry.string(node)
        }
        entry.key(Self.port)
        entry.int(Int64(item.port))
        entry.key(Self.transport)
        entry.string(item.transport)
      }
    }
  }
}

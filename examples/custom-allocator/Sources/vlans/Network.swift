import APIAllocation
import APIMachinery
import Allocation
import ValueTree

/// `kind: Network`: a kind of one's own, whose status says which VLAN it got.
struct Network: Resource {
  /// The kinds that there are: those that Drydock ships, and this one.
  static let registry: ResourceRegistry = {
    var registry = ResourceRegistry.builtIn
    registry.register(definition)
    return registry
  }()

  private static let definition = ResourceType.Definition(
    group: "example.dev", version: "v1", kind: "Network", plural: "networks",
    shortNames: ["net"], hasStatus: true)

  static let type: ResourceType = {
    guard let type = registry.type(apiVersion: "example.dev/v1", kind: "Network") else {
      preconditionFailure("the kind was registered just now")
    }
    return type
  }()

  var object: APIObject
  init(_ object: APIObject) { self.object = object }

  static let pool = "vlans"

  /// What the VLAN's id has to be.
  var selector: [AttributeRequirement] {
    self[FieldPath("spec", "parity")]?.string.map { [AttributeRequirement("parity", $0)] } ?? []
  }

  /// The VLAN that the status names.
  var vlan: String? {
    get { self[FieldPath("status", "vlan")]?.string }
    set { self[FieldPath("status", "vlan")] = newValue.map { Value($0) } }
  }

  /// Which grant of the VLAN it is.
  var generation: UInt32? {
    get { self[FieldPath("status", "generation")]?.int.flatMap(UInt32.init(exactly:)) }
    set { self[FieldPath("status", "generation")] = newValue.map { Value(Int64($0)) } }
  }

  /// What the object says it holds: with this, the ledger's oracles can judge it.
  var records: [AllocationRecord] {
    vlan.map { vlan in
      [
        AllocationRecord(
          pool: Self.pool, item: vlan, generation: generation, owner: uid,
          holder: "Network \(key)", isTerminating: isDeleting)
      ]
    } ?? []
  }
}

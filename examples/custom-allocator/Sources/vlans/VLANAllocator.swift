import APIMachinery
import Allocation
import ValueTree

/// Hands out VLAN ids.
///
/// An allocator says which items there are and chooses among those that are free. Who holds what, whether a request is
/// asked for the second time, who may give back: all that is Drydock's.
///
/// ```yaml
/// kind: Pool
/// spec: {type: vlan, from: 100, to: 199}
/// ```
struct VLANAllocator: Allocator {
  private let ids: ClosedRange<Int>

  /// Reads a `Pool`'s spec; a mistake is reported at its place in the file.
  init(spec: Value) throws(FieldError) {
    let from = try Self.id("from", in: spec)
    let to = try Self.id("to", in: spec)
    guard from <= to else {
      throw .invalid(FieldPath("to"), Value(to), "must not be less than from")
    }
    ids = from...to
  }

  private static func id(_ field: Key, in spec: Value) throws(FieldError) -> Int {
    guard let value = spec[field] else { throw .required(FieldPath(field), "a VLAN id") }
    guard let id = value.int, 1...4094 ~= id else {
      throw .invalid(FieldPath(field), value, "must be a VLAN id from 1 to 4094")
    }
    return Int(id)
  }

  var itemCount: Int { ids.count }

  func name(of item: Int) -> String { "vlan-\(ids.lowerBound + item)" }

  func item(named name: String) -> Int? {
    guard name.hasPrefix("vlan-"), let id = Int(name.dropFirst(5)), ids.contains(id),
      self.name(of: id - ids.lowerBound) == name
    else { return nil }
    return id - ids.lowerBound
  }

  /// Even ids for those who ask for `parity: even`, odd ones for `odd`, any for the rest.
  func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
  ) throws(AllocationError) -> [Int] {
    var fitting: [Int] = []
    for item in free where fitting.count < count {
      if try fits(ids.lowerBound + item, request) { fitting.append(item) }
    }
    guard fitting.count == count else {
      throw .exhausted(pool: request.pool, wanted: count, free: fitting.count)
    }
    return fitting
  }

  private func fits(_ id: Int, _ request: AllocationRequest) throws(AllocationError) -> Bool {
    for requirement in request.selector {
      switch (requirement.name, requirement.value) {
      case ("parity", "even"): if !id.isMultiple(of: 2) { return false }
      case ("parity", "odd"): if id.isMultiple(of: 2) { return false }
      default: throw .invalid("VLANs have no \(requirement.name) \"\(requirement.value)\"")
      }
    }
    return true
  }
}

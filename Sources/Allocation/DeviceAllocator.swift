public import APIMachinery
public import ValueTree

/// Hands out devices, such as GPUs: named items with attributes.
///
/// First fit in the order of the manifest. With `matchAttribute`, the group of devices with the same value of it that
/// is the first to be enough as the manifest is read from the top; what the owner holds already decides the group.
public struct DeviceAllocator: Allocator {
  /// One device of a pool.
  public struct Device: Sendable, Hashable {
    /// The device's name, unique in its pool.
    public let name: String
    /// Attributes, in the order of their names.
    public let attributes: [AttributeRequirement]

    /// A device.
    public init(name: String, attributes: [AttributeRequirement] = []) {
      self.name = name
      self.attributes = attributes
    }

    func value(of attribute: String) -> String? {
      attributes.first { $0.name == attribute }?.value
    }
  }

  private let devices: ContiguousArray<Device>
  private let byName: [String: Int]

  /// An allocator over these devices.
  ///
  /// - Throws: `FieldError` for a name that stands twice.
  public init(devices: [Device]) throws(FieldError) {
    self.devices = ContiguousArray(devices)
    var byName: [String: Int] = [:]
    for (index, device) in devices.enumerated() {
      guard byName.updateValue(index, forKey: device.name) == nil else {
        throw FieldError(
          .duplicate, FieldPath("devices").appending(index).appending("name"),
          "Duplicate value: \"\(device.name)\"")
      }
    }
    self.byName = byName
  }

  /// Reads `devices: [{name, …attributes}]`, or `count: N` for devices `gpu-0` to `gpu-(N-1)`.
  public init(spec: Value) throws(FieldError) {
    if let count = spec["count"] {
      guard spec["devices"] == nil else {
        throw .forbidden(FieldPath("count"), "may not be given together with devices")
      }
      guard let number = count.int, number > 0, number <= 1_000_000 else {
        throw .invalid(FieldPath("count"), count, "must be an integer from 1 to 1000000")
      }
      try self.init(devices: (0..<Int(number)).map { Device(name: "gpu-\($0)") })
      return
    }
    guard let list = spec["devices"], list.isList, !list.isEmptyCollection else {
      throw .required(FieldPath("devices"), "a list of devices, or count")
    }
    var devices: [Device] = []
    for (index, entry) in list.elements.enumerated() {
      devices.append(try Self.device(entry, at: FieldPath("devices").appending(index)))
    }
    try self.init(devices: devices)
  }

  private static func device(_ entry: Value, at path: FieldPath) throws(FieldError) -> Device {
    guard entry.isMap else {
      throw .invalid(path, entry, "must be a map with a name and attributes")
    }
    guard let name = entry["name"]?.string, !name.isEmpty else {
      throw .required(path.appending("name"))
    }
    var attributes: [AttributeRequirement] = []
    for (key, value) in entry.members where key != "name" {
      switch value.kind {
      case .string: attributes.append(AttributeRequirement(key.text, value.string ?? ""))
      case .int, .bool, .double:
        attributes.append(AttributeRequirement(key.text, value.description))
      default:
        throw .invalid(path.appending(key), value, "must be a string, a number or a boolean")
      }
    }
    return Device(name: name, attributes: attributes)
  }

  public var itemCount: Int { devices.count }

  public func name(of item: Int) -> String { devices[item].name }

  public func item(named name: String) -> Int? { byName[name] }

  public func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
  ) throws(AllocationError) -> [Int] {
    guard let attribute = request.matchAttribute else {
      var chosen: [Int] = []
      for item in free where fits(item, request) {
        chosen.append(item)
        if chosen.count == count { return chosen }
      }
      guard count > 0 else { return [] }
      throw .exhausted(pool: request.pool, wanted: count, free: chosen.count)
    }
    return try chooseMatching(count, attribute, for: request, holding: holding, free: free)
  }

  private func fits(_ item: Int, _ request: AllocationRequest) -> Bool {
    request.selector.allSatisfy { devices[item].value(of: $0.name) == $0.value }
  }

  private func chooseMatching(
    _ count: Int, _ attribute: String, for request: AllocationRequest, holding: [Int],
    free: ItemSet
  ) throws(AllocationError) -> [Int] {
    // What the owner holds already decides the group.
    let fixed = holding.first.flatMap { devices[$0].value(of: attribute) }
    guard holding.allSatisfy({ fixed != nil && devices[$0].value(of: attribute) == fixed }) else {
      throw .invalid("the devices held do not share \"\(attribute)\"; no further one can match")
    }
    var groups: [(value: String, items: [Int])] = []
    for item in free where fits(item, request) {
      guard let value = devices[item].value(of: attribute), fixed == nil || fixed == value else {
        continue
      }
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].items.append(item)
      } else {
        groups.append((value, [item]))
      }
      if let group = groups.first(where: { $0.items.count == count }) { return group.items }
    }
    throw .exhausted(
      pool: request.pool, wanted: count, free: groups.map(\.items.count).max() ?? 0)
  }
}

public import Scalars
public import ValueTree

/// The variable `device` of selectors in resource claims and device classes.
///
/// `device.driver` is the driver's name; `device.attributes` and `device.capacity` are grouped by
/// domain, so that an attribute `ext.example.com/family` is `device.attributes["ext.example.com"].family`
/// and one without a domain belongs to the driver's. A domain that the device does not have is an empty
/// map; a name that it does not have is an error.
public enum DeviceVariable {
  /// The type of the variable.
  public static let type = CELType.object(
    ObjectType(
      "DRADevice",
      fields: [
        "driver": .init(.string),
        "attributes": .init(.map(.string, .map(.string, .dyn))),
        "capacity": .init(.map(.string, .map(.string, .quantity))),
        "allowMultipleAllocations": .init(.bool),
      ]))

  /// An environment whose one variable is `device`.
  public static var environment: Environment { Environment(["device": type]) }

  /// The value for a device of a ResourceSlice.
  ///
  /// - Parameters:
  ///   - device: The device: `attributes`, `capacity`, or both under `basic` as in older versions.
  ///   - driver: The name of the slice's driver.
  /// - Returns: The value for the variable.
  /// - Throws: `ScalarError` where a quantity or version cannot be read.
  public static func value(of device: Value, driver: String) throws(ScalarError) -> CELValue {
    let device = device["basic"] ?? device
    var attributes = Groups(driver)
    if let given = device["attributes"] {
      for (name, value) in given.members {
        attributes.add(name.text, try attribute(value))
      }
    }
    var capacity = Groups(driver)
    if let given = device["capacity"] {
      for (name, value) in given.members {
        let text = value["value"]?.string ?? value.string ?? ""
        capacity.add(name.text, .quantity(try Quantity(parsing: text)))
      }
    }
    return .map(
      CELMap([
        ("driver", .string(driver)), ("attributes", attributes.map), ("capacity", capacity.map),
        ("allowMultipleAllocations", .bool(device["allowMultipleAllocations"]?.bool ?? false)),
      ]))
  }

  /// An attribute has one member that says its type.
  ///
  /// A quantity is an addition of this module.
  private static func attribute(_ value: Value) throws(ScalarError) -> CELValue {
    if let text = value["version"]?.string { return .semver(try SemanticVersion(parsing: text)) }
    if let text = value["quantity"]?.string { return .quantity(try Quantity(parsing: text)) }
    for kind in ["int", "bool", "string"] {
      if let content = value[kind] { return CELValue(content) }
    }
    return CELValue(value)
  }

  /// Values under qualified names, by domain.
  private struct Groups {
    private let driver: String
    private var domains: [String] = []
    private var members: [[(String, CELValue)]] = []

    init(_ driver: String) { self.driver = driver }

    mutating func add(_ name: String, _ value: CELValue) {
      let slash = name.firstIndex(of: "/")
      let domain = slash.map { String(name[..<$0]) } ?? driver
      let id = slash.map { String(name[name.index(after: $0)...]) } ?? name
      if let place = domains.firstIndex(of: domain) {
        members[place].append((id, value))
      } else {
        domains.append(domain)
        members.append([(id, value)])
      }
    }

    var map: CELValue {
      let entries = zip(domains, members).map { ($0, CELValue.map(CELMap($1))) }
      return .map(CELMap(entries).withFallback(.map(.empty)))
    }
  }
}

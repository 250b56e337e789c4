public import APIMachinery
import Scalars
public import ValueTree

extension PortAllocator {
  /// The most ports that a pool can have, over all nodes and protocols.
  public static let itemCountMax = 1 << 24

  /// Reads a `Pool`'s spec.
  ///
  /// ```yaml
  /// ranges: ["30000-32767", 8080, {from: 9000, to: 9009}]
  /// exclude: [30080]
  /// protocols: [TCP, UDP]
  /// nodes: [node-a, node-b]
  /// policy: upperBandFirst
  /// ```
  ///
  /// - Throws: `FieldError` with the path below `spec`.
  public init(spec: Value) throws(FieldError) {
    let ranges = try Self.ranges(spec, "ranges")
    guard !ranges.isEmpty else {
      throw .required(FieldPath("ranges"), "a list of ports, such as 30000-32767")
    }
    let excluded = try Self.ranges(spec, "exclude")
    for (index, hole) in excluded.enumerated() where !ranges.contains(where: hole.overlaps) {
      throw .invalid(
        FieldPath("exclude").appending(index), spec["exclude"]?[index] ?? .null,
        "must be within ranges")
    }
    var ports = NumberedRanges()
    for (index, range) in ranges.enumerated() {
      if let other = ranges[..<index].firstIndex(where: range.overlaps) {
        throw FieldError(
          .duplicate, FieldPath("ranges").appending(index),
          "Duplicate value: \(spec["ranges"]?[index] ?? .null): overlaps ranges[\(other)]")
      }
      _ = ports.append(range, without: excluded)
    }
    guard ports.count > 0 else {
      throw .invalid(
        FieldPath("exclude"), spec["exclude"] ?? .null, "must leave a port to hand out")
    }
    let transports = try Self.transports(spec)
    let nodes = try Self.nodes(spec)
    guard ports.count * transports.count * max(1, nodes.count) <= Self.itemCountMax else {
      throw FieldError(
        .tooMany, FieldPath("nodes"),
        "Too many: must have at most \(Self.itemCountMax) ports over all nodes")
    }
    self.init(
      ports: ports, transports: transports, nodes: nodes,
      policy: try PlacementPolicy(spec: spec))
  }

  private static func ranges(
    _ spec: Value, _ field: Key
  ) throws(FieldError) -> [ClosedRange<UInt128>] {
    guard let list = spec[field], !list.isNull else { return [] }
    guard list.isList else {
      throw .invalid(FieldPath(field), list, "must be a list of ports and ranges")
    }
    var ranges: [ClosedRange<UInt128>] = []
    for (index, entry) in list.elements.enumerated() {
      ranges.append(try range(entry, at: FieldPath(field).appending(index)))
    }
    return ranges
  }

  private static func range(
    _ entry: Value, at path: FieldPath
  ) throws(FieldError) -> ClosedRange<UInt128> {
    if entry.isMap {
      for (key, _) in entry.members where key != "from" && key != "to" {
        throw .unknownField(path.appending(key), known: ["from", "to"])
      }
      let from = try port(entry, "from", at: path)
      let to = try port(entry, "to", at: path)
      guard from <= to else {
        throw .invalid(path.appending("to"), Value(to), "must not be less than from")
      }
      return UInt128(from)...UInt128(to)
    }
    if let port = entry.int.flatMap({ Int(exactly: $0) }), PortNumber.valid.contains(port) {
      return UInt128(port)...UInt128(port)
    }
    if let text = entry.string {
      let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let ports = parts.compactMap { PortNumber.parse($0) }
      if ports.count == parts.count, let from = ports.first, let to = ports.last, from <= to {
        return UInt128(from)...UInt128(to)
      }
    }
    throw .invalid(
      path, entry, "must be a port from 1 to 65535, or two with a dash, the lower one first")
  }

  private static func port(
    _ entry: Value, _ field: Key, at path: FieldPath
  ) throws(FieldError) -> Int {
    guard let value = entry[field] else { throw .required(path.appending(field)) }
    guard let port = value.int.flatMap({ Int(exactly: $0) }), PortNumber.valid.contains(port)
    else {
      throw .invalid(path.appending(field), value, "must be a port from 1 to 65535")
    }
    return port
  }

  private static func transports(_ spec: Value) throws(FieldError) -> [String] {
    let names = try texts(spec, "protocols") { text, path throws(FieldError) in
      guard PortItem.transports.contains(text) else {
        throw .notSupported(path, Value(text), PortItem.transports)
      }
    }
    return names.isEmpty ? ["TCP"] : names
  }

  private static func nodes(_ spec: Value) throws(FieldError) -> [String] {
    try texts(spec, "nodes") { text, path throws(FieldError) in
      if let problem = DNSNames.dns1123Subdomain(text)?.first {
        throw .invalid(path, Value(text), problem)
      }
    }
  }

  /// The texts of a list, each one checked and none standing twice.
  private static func texts(
    _ spec: Value, _ field: Key, check: (String, FieldPath) throws(FieldError) -> Void
  ) throws(FieldError) -> [String] {
    guard let list = spec[field], !list.isNull else { return [] }
    guard list.isList else { throw .invalid(FieldPath(field), list, "must be a list of names") }
    var texts: [String] = []
    for (index, entry) in list.elements.enumerated() {
      let path = FieldPath(field).appending(index)
      guard let text = entry.string else { throw .invalid(path, entry, "must be a string") }
      try check(text, path)
      guard !texts.contains(text) else {
        throw FieldError(.duplicate, path, "Duplicate value: \"\(text)\"")
      }
      texts.append(text)
    }
    return texts
  }
}

extension PlacementPolicy {
  /// Reads `policy`; the first fit where there is none.
  init(spec: Value) throws(FieldError) {
    guard let value = spec["policy"], !value.isNull else {
      self = .firstFit
      return
    }
    guard let policy = value.string.flatMap(PlacementPolicy.init(rawValue:)) else {
      throw .notSupported(FieldPath("policy"), value, Self.allCases.map(\.rawValue))
    }
    self = policy
  }
}

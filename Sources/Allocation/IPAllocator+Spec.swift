public import APIMachinery
import Scalars
public import ValueTree

extension IPAllocator {
  /// The most addresses that a pool can have.
  public static let itemCountMax = 1 << 24
  /// The shortest prefixes: Kubernetes' limits for the bitmaps of its service ranges.
  static let prefixLengthMin: (v4: Int, v6: Int) = (12, 112)

  /// Reads a `Pool`'s spec.
  ///
  /// ```yaml
  /// cidrs: ["10.0.0.0/24", "fd00::/112"]
  /// exclude: ["10.0.0.1", "10.0.0.100-10.0.0.120", "10.0.0.128/25"]
  /// policy: nextFit
  /// ```
  ///
  /// A pool keeps a bit an address, so IPv4 networks are at most a /12, IPv6 networks a /112: 2^20 and 2^16 addresses.
  ///
  /// - Throws: `FieldError` with the path below `spec`.
  public init(spec: Value) throws(FieldError) {
    let path = FieldPath("cidrs")
    guard let list = spec["cidrs"], list.isList, !list.isEmptyCollection else {
      throw .required(path, "a list of networks, such as 10.0.0.0/24")
    }
    var networks: [CIDR] = []
    for (index, entry) in list.elements.enumerated() {
      let network = try Self.network(entry, at: path.appending(index))
      if let other = networks.firstIndex(where: network.overlaps) {
        throw FieldError(
          .duplicate, path.appending(index),
          "Duplicate value: \(entry): overlaps cidrs[\(other)]")
      }
      networks.append(network)
    }
    let excluded = try Self.excluded(spec, networks)
    var addresses = NumberedRanges()
    var blocks: [(items: Range<Int>, family: IPAddress.Family)] = []
    for network in networks {
      let items = addresses.append(Self.usable(network), without: excluded)
      if !items.isEmpty { blocks.append((items, network.family)) }
    }
    guard addresses.count > 0 else {
      throw .invalid(
        FieldPath("exclude"), spec["exclude"] ?? .null, "must leave an address to hand out")
    }
    guard addresses.count <= Self.itemCountMax else {
      throw FieldError(
        .tooMany, path, "Too many: must have at most \(Self.itemCountMax) addresses")
    }
    self.init(addresses: addresses, networks: blocks, policy: try PlacementPolicy(spec: spec))
  }

  private static func network(
    _ entry: Value, at path: FieldPath
  ) throws(FieldError) -> CIDR {
    guard let text = entry.string else { throw .invalid(path, entry, "must be a string") }
    let network: CIDR
    do { network = try CIDR(parsing: text) } catch {
      throw .invalid(path, entry, "must be a network such as 10.0.0.0/24 (\(error.message))")
    }
    guard !network.address.isIPv4Mapped else {
      throw .invalid(path, entry, "must not be an IPv4-mapped IPv6 network")
    }
    guard network.isMasked else {
      throw .invalid(path, entry, "must have no bits behind the prefix: \(network.masked)")
    }
    let shortest = network.family == .v4 ? prefixLengthMin.v4 : prefixLengthMin.v6
    guard network.prefixLength >= shortest else {
      throw .invalid(
        path, entry, "must be a /\(shortest) or smaller: a pool keeps a bit an address")
    }
    return network
  }

  /// The addresses of a network that are handed out.
  private static func usable(_ network: CIDR) -> ClosedRange<UInt128> {
    let first = number(of: network.first)
    let last = number(of: network.last)
    guard network.prefixLength < network.family.bitCount - 1 else { return first...last }
    return first + 1...(network.family == .v4 ? last - 1 : last)
  }

  private static func excluded(
    _ spec: Value, _ networks: [CIDR]
  ) throws(FieldError) -> [ClosedRange<UInt128>] {
    guard let list = spec["exclude"], !list.isNull else { return [] }
    let path = FieldPath("exclude")
    guard list.isList else {
      throw .invalid(path, list, "must be a list of addresses, ranges and networks")
    }
    let all = networks.map { number(of: $0.first)...number(of: $0.last) }
    var ranges: [ClosedRange<UInt128>] = []
    for (index, entry) in list.elements.enumerated() {
      guard let range = entry.string.flatMap(range) else {
        throw .invalid(
          path.appending(index), entry,
          "must be an address, two with a dash, the lower one first, or a network")
      }
      guard all.contains(where: range.overlaps) else {
        throw .invalid(path.appending(index), entry, "must be within cidrs")
      }
      ranges.append(range)
    }
    return ranges
  }

  /// Reads an address, a range of addresses or a network.
  private static func range(_ text: String) -> ClosedRange<UInt128>? {
    if let network = CIDR(text) {
      guard !network.address.isIPv4Mapped else { return nil }
      return number(of: network.first)...number(of: network.last)
    }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .compactMap { IPAddress(String($0)) }
    guard let first = ends.first, let last = ends.last,
      ends.count == text.split(separator: "-", omittingEmptySubsequences: false).count,
      first.family == last.family, first <= last,
      !first.isIPv4Mapped, !last.isIPv4Mapped
    else { return nil }
    return number(of: first)...number(of: last)
  }
}

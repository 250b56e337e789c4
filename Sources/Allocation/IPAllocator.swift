public import Scalars
import ValueTree

/// Hands out IP addresses of a few networks.
///
/// A request may ask for a `family` (IPv4 or IPv6), for one `ip`, and with `matchAttribute: family` for addresses of
/// one family. Network addresses, and in IPv4 broadcast addresses, are not handed out, as in Kubernetes; networks
/// of one or two addresses have neither (RFC 3021, RFC 6164).
public struct IPAllocator: Allocator {
  let addresses: NumberedRanges
  let policy: PlacementPolicy
  /// One block a network that has something to hand out.
  private let blocks: ContiguousArray<ItemBlock>
  private let families: ContiguousArray<IPAddress.Family>

  /// The fields of a `Pool`'s spec that are read here.
  static let fields: [Key] = ["cidrs", "exclude", "policy"]

  init(
    addresses: NumberedRanges, networks: [(items: Range<Int>, family: IPAddress.Family)],
    policy: PlacementPolicy
  ) {
    self.addresses = addresses
    self.policy = policy
    blocks = ContiguousArray(
      networks.map { ItemBlock($0.items, bandSize: Self.bandSize(of: $0.items.count)) })
    families = ContiguousArray(networks.map(\.family))
  }

  /// How many of a network's first addresses are kept for requests that name theirs: Kubernetes' rule for
  /// cluster addresses.
  public static func bandSize(of count: Int) -> Int {
    count <= 16 ? 0 : min(max(16, count / 16), 256)
  }

  // MARK: Names

  /// IPv4 addresses are numbered as the IPv6 addresses that they are mapped to, so that both have one order.
  static func number(of address: IPAddress) -> UInt128 {
    address.family == .v4 ? 0xffff << 32 | address.bits : address.bits
  }

  private static func address(of number: UInt128) -> IPAddress {
    IPAddress(v6: number).unmapped
  }

  public var itemCount: Int { addresses.count }

  public func name(of item: Int) -> String {
    Self.address(of: addresses.member(of: item)).description
  }

  public func item(named name: String) -> Int? {
    guard let address = IPAddress(name), !address.isIPv4Mapped,
      let item = addresses.item(of: Self.number(of: address)),
      // An IPv6 address can be written in many ways, and an item has one name.
      address.family == .v4 || address.description == name
    else { return nil }
    return item
  }

  // MARK: Choosing

  /// Reads what pools and claims call a family.
  public static func family(_ text: String) -> IPAddress.Family? {
    switch text {
    case "IPv4": .v4
    case "IPv6": .v6
    default: nil
    }
  }

  public func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
  ) throws(AllocationError) -> [Int] {
    try choose(count, for: request, holding: holding, free: free, after: nil)
  }

  public var continuesAfterLast: Bool { policy == .nextFit }

  public func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet, after last: Int?
  ) throws(AllocationError) -> [Int] {
    var family: IPAddress.Family?
    var address: IPAddress?
    try request.checkSelector()
    for requirement in request.selector {
      switch requirement.name {
      case "family": family = try self.family(requirement.value, request)
      case "ip": address = try self.address(requirement.value, request)
      default:
        throw .invalid(
          "addresses have no attribute \"\(requirement.name)\": they have ip and family")
      }
    }
    if let address { return try choose(address, family, request, free) }
    guard request.count <= itemCount else {
      throw .exhausted(pool: request.pool, wanted: request.count, free: free.count)
    }
    switch request.matchAttribute {
    case nil: break
    case "family"?:
      // What the owner holds already decides the family of the rest.
      if family == nil, let item = holding.first {
        family = Self.address(of: addresses.member(of: item)).family
      }
      if family == nil { return try chooseOneFamily(count, request, free, last) }
    case let other?:
      throw .invalid("addresses cannot share \"\(other)\": matchAttribute is family")
    }
    return try choose(count, of: family, request, free, last)
  }

  private func choose(
    _ count: Int, of family: IPAddress.Family?, _ request: AllocationRequest, _ free: ItemSet,
    _ last: Int?
  ) throws(AllocationError) -> [Int] {
    var picker = ItemPicker(count, of: free)
    if let family {
      picker.pick(
        blocks.indices.filter { families[$0] == family }.map { blocks[$0] }, policy, for: request,
        after: last)
    } else {
      picker.pick(blocks, policy, for: request, after: last)
    }
    guard picker.isDone else {
      throw .exhausted(pool: request.pool, wanted: count, free: picker.chosen.count)
    }
    return picker.chosen
  }

  private func chooseOneFamily(
    _ count: Int, _ request: AllocationRequest, _ free: ItemSet, _ last: Int?
  ) throws(AllocationError) -> [Int] {
    // The family of the first network is the preferred one.
    let preferred = families.first ?? .v4
    do { return try choose(count, of: preferred, request, free, last) } catch {
      guard families.contains(where: { $0 != preferred }) else { throw error }
      return try choose(count, of: preferred == .v4 ? .v6 : .v4, request, free, last)
    }
  }

  private func choose(
    _ address: IPAddress, _ family: IPAddress.Family?, _ request: AllocationRequest,
    _ free: ItemSet
  ) throws(AllocationError) -> [Int] {
    guard request.count == 1 else {
      throw .invalid("\(request.count) times \(address) is more than there is")
    }
    guard family == nil || family == address.family else {
      throw .invalid("\(address) is not of the family that is asked for")
    }
    guard let item = addresses.item(of: Self.number(of: address)) else {
      throw .invalid("\(address) is not handed out by pool \"\(request.pool)\"")
    }
    guard free.contains(item) else {
      throw .exhausted(pool: request.pool, wanted: 1, free: 0)
    }
    return [item]
  }

  private func family(
    _ text: String, _ request: AllocationRequest
  ) throws(AllocationError) -> IPAddress.Family {
    guard let family = Self.family(text) else {
      throw .invalid("\"\(text)\" is no family: IPv4 or IPv6")
    }
    guard families.contains(family) else {
      throw .invalid("pool \"\(request.pool)\" has no \(text) addresses")
    }
    return family
  }

  private func address(
    _ text: String, _ request: AllocationRequest
  ) throws(AllocationError) -> IPAddress {
    guard let address = IPAddress(text), !address.isIPv4Mapped else {
      throw .invalid("\"\(text)\" is no IP address")
    }
    return address
  }
}

import ValueTree

/// Hands out ports: each protocol has the pool's ports once, and where nodes are given, each node has them.
///
/// A request may ask for a `protocol`, a `node`, a `port`, and with `matchAttribute` for ports that share the node or
/// the protocol. Ports of one node and protocol are items side by side, so looking for a free one is a scan
/// of bits.
public struct PortAllocator: Allocator {
  let ports: NumberedRanges
  let transports: [String]
  let nodes: [String]
  let policy: PlacementPolicy
  /// One block a node and protocol; nodes come first.
  private let blocks: ContiguousArray<ItemBlock>
  private let nodeIndices: [String: Int]

  /// The fields of a `Pool`'s spec that are read here.
  static let fields: [Key] = ["ranges", "protocols", "nodes", "policy", "exclude"]

  init(ports: NumberedRanges, transports: [String], nodes: [String], policy: PlacementPolicy) {
    self.ports = ports
    self.transports = transports
    self.nodes = nodes
    self.policy = policy
    let bandSize = Self.bandSize(of: ports.count)
    blocks = ContiguousArray(
      (0..<max(1, nodes.count) * transports.count).map { index in
        ItemBlock(index * ports.count..<(index + 1) * ports.count, bandSize: bandSize)
      })
    nodeIndices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
  }

  /// How many of the first ports are kept for requests that name theirs: Kubernetes' rule for node ports.
  public static func bandSize(of count: Int) -> Int {
    count <= 16 ? 0 : min(max(16, count / 32), 128)
  }

  // MARK: Names

  public var itemCount: Int { blocks.count * ports.count }

  public func name(of item: Int) -> String {
    let (block, port) = item.quotientAndRemainder(dividingBy: ports.count)
    let (node, transport) = block.quotientAndRemainder(dividingBy: transports.count)
    return PortItem(
      node: nodes.isEmpty ? nil : nodes[node], port: Int(ports.member(of: port)),
      transport: transports[transport]
    ).description
  }

  public func item(named name: String) -> Int? {
    guard let item = PortItem(name), let port = ports.item(of: UInt128(item.port)),
      let transport = transports.firstIndex(of: item.transport),
      (item.node == nil) == nodes.isEmpty
    else { return nil }
    var node = 0
    if let name = item.node {
      guard let index = nodeIndices[name] else { return nil }
      node = index
    }
    return (node * transports.count + transport) * ports.count + port
  }

  // MARK: Choosing

  /// What a request asks for, as numbers.
  private struct Wish {
    var node: Int?
    var transport: Int?
    /// The place of a port among the ports of its block.
    var port: Int?
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
    let wish = try wish(of: request)
    guard request.count <= itemCount else {
      throw .exhausted(pool: request.pool, wanted: request.count, free: free.count)
    }
    guard
      request.matchAttribute != nil || wish.port != nil || wish.node != nil
        || wish.transport != nil
    else {
      var picker = ItemPicker(count, of: free)
      picker.pick(blocks, policy, for: request, after: last)
      return try complete(picker, request, count)
    }
    var best = 0
    for group in try groups(wish, holding, request) {
      var picker = ItemPicker(count, of: free)
      if let port = wish.port {
        for block in group {
          let item = block.items.lowerBound + port
          picker.take(item..<item + 1)
        }
      } else {
        picker.pick(group, policy, for: request, after: last)
      }
      if picker.isDone { return picker.chosen }
      best = max(best, picker.chosen.count)
    }
    throw .exhausted(pool: request.pool, wanted: count, free: best)
  }

  private func complete(
    _ picker: ItemPicker, _ request: AllocationRequest, _ count: Int
  ) throws(AllocationError) -> [Int] {
    guard picker.isDone else {
      throw .exhausted(pool: request.pool, wanted: count, free: picker.chosen.count)
    }
    return picker.chosen
  }

  /// The blocks that may serve a request; with `matchAttribute` one group alone has to.
  private func groups(
    _ wish: Wish, _ holding: [Int], _ request: AllocationRequest
  ) throws(AllocationError) -> [[ItemBlock]] {
    // What the owner holds already decides what the rest has to share.
    let held = holding.first.map { $0 / ports.count }
    var groups: [[ItemBlock]]
    switch request.matchAttribute {
    case nil:
      groups = [blocks(wish.node, wish.transport)]
    case "node":
      guard !nodes.isEmpty else { throw .invalid(noNodes(request)) }
      let fixed = wish.node ?? held.map { $0 / transports.count }
      groups = nodes.indices.filter { fixed == nil || fixed == $0 }.map {
        blocks($0, wish.transport)
      }
    case "protocol":
      let fixed = wish.transport ?? held.map { $0 % transports.count }
      groups = transports.indices.filter { fixed == nil || fixed == $0 }.map {
        blocks(wish.node, $0)
      }
    case let other?:
      throw .invalid("ports cannot share \"\(other)\": matchAttribute is node or protocol")
    }
    if wish.port != nil {
      groups.removeAll { $0.count < request.count }
      guard !groups.isEmpty else {
        throw .invalid(
          "\(request.count) times the same port is more than pool \"\(request.pool)\" has")
      }
    }
    return groups
  }

  private func blocks(_ node: Int?, _ transport: Int?) -> [ItemBlock] {
    let nodes = node.map { $0..<$0 + 1 } ?? 0..<max(1, nodes.count)
    let transports = transport.map { $0..<$0 + 1 } ?? 0..<self.transports.count
    return nodes.flatMap { node in
      transports.map { blocks[node * self.transports.count + $0] }
    }
  }

  private func wish(of request: AllocationRequest) throws(AllocationError) -> Wish {
    var wish = Wish()
    try request.checkSelector()
    for requirement in request.selector {
      let text = requirement.value
      switch requirement.name {
      case "protocol":
        wish.transport = transports.firstIndex(of: text)
        guard wish.transport != nil else {
          throw .invalid("pool \"\(request.pool)\" has no protocol \"\(text)\"")
        }
      case "node":
        guard !nodes.isEmpty else { throw .invalid(noNodes(request)) }
        wish.node = nodeIndices[text]
        guard wish.node != nil else {
          throw .invalid("pool \"\(request.pool)\" has no node \"\(text)\"")
        }
      case "port":
        guard let port = PortNumber.parse(text[...]) else {
          throw .invalid("\"\(text)\" is no port: a port is a number from 1 to 65535")
        }
        wish.port = ports.item(of: UInt128(port))
        guard wish.port != nil else {
          throw .invalid("port \(port) is not in pool \"\(request.pool)\"")
        }
      default:
        throw .invalid(
          "ports have no attribute \"\(requirement.name)\": they have protocol, node and port")
      }
    }
    return wish
  }

  private func noNodes(_ request: AllocationRequest) -> String {
    "the ports of pool \"\(request.pool)\" belong to no node"
  }
}

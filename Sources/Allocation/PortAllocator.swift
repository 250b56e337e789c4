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
    guard let attribute = request.matchAttribute else {
      let blocks = blocks(wish.node, wish.transport)
      try check(wish, request, blockCount: blocks.count)
      return try choose(count, wish, in: blocks, request, free, last)
    }
    var best = 0
    for group in try groups(attribute, wish, holding, request) {
      do { return try choose(count, wish, in: group, request, free, last) } catch {
        guard case .exhausted(_, _, let found) = error else { throw error }
        best = max(best, found)
      }
    }
    throw .exhausted(pool: request.pool, wanted: count, free: best)
  }

  private func choose(
    _ count: Int, _ wish: Wish, in blocks: Blocks, _ request: AllocationRequest, _ free: ItemSet,
    _ last: Int?
  ) throws(AllocationError) -> [Int] {
    var picker = ItemPicker(count, of: free)
    if let port = wish.port {
      for block in blocks {
        let item = block.items.lowerBound + port
        picker.take(item..<item + 1)
      }
    } else {
      picker.pick(blocks, policy, for: request, after: last)
    }
    guard picker.isDone else {
      throw .exhausted(pool: request.pool, wanted: count, free: picker.chosen.count)
    }
    return picker.chosen
  }

  /// Refuses a request for one port more often than there are blocks to have it.
  private func check(
    _ wish: Wish, _ request: AllocationRequest, blockCount: Int
  ) throws(AllocationError) {
    guard wish.port == nil || request.count <= blockCount else {
      throw .invalid(
        "\(request.count) times the same port is more than pool \"\(request.pool)\" has")
    }
  }

  /// The groups of blocks one of which alone has to serve a request, as its ports have to share an attribute.
  private func groups(
    _ attribute: String, _ wish: Wish, _ holding: [Int], _ request: AllocationRequest
  ) throws(AllocationError) -> [Blocks] {
    // What the owner holds already decides what the rest has to share.
    let held = holding.first.map { $0 / ports.count }
    let groups: [Blocks]
    switch attribute {
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
    default:
      throw .invalid("ports cannot share \"\(attribute)\": matchAttribute is node or protocol")
    }
    try check(wish, request, blockCount: groups.map(\.count).max() ?? 0)
    return groups
  }

  /// The blocks of a node, of a protocol, of both, or all.
  private func blocks(_ node: Int?, _ transport: Int?) -> Blocks {
    let start = (node ?? 0) * transports.count
    let end = node == nil ? blocks.count : start + transports.count
    guard let transport else { return Blocks(blocks, stride(from: start, to: end, by: 1)) }
    return Blocks(blocks, stride(from: start + transport, to: end, by: transports.count))
  }

  /// Some of the blocks, without a list of them.
  private struct Blocks: Sequence {
    private let all: ContiguousArray<ItemBlock>
    private let places: StrideTo<Int>

    init(_ all: ContiguousArray<ItemBlock>, _ places: StrideTo<Int>) {
      self.all = all
      self.places = places
    }

    var count: Int { places.underestimatedCount }

    struct Iterator: IteratorProtocol {
      let all: ContiguousArray<ItemBlock>
      var places: StrideTo<Int>.Iterator

      mutating func next() -> ItemBlock? { places.next().map { all[$0] } }
    }

    func makeIterator() -> Iterator { Iterator(all: all, places: places.makeIterator()) }
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

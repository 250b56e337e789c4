/// A port as an item of a pool: `30000/TCP`, or `node-a:30000/TCP` where nodes have ports of their own.
public struct PortItem: Sendable, Hashable, CustomStringConvertible {
  /// The node; nil where the pool's ports belong to no node.
  public var node: String?
  /// The port.
  public var port: Int
  /// The protocol: TCP, UDP or SCTP.
  public var transport: String

  /// The protocols that Kubernetes knows.
  public static let transports = ["TCP", "UDP", "SCTP"]

  /// A port.
  public init(node: String? = nil, port: Int, transport: String) {
    self.node = node
    self.port = port
    self.transport = transport
  }

  /// Reads an item's name; nil for anything that `description` would not print.
  public init?(_ name: String) {
    guard let slash = name.lastIndex(of: "/") else { return nil }
    var front = name[..<slash]
    if let colon = front.lastIndex(of: ":") {
      node = String(front[..<colon])
      front = front[front.index(after: colon)...]
    }
    guard let port = PortNumber.parse(front) else { return nil }
    self.port = port
    transport = String(name[name.index(after: slash)...])
    guard Self.transports.contains(transport), node?.isEmpty != true else { return nil }
  }

  public var description: String { "\(node.map { $0 + ":" } ?? "")\(port)/\(transport)" }

  /// Whether the port has the attribute: `node`, `port` or `protocol`.
  public func meets(_ requirement: AttributeRequirement) -> Bool {
    switch requirement.name {
    case "node": node == requirement.value
    case "port": PortNumber.parse(requirement.value[...]) == port
    case "protocol": transport == requirement.value
    default: false
    }
  }
}

/// Ports as numbers.
enum PortNumber {
  static let valid: ClosedRange<Int> = 1...65535

  /// Reads a port without sign and leading zeros; nil for anything else.
  static func parse(_ text: Substring) -> Int? {
    guard let first = text.utf8.first, first != UInt8(ascii: "0"), text.utf8.count <= 5,
      text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
      let port = Int(text), valid.contains(port)
    else { return nil }
    return port
  }
}

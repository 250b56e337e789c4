/// The number of a node in a syntax tree.
typealias NodeID = Int32

/// The tree of an expression, macros expanded, as one array of nodes.
struct Syntax: Sendable {
  struct Node: Sendable {
    let kind: Kind
    /// Where an error about the node points.
    let offset: Int32
    /// The longest way down to a leaf.
    let depth: Int32
  }

  indirect enum Kind: Sendable {
    case literal(CELValue)
    /// A name; with a leading dot it is looked up outside of containers and local variables.
    case name(String, isAbsolute: Bool)
    case select(NodeID, field: String, SelectMode)
    /// A function, an operator, or a method when there is a target.
    case call(String, target: NodeID?, [NodeID])
    case logical(isAnd: Bool, [NodeID])
    case conditional(NodeID, NodeID, NodeID)
    case list([Element])
    case map([Entry])
    case message(String, [Field])
    case comprehension(Comprehension)
    case bind(name: String, NodeID, NodeID)
    /// Values that later ones and the result see under `@index0`, `@index1`, ….
    case block([NodeID], NodeID)
    case optionalMap(NodeID, variable: String, NodeID, isFlat: Bool)
  }

  enum SelectMode: Sendable {
    /// `a.b`
    case plain
    /// `has(a.b)`
    case test
    /// `a.?b`
    case optional
  }

  struct Element: Sendable {
    let value: NodeID
    let isOptional: Bool
  }

  struct Entry: Sendable {
    let key: NodeID
    let value: NodeID
    let isOptional: Bool
  }

  struct Field: Sendable {
    let name: String
    let value: NodeID
    let isOptional: Bool
  }

  /// A macro that goes through a list or map.
  struct Comprehension: Sendable {
    enum Shape: Sendable {
      case all, exists, existsOne
      /// A list of results, also for `filter`.
      case list
      case map
      /// Each result is a map whose entries are joined.
      case mapEntries
    }

    let shape: Shape
    let range: NodeID
    /// The element, or the key of a map; with two variables the index or key.
    let first: String
    /// The element or value where the macro takes two variables.
    let second: String?
    /// Only elements for which this holds count.
    let filter: NodeID?
    /// The predicate or the result; nil for `filter`, whose result is the element.
    let body: NodeID?
  }

  var nodes: [Node] = []
  var root: NodeID = -1

  subscript(_ id: NodeID) -> Node { nodes[Int(id)] }

  func offset(_ id: NodeID) -> Int { Int(nodes[Int(id)].offset) }

  /// `a.b.c` as a dotted name, or nil where the node is anything else.
  func qualifiedName(_ id: NodeID) -> (name: String, isAbsolute: Bool, first: String)? {
    switch self[id].kind {
    case .name(let name, let isAbsolute): return (name, isAbsolute, name)
    case .select(let operand, let field, .plain):
      guard let base = qualifiedName(operand) else { return nil }
      return (base.name + "." + field, base.isAbsolute, base.first)
    default: return nil
    }
  }
}

/// The names under which operators are functions.
enum Operator {
  static let index = "_[_]"
  static let optionalIndex = "_[?_]"
  static let not = "!_"
  static let negate = "-_"
  static let `in` = "@in"
  static let conditional = "_?_:_"

  static func name(_ symbol: Token.Symbol) -> String { "_\(symbol.rawValue)_" }

  /// The way a user writes the operator, for messages.
  static func spelling(_ function: String) -> String {
    switch function {
    case Self.index: "[]"
    case Self.optionalIndex: "[?]"
    case Self.not: "!"
    case Self.negate: "-"
    case Self.in: "in"
    case Self.conditional: "?:"
    case let name where name.hasPrefix("_") && name.hasSuffix("_") && name.count > 2:
      String(name.dropFirst().dropLast())
    default: function
    }
  }
}

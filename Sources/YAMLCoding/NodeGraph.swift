import ValueTree

/// A document as its nodes, with their places, aliases and merge keys resolved.
///
/// This is the slow way to a value, taken for documents that have aliases or merge keys, that have
/// a mistake to be located, or whose marks are asked for. Places count characters from where the
/// parser began.
struct NodeGraph: Sendable {
  struct Member: Sendable {
    let key: String
    let keyPlace: Int
    let value: Int
  }

  enum Content: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case list([Int])
    case map([Member])
    /// Stands for another node; reaching it spends some of the expansion's budget.
    case alias(Int)
  }

  struct Node: Sendable {
    var content: Content
    let place: Int
  }

  private(set) var nodes: [Node] = []

  /// The document's own value.
  let root = 0

  /// Reads one document; the parser stands at the beginning of its text.
  ///
  /// - Throws: `TextProblem` with its place.
  init(
    composing parser: inout EventParser, of text: SourceText, from start: Int, limits: YAMLLimits
  ) throws(TextProblem) {
    var composer = Composer(limits: limits)
    var place = 0
    do throws(TextProblem) {
      reading: while true {
        let kind: EventKind
        do { kind = try parser.next() } catch { throw error.problem(in: text, from: start) }
        place = parser.index
        switch kind {
        case .documentEnd, .streamEnd: break reading
        case .streamStart, .documentStart: continue
        default: try composer.add(kind, parser)
        }
      }
    } catch {
      var problem = error
      if problem.offset == nil {
        problem.offset = text.offset(after: problem.place ?? place, from: start)
      }
      throw problem
    }
    nodes = composer.nodes
    if nodes.isEmpty { nodes = [Node(content: .null, place: 0)] }
  }

  /// The places of the value at `path` and of its key, or those of the nearest ancestor that there
  /// is.
  func find(_ path: FieldPath) -> (value: Int, key: Int) {
    var node = root
    var found = (value: nodes[root].place, key: nodes[root].place)
    for step in path.steps {
      switch (step, nodes[target(node)].content) {
      case (.key(let key), .map(let members)):
        let name = key.text
        guard let member = members.first(where: { $0.key == name }) else { return found }
        node = member.value
        found = (nodes[node].place, member.keyPlace)
      case (.index(let index), .list(let elements)):
        guard elements.indices.contains(index) else { return found }
        node = elements[index]
        found = (nodes[node].place, nodes[node].place)
      default: return found
      }
    }
    return found
  }

  /// The node that `node` stands for.
  func target(_ node: Int) -> Int {
    if case .alias(let target) = nodes[node].content { return target }
    return node
  }
}

extension NodeGraph {
  /// Builds the value.
  ///
  /// - Throws: `TextProblem`, whose `place` is that of the alias that goes beyond a limit.
  func value(limits: YAMLLimits) throws(TextProblem) -> Value {
    var expansion = Expansion(graph: self, limits: limits)
    try expansion.add(root, aliasPlace: nil, depth: 0)
    return expansion.builder.finish()
  }

  /// Writes nodes into a builder and counts what aliases add.
  private struct Expansion: ~Copyable {
    let graph: NodeGraph
    let limits: YAMLLimits
    var builder = ValueBuilder()
    var addedNodes = 0
    var addedBytes = 0

    init(graph: NodeGraph, limits: YAMLLimits) {
      self.graph = graph
      self.limits = limits
    }

    mutating func add(_ index: Int, aliasPlace: Int?, depth: Int) throws(TextProblem) {
      let node = graph.nodes[index]
      if let aliasPlace { try count(node.content, aliasPlace) }
      guard depth <= limits.depth else {
        throw TextProblem.tooDeep(limits).at(aliasPlace ?? node.place)
      }
      switch node.content {
      case .null: builder.null()
      case .bool(let bool): builder.bool(bool)
      case .int(let int): builder.int(int)
      case .double(let double): builder.double(double)
      case .string(let string): builder.string(string)
      case .alias(let target):
        try add(target, aliasPlace: aliasPlace ?? node.place, depth: depth)
      case .list(let elements):
        builder.beginList()
        for element in elements {
          try add(element, aliasPlace: aliasPlace, depth: depth + 1)
        }
        try end()
      case .map(let members):
        builder.beginMap()
        for member in members {
          if let aliasPlace { try count(.string(member.key), aliasPlace) }
          builder.key(Key(member.key))
          try add(member.value, aliasPlace: aliasPlace, depth: depth + 1)
        }
        try end()
      }
    }

    private mutating func end() throws(TextProblem) {
      do { try builder.end() } catch {
        throw TextProblem(.duplicateKey, "\(error)", expected: "each key once")
      }
    }

    private mutating func count(_ content: Content, _ place: Int) throws(TextProblem) {
      addedNodes += 1
      if case .string(let text) = content { addedBytes += text.utf8.count }
      if addedNodes > limits.expandedNodes || addedBytes > limits.expandedBytes {
        throw TextProblem.expandsTooFar(limits).at(place)
      }
    }
  }
}

import ValueTree

/// Makes nodes of events: remembers anchors, resolves aliases, merges maps, and finds keys that
/// stand twice.
struct Composer {
  /// An open list or map.
  private struct Frame {
    let node: Int
    let isMap: Bool
    var elements: [Int] = []
    var members: [NodeGraph.Member] = []
    /// By key, whether it is the map's own: where in `members` it stands.
    var known: [String: Int] = [:]
    var key: (text: String, place: Int)?
    /// The place of a merge key that waits for its value.
    var mergePlace: Int?
    var hasMergeKey = false
    var merged: [(node: Int, place: Int)] = []
  }

  private let limits: YAMLLimits
  private(set) var nodes: [NodeGraph.Node] = []
  private var frames: [Frame] = []
  private var anchors: [String: Int] = [:]
  /// Members that merge keys have added.
  private var mergedMembers = 0

  init(limits: YAMLLimits) { self.limits = limits }

  /// Takes one event inside a document.
  mutating func add(_ kind: EventKind, _ parser: borrowing EventParser) throws(TextProblem) {
    let place = parser.index
    switch kind {
    case .listEnd, .mapEnd: return try close()
    case .alias: return try addAlias(parser.anchor ?? "", place)
    case .scalar:
      if isAtKey { return try addKey(parser, place) }
      let content: NodeGraph.Content =
        switch try parser.scalar() {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(int)
        case .double(let double): double.asContent
        case .text: .string(parser.text)
        case .other(let text): .string(text)
        }
      put(try append(content, place, parser.anchor), place)
    case .listStart, .mapStart:
      let isMap = kind == .mapStart
      if isAtKey { throw TextProblem.complexKey(isMap: isMap) }
      try parser.checkCollectionTag(isMap: isMap)
      guard frames.count < limits.depth else { throw TextProblem.tooDeep(limits) }
      let node = try append(isMap ? .map([]) : .list([]), place, parser.anchor)
      put(node, place)
      frames.append(Frame(node: node, isMap: isMap))
    case .streamStart, .streamEnd, .documentStart, .documentEnd: return
    }
  }

  private var isAtKey: Bool {
    guard let frame = frames.last, frame.isMap else { return false }
    return frame.key == nil && frame.mergePlace == nil
  }

  private mutating func append(
    _ content: NodeGraph.Content, _ place: Int, _ anchor: String?
  ) throws(TextProblem) -> Int {
    guard nodes.count < limits.nodes else { throw TextProblem.tooManyNodes(limits) }
    nodes.append(NodeGraph.Node(content: content, place: place))
    if let anchor { anchors[anchor] = nodes.count - 1 }
    return nodes.count - 1
  }

  /// Puts a node where the innermost open collection waits for one.
  private mutating func put(_ node: Int, _ place: Int) {
    let top = frames.count - 1
    guard top >= 0 else { return }
    guard frames[top].isMap else {
      frames[top].elements.append(node)
      return
    }
    if frames[top].mergePlace != nil {
      frames[top].mergePlace = nil
      frames[top].merged.append((node, place))
    } else if let key = frames[top].key {
      frames[top].key = nil
      frames[top].members.append(
        NodeGraph.Member(key: key.text, keyPlace: key.place, value: node))
    }
  }

  // MARK: Keys

  private mutating func addKey(
    _ parser: borrowing EventParser, _ place: Int
  ) throws(TextProblem) {
    let top = frames.count - 1
    if parser.isMergeKey {
      guard !frames[top].hasMergeKey else {
        throw TextProblem(
          .duplicateKey, "the merge key << stands twice in one map",
          expected: "one << with a list of the maps")
      }
      frames[top].hasMergeKey = true
      frames[top].mergePlace = place
      return
    }
    let text = try parser.key() ?? parser.text
    if let anchor = parser.anchor { _ = try append(.string(text), place, anchor) }
    try addKey(text, place)
  }

  private mutating func addKey(_ text: String, _ place: Int) throws(TextProblem) {
    let top = frames.count - 1
    if frames[top].known.updateValue(place, forKey: text) != nil {
      throw TextProblem(
        .duplicateKey, "the key \"\(text)\" stands twice in one map", expected: "each key once")
    }
    frames[top].key = (text, place)
  }

  // MARK: Aliases

  private mutating func addAlias(_ name: String, _ place: Int) throws(TextProblem) {
    guard let target = anchors[name] else {
      throw TextProblem(
        .undefinedAlias, "the alias *\(name) has no anchor before it in this document",
        expected: "&\(name) at a value above")
    }
    if frames.contains(where: { $0.node == target }) {
      throw TextProblem(
        .recursiveAlias, "the alias *\(name) stands inside its own anchor",
        expected: "an anchor that has ended")
    }
    guard isAtKey else {
      return put(try append(.alias(target), place, nil), place)
    }
    switch nodes[target].content {
    case .string(let text): try addKey(text, place)
    case .bool(let bool): try addKey(bool ? "true" : "false", place)
    case .int(let int): try addKey(String(int), place)
    case .double(let double): try addKey(Value.keyText(of: double), place)
    case .list: throw TextProblem.complexKey(isMap: false)
    case .null, .map, .alias: throw TextProblem.complexKey(isMap: true)
    }
  }

  // MARK: Ends

  private mutating func close() throws(TextProblem) {
    guard var frame = frames.popLast() else { return }
    guard frame.isMap else {
      nodes[frame.node].content = .list(frame.elements)
      return
    }
    // A map's own keys win over merged ones wherever << stands, and earlier maps of a list over
    // later ones.
    for source in frame.merged { try merge(source.node, source.place, into: &frame) }
    nodes[frame.node].content = .map(frame.members)
  }

  private mutating func merge(
    _ source: Int, _ place: Int, into frame: inout Frame
  ) throws(TextProblem) {
    switch nodes[target(source)].content {
    case .map(let members): try merge(members, place, into: &frame)
    case .list(let elements):
      for element in elements {
        guard case .map(let members) = nodes[target(element)].content else {
          throw invalidMerge.at(nodes[element].place)
        }
        try merge(members, nodes[element].place, into: &frame)
      }
    default: throw invalidMerge.at(place)
    }
  }

  private mutating func merge(
    _ members: [NodeGraph.Member], _ place: Int, into frame: inout Frame
  ) throws(TextProblem) {
    mergedMembers += members.count
    guard mergedMembers <= limits.expandedNodes else {
      throw TextProblem.expandsTooFar(limits).at(place)
    }
    for member in members where frame.known[member.key] == nil {
      frame.known[member.key] = member.keyPlace
      // What is merged is a copy of what stands elsewhere, so it counts as an alias does.
      let origin = nodes[member.value].place
      nodes.append(NodeGraph.Node(content: .alias(target(member.value)), place: origin))
      frame.members.append(
        NodeGraph.Member(key: member.key, keyPlace: member.keyPlace, value: nodes.count - 1))
    }
  }

  private var invalidMerge: TextProblem {
    TextProblem(
      .invalidMerge, "the merge key << has a value that cannot be merged",
      expected: "a map, or a list of maps")
  }

  private func target(_ node: Int) -> Int {
    if case .alias(let target) = nodes[node].content { return target }
    return node
  }
}

extension Double {
  /// The number as a value holds it: an integer where it is one.
  fileprivate var asContent: NodeGraph.Content {
    Int64(exactly: self).map { .int($0) } ?? .double(self)
  }
}

extension TextProblem {
  static func complexKey(isMap: Bool) -> TextProblem {
    TextProblem(
      .invalidKey, "a \(isMap ? "map" : "list") cannot be a key",
      expected: "text; a template's {{ }} needs quotes around it")
  }

  static func tooDeep(_ limits: YAMLLimits) -> TextProblem {
    TextProblem(
      .tooDeep, "lists and maps are nested more than \(limits.depth) deep")
  }

  static func tooManyNodes(_ limits: YAMLLimits) -> TextProblem {
    TextProblem(.tooLarge, "the document has more than \(limits.nodes) values")
  }

  static func expandsTooFar(_ limits: YAMLLimits) -> TextProblem {
    TextProblem(
      .tooLarge, "the aliases of the document stand for too much",
      expected:
        "at most \(limits.expandedNodes) values and \(limits.expandedBytes) bytes of text by alias")
  }

  /// The problem at a place counted in characters, which its finder turns into an offset.
  func at(_ place: Int) -> TextProblem {
    var copy = self
    copy.place = place
    return copy
  }
}

import ValueTree

/// A document while a JSON patch changes it: opened where it is touched, and flat elsewhere.
struct PatchedDocument {
  enum Failure: Error {
    case testFailed(JSONPointer)
    case inapplicable(String)
  }

  private var root: Node
  private var copiedBytes = 0
  /// Nothing is opened deeper than this.
  private var openDepthBound = 0
  /// How deep the document may be opened, so that walking over it needs little stack.
  private static let openDepthMax = 400

  init(_ document: Value) { root = .value(document) }

  /// The document; nil where it nests deeper than `depthMax`.
  func value(depthMax: Int) -> Value? { root.value(depthMax: depthMax) }

  mutating func apply(_ operation: JSONPatch.Operation) throws(Failure) {
    switch operation {
    case .add(let path, let value):
      try note(path)
      try add(.value(value), at: path)
    case .remove(let path):
      try note(path)
      _ = try remove(path)
    case .replace(let path, let value):
      try note(path)
      try replace(path, by: .value(value))
    case .move(let from, let path):
      try move(from, to: path)
    case .copy(let from, let path):
      guard let node = root.node(at: from.tokens[...]) else { throw Self.missing(from) }
      guard let value = node.value(depthMax: JSONPatch.depthMax) else {
        throw .inapplicable("\(from) is nested more than \(JSONPatch.depthMax) deep")
      }
      copiedBytes += JSONWriter().bytes(value).count
      guard copiedBytes <= JSONPatch.copiedBytesMax else {
        throw .inapplicable(
          "the copies of the patch are longer than \(JSONPatch.copiedBytesMax) bytes")
      }
      try note(path)
      try add(.value(value), at: path)
    case .test(let path, let expected):
      guard let found = root.node(at: path.tokens[...]) else {
        // Kubernetes takes a member that is not there for null.
        let parent = JSONPointer(Array(path.tokens.dropLast()))
        if expected.isNull, root.node(at: parent.tokens[...])?.isMap == true { return }
        throw .testFailed(path)
      }
      guard found.value(depthMax: .max) == expected else { throw .testFailed(path) }
    }
  }

  private static func missing(_ path: JSONPointer) -> Failure {
    .inapplicable("the document has no \(path.tokens.isEmpty ? "root" : "\(path)")")
  }

  /// Refuses what would open the document too deep.
  private mutating func note(_ path: JSONPointer, moving moved: Node? = nil) throws(Failure) {
    let length = path.tokens.count
    let bound = max(openDepthBound, length + (moved == nil ? 0 : openDepthBound))
    openDepthBound = bound
    guard bound > Self.openDepthMax else { return }
    // What is moved was counted with all that may be open anywhere; now it is looked at.
    openDepthBound = max(root.openDepth, length + (moved?.openDepth ?? 0))
    guard openDepthBound <= Self.openDepthMax else {
      throw .inapplicable("\(path) leads more than \(Self.openDepthMax) levels deep")
    }
  }

  private mutating func move(_ from: JSONPointer, to path: JSONPointer) throws(Failure) {
    guard !from.isProperPrefix(of: path) else {
      throw .inapplicable("\(from) cannot be moved into a part of itself, \(path)")
    }
    guard let node = root.node(at: from.tokens[...]) else { throw Self.missing(from) }
    if from == path { return }
    try note(from)
    try note(path, moving: node)
    try add(try remove(from), at: path)
  }

  private mutating func add(_ new: Node, at path: JSONPointer) throws(Failure) {
    if path.tokens.isEmpty {
      root = new
      return
    }
    let isDone = root.edit(path.tokens[...]) { container, token in
      switch container {
      case .map(var members):
        container = .closed
        let place = Node.place(of: Key(token), in: members)
        if place.isTaken {
          members[place.index].node = new
        } else {
          members.insert((Key(token), new), at: place.index)
        }
        container = .map(members)
        return true
      case .list(var elements):
        guard let index = token == "-" ? elements.count : Node.index(token),
          index <= elements.count
        else { return false }
        container = .closed
        elements.insert(new, at: index)
        container = .list(elements)
        return true
      case .value: return false
      }
    }
    if !isDone { throw .inapplicable("there is no place for \(path)") }
  }

  private mutating func replace(_ path: JSONPointer, by new: Node) throws(Failure) {
    guard root.node(at: path.tokens[...]) != nil else { throw Self.missing(path) }
    if path.tokens.isEmpty {
      root = new
      return
    }
    _ = try exchange(path, by: new)
  }

  private mutating func remove(_ path: JSONPointer) throws(Failure) -> Node {
    if path.tokens.isEmpty {
      let old = root
      root = .value(.null)
      return old
    }
    return try exchange(path, by: nil)
  }

  /// Takes out what is at a path, and with something new puts that in its place.
  private mutating func exchange(
    _ path: JSONPointer, by new: Node?
  ) throws(Failure) -> Node {
    var old: Node?
    let isDone = root.edit(path.tokens[...]) { container, token in
      switch container {
      case .map(var members):
        let place = Node.place(of: Key(token), in: members)
        guard place.isTaken else { return false }
        container = .closed
        old = members[place.index].node
        if let new { members[place.index].node = new } else { members.remove(at: place.index) }
        container = .map(members)
        return true
      case .list(var elements):
        guard let index = Node.index(token), index < elements.count else { return false }
        container = .closed
        old = elements[index]
        if let new { elements[index] = new } else { elements.remove(at: index) }
        container = .list(elements)
        return true
      case .value: return false
      }
    }
    guard isDone, let old else { throw Self.missing(path) }
    return old
  }
}

extension PatchedDocument {
  /// A part of the document.
  fileprivate indirect enum Node {
    /// As it was.
    case value(Value)
    case list([Node])
    /// In the order of the keys.
    case map([(key: Key, node: Node)])

    /// What stands in a variable while its content is being changed, so that there is one owner of it.
    static let closed = Node.value(.null)

    var isMap: Bool {
      switch self {
      case .value(let value): value.isMap
      case .list: false
      case .map: true
      }
    }

    /// Where a key stands among members, or belongs.
    static func place(
      of key: Key, in members: [(key: Key, node: Node)]
    ) -> (index: Int, isTaken: Bool) {
      var low = 0
      var high = members.count
      while low < high {
        let middle = (low + high) / 2
        if members[middle].key < key { low = middle + 1 } else { high = middle }
      }
      return (low, low < members.count && members[low].key == key)
    }

    /// The number that a token writes without sign and leading zeros.
    static func index(_ token: String) -> Int? {
      guard token.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        token == "0" || token.utf8.first != UInt8(ascii: "0")
      else { return nil }
      return Int(token)
    }

    /// What is at the end of a path.
    func node(at path: ArraySlice<String>) -> Node? {
      guard let token = path.first else { return self }
      let rest = path.dropFirst()
      switch self {
      case .map(let members):
        let place = Self.place(of: Key(token), in: members)
        return place.isTaken ? members[place.index].node.node(at: rest) : nil
      case .list(let elements):
        guard let index = Self.index(token), index < elements.count else { return nil }
        return elements[index].node(at: rest)
      case .value(var value):
        for token in path {
          guard let next = value.isList ? Self.index(token).flatMap({ value[$0] }) : value[token]
          else { return nil }
          value = next
        }
        return .value(value)
      }
    }

    /// Lets the container that a path ends in be changed, with the path's last step.
    ///
    /// - Returns: whether there was such a container, and it was changed.
    mutating func edit(
      _ path: ArraySlice<String>, _ change: (inout Node, String) -> Bool
    ) -> Bool {
      guard let token = path.first else { return false }
      open()
      if path.count == 1 { return change(&self, token) }
      switch self {
      case .map(var members):
        let place = Self.place(of: Key(token), in: members)
        guard place.isTaken else { return false }
        self = .closed
        defer { self = .map(members) }
        return members[place.index].node.edit(path.dropFirst(), change)
      case .list(var elements):
        guard let index = Self.index(token), index < elements.count else { return false }
        self = .closed
        defer { self = .list(elements) }
        return elements[index].edit(path.dropFirst(), change)
      case .value: return false
      }
    }

    private mutating func open() {
      guard case .value(let value) = self else { return }
      if value.isMap {
        self = .map(value.members.map { ($0.key, .value($0.value)) })
      } else if value.isList {
        self = .list(value.elements.map { .value($0) })
      }
    }

    /// How deep this part is opened.
    var openDepth: Int {
      switch self {
      case .value: 0
      case .list(let elements): 1 + (elements.map(\.openDepth).max() ?? 0)
      case .map(let members): 1 + (members.map(\.node.openDepth).max() ?? 0)
      }
    }

    /// This part as a value; nil where it nests deeper than `depthMax`.
    func value(depthMax: Int) -> Value? {
      depthMax == .max || depthMax >= nesting ? flat : nil
    }

    private var flat: Value {
      switch self {
      case .value(let value): value
      case .list(let elements): Value(elements.map(\.flat))
      case .map(let members): Value(members: members.map { ($0.key, $0.node.flat) })
      }
    }

    private var nesting: Int {
      switch self {
      case .value(let value): value.nesting
      case .list(let elements): 1 + (elements.map(\.nesting).max() ?? 0)
      case .map(let members): 1 + (members.map(\.node.nesting).max() ?? 0)
      }
    }
  }
}

extension Value {
  /// How deep lists and maps nest.
  fileprivate var nesting: Int {
    var depth = 0
    var level = [self].filter { $0.isMap || $0.isList }
    while !level.isEmpty {
      depth += 1
      var next: [Value] = []
      for value in level {
        for member in value.members where member.value.isMap || member.value.isList {
          next.append(member.value)
        }
        for element in value.elements where element.isMap || element.isList {
          next.append(element)
        }
      }
      level = next
    }
    return depth
  }
}

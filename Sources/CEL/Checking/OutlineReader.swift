/// Follows the fields that an expression names.
struct OutlineReader {
  private(set) var unknown: [UnknownField] = []
  private let program: Program
  private let variables: (String) -> Outline
  /// The variables of the macros around the current node, innermost last.
  private var scopes: [(name: String, outline: Outline)] = []

  init(_ program: Program, _ variables: @escaping (String) -> Outline) {
    self.program = program
    self.variables = variables
  }

  private var syntax: Syntax { program.checked.syntax }

  /// The outline of a node's value.
  mutating func outline(_ node: NodeID) -> Outline {
    switch syntax[node].kind {
    case .literal(let value):
      if case .null = value { return .nothing }
      return .open
    case .name(let name, _): return named(node, name)
    case .select(let operand, let field, let mode):
      if let variable = variable(node) { return variable }
      let outline = outline(operand)
      let member = self.member(field, of: outline, after: syntax.offset(operand), node)
      return mode == .test ? .open : member
    case .call(let function, let target, let arguments):
      return call(node, function, target, arguments)
    case .logical(_, let terms):
      for term in terms { _ = outline(term) }
      return .open
    case .conditional(let condition, let yes, let no):
      _ = outline(condition)
      return outline(yes).merged(with: outline(no))
    case .list(let elements):
      var element = Outline.nothing
      for entry in elements { element = element.merged(with: outline(entry.value)) }
      return .list(element)
    case .map(let entries):
      for entry in entries {
        _ = outline(entry.key)
        _ = outline(entry.value)
      }
      return .open
    case .message(_, let fields):
      for field in fields { _ = outline(field.value) }
      return .open
    case .comprehension(let comprehension): return self.comprehension(comprehension)
    case .bind(let name, let value, let body):
      return scoped([(name, outline(value))]) { reader in reader.outline(body) }
    case .block(let values, let body):
      let outer = scopes.count
      for (index, value) in values.enumerated() {
        scopes.append(("@index\(index)", outline(value)))
      }
      defer { scopes.removeSubrange(outer...) }
      return outline(body)
    case .optionalMap(let target, let variable, let body, _):
      // An optional has the outline of what it wraps.
      return scoped([(variable, outline(target))]) { reader in reader.outline(body) }
    }
  }

  private mutating func scoped(
    _ names: [(String, Outline)], _ body: (inout OutlineReader) -> Outline
  ) -> Outline {
    let outer = scopes.count
    for (name, outline) in names { scopes.append((name, outline)) }
    defer { scopes.removeSubrange(outer...) }
    return body(&self)
  }

  // MARK: Names and fields

  private func named(_ node: NodeID, _ name: String) -> Outline {
    if case .local? = program.checked.references[Int(node)] {
      return scopes.last { $0.name == name }?.outline ?? .open
    }
    return variable(node) ?? .open
  }

  /// The outline of the variable that a node names, with dots or without.
  private func variable(_ node: NodeID) -> Outline? {
    guard case .variable(let slot)? = program.checked.references[Int(node)] else { return nil }
    return variables(program.variables[slot])
  }

  private mutating func member(
    _ field: String, of outline: Outline, after offset: Int, _ node: NodeID
  ) -> Outline {
    switch outline {
    case .map(let value): return value
    case .record(let record):
      if let member = record.field(field) { return member }
      report(field, of: record, at: program.source.place(ofWord: field, from: offset))
      return .open
    case .nothing: return .nothing
    case .open, .list: return .open
    }
  }

  private mutating func report(_ field: String, of record: Outline.Record, at place: SourcePlace) {
    guard !unknown.contains(where: { $0.place == place }) else { return }
    unknown.append(
      UnknownField(
        name: field, record: record, place: place, excerpt: program.source.excerpt(place)))
  }

  // MARK: Functions

  /// Functions whose result is what they are called on.
  private static let keeping: Set<String> = [
    "value", "distinct", "reverse", "slice", "sort", "optional.of", "optional.ofNonZeroValue",
  ]

  private mutating func call(
    _ node: NodeID, _ function: String, _ target: NodeID?, _ arguments: [NodeID]
  ) -> Outline {
    let receiver = target.map { outline($0) }
    let outlines = arguments.map { outline($0) }
    switch function {
    case Operator.index, Operator.optionalIndex:
      guard let first = arguments.first, let outline = outlines.first else { return .open }
      guard case .record = outline else { return outline.element }
      guard case .literal(.string(let field)) = syntax[arguments[1]].kind else { return .open }
      return member(field, of: outline, after: syntax.offset(first), node)
    case "_+_" where outlines.count == 2:
      let sum = outlines[0].merged(with: outlines[1])
      if case .list = sum { return sum }
      return outlines[0] == .nothing || outlines[1] == .nothing ? .nothing : .open
    case "or", "orValue":
      guard let receiver, let other = outlines.first else { return .open }
      return receiver.merged(with: other)
    case "first", "last": return receiver?.element ?? .open
    case let name where Self.keeping.contains(name):
      return receiver ?? outlines.first ?? .open
    default: return .open
    }
  }

  // MARK: Macros

  private mutating func comprehension(_ comprehension: Syntax.Comprehension) -> Outline {
    let range = outline(comprehension.range)
    let value: Outline
    let isList: Bool
    switch range {
    case .list(let element): (value, isList) = (element, true)
    case .map(let member): (value, isList) = (member, false)
    case .nothing: (value, isList) = (.nothing, true)
    default: (value, isList) = (.open, false)
    }
    var names: [(String, Outline)] = []
    if let second = comprehension.second {
      names = [(comprehension.first, .open), (second, value)]
    } else {
      names = [(comprehension.first, isList ? value : .open)]
    }
    let element = names[0].1
    return scoped(names) { reader in
      if let filter = comprehension.filter { _ = reader.outline(filter) }
      let body = comprehension.body.map { reader.outline($0) }
      return switch comprehension.shape {
      case .all, .exists, .existsOne, .mapEntries: .open
      case .list: .list(body ?? element)
      case .map: .map(body ?? value)
      }
    }
  }

  // MARK: What is spelt out

  /// Compares the keys of maps that the node spells out with what they are to become.
  mutating func fit(_ node: NodeID, to target: Outline) {
    switch (syntax[node].kind, target) {
    case (.conditional(_, let yes, let no), _):
      fit(yes, to: target)
      fit(no, to: target)
    case (.bind(_, _, let body), _), (.block(_, let body), _): fit(body, to: target)
    case (.list(let elements), .list(let element)):
      for entry in elements { fit(entry.value, to: element) }
    case (.comprehension(let comprehension), .list(let element))
    where comprehension.shape == .list:
      if let body = comprehension.body { fit(body, to: element) }
    case (.map(let entries), .map(let value)):
      for entry in entries { fit(entry.value, to: value) }
    case (.map(let entries), .record(let record)):
      for entry in entries {
        guard case .literal(.string(let key)) = syntax[entry.key].kind else { continue }
        if let field = record.field(key) {
          fit(entry.value, to: field)
        } else {
          report(
            key, of: record,
            at: program.source.place(ofWord: key, from: syntax.offset(entry.key)))
        }
      }
    default: break
    }
  }
}

extension SourceText {
  /// The place of a word at or behind an offset; the offset itself where the word does not stand as it is.
  fileprivate func place(ofWord word: String, from offset: Int) -> SourcePlace {
    let letters = Array(word.utf8)
    var start = Swift.max(0, offset)
    while start + letters.count <= bytes.count {
      let end = start + letters.count
      if bytes[start..<end].elementsEqual(letters), start == 0 || !isPart(bytes[start - 1]),
        end == bytes.count || !isPart(bytes[end])
      {
        return place(start)
      }
      start += 1
    }
    return place(offset)
  }

  private func isPart(_ byte: UInt8) -> Bool { Lexer.isIdentifierPart(byte) }
}

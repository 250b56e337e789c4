import APIMachinery
import CEL
import ValueTree
import YAMLCoding

/// What the names of a model stand for, as far as that can be told without running it.
struct NameOutlines {
  /// The kinds whose fields are known: what a scenario may still define anew is not among them.
  let knowsFields: @Sendable (ResourceType) -> Bool
  /// By name: all kinds of objects that a step gives it; nil among them is one that cannot be told.
  private var kinds: [String: [ResourceType?]]
  /// By name: what steps give it.
  private var sources: [String: [Source]] = [:]
  private var outlines: [String: Outline] = [:]
  private let registry: ResourceRegistry
  /// The paths that steps write, as they stand there.
  private(set) var written: [String] = []
  /// Whether the model says itself where its objects record what they hold.
  let saysRecords: Bool

  /// Where a name has its value from.
  private enum Source {
    case known(Outline)
    case value(of: Program)
    case elements(of: Program)
    case name(String)

    /// Whether it depends on other names.
    var isComputed: Bool {
      if case .known = self { return false }
      return true
    }
  }

  init(
    of spec: ModelNode, _ own: ResourceType, _ registry: ResourceRegistry, _ scope: Scope,
    knowsFields: @escaping @Sendable (ResourceType) -> Bool
  ) {
    self.registry = registry
    saysRecords = spec["records"] != nil
    self.knowsFields = knowsFields
    kinds = ["object": [own]]
    add("object", .known(object(own)))
    add("request", .known(Self.request))
    add("error", .known(Self.error))
    add("grants", .known(.list(Self.grant)))
    add(ModelCompiler.expectationsName, .known(.open))
    for (name, _) in spec["variables"]?.members ?? [] { add(name, .known(.open)) }
    gather(spec, own, scope)
    settle()
  }

  /// The kind of the object that a name stands for; nil where it may be one of several.
  func type(of name: String) -> ResourceType? {
    guard let found = kinds[name], let first = found.first, let first,
      found.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  /// What is known of the values of a name.
  subscript(_ name: String) -> Outline { outlines[name] ?? .open }

  /// The same, where names stand for objects of a kind.
  func with(_ names: [String], being type: ResourceType) -> NameOutlines {
    var copy = self
    for name in names { copy.outlines[name] = object(type) }
    return copy
  }

  // MARK: Gathering

  private mutating func add(_ name: String, _ source: Source) {
    sources[name, default: []].append(source)
  }

  private mutating func gather(_ node: ModelNode, _ own: ResourceType, _ scope: Scope) {
    for (key, member) in node.members {
      switch key {
      case "get", "create":
        let name = member["as"]?.text ?? (key == "get" ? "object" : nil)
        let type = member["kind"].map { registry.type(named: $0.text) } ?? own
        if let name {
          kinds[name, default: []].append(type)
          add(name, .known(type.map { object($0) } ?? .open))
        }
      case "list":
        let type = member["kind"].map { registry.type(named: $0.text) } ?? own
        if let name = member["as"]?.text {
          kinds[name, default: []].append(nil)
          add(name, .known(type.map { .list(object($0)) } ?? .open))
        }
      case "update", "updateStatus", "ensureFinalizer", "removeFinalizer":
        // The same object by another name.
        let base = member["of"]?.text ?? "object"
        if let name = member["as"]?.text, name != base {
          kinds[name, default: []].append(nil)
          add(name, .name(base))
        }
        if let name = member["changed"]?.text { add(name, .known(.open)) }
      case "set" where !member.isOfWrite:
        for (name, value) in member.members {
          kinds[name, default: []].append(nil)
          add(name, source(value, scope) { .value(of: $0) })
        }
      case "set": written += member.members.map(\.name)
      case "forEach":
        if let name = node["as"]?.text {
          kinds[name, default: []].append(nil)
          add(name, source(member, scope) { .elements(of: $0) })
        }
      case "allocate", "held", "ledger":
        if let name = member["as"]?.text { add(name, .known(.list(Self.grant))) }
      case "rebuild", "random", "clock":
        if let name = member["as"]?.text { add(name, .known(.open)) }
      case "handlers":
        // The objects of events, which handlers do not write; what they call by a name may be anything.
        open(namesIn: member)
        continue
      default: break
      }
      if member.value.isMap || member.value.isList { gather(member, own, scope) }
    }
    if node.value.isList { for element in node.elements { gather(element, own, scope) } }
  }

  private func source(
    _ node: ModelNode, _ scope: Scope, _ make: (Program) -> Source
  ) -> Source {
    // What is wrong with the expression is told when its step is compiled.
    guard let text = node.value.string, let program = try? scope.environment.compile(text) else {
      return .known(node.value.isNull ? .nothing : .open)
    }
    return make(program)
  }

  private mutating func open(namesIn node: ModelNode) {
    for (key, member) in node.members {
      if key == "set" { for (name, _) in member.members { add(name, .known(.open)) } }
      if key == "as" { add(member.text, .known(.open)) }
      open(namesIn: member)
    }
    if node.value.isList { for element in node.elements { open(namesIn: element) } }
  }

  // MARK: Settling

  /// How often what names are made of is followed before what still moves is left open.
  private static let roundsMax = 8

  private mutating func settle() {
    let names = sources.keys.sorted()
    for name in names { outlines[name] = .nothing }
    var moving: [String] = []
    for _ in 0..<Self.roundsMax {
      moving = names.filter { name in
        let before = self[name]
        outlines[name] = (sources[name] ?? []).reduce(before) { $0.merged(with: outline($1)) }
        return self[name] != before
      }
      if moving.isEmpty { return }
    }
    for name in names where sources[name]?.contains(where: { $0.isComputed }) == true {
      outlines[name] = .open
    }
  }

  private func outline(_ source: Source) -> Outline {
    switch source {
    case .known(let outline): outline
    case .name(let name): self[name]
    case .value(let program): program.outline { self[$0] }
    case .elements(let program): program.outline { self[$0] }.element
    }
  }

  // MARK: What there is

  private func object(_ type: ResourceType) -> Outline {
    Outline(objectsOf: type, knowsFields: knowsFields(type))
  }

  private static let request = Outline(fieldsOf: "request", ["name", "namespace"])
  private static let error = Outline(fieldsOf: "error", ["message", "reason"])
  private static let grant = Outline(
    fieldsOf: "a grant", ["generation", "item", "key", "owner", "pool", "state"])

}

extension ModelNode {
  /// Whether a `set` stands in a step that writes an object, where it names fields.
  fileprivate var isOfWrite: Bool {
    guard path.steps.count >= 2, case .key(let key) = path.steps[path.steps.count - 2] else {
      return false
    }
    return ["update", "updateStatus", "create"].contains(key.text)
  }
}

// MARK: Checking

extension NameOutlines {
  /// Refuses an expression that names a field which cannot be there.
  ///
  /// - Parameters:
  ///   - expression: The expression.
  ///   - target: What its value is to become.
  /// - Throws: the first such field, with its place.
  func check(_ expression: Expression, for target: Outline = .open) throws(SourceDiagnostic) {
    guard case .program(_, let program) = expression.form,
      let unknown = program.unknownFields(given: { self[$0] }, for: target).first
    else { return }
    throw CELPlace(expression.place, program.expression).diagnostic(unknown)
  }

  /// What is known of the place in an object of a kind.
  func outline(at path: FieldPath, of type: ResourceType?) -> Outline {
    guard let type else { return .open }
    return path.steps.reduce(object(type)) { outline, step in
      switch (step, outline) {
      case (.key(let key), .record(let record)): record.field(key.text) ?? .open
      default: outline.element
      }
    }
  }
}

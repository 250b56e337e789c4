/// Resolves the names of an expression and deduces its types.
///
/// Without enforcement everything has the type `dyn`, and what cannot be resolved fails when it is
/// evaluated, as the specification asks of unchecked expressions.
struct Checker {
  let environment: Environment
  let enforces: Bool
  var syntax: Syntax
  var types: [CELType]
  var references: [Checked.Reference?]
  var locals: [NodeID: [Int]] = [:]
  var localTypes: [CELType] = []
  var substitution = Substitution()
  var problems: [Problem] = []
  /// The variables of the macros around the current node, innermost last.
  private var scopes: [(name: String, number: Int, type: CELType)] = []

  static func check(
    _ syntax: Syntax, _ source: SourceText, in environment: Environment, enforces: Bool
  ) throws(CompilationError) -> Checked {
    var checker = Checker(syntax, environment, enforces: enforces)
    _ = checker.visit(syntax.root)
    if !checker.problems.isEmpty { throw CompilationError(source, checker.problems) }
    return Checked(
      source: source, syntax: checker.syntax,
      types: checker.types.map { checker.substitution.resolve($0, unknownAsDyn: true) },
      references: checker.references, locals: checker.locals,
      localTypes: checker.localTypes.map {
        checker.substitution.resolve($0, unknownAsDyn: true)
      })
  }

  private init(_ syntax: Syntax, _ environment: Environment, enforces: Bool) {
    self.syntax = syntax
    self.environment = environment
    self.enforces = enforces
    types = Array(repeating: .dyn, count: syntax.nodes.count)
    references = Array(repeating: nil, count: syntax.nodes.count)
  }

  mutating func report(_ node: NodeID, _ message: String) -> CELType {
    if enforces, problems.count < 20 {
      problems.append(Problem(at: syntax.offset(node), message))
    }
    return .error
  }

  mutating func visit(_ node: NodeID) -> CELType {
    let type =
      enforces
      ? deduce(node)
      : {
        _ = deduce(node); return .dyn
      }()
    types[Int(node)] = type
    return type
  }

  private mutating func deduce(_ node: NodeID) -> CELType {
    switch syntax[node].kind {
    case .literal(let value): return value.type
    case .name(let name, let isAbsolute): return self.name(node, name, isAbsolute)
    case .select(let operand, let field, let mode): return select(node, operand, field, mode)
    case .call(let function, let target, let arguments):
      return call(node, function, target, arguments)
    case .logical(_, let terms):
      for term in terms {
        let type = visit(term)
        if !substitution.accepts(type, as: .bool) {
          _ = report(term, "expected a bool, found \(shown(type))")
        }
      }
      return .bool
    case .conditional(let condition, let yes, let no):
      let type = visit(condition)
      if !substitution.accepts(type, as: .bool) {
        _ = report(condition, "the condition of '?' must be a bool, found \(shown(type))")
      }
      let (first, second) = (visit(yes), visit(no))
      let result = substitution.fresh()
      if substitution.accepts([first, second], as: [result, result]) { return result }
      return report(
        node, "both results of '?' must have one type, found \(shown(first)) and \(shown(second))")
    case .list(let elements): return list(elements)
    case .map(let entries): return map(entries)
    case .message(let name, let fields):
      for field in fields { _ = visit(field.value) }
      references[Int(node)] = .undeclared(name)
      return report(node, "undeclared type '\(name)': messages are not supported")
    case .comprehension(let comprehension): return self.comprehension(node, comprehension)
    case .bind(let name, let value, let body):
      let type = visit(value)
      return scoped(node, [(name, type)]) { checker in checker.visit(body) }
    case .block(let values, let body): return block(node, values, body)
    case .optionalMap(let target, let variable, let body, let isFlat):
      let type = visit(target)
      let resolved = substitution.resolve(type)
      guard let wrapped = resolved.wrapped ?? (isOpen(resolved) ? .dyn : nil) else {
        return report(target, "optMap() takes an optional, found \(shown(type))")
      }
      let result = scoped(node, [(variable, wrapped)]) { checker in checker.visit(body) }
      if !isFlat { return .optional(result) }
      let flat = CELType.optional(substitution.fresh())
      if substitution.accepts(result, as: flat) { return flat }
      return report(body, "optFlatMap() needs an optional as its result, found \(shown(result))")
    }
  }

  func shown(_ type: CELType) -> String {
    substitution.resolve(type, unknownAsDyn: true).description
  }

  /// Whether a type says nothing yet.
  func isOpen(_ type: CELType) -> Bool {
    if case .variable = type { return true }
    return type.isDynamic
  }

  // MARK: Names

  private mutating func name(_ node: NodeID, _ name: String, _ isAbsolute: Bool) -> CELType {
    if !isAbsolute, let local = local(name) {
      references[Int(node)] = .local(local.number)
      return local.type
    }
    if let type = resolve(node, name, isAbsolute) { return type }
    references[Int(node)] = .undeclared(name)
    return report(node, undeclared(name))
  }

  private func local(_ name: String) -> (number: Int, type: CELType)? {
    scopes.last { $0.name == name }.map { ($0.number, $0.type) }
  }

  func isLocal(_ name: String) -> Bool { local(name) != nil }

  private mutating func resolve(_ node: NodeID, _ name: String, _ isAbsolute: Bool) -> CELType? {
    for candidate in environment.candidates(name, isAbsolute: isAbsolute) {
      if let slot = environment.slot(candidate) {
        references[Int(node)] = .variable(slot)
        return environment.variables[slot].type
      }
      if let type = environment.types[candidate] {
        references[Int(node)] = .type(type)
        return .type(type)
      }
    }
    return nil
  }

  private func undeclared(_ name: String) -> String {
    var known = environment.variables.map(\.name) + scopes.map(\.name)
    known.removeAll { $0.hasPrefix("@") }
    let hint = Suggestion.text(name, among: known)
    return "undeclared reference to '\(name)' (in container '\(environment.container)')\(hint)"
  }

  private mutating func select(
    _ node: NodeID, _ operand: NodeID, _ field: String, _ mode: Syntax.SelectMode
  ) -> CELType {
    if case .plain = mode, let path = syntax.qualifiedName(node),
      path.isAbsolute || !isLocal(path.first), let type = resolve(node, path.name, path.isAbsolute)
    {
      return type
    }
    // The operand comes first: it may bind what is then resolved.
    let operandType = visit(operand)
    let target = substitution.resolve(operandType)
    let isOptional = target.wrapped != nil
    var type = fieldType(node, of: target.wrapped ?? target, field)
    if case .test = mode { return .bool }
    if mode == .optional || isOptional, type.wrapped == nil { type = .optional(type) }
    return type
  }

  private mutating func fieldType(
    _ node: NodeID, of target: CELType, _ field: String
  ) -> CELType {
    switch substitution.resolve(target) {
    case .map(let key, let value):
      if !substitution.accepts(.string, as: key) {
        return report(node, "a field needs string keys, found \(shown(target)); use [key]")
      }
      return value
    case .object(let object):
      if let known = object.fields[field] { return known.type }
      let hint = Suggestion.text(field, among: object.fields.keys.sorted())
      return report(node, "undefined field '\(field)' in \(object.name)\(hint)")
    case .variable(let number):
      substitution.bind(number, to: .dyn)
      return .dyn
    case .dyn, .error: return .dyn
    default:
      return report(node, "type '\(shown(target))' does not support field selection")
    }
  }

  // MARK: Collections

  private mutating func list(_ elements: [Syntax.Element]) -> CELType {
    var joined: CELType?
    for element in elements {
      let type = member(element.value, isOptional: element.isOptional)
      joined = substitution.join(joined, type)
    }
    return .list(joined ?? substitution.fresh())
  }

  private mutating func map(_ entries: [Syntax.Entry]) -> CELType {
    var keys: CELType?
    var values: CELType?
    for entry in entries {
      let key = visit(entry.key)
      switch substitution.resolve(key) {
      case .bool, .int, .uint, .string, .dyn, .error, .variable: break
      case let other:
        _ = report(entry.key, "a key must be a bool, int, uint or string, found \(shown(other))")
      }
      keys = substitution.join(keys, key)
      values = substitution.join(values, member(entry.value, isOptional: entry.isOptional))
    }
    return .map(keys ?? substitution.fresh(), values ?? substitution.fresh())
  }

  private mutating func member(_ node: NodeID, isOptional: Bool) -> CELType {
    let type = visit(node)
    guard isOptional else { return type }
    let resolved = substitution.resolve(type)
    if let wrapped = resolved.wrapped { return wrapped }
    if isOpen(resolved) { return .dyn }
    return report(node, "expected an optional after '?', found \(shown(type))")
  }

  // MARK: Macros

  private mutating func comprehension(
    _ node: NodeID, _ comprehension: Syntax.Comprehension
  ) -> CELType {
    let rangeType = visit(comprehension.range)
    let range = substitution.resolve(rangeType)
    let key: CELType
    let value: CELType
    switch range {
    case .list(let element): (key, value) = (.int, element)
    case .map(let k, let v): (key, value) = (k, v)
    case .object: (key, value) = (.string, .dyn)
    case .variable(let number):
      substitution.bind(number, to: .dyn)
      (key, value) = (.dyn, .dyn)
    case .dyn, .error: (key, value) = (.dyn, .dyn)
    default:
      let found = report(
        comprehension.range,
        "a macro goes through a list or map, found an expression of type \(shown(range))")
      (key, value) = (found, found)
    }
    var variables: [(String, CELType)] = []
    if let second = comprehension.second {
      variables = [(comprehension.first, key), (second, value)]
    } else if case .list = range {
      variables = [(comprehension.first, value)]
    } else {
      variables = [(comprehension.first, key)]
    }
    let element = variables[0].1
    return scoped(node, variables) { checker in
      checker.comprehensionBody(node, comprehension, key: key, element: element)
    }
  }

  private mutating func comprehensionBody(
    _ node: NodeID, _ comprehension: Syntax.Comprehension, key: CELType, element: CELType
  ) -> CELType {
    if let filter = comprehension.filter { predicate(filter) }
    switch comprehension.shape {
    case .all, .exists, .existsOne:
      if let body = comprehension.body { predicate(body) }
      return .bool
    case .list: return .list(comprehension.body.map { visit($0) } ?? element)
    case .map: return .map(key, comprehension.body.map { visit($0) } ?? element)
    case .mapEntries:
      guard let body = comprehension.body else { return .map(.dyn, .dyn) }
      let type = visit(body)
      let map = CELType.map(substitution.fresh(), substitution.fresh())
      if substitution.accepts(type, as: map) { return map }
      return report(body, "transformMapEntry() needs a map as its result, found \(shown(type))")
    }
  }

  private mutating func predicate(_ node: NodeID) {
    let type = visit(node)
    if !substitution.accepts(type, as: .bool) {
      _ = report(node, "the condition of a macro must be a bool, found \(shown(type))")
    }
  }

  private mutating func block(_ node: NodeID, _ values: [NodeID], _ body: NodeID) -> CELType {
    let outer = scopes.count
    var numbers: [Int] = []
    for (index, value) in values.enumerated() {
      let type = visit(value)
      numbers.append(open("@index\(index)", type))
    }
    locals[node] = numbers
    let result = visit(body)
    scopes.removeSubrange(outer...)
    return result
  }

  private mutating func scoped(
    _ node: NodeID, _ variables: [(String, CELType)], _ body: (inout Checker) -> CELType
  ) -> CELType {
    let outer = scopes.count
    var numbers: [Int] = []
    for (name, type) in variables {
      numbers.append(open(name, type))
    }
    locals[node] = numbers
    let result = body(&self)
    scopes.removeSubrange(outer...)
    return result
  }

  private mutating func open(_ name: String, _ type: CELType) -> Int {
    let type = enforces ? type : .dyn
    scopes.append((name, localTypes.count, type))
    localTypes.append(type)
    return localTypes.count - 1
  }
}

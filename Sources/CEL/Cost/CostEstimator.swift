/// Goes through an expression and adds up what its parts may cost.
struct CostEstimator {
  /// The cost of a node, the size of its value, and where the value comes from.
  struct Estimate {
    var cost: CostEstimate
    var size: CostEstimate
    var path: String?
  }

  /// The largest request that Kubernetes takes, in bytes.
  private static let requestMax: UInt64 = 3 << 20

  let checked: Checked
  let variables: [String]
  let hints: SizeHints
  /// By local variable: its size and where it comes from.
  private var locals: [(size: CostEstimate, path: String?)?]

  init(checked: Checked, variables: [String], hints: SizeHints) {
    self.checked = checked
    self.variables = variables
    self.hints = hints
    locals = Array(repeating: nil, count: checked.localCount)
  }

  mutating func visit(_ node: NodeID) -> Estimate {
    if let reference = checked.references[Int(node)] {
      switch reference {
      case .variable(let slot):
        return leaf(node, path: variables[slot])
      case .local(let number):
        guard let local = locals[number] else { return leaf(node, path: nil) }
        return Estimate(cost: .one, size: local.size, path: local.path)
      case .type, .undeclared: return Estimate(cost: .zero, size: .one, path: nil)
      case .overloads: break
      }
    }
    switch checked.syntax[node].kind {
    case .literal(let value):
      let size = UInt64(value.extent)
      return Estimate(cost: .zero, size: CostEstimate(least: size, most: size), path: nil)
    case .name: return leaf(node, path: nil)
    case .select(let operand, let field, let mode):
      let base = visit(operand)
      if case .test = mode { return Estimate(cost: base.cost + .one, size: .one, path: nil) }
      let path = base.path.map { self.path(of: $0, field, operand) }
      return Estimate(cost: base.cost + .one, size: size(node, path), path: path)
    case .call(let name, let target, let arguments):
      return call(node, name, [target].compactMap { $0 } + arguments)
    case .logical(_, let terms):
      var cost = CostEstimate.zero
      for (index, term) in terms.enumerated() {
        let part = visit(term).cost
        cost += CostEstimate(least: index == 0 ? part.least : 0, most: part.most)
      }
      return Estimate(cost: cost, size: .one, path: nil)
    case .conditional(let condition, let yes, let no):
      let (first, second) = (visit(yes), visit(no))
      return Estimate(
        cost: visit(condition).cost + first.cost.union(second.cost),
        size: first.size.union(second.size), path: nil)
    case .list(let elements):
      let isFolded = isConstant(node)
      return collection(elements.map(\.value), base: isFolded ? 0 : 10, elements.count)
    case .map(let entries):
      return collection(entries.flatMap { [$0.key, $0.value] }, base: 30, entries.count)
    case .message(_, let fields): return collection(fields.map(\.value), base: 40, fields.count)
    case .comprehension(let comprehension): return self.comprehension(node, comprehension)
    case .bind(_, let value, let body): return bound(node, [value], body)
    case .block(let values, let body): return bound(node, values, body)
    case .optionalMap(let target, _, let body, _):
      let base = visit(target)
      if let number = checked.locals[node]?.first { locals[number] = (base.size, base.path) }
      let result = visit(body)
      let cost = CostEstimate(least: 0, most: result.cost.most)
      return Estimate(cost: base.cost + cost, size: result.size, path: nil)
    }
  }

  /// Whether the compiler may know the value of a node.
  private func isConstant(_ node: NodeID) -> Bool {
    switch checked.syntax[node].kind {
    case .literal: true
    case .list(let elements): elements.allSatisfy { !$0.isOptional && isConstant($0.value) }
    case .map(let entries): entries.isEmpty
    case .call(_, let target, let arguments):
      (target.map { isConstant($0) } ?? true) && arguments.allSatisfy { isConstant($0) }
    case .name: if case .type? = checked.references[Int(node)] { true } else { false }
    default: false
    }
  }

  // MARK: Values

  private func leaf(_ node: NodeID, path: String?) -> Estimate {
    Estimate(cost: .one, size: size(node, path), path: path)
  }

  private func path(of base: String, _ field: String, _ operand: NodeID) -> String {
    switch checked.types[Int(operand)] {
    case .object(let object): "\(base).\(object.fields[field]?.key ?? field)"
    case .map: base + ".@values"
    default: "\(base).\(field)"
    }
  }

  private func size(_ node: NodeID, _ path: String?) -> CostEstimate {
    let hint = path.flatMap { hints[$0] }
    return CostEstimate(least: 0, most: hint ?? Self.largest(checked.types[Int(node)]))
  }

  /// How many elements or bytes a request can hold of a type.
  private static func largest(_ type: CELType) -> UInt64 {
    switch type {
    case .string, .bytes: requestMax
    case .list(let element): requestMax / (smallest(element) + 1)
    case .map(_, let value): requestMax / (smallest(value) + 4)
    case .dyn, .error: requestMax
    default: 1
    }
  }

  /// The bytes that the smallest value of a type takes as JSON.
  private static func smallest(_ type: CELType) -> UInt64 {
    switch type {
    case .bool: 4
    case .string, .bytes, .list, .map, .object, .duration: 2
    case .timestamp: 12
    default: 1
    }
  }

  private mutating func collection(_ nodes: [NodeID], base: UInt64, _ count: Int) -> Estimate {
    var cost = CostEstimate(least: base, most: base)
    for node in nodes { cost += visit(node).cost }
    let size = UInt64(count)
    return Estimate(cost: cost, size: CostEstimate(least: size, most: size), path: nil)
  }

  private mutating func bound(_ node: NodeID, _ values: [NodeID], _ body: NodeID) -> Estimate {
    var cost = CostEstimate.zero
    for (number, value) in zip(checked.locals[node] ?? [], values) {
      let estimate = visit(value)
      locals[number] = (estimate.size, estimate.path)
      cost += estimate.cost
    }
    var result = visit(body)
    result.cost += cost
    return result
  }

  // MARK: Macros

  private mutating func comprehension(
    _ node: NodeID, _ comprehension: Syntax.Comprehension
  ) -> Estimate {
    let range = visit(comprehension.range)
    let isList = if case .list = checked.types[Int(comprehension.range)] { true } else { false }
    let elements = range.path.map { $0 + (isList ? ".@items" : ".@values") }
    let numbers = checked.locals[node] ?? []
    for (index, number) in numbers.enumerated() {
      let isValue = comprehension.second == nil ? isList : index == 1
      let type = checked.localTypes[number]
      let hint = isValue ? elements.flatMap { hints[$0] } : nil
      locals[number] = (
        CostEstimate(least: 0, most: hint ?? Self.largest(type)), isValue ? elements : nil
      )
    }
    var step = CostEstimate(least: 2, most: 2)
    if let filter = comprehension.filter { step += visit(filter).cost }
    var result = CostEstimate.one
    if let body = comprehension.body {
      let estimate = visit(body)
      step += estimate.cost
      result = estimate.size
    }
    // The loop begins once, and looks once in vain for another element.
    let loops = range.size * step + CostEstimate(least: 2, most: 2)
    switch comprehension.shape {
    case .all, .exists:
      // The first element may decide.
      let cost = CostEstimate(least: min(loops.least, step.least + 2), most: loops.most)
      return Estimate(cost: range.cost + cost, size: .one, path: nil)
    case .existsOne: return Estimate(cost: range.cost + loops, size: .one, path: nil)
    case .list, .map, .mapEntries:
      let base: UInt64 = comprehension.shape == .list ? 10 : 30
      let growth = comprehension.shape == .mapEntries ? range.size * result : range.size
      let least = comprehension.filter == nil ? growth.least : 0
      return Estimate(
        cost: range.cost + loops + CostEstimate(least: base, most: base),
        size: CostEstimate(least: least, most: growth.most), path: nil)
    }
  }

  // MARK: Calls

  private mutating func call(_ node: NodeID, _ name: String, _ operands: [NodeID]) -> Estimate {
    var rule = Self.operators[name]
    var used = operands
    if case .overloads(let overloads, _, let withTarget)? = checked.references[Int(node)] {
      rule = rule ?? overloads.first?.cost
      // A namespace in front of a function is no value.
      if !withTarget, overloads.first?.parameters.count == operands.count - 1 { used.removeFirst() }
    }
    var cost = CostEstimate.one
    var arguments: [Estimate] = []
    for operand in used {
      let estimate = visit(operand)
      cost += estimate.cost
      arguments.append(estimate)
    }
    cost += Self.amount(rule ?? .one, arguments.map(\.size))
    // What is known when the expression is compiled is worked out there.
    if used.allSatisfy({ isConstant($0) }) { cost.least = 0 }
    if name == Operator.index || name == Operator.optionalIndex, let base = arguments.first?.path {
      let isList = if case .list = checked.types[Int(used[0])] { true } else { false }
      let path = base + (isList ? ".@items" : ".@values")
      return Estimate(cost: cost, size: size(node, path), path: path)
    }
    return Estimate(cost: cost, size: resultSize(node, name, arguments.map(\.size)), path: nil)
  }

  private static let operators: [String: CostRule] = {
    var rules: [String: CostRule] = ["_+_": .scan([0, 1]), Operator.in: .elements(1)]
    for name in ["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"] { rules[name] = .shorter }
    return rules
  }()

  private static func amount(_ rule: CostRule, _ sizes: [CostEstimate]) -> CostEstimate {
    let first = sizes.first ?? .one
    let second = sizes.count > 1 ? sizes[1] : first
    switch rule {
    case .one: return .zero
    case .scan(let places):
      var sum = CostEstimate.zero
      for place in places where place < sizes.count { sum += sizes[place] }
      return sum.divided(by: 10)
    case .elements(let place): return place < sizes.count ? sizes[place] : .zero
    case .elementProduct: return first * second
    case .shorter:
      return CostEstimate(
        least: min(first.least, second.least), most: min(first.most, second.most)
      ).divided(by: 10)
    case .search: return first.divided(by: 10) * second.divided(by: 10)
    case .match: return (first + .one).divided(by: 10) * second.divided(by: 4)
    }
  }

  private func resultSize(
    _ node: NodeID, _ name: String, _ sizes: [CostEstimate]
  ) -> CostEstimate {
    let type = checked.types[Int(node)]
    let unknown = CostEstimate(least: 0, most: Self.largest(type))
    switch name {
    case "_+_": return sizes.reduce(.zero, +)
    // These give back a part of what they are given.
    case "substring", "trim", "lowerAscii", "upperAscii", "reverse", "split", "find", "findAll",
      "slice", "distinct", "sort", "string", "bytes", "charAt", "dyn":
      return CostEstimate(least: 0, most: sizes.first?.most ?? unknown.most)
    default: return unknown
    }
  }
}

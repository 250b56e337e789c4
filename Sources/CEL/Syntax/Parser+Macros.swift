extension Parser {
  // MARK: Functions

  /// What `name(arguments)` stands for where it is a macro.
  mutating func expandFunction(
    _ name: String, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID? {
    guard expandsMacros, name == "has", arguments.count == 1 else { return nil }
    guard case .select(let operand, let field, let mode) = syntax[arguments[0]].kind else {
      throw Problem(
        at: syntax.offset(arguments[0]), "has() takes a field selection such as has(a.b)")
    }
    if mode == .optional {
      throw Problem(at: syntax.offset(arguments[0]), "has() takes a plain '.', not '.?'")
    }
    return try add(.select(operand, field: field, .test), at: offset, over: [operand])
  }

  // MARK: Methods

  /// What `target.name(arguments)` stands for where it is a macro.
  mutating func expandMethod(
    _ name: String, of target: NodeID, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID? {
    guard expandsMacros else { return nil }
    if case .name(let space, _) = syntax[target].kind {
      if space == "cel", let node = try expandCEL(name, arguments, at: offset) { return node }
      if space == "math", name == "greatest" || name == "least" {
        return try extreme(name, arguments, at: offset)
      }
    }
    switch (name, arguments.count) {
    case ("all", 2), ("all", 3): return try quantifier(.all, target, arguments, at: offset)
    case ("exists", 2), ("exists", 3): return try quantifier(.exists, target, arguments, at: offset)
    case ("exists_one", 2), ("existsOne", 2), ("exists_one", 3), ("existsOne", 3):
      return try quantifier(.existsOne, target, arguments, at: offset)
    case ("map", 2), ("map", 3), ("filter", 2):
      let isFilter = name == "filter"
      let filter = isFilter || arguments.count == 3 ? arguments[1] : nil
      return try comprehension(
        .list, target, first: try variable(arguments[0], "first"), second: nil, filter: filter,
        body: isFilter ? nil : arguments[arguments.count - 1], at: offset)
    case ("transformList", 3), ("transformList", 4):
      return try transform(.list, target, arguments, at: offset)
    case ("transformMap", 3), ("transformMap", 4):
      return try transform(.map, target, arguments, at: offset)
    case ("transformMapEntry", 3), ("transformMapEntry", 4):
      return try transform(.mapEntries, target, arguments, at: offset)
    case ("optMap", 2), ("optFlatMap", 2):
      let variable = try variable(arguments[0], "first")
      return try add(
        .optionalMap(target, variable: variable, arguments[1], isFlat: name == "optFlatMap"),
        at: offset, over: [target, arguments[1]])
    default: return nil
    }
  }

  private mutating func quantifier(
    _ shape: Syntax.Comprehension.Shape, _ range: NodeID, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID {
    try comprehension(
      shape, range, first: try variable(arguments[0], "first"),
      second: arguments.count == 3 ? try variable(arguments[1], "second") : nil, filter: nil,
      body: arguments[arguments.count - 1], at: offset)
  }

  private mutating func transform(
    _ shape: Syntax.Comprehension.Shape, _ range: NodeID, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID {
    try comprehension(
      shape, range, first: try variable(arguments[0], "first"),
      second: try variable(arguments[1], "second"),
      filter: arguments.count == 4 ? arguments[2] : nil, body: arguments[arguments.count - 1],
      at: offset)
  }

  private mutating func comprehension(
    _ shape: Syntax.Comprehension.Shape, _ range: NodeID, first: String, second: String?,
    filter: NodeID?, body: NodeID?, at offset: Int
  ) throws(Problem) -> NodeID {
    if first == second {
      throw Problem(at: offset, "the two variables of a macro must have different names")
    }
    return try add(
      .comprehension(
        Syntax.Comprehension(
          shape: shape, range: range, first: first, second: second, filter: filter, body: body)),
      at: offset, over: [range] + [filter, body].compactMap { $0 })
  }

  private func variable(_ node: NodeID, _ which: String) throws(Problem) -> String {
    guard case .name(let name, isAbsolute: false) = syntax[node].kind else {
      throw Problem(at: syntax.offset(node), "the \(which) argument must be a simple name")
    }
    if name == "__result__" {
      throw Problem(at: syntax.offset(node), "'\(name)' cannot name a variable of a macro")
    }
    return name
  }

  // MARK: Namespaces

  private mutating func expandCEL(
    _ name: String, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID? {
    switch (name, arguments.count) {
    case ("bind", 3):
      let variable = try variable(arguments[0], "first")
      return try add(
        .bind(name: variable, arguments[1], arguments[2]), at: offset,
        over: [arguments[1], arguments[2]])
    case ("block", 2), ("@block", 2):
      guard case .list(let elements) = syntax[arguments[0]].kind,
        elements.allSatisfy({ !$0.isOptional })
      else {
        throw Problem(
          at: syntax.offset(arguments[0]), "the first argument of cel.block must be a list literal")
      }
      let values = elements.map(\.value)
      return try add(.block(values, arguments[1]), at: offset, over: values + [arguments[1]])
    case ("index", 1):
      return try add(.name("@index\(try number(arguments[0]))", isAbsolute: false), at: offset)
    case ("iterVar", 2):
      let name = "@it:\(try number(arguments[0])):\(try number(arguments[1]))"
      return try add(.name(name, isAbsolute: false), at: offset)
    default: return nil
    }
  }

  private func number(_ node: NodeID) throws(Problem) -> Int64 {
    guard case .literal(.int(let value)) = syntax[node].kind, value >= 0 else {
      throw Problem(at: syntax.offset(node), "the argument must be a non-negative int literal")
    }
    return value
  }

  /// `math.greatest` and `math.least` take any number of arguments: more than two go as a list.
  private mutating func extreme(
    _ name: String, _ arguments: [NodeID], at offset: Int
  ) throws(Problem) -> NodeID {
    guard !arguments.isEmpty else {
      throw Problem(at: offset, "math.\(name)() takes at least one argument")
    }
    for argument in arguments {
      guard case .literal(let value) = syntax[argument].kind else { continue }
      switch value {
      case .int, .uint, .double: continue
      default:
        throw Problem(at: syntax.offset(argument), "math.\(name)() takes numbers")
      }
    }
    let function = name == "greatest" ? "math.@max" : "math.@min"
    if arguments.count <= 2 {
      return try add(call(function, arguments), at: offset, over: arguments)
    }
    let list = try add(
      .list(arguments.map { Syntax.Element(value: $0, isOptional: false) }), at: offset,
      over: arguments)
    return try add(call(function, [list]), at: offset, over: [list])
  }
}

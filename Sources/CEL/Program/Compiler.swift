import ValueTree

/// Turns a checked expression into a program.
struct Compiler {
  let checked: Checked
  let environment: Environment
  var code: ContiguousArray<Instruction> = []
  var nodes: ContiguousArray<NodeID> = []
  var constants: ContiguousArray<CELValue> = []
  var fields: ContiguousArray<FieldName> = []
  var calls: ContiguousArray<CallSite> = []
  var origins: [Program.LocalOrigin]
  /// By local variable: the operand that holds it.
  var locals: [UInt16]
  var registerCount = 1
  var loopCount = 0
  var builderCount = 0
  private var nextRegister = 0
  private var openLoops = 0
  private var openBuilders = 0
  /// What reading names costs, which the next instruction is charged with.
  private var pendingCost: UInt8 = 0

  static func compile(_ checked: Checked, _ environment: Environment) throws(Problem) -> Program {
    var compiler = Compiler(checked, environment)
    guard environment.variables.count <= Int(Operand.numberMask) else {
      throw Problem(at: 0, "the environment has too many variables")
    }
    let result = try compiler.value(checked.syntax.root)
    compiler.emit(.stop, checked.syntax.root, a: result)
    return Program(compiler)
  }

  private init(_ checked: Checked, _ environment: Environment) {
    self.checked = checked
    self.environment = environment
    origins = Array(repeating: .other, count: checked.localCount)
    locals = Array(repeating: 0, count: checked.localCount)
  }

  // MARK: Parts

  @discardableResult
  mutating func emit(
    _ code: Instruction.Code, _ node: NodeID, result: UInt16 = 0, a: UInt16 = 0, b: UInt16 = 0,
    target: Int = 0, cost: UInt8 = 0
  ) -> Int {
    self.code.append(
      Instruction(
        code: code, cost: cost &+ pendingCost, result: result, a: a, b: b, target: Int32(target)))
    pendingCost = 0
    nodes.append(node)
    return self.code.count - 1
  }

  /// Lets the jump at `place` lead to the next instruction.
  mutating func land(_ place: Int) { code[place].target = Int32(code.count) }

  mutating func land(_ places: [Int]) {
    for place in places { land(place) }
  }

  mutating func register(_ node: NodeID) throws(Problem) -> UInt16 {
    guard nextRegister < Int(Operand.numberMask) else {
      throw Problem(at: checked.syntax.offset(node), "the expression needs too many registers")
    }
    nextRegister += 1
    registerCount = max(registerCount, nextRegister)
    return UInt16(nextRegister - 1)
  }

  /// Gives back the registers that were taken since.
  mutating func release(to mark: Int) { nextRegister = mark }

  var mark: Int { nextRegister }

  mutating func openLoop() -> Int {
    openLoops += 1
    loopCount = max(loopCount, openLoops)
    return openLoops - 1
  }

  mutating func closeLoop() { openLoops -= 1 }

  mutating func openBuilder() -> Int {
    openBuilders += 1
    builderCount = max(builderCount, openBuilders)
    return openBuilders - 1
  }

  mutating func closeBuilder() { openBuilders -= 1 }

  mutating func constant(_ value: CELValue, _ node: NodeID) throws(Problem) -> UInt16 {
    guard constants.count <= Int(Operand.numberMask) else {
      throw Problem(at: checked.syntax.offset(node), "the expression has too many constants")
    }
    constants.append(value)
    return Operand.constant | UInt16(constants.count - 1)
  }

  func constantValue(_ operand: UInt16) -> CELValue? {
    Operand.isConstant(operand) ? constants[Int(operand & Operand.numberMask)] : nil
  }

  mutating func field(_ node: NodeID, _ operand: NodeID?, _ name: String) -> Int {
    var text = name
    if let operand, case .object(let object) = checked.types[Int(operand)],
      let key = object.fields[name]?.key
    {
      text = key
    }
    fields.append(FieldName(text: text, key: Key(text)))
    return fields.count - 1
  }

  // MARK: Nodes

  /// Makes the instructions for a node; the answer is where its value stands.
  mutating func value(_ node: NodeID) throws(Problem) -> UInt16 {
    switch checked.syntax[node].kind {
    case .literal(let value): return try constant(value, node)
    case .name: return try reference(node)
    case .select(let operand, let field, let mode):
      if checked.references[Int(node)] != nil { return try reference(node) }
      return try select(node, operand, field, mode)
    case .call(let name, let target, let arguments):
      return try call(node, name, target, arguments)
    case .logical(let isAnd, let terms): return try logical(node, isAnd, terms)
    case .conditional(let condition, let yes, let no):
      return try conditional(node, condition, yes, no)
    case .list(let elements): return try list(node, elements)
    case .map(let entries): return try map(node, entries)
    case .message(let name, _):
      return try failing(node, "undeclared type '\(name)': messages are not supported")
    case .comprehension(let comprehension): return try self.comprehension(node, comprehension)
    case .bind(_, let value, let body):
      let mark = mark
      try bind(node, 0, to: value)
      return try result(node, of: body, releasing: mark)
    case .block(let values, let body):
      let mark = mark
      for (index, value) in values.enumerated() { try bind(node, index, to: value) }
      return try result(node, of: body, releasing: mark)
    case .optionalMap(let target, _, let body, let isFlat):
      return try optionalMap(node, target, body, isFlat)
    }
  }

  /// Makes the value of a node stand in a certain register.
  mutating func value(_ node: NodeID, into register: UInt16) throws(Problem) {
    let mark = mark
    let operand = try value(node)
    if operand != register { emit(.move, node, result: register, a: operand) }
    release(to: mark)
  }

  mutating func failing(_ node: NodeID, _ message: String) throws(Problem) -> UInt16 {
    let failure = Failure(
      .undeclared, message, offset: Int32(checked.syntax.offset(node)))
    return try constant(.error(failure), node)
  }

  private mutating func reference(_ node: NodeID) throws(Problem) -> UInt16 {
    switch checked.references[Int(node)] {
    case .variable(let slot):
      pendingCost = min(pendingCost + 1, 200)
      return try coerced(node, Operand.variable | UInt16(slot))
    case .local(let number):
      pendingCost = min(pendingCost + 1, 200)
      return locals[number]
    case .type(let type): return try constant(.type(type), node)
    case .undeclared(let name), .overloads(_, let name, _):
      return try failing(
        node, "undeclared reference to '\(name)' (in container '\(environment.container)')")
    case nil: return try failing(node, "undeclared reference")
    }
  }

  /// Adds the step from JSON's types to the declared one where they differ.
  mutating func coerced(_ node: NodeID, _ operand: UInt16) throws(Problem) -> UInt16 {
    guard let coercion = Coercion(checked.types[Int(node)]) else { return operand }
    let result = operand & ~Operand.numberMask == 0 ? operand : try register(node)
    emit(.coerce, node, result: result, a: operand, target: Int(coercion.rawValue))
    return result
  }

  private mutating func select(
    _ node: NodeID, _ operand: NodeID, _ field: String, _ mode: Syntax.SelectMode
  ) throws(Problem) -> UInt16 {
    let mark = mark
    let base = try value(operand)
    release(to: mark)
    let result = try register(node)
    let code: Instruction.Code =
      switch mode {
      case .plain: .select
      case .optional: .selectOptional
      case .test: .test
      }
    let name = self.field(node, operand, field)
    emit(code, node, result: result, a: base, target: name, cost: 1)
    return mode == .plain ? try coerced(node, result) : result
  }

  private mutating func logical(
    _ node: NodeID, _ isAnd: Bool, _ terms: [NodeID]
  ) throws(Problem) -> UInt16 {
    let result = try register(node)
    var jumps: [Int] = []
    for (index, term) in terms.enumerated() {
      let mark = mark
      let operand = try value(term)
      release(to: mark)
      let code: Instruction.Code =
        index == 0 ? (isAnd ? .andFirst : .orFirst) : (isAnd ? .and : .or)
      jumps.append(emit(code, term, result: result, a: operand))
    }
    land(jumps)
    return result
  }

  private mutating func conditional(
    _ node: NodeID, _ condition: NodeID, _ yes: NodeID, _ no: NodeID
  ) throws(Problem) -> UInt16 {
    let result = try register(node)
    let mark = mark
    let operand = try value(condition)
    let check = emit(.checkBool, condition, result: result, a: operand)
    let branch = emit(.jumpIfFalse, condition, a: operand)
    release(to: mark)
    try value(yes, into: result)
    let end = emit(.jump, node)
    land(branch)
    try value(no, into: result)
    land([check, end])
    return result
  }

  private mutating func list(_ node: NodeID, _ elements: [Syntax.Element]) throws(Problem) -> UInt16
  {
    if let folded = foldedList(elements) { return try constant(.list(folded), node) }
    let result = try register(node)
    let builder = openBuilder()
    emit(.listBegin, node, b: UInt16(builder), cost: 10)
    var jumps: [Int] = []
    for element in elements {
      let mark = mark
      let operand = try value(element.value)
      release(to: mark)
      let code: Instruction.Code = element.isOptional ? .listAppendOptional : .listAppend
      jumps.append(emit(code, element.value, result: UInt16(builder), a: operand))
    }
    land(jumps)
    emit(.listEnd, node, result: result, b: UInt16(builder))
    closeBuilder()
    return result
  }

  private func foldedList(_ elements: [Syntax.Element]) -> [CELValue]? {
    var values: [CELValue] = []
    for element in elements {
      guard !element.isOptional, let value = literal(element.value) else { return nil }
      values.append(value)
    }
    return values
  }

  /// The value of a node that is a literal, or a list of such.
  private func literal(_ node: NodeID) -> CELValue? {
    switch checked.syntax[node].kind {
    case .literal(let value): return value
    case .list(let elements): return foldedList(elements).map { .list($0) }
    default: return nil
    }
  }

  private mutating func map(_ node: NodeID, _ entries: [Syntax.Entry]) throws(Problem) -> UInt16 {
    if entries.isEmpty { return try constant(.map(.empty), node) }
    let result = try register(node)
    let builder = openBuilder()
    emit(.mapBegin, node, b: UInt16(builder), cost: 30)
    var jumps: [Int] = []
    for entry in entries {
      let mark = mark
      let key = try value(entry.key)
      let operand = try value(entry.value)
      release(to: mark)
      let code: Instruction.Code = entry.isOptional ? .mapAddOptional : .mapAdd
      jumps.append(emit(code, entry.key, result: UInt16(builder), a: key, b: operand))
    }
    land(jumps)
    emit(.mapEnd, node, result: result, b: UInt16(builder))
    closeBuilder()
    return result
  }
}

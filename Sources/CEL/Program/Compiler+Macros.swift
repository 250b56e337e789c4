extension Compiler {
  /// Keeps the value of a node as the local variable that another node declares.
  mutating func bind(_ node: NodeID, _ index: Int, to value: NodeID) throws(Problem) {
    let operand = try self.value(value)
    guard let number = checked.locals[node]?[index] else { return }
    locals[number] = operand
    origins[number] = .value(value)
  }

  /// The value of `body`, moved below the registers that are given back.
  mutating func result(
    _ node: NodeID, of body: NodeID, releasing mark: Int
  ) throws(Problem) -> UInt16 {
    let operand = try value(body)
    release(to: mark)
    if operand & ~Operand.numberMask != 0 || Int(operand) < mark { return operand }
    let result = try register(node)
    if operand != result { emit(.move, node, result: result, a: operand) }
    return result
  }

  mutating func comprehension(
    _ node: NodeID, _ comprehension: Syntax.Comprehension
  ) throws(Problem) -> UInt16 {
    let result = try register(node)
    let mark = mark
    let range = try value(comprehension.range)
    let loop = openLoop()
    let begin = emit(
      .loopBegin, comprehension.range, result: result, a: range, b: UInt16(loop), cost: 1)
    let first = try register(node)
    let second = comprehension.second == nil ? first : try register(node)
    let numbers = checked.locals[node] ?? []
    if let number = numbers.first {
      locals[number] = first
      if comprehension.second == nil {
        origins[number] = .element(of: comprehension.range, loop: loop)
      }
    }
    if numbers.count > 1 {
      locals[numbers[1]] = second
      origins[numbers[1]] = .element(of: comprehension.range, loop: loop)
    }
    switch comprehension.shape {
    case .all, .exists, .existsOne:
      try quantifier(node, comprehension, result, first, second, loop)
    case .list, .map, .mapEntries:
      try collection(node, comprehension, result, first, second, loop)
    }
    land(begin)
    closeLoop()
    release(to: mark)
    return result
  }

  /// The step to the next element; the answer is its place.
  private mutating func next(
    _ node: NodeID, _ first: UInt16, _ second: UInt16, _ loop: Int
  ) -> Int {
    let place = emit(
      .loopNext, node, result: first, a: second, b: UInt16(loop), cost: 1)
    for (number, register) in zip(checked.locals[node] ?? [], [first, second]) {
      if let coercion = Coercion(checked.localTypes[number]) {
        emit(.coerce, node, result: register, a: register, target: Int(coercion.rawValue))
      }
    }
    return place
  }

  private mutating func quantifier(
    _ node: NodeID, _ comprehension: Syntax.Comprehension, _ result: UInt16, _ first: UInt16,
    _ second: UInt16, _ loop: Int
  ) throws(Problem) {
    let start: CELValue
    let step: Instruction.Code
    switch comprehension.shape {
    case .all: (start, step) = (.bool(true), .allStep)
    case .exists: (start, step) = (.bool(false), .existsStep)
    default: (start, step) = (.int(0), .countStep)
    }
    emit(.move, node, result: result, a: try constant(start, node))
    let next = next(node, first, second, loop)
    let mark = mark
    guard let body = comprehension.body else { return }
    let operand = try value(body)
    release(to: mark)
    let exit = emit(step, body, result: result, a: operand, cost: 1)
    emit(.jump, node, target: next)
    land([next, exit])
    if comprehension.shape == .existsOne { emit(.isOne, node, result: result, a: result) }
  }

  private mutating func collection(
    _ node: NodeID, _ comprehension: Syntax.Comprehension, _ result: UInt16, _ first: UInt16,
    _ second: UInt16, _ loop: Int
  ) throws(Problem) {
    let isList = comprehension.shape == .list
    let builder = UInt16(openBuilder())
    emit(isList ? .listBegin : .mapBegin, node, b: builder, cost: isList ? 10 : 30)
    let next = next(node, first, second, loop)
    let mark = mark
    var exits = [next]
    if let filter = comprehension.filter {
      let operand = try value(filter)
      release(to: mark)
      emit(.filterStep, filter, result: builder, a: operand, target: next)
      exits.append(emit(.jump, filter))
    }
    let operand = try comprehension.body.map { (body) throws(Problem) in try value(body) } ?? first
    release(to: mark)
    let at = comprehension.body ?? node
    switch comprehension.shape {
    case .list: exits.append(emit(.listAppend, at, result: builder, a: operand, cost: 1))
    case .map: exits.append(emit(.mapAdd, at, result: builder, a: first, b: operand, cost: 1))
    default: exits.append(emit(.mapJoin, at, result: builder, a: operand, cost: 1))
    }
    emit(.jump, node, target: next)
    land(exits)
    emit(isList ? .listEnd : .mapEnd, node, result: result, b: builder)
    closeBuilder()
  }

  mutating func optionalMap(
    _ node: NodeID, _ target: NodeID, _ body: NodeID, _ isFlat: Bool
  ) throws(Problem) -> UInt16 {
    let result = try register(node)
    let mark = mark
    let operand = try value(target)
    let variable = try register(node)
    if let number = checked.locals[node]?.first {
      locals[number] = variable
      origins[number] = .value(target)
    }
    let unwrap = emit(.unwrapOptional, target, result: variable, a: operand, b: result)
    let mapped = try value(body)
    emit(isFlat ? .checkOptional : .wrapOptional, body, result: result, a: mapped)
    land(unwrap)
    release(to: mark)
    return result
  }
}

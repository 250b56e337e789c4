extension Compiler {
  private static let binary: [String: Instruction.Code] = [
    "_==_": .equal, "_!=_": .notEqual, "_<_": .less, "_<=_": .lessOrEqual, "_>_": .greater,
    "_>=_": .greaterOrEqual, "_+_": .add, "_-_": .subtract, "_*_": .multiply, "_/_": .divide,
    "_%_": .modulo, Operator.in: .in, Operator.index: .index,
    Operator.optionalIndex: .indexOptional,
  ]

  mutating func call(
    _ node: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
  ) throws(Problem) -> UInt16 {
    if target == nil, arguments.count == 2, let code = Self.binary[name] {
      return try binary(node, code, arguments[0], arguments[1])
    }
    if target == nil, arguments.count == 1, name == Operator.not || name == Operator.negate {
      return try unary(node, name == Operator.not ? .not : .negate, arguments[0])
    }
    guard case .overloads(let overloads, let name, let withTarget) = checked.references[Int(node)]
    else {
      return try failing(node, "undeclared reference to '\(name)', a function")
    }
    var all = arguments
    if withTarget, let target { all.insert(target, at: 0) }
    return try call(node, name, overloads.filter { $0.parameters.count == all.count }, all)
  }

  private mutating func unary(
    _ node: NodeID, _ code: Instruction.Code, _ argument: NodeID
  ) throws(Problem) -> UInt16 {
    let mark = mark
    let operand = try value(argument)
    release(to: mark)
    if let known = constantValue(operand), !known.isAbnormal {
      let folded = code == .not ? Operations.not(known) : Operations.negate(known)
      if !folded.isAbnormal { return try constant(folded, node) }
    }
    let result = try register(node)
    emit(code, node, result: result, a: operand, cost: 1)
    return result
  }

  private mutating func binary(
    _ node: NodeID, _ code: Instruction.Code, _ left: NodeID, _ right: NodeID
  ) throws(Problem) -> UInt16 {
    let mark = mark
    let a = try value(left)
    let b = try value(right)
    release(to: mark)
    if let x = constantValue(a), let y = constantValue(b), !x.isAbnormal, !y.isAbnormal {
      var budget = ComparisonBudget(10_000)
      let folded = Operations.binary(code, x, y, &budget)
      if !folded.isAbnormal { return try constant(folded, node) }
    }
    let result = try register(node)
    emit(code, node, result: result, a: a, b: b, cost: 1)
    return code == .index ? try coerced(node, result) : result
  }

  private mutating func call(
    _ node: NodeID, _ name: String, _ overloads: [Overload], _ arguments: [NodeID]
  ) throws(Problem) -> UInt16 {
    let mark = mark
    var operands: [UInt16] = []
    for argument in arguments { operands.append(try value(argument)) }
    let known = operands.map { constantValue($0) }
    let site = site(name, overloads, known)
    if !known.contains(where: { $0 == nil || $0?.isAbnormal == true }),
      overloads.allSatisfy(\.isPure)
    {
      let folded = site.invoke(known.compactMap { $0 })
      if !folded.isAbnormal {
        release(to: mark)
        return try constant(folded, node)
      }
    }
    calls.append(site)
    let number = calls.count - 1
    switch operands.count {
    case 0...2:
      release(to: mark)
      let result = try register(node)
      let codes: [Instruction.Code] = [.call0, .call1, .call2]
      emit(
        codes[operands.count], node, result: result, a: operands.first ?? 0,
        b: operands.count > 1 ? operands[1] : 0, target: number, cost: 1)
      return result
    default:
      let first = UInt16(self.mark)
      for (argument, operand) in zip(arguments, operands) {
        let place = try register(node)
        emit(.move, argument, result: place, a: operand)
      }
      release(to: mark)
      let result = try register(node)
      emit(.callMany, node, result: result, a: first, target: number, cost: 1)
      return result
    }
  }

  private func site(_ name: String, _ overloads: [Overload], _ known: [CELValue?]) -> CallSite {
    let sharesOne = overloads.allSatisfy { $0.group != nil && $0.group == overloads.first?.group }
    var implementation: Overload.Implementation?
    if let only = overloads.first, overloads.count == 1 || sharesOne {
      implementation = only.specialize?(known) ?? only.implementation
    }
    return CallSite(
      name: name, overloads: overloads, implementation: implementation,
      cost: overloads.first.flatMap { $0.cost == .one ? nil : $0.cost }, count: known.count)
  }
}

extension CallSite {
  /// Calls with arguments none of which is an error or unknown.
  func invoke(_ arguments: [CELValue]) -> CELValue {
    let implementation =
      implementation ?? overloads.first { $0.fits(arguments) }?.implementation ?? .none
    switch implementation {
    case .nullary(let function) where arguments.isEmpty: return function()
    case .unary(let function) where arguments.count == 1: return function(arguments[0])
    case .binary(let function) where arguments.count == 2:
      return function(arguments[0], arguments[1])
    case .ternary(let function) where arguments.count == 3:
      return function(arguments[0], arguments[1], arguments[2])
    case .variadic(let function): return function(arguments)
    default: return .noOverload(name, arguments)
    }
  }
}

extension Operations {
  static func binary(
    _ code: Instruction.Code, _ left: CELValue, _ right: CELValue,
    _ budget: inout ComparisonBudget
  ) -> CELValue {
    switch code {
    case .equal: equal(left, right, true, &budget)
    case .notEqual: equal(left, right, false, &budget)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: order(left, right, code)
    case .add: add(left, right)
    case .subtract: subtract(left, right)
    case .multiply: multiply(left, right)
    case .divide: divide(left, right)
    case .modulo: modulo(left, right)
    case .in: contains(left, in: right, &budget)
    case .index: index(left, right)
    case .indexOptional: indexOptional(left, right)
    default: .noOverload("?", [left, right])
    }
  }
}

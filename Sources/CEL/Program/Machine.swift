import ValueTree

/// The loop that executes instructions.
///
/// The compiler makes operands from what it allocated, so they are in range; the machine does not check
/// them again.
@unsafe struct Machine {
  let program: Program
  let fields: UnsafePointer<FieldName>?
  let calls: UnsafePointer<CallSite>?
  let code: UnsafeBufferPointer<Instruction>
  let constants: UnsafePointer<CELValue>?
  let variables: UnsafePointer<CELValue>?
  let registers: UnsafeMutablePointer<CELValue>

  @inline(__always)
  func at(_ operand: UInt16) -> UnsafePointer<CELValue> {
    let number = Int(operand & Operand.numberMask)
    if operand < Operand.constant { return unsafe UnsafePointer(registers + number) }
    if operand < Operand.variable, let constants = unsafe constants {
      return unsafe constants + number
    }
    if let variables = unsafe variables { return unsafe variables + number }
    return unsafe UnsafePointer(registers)
  }

  mutating func run(_ evaluator: inout Evaluator) -> CELValue {
    var pc = 0
    var cost: UInt64 = 0
    while true {
      let step = unsafe code[pc]
      pc &+= 1
      cost &+= UInt64(step.cost)
      switch step.code {
      case .select:
        guard let fields = unsafe fields else { continue }
        if case .tree(let tree) = unsafe at(step.a).pointee,
          let value = unsafe tree[fields[Int(step.target)].key]
        {
          unsafe registers[Int(step.result)] = CELValue(value)
          continue
        }
        let operand = unsafe at(step.a).pointee
        unsafe store(
          operand.isAbnormal ? operand : Operations.select(operand, fields[Int(step.target)]),
          pc, evaluator)
      case .less, .lessOrEqual, .greater, .greaterOrEqual:
        if case .int(let a) = unsafe at(step.a).pointee,
          case .int(let b) = unsafe at(step.b).pointee
        {
          let holds =
            switch step.code {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            default: a >= b
            }
          unsafe registers[Int(step.result)] = .bool(holds)
          continue
        }
        unsafe binary(step, pc, &cost, evaluator)
      case .equal, .notEqual, .add, .subtract, .multiply, .divide, .modulo, .in, .index,
        .indexOptional:
        unsafe binary(step, pc, &cost, evaluator)
      case .andFirst:
        guard case .bool(let bool) = unsafe at(step.a).pointee else {
          unsafe store(Machine.term(at(step.a).pointee, "&&"), pc, evaluator)
          continue
        }
        unsafe registers[Int(step.result)] = .bool(bool)
        if !bool { pc = Int(step.target) }
      case .orFirst:
        guard case .bool(let bool) = unsafe at(step.a).pointee else {
          unsafe store(Machine.term(at(step.a).pointee, "||"), pc, evaluator)
          continue
        }
        unsafe registers[Int(step.result)] = .bool(bool)
        if bool { pc = Int(step.target) }
      case .and, .allStep:
        if unsafe combine(step, true, pc, evaluator) { pc = Int(step.target) }
      case .or, .existsStep:
        if unsafe combine(step, false, pc, evaluator) { pc = Int(step.target) }
      case .loopNext:
        guard cost <= evaluator.costLimit else {
          evaluator.cost = cost
          return unsafe overLimit(pc, evaluator)
        }
        if step.a == step.result {
          guard let value = evaluator.loops[Int(step.b)].advance() else {
            pc = Int(step.target)
            continue
          }
          unsafe registers[Int(step.result)] = value
        } else if let (key, value) = evaluator.loops[Int(step.b)].advancePair() {
          unsafe registers[Int(step.result)] = key
          unsafe registers[Int(step.a)] = value
        } else {
          pc = Int(step.target)
        }
      case .jump: pc = Int(step.target)
      case .jumpIfFalse:
        if case .bool(false) = unsafe at(step.a).pointee { pc = Int(step.target) }
      case .move: unsafe registers[Int(step.result)] = unsafe at(step.a).pointee
      case .stop:
        evaluator.cost = cost
        let result = unsafe at(step.a).pointee
        if cost > evaluator.costLimit { return unsafe overLimit(pc, evaluator) }
        return result
      case .call0, .call1, .call2, .callMany:
        unsafe call(step, pc, &cost, evaluator)
        if cost > evaluator.costLimit {
          evaluator.cost = cost
          return unsafe overLimit(pc, evaluator)
        }
      default:
        pc = unsafe rare(step, pc, &cost, &evaluator)
      }
    }
  }

  func overLimit(_ pc: Int, _ evaluator: borrowing Evaluator) -> CELValue {
    let failure = Failure(
      .costLimit, "the evaluation cost more than \(evaluator.costLimit) and was stopped")
    return unsafe .error(program.located(failure, at: pc - 1, evaluator.loops))
  }

  // MARK: Results

  /// Keeps a result; an error learns here where it happened.
  @inline(__always)
  func store(_ value: consuming CELValue, _ pc: Int, _ evaluator: borrowing Evaluator) {
    let result = Int(unsafe code[pc - 1].result)
    unsafe registers[result] = value
    if case .error(let failure) = unsafe registers[result], failure.offset < 0 {
      unsafe registers[result] = .error(program.located(failure, at: pc - 1, evaluator.loops))
    }
  }

  /// What a term that is no boolean contributes to `&&` or `||`.
  static func term(_ value: CELValue, _ name: String) -> CELValue {
    value.isAbnormal ? value : .noOverload(name, [value])
  }

  /// Joins a term to what `&&` (neutral: true) or `||` has so far; true if that decides it.
  @inline(__always)
  func combine(
    _ step: Instruction, _ neutral: Bool, _ pc: Int, _ evaluator: borrowing Evaluator
  ) -> Bool {
    if case .bool(let bool) = unsafe at(step.a).pointee {
      if bool == neutral { return false }
      unsafe registers[Int(step.result)] = .bool(bool)
      return true
    }
    let term = unsafe Self.term(at(step.a).pointee, neutral ? "&&" : "||")
    switch unsafe (registers[Int(step.result)], term) {
    case (.unknown(let a), .unknown(let b)):
      unsafe registers[Int(step.result)] = .unknown(a.union(b))
    // What is unknown may yet decide; an error cannot. The first error stays.
    case (.unknown, _), (.error, .error): break
    default: unsafe store(term, pc, evaluator)
    }
    return false
  }

  // MARK: Operators

  func binary(
    _ step: Instruction, _ pc: Int, _ cost: inout UInt64, _ evaluator: borrowing Evaluator
  ) {
    let left = unsafe at(step.a).pointee
    let right = unsafe at(step.b).pointee
    if left.isAbnormal || right.isAbnormal {
      unsafe store(Self.abnormal([left, right]), pc, evaluator)
      return
    }
    var budget = ComparisonBudget()
    switch step.code {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      if !left.isNumber { cost &+= CostRule.shorter.amount(left, right) }
    case .add:
      if !left.isNumber { cost &+= CostRule.tenth(left.extent + right.extent) }
    case .in: cost &+= UInt64(right.extent)
    default: break
    }
    unsafe store(Operations.binary(step.code, left, right, &budget), pc, evaluator)
    cost &+= UInt64(budget.spent / 10)
  }

  /// What a strict function gives for arguments of which one is an error or unknown.
  static func abnormal(_ values: [CELValue]) -> CELValue {
    var unknown: UnknownSet?
    for value in values {
      if case .unknown(let set) = value { unknown = unknown?.union(set) ?? set }
    }
    if let unknown { return .unknown(unknown) }
    return values.first { $0.isAbnormal } ?? .null
  }

  // MARK: Calls

  func call(
    _ step: Instruction, _ pc: Int, _ cost: inout UInt64, _ evaluator: borrowing Evaluator
  ) {
    guard let site = unsafe calls.map({ unsafe $0 + Int(step.target) }) else { return }
    let result: CELValue
    switch step.code {
    case .call1:
      let argument = unsafe at(step.a).pointee
      if argument.isAbnormal {
        unsafe registers[Int(step.result)] = argument
        return
      }
      if let rule = unsafe site.pointee.cost { cost &+= rule.amount(argument, argument) }
      guard cost <= evaluator.costLimit else { return }
      if case .unary(let function) = unsafe site.pointee.implementation {
        result = function(argument)
      } else {
        result = unsafe site.pointee.invoke([argument])
      }
    case .call2:
      let first = unsafe at(step.a).pointee
      let second = unsafe at(step.b).pointee
      if first.isAbnormal || second.isAbnormal {
        unsafe store(Self.abnormal([first, second]), pc, evaluator)
        return
      }
      if let rule = unsafe site.pointee.cost { cost &+= rule.amount(first, second) }
      guard cost <= evaluator.costLimit else { return }
      if case .binary(let function) = unsafe site.pointee.implementation {
        result = function(first, second)
      } else {
        result = unsafe site.pointee.invoke([first, second])
      }
    default:
      var arguments: [CELValue] = []
      for offset in 0..<(unsafe site.pointee.count) {
        arguments.append(unsafe registers[Int(step.a) + offset])
      }
      if arguments.contains(where: \.isAbnormal) {
        unsafe store(Self.abnormal(arguments), pc, evaluator)
        return
      }
      if let rule = unsafe site.pointee.cost { cost &+= rule.amount(arguments) }
      // The caller stops the evaluation; what is over the limit is not begun.
      guard cost <= evaluator.costLimit else { return }
      result = unsafe site.pointee.invoke(arguments)
    }
    unsafe store(result, pc, evaluator)
  }
}

extension Machine {
  /// The instructions that are not worth a place in the inner loop; the answer is where to go on.
  mutating func rare(
    _ step: Instruction, _ pc: Int, _ cost: inout UInt64, _ evaluator: inout Evaluator
  ) -> Int {
    switch step.code {
    case .test, .selectOptional:
      let operand = unsafe at(step.a).pointee
      guard let fields = unsafe fields else { break }
      let field = unsafe fields[Int(step.target)]
      if operand.isAbnormal {
        unsafe registers[Int(step.result)] = operand
      } else {
        unsafe store(
          step.code == .test
            ? Operations.test(operand, field) : Operations.selectOptional(operand, field),
          pc, evaluator)
      }
    case .not, .negate:
      let operand = unsafe at(step.a).pointee
      if operand.isAbnormal {
        unsafe registers[Int(step.result)] = operand
      } else {
        unsafe store(
          step.code == .not ? Operations.not(operand) : Operations.negate(operand), pc, evaluator)
      }
    case .checkBool:
      let condition = unsafe at(step.a).pointee
      if case .bool = condition { break }
      unsafe store(Self.term(condition, "?:"), pc, evaluator)
      return Int(step.target)
    case .coerce:
      if let coercion = Coercion(rawValue: step.target) {
        unsafe store(Operations.coerce(at(step.a).pointee, coercion), pc, evaluator)
      }
    case .loopBegin:
      let range = unsafe at(step.a).pointee
      if !evaluator.loops[Int(step.b)].begin(range) {
        unsafe store(
          range.isAbnormal
            ? range
            : .failure(
              .noSuchOverload, "a macro goes through a list or map, found \(range.summary)"),
          pc, evaluator)
        return Int(step.target)
      }
    case .countStep: return unsafe count(step, pc, evaluator)
    case .isOne:
      if case .int(let count) = unsafe at(step.a).pointee {
        unsafe registers[Int(step.result)] = .bool(count == 1)
      }
    case .unwrapOptional: return unsafe unwrap(step, pc, evaluator)
    case .wrapOptional:
      let value = unsafe at(step.a).pointee
      unsafe registers[Int(step.result)] = value.isAbnormal ? value : .some(value)
    case .checkOptional:
      let value = unsafe at(step.a).pointee
      if case .optional = value {
        unsafe registers[Int(step.result)] = value
      } else {
        unsafe store(Self.term(value, "optFlatMap"), pc, evaluator)
      }
    default: return unsafe building(step, pc, &evaluator)
    }
    return pc
  }

  private func count(
    _ step: Instruction, _ pc: Int, _ evaluator: borrowing Evaluator
  ) -> Int {
    let term = unsafe at(step.a).pointee
    switch term {
    case .bool(let holds):
      if holds, case .int(let count) = unsafe registers[Int(step.result)] {
        unsafe registers[Int(step.result)] = .int(count + 1)
      }
      return pc
    default:
      unsafe store(Self.term(term, "exists_one"), pc, evaluator)
      return Int(step.target)
    }
  }

  private func unwrap(
    _ step: Instruction, _ pc: Int, _ evaluator: borrowing Evaluator
  ) -> Int {
    let value = unsafe at(step.a).pointee
    if case .optional(let optional) = value {
      if let inner = optional.value {
        unsafe registers[Int(step.result)] = inner
        return pc
      }
      unsafe registers[Int(step.b)] = .none
    } else {
      let failed = unsafe Self.term(value, "optMap")
      if case .error(let failure) = failed {
        unsafe registers[Int(step.b)] = .error(
          program.located(failure, at: pc - 1, evaluator.loops))
      } else {
        unsafe registers[Int(step.b)] = failed
      }
    }
    return Int(step.target)
  }

  // MARK: Lists and maps

  private mutating func building(
    _ step: Instruction, _ pc: Int, _ evaluator: inout Evaluator
  ) -> Int {
    let number = Int(step.result)
    switch step.code {
    case .listBegin, .mapBegin: evaluator.builders[Int(step.b)].begin()
    case .listAppend:
      let value = unsafe at(step.a).pointee
      if value.isAbnormal { return unsafe fail(value, step, pc, &evaluator) }
      evaluator.builders[number].list.append(value)
    case .listAppendOptional:
      switch unsafe at(step.a).pointee {
      case .optional(let optional):
        if let value = optional.value { evaluator.builders[number].list.append(value) }
      case let other: return unsafe fail(Self.term(other, "[?]"), step, pc, &evaluator)
      }
    case .mapAdd: return unsafe add(at(step.b).pointee, step, pc, &evaluator)
    case .mapAddOptional:
      switch unsafe at(step.b).pointee {
      case .optional(let optional):
        if let value = optional.value { return unsafe add(value, step, pc, &evaluator) }
      case let other: return unsafe fail(Self.term(other, "{?}"), step, pc, &evaluator)
      }
    case .mapJoin:
      let value = unsafe at(step.a).pointee
      guard let entries = value.mapEntries else {
        return unsafe fail(Self.term(value, "transformMapEntry"), step, pc, &evaluator)
      }
      for (key, value) in zip(entries.keys, entries.values) {
        if let failure = evaluator.builders[number].map.add(key, value) {
          return unsafe fail(.error(failure), step, pc, &evaluator)
        }
      }
    case .filterStep:
      switch unsafe at(step.a).pointee {
      // The next instruction leaves the loop; what is kept goes on behind it.
      case .bool(let keeps): return keeps ? pc + 1 : Int(step.target)
      case let other:
        evaluator.builders[number].failed = unsafe placed(
          Self.term(other, "filter"), pc, evaluator)
      }
    case .listEnd:
      let failed = evaluator.builders[Int(step.b)].failed
      unsafe registers[number] = failed ?? .list(evaluator.builders[Int(step.b)].list)
      evaluator.builders[Int(step.b)].begin()
    case .mapEnd:
      let failed = evaluator.builders[Int(step.b)].failed
      unsafe registers[number] = failed ?? .map(evaluator.builders[Int(step.b)].map.map())
      evaluator.builders[Int(step.b)].begin()
    default: preconditionFailure("the instruction \(step.code) has no meaning")
    }
    return pc
  }

  private func add(
    _ value: CELValue, _ step: Instruction, _ pc: Int, _ evaluator: inout Evaluator
  ) -> Int {
    let key = unsafe at(step.a).pointee
    if key.isAbnormal || value.isAbnormal {
      return unsafe fail(Self.abnormal([key, value]), step, pc, &evaluator)
    }
    if let failure = evaluator.builders[Int(step.result)].map.add(key, value) {
      return unsafe fail(.error(failure), step, pc, &evaluator)
    }
    return pc
  }

  /// Gives a collection up: its place is taken by an error or unknown.
  private func fail(
    _ value: CELValue, _ step: Instruction, _ pc: Int, _ evaluator: inout Evaluator
  ) -> Int {
    evaluator.builders[Int(step.result)].failed = unsafe placed(value, pc, evaluator)
    return Int(step.target)
  }

  private func placed(
    _ value: CELValue, _ pc: Int, _ evaluator: borrowing Evaluator
  ) -> CELValue {
    guard case .error(let failure) = value, failure.offset < 0 else { return value }
    return unsafe .error(program.located(failure, at: pc - 1, evaluator.loops))
  }
}

/// Evaluates programs.
///
/// Keep an evaluator to evaluate often: its memory is used again, so that in steady state an evaluation
/// allocates only for the strings, lists and maps that the expression itself makes.
public struct Evaluator: ~Copyable {
  var registers = Registers()
  var loops: ContiguousArray<Loop> = []
  var builders: ContiguousArray<CollectionBuilder> = []
  /// What the latest evaluation cost, in Kubernetes' units.
  public internal(set) var cost: UInt64 = 0
  var costLimit: UInt64 = 0

  /// An evaluator.
  public init() {}

  /// Evaluates a program.
  ///
  /// - Parameters:
  ///   - program: The program.
  ///   - bindings: The values of its environment's variables.
  /// - Returns: The value; `.unknown` where it depends on what is not known.
  /// - Throws: `EvaluationError` where the value is an error.
  public mutating func evaluate(
    _ program: Program, _ bindings: borrowing Bindings
  ) throws(EvaluationError) -> CELValue {
    let value = run(program, bindings)
    if case .error(let failure) = value { throw program.error(failure) }
    return value
  }

  /// Evaluates a program whose result must be a boolean.
  ///
  /// - Parameters:
  ///   - program: The program.
  ///   - bindings: The values of its environment's variables.
  /// - Returns: The boolean.
  /// - Throws: `EvaluationError` where the value is an error, unknown or of another type.
  public mutating func holds(
    _ program: Program, _ bindings: borrowing Bindings
  ) throws(EvaluationError) -> Bool {
    let value = try evaluate(program, bindings)
    if case .bool(let bool) = value { return bool }
    throw program.error(
      Failure(.noSuchOverload, "expected a bool as the result, found \(value.summary)"))
  }

  /// Runs a program; errors and unknowns are values here.
  mutating func run(_ program: Program, _ bindings: borrowing Bindings) -> CELValue {
    precondition(
      bindings.values.count >= program.variables.count,
      "the bindings are those of another environment")
    registers.reserve(program.registerCount)
    while loops.count < program.loopCount { loops.append(Loop()) }
    while builders.count < program.builderCount { builders.append(CollectionBuilder()) }
    cost = 0
    costLimit = program.costLimit
    let result = unsafe program.code.withUnsafeBufferPointer { code in
      unsafe program.constants.withUnsafeBufferPointer { constants in
        unsafe program.fields.withUnsafeBufferPointer { fields in
          unsafe program.calls.withUnsafeBufferPointer { calls in
            unsafe bindings.values.withUnsafeBufferPointer { variables in
              var machine = unsafe Machine(
                program: program, fields: fields.baseAddress, calls: calls.baseAddress, code: code,
                constants: constants.baseAddress, variables: variables.baseAddress,
                registers: registers.base)
              return unsafe machine.run(&self)
            }
          }
        }
      }
    }
    registers.clear(program.registerCount)
    for index in 0..<program.loopCount { loops[index].end() }
    return result
  }
}

extension Program {
  func error(_ failure: Failure) -> EvaluationError {
    let offset =
      failure.offset >= 0 ? Int(failure.offset) : checked.syntax.offset(checked.syntax.root)
    let place = source.place(offset)
    return EvaluationError(
      kind: failure.kind, message: failure.message, expression: source.text, place: place,
      path: failure.path, excerpt: source.excerpt(place))
  }

  /// The failure with the place of the instruction at `place` and the path of what it works on.
  func located(_ failure: Failure, at place: Int, _ loops: ContiguousArray<Loop>) -> Failure {
    guard failure.offset < 0 else { return failure }
    let node = nodes[place]
    return Failure(
      failure.kind, failure.message, offset: Int32(checked.syntax.offset(node)),
      path: faultPath(node, loops))
  }

  /// The path of the value that a node fails on: its own where it is a field, else its operand's.
  private func faultPath(_ node: NodeID, _ loops: ContiguousArray<Loop>) -> String? {
    switch checked.syntax[node].kind {
    case .name, .select: return path(node, loops)
    case .call(let name, let target, let arguments):
      if name == Operator.index || name == Operator.optionalIndex { return path(node, loops) }
      for operand in [target].compactMap({ $0 }) + arguments {
        if let path = path(operand, loops) { return path }
      }
      return nil
    default: return nil
    }
  }

  private func path(_ node: NodeID, _ loops: ContiguousArray<Loop>) -> String? {
    switch checked.references[Int(node)] {
    case .variable(let slot): return variables[slot]
    case .local(let number):
      switch origins[number] {
      case .element(let range, let loop):
        guard let base = path(range, loops), loop < loops.count, !loops[loop].isMap else {
          return nil
        }
        return "\(base)[\(loops[loop].index)]"
      case .value(let value): return path(value, loops)
      case .other: return nil
      }
    default: break
    }
    switch checked.syntax[node].kind {
    case .select(let operand, let field, _): return path(operand, loops).map { "\($0).\(field)" }
    case .call(let name, nil, let arguments)
    where arguments.count == 2 && (name == Operator.index || name == Operator.optionalIndex):
      guard let base = path(arguments[0], loops) else { return nil }
      if case .literal(let key) = checked.syntax[arguments[1]].kind {
        return "\(base)[\(key.summary)]"
      }
      return base + "[…]"
    default: return nil
    }
  }
}

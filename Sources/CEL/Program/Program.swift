/// An expression compiled for evaluation.
///
/// A program is immutable: any number of evaluators may run it at once.
public final class Program: Sendable {
  let source: SourceText
  let checked: Checked
  let code: ContiguousArray<Instruction>
  /// By instruction: the node it works for.
  let nodes: ContiguousArray<NodeID>
  let constants: ContiguousArray<CELValue>
  let fields: ContiguousArray<FieldName>
  let calls: ContiguousArray<CallSite>
  let origins: [LocalOrigin]
  let variables: [String]
  let registerCount: Int
  let loopCount: Int
  let builderCount: Int
  /// The cost after which an evaluation stops.
  let costLimit: UInt64

  /// Where a macro's variable comes from, for naming the path of a value.
  enum LocalOrigin: Sendable {
    case element(of: NodeID, loop: Int)
    case value(NodeID)
    case other
  }

  init(_ compiler: consuming Compiler) {
    source = compiler.checked.source
    checked = compiler.checked
    code = compiler.code
    nodes = compiler.nodes
    constants = compiler.constants
    fields = compiler.fields
    calls = compiler.calls
    origins = compiler.origins
    variables = compiler.environment.variables.map(\.name)
    registerCount = compiler.registerCount
    loopCount = compiler.loopCount
    builderCount = compiler.builderCount
    costLimit = compiler.environment.costLimit
  }

  /// The text of the expression.
  public var expression: String { source.text }

  /// The type of the result, `dyn` where it is not known.
  public var resultType: CELType { checked.type }

  /// The slots of the variables that the expression names, in ascending order; macros' own are none.
  public var variableSlots: [Int] {
    var slots: [Int] = []
    for case .variable(let slot)? in checked.references where !slots.contains(slot) {
      slots.append(slot)
    }
    return slots.sorted()
  }
}

extension Environment {
  /// Compiles an expression.
  ///
  /// - Parameters:
  ///   - expression: The text of the expression.
  ///   - expected: The type its result must have; nil for any.
  /// - Returns: The program.
  /// - Throws: `CompilationError` with every mistake that was found.
  public func compile(
    _ expression: String, expecting expected: CELType? = nil
  ) throws(CompilationError) -> Program {
    try compile(expression, expecting: expected, checksTypes: true)
  }

  /// Compiles an expression without checking types: what does not fit fails at evaluation.
  ///
  /// - Parameter expression: The text of the expression.
  /// - Returns: The program.
  /// - Throws: `CompilationError` where the text is no expression.
  public func compileUnchecked(_ expression: String) throws(CompilationError) -> Program {
    try compile(expression, expecting: nil, checksTypes: false)
  }

  /// The type of an expression's result.
  ///
  /// - Parameter expression: The text of the expression.
  /// - Returns: The type.
  /// - Throws: `CompilationError` with every mistake that was found.
  public func check(_ expression: String) throws(CompilationError) -> CELType {
    try analyze(expression, checksTypes: true).type
  }

  func analyze(_ expression: String, checksTypes: Bool) throws(CompilationError) -> Checked {
    let source = SourceText(expression)
    let syntax: Syntax
    do {
      syntax = try Parser.parse(source, limits: limits, expandsMacros: expandsMacros)
    } catch {
      throw CompilationError(source, [error])
    }
    return try Checker.check(syntax, source, in: self, enforces: checksTypes)
  }

  private func compile(
    _ expression: String, expecting expected: CELType?, checksTypes: Bool
  ) throws(CompilationError) -> Program {
    let checked = try analyze(expression, checksTypes: checksTypes)
    if let expected {
      var substitution = Substitution()
      if !substitution.accepts(checked.type, as: expected) {
        let message = "expected an expression of type \(expected), found \(checked.type)"
        let problem = Problem(at: checked.syntax.offset(checked.syntax.root), message)
        throw CompilationError(checked.source, [problem])
      }
    }
    do {
      return try Compiler.compile(checked, self)
    } catch {
      throw CompilationError(checked.source, [error])
    }
  }
}

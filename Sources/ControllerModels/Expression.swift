import APIMachinery
import CEL
import Scalars
import ValueTree
import YAMLCoding

/// A value or condition that a model computes.
final class Expression: Sendable {
  enum Form: Sendable {
    case constant(Value)
    /// The native form, where there is one, and the program that decides in all cases.
    case program(Native?, Program)
  }

  let form: Form
  /// The native form by itself: conditions are asked for most.
  private let native: Native?
  /// The names that it reads.
  let reads: [Int]
  let place: ModelNode

  init(form: Form, reads: [Int], place: ModelNode) {
    self.form = form
    if case .program(let native, _) = form { self.native = native } else { native = nil }
    self.reads = reads
    self.place = place
  }

  /// The integer that it always is, whether written as a number or as an expression; nil where nobody knows before.
  var fixedInteger: Int64? {
    switch form {
    case .constant(let value): value.int
    case .program(.constant(.int(let number))?, _): number
    case .program: nil
    }
  }
}

/// Why a reconcile of a model failed by the model's own doing.
struct ModelFailure: Error, Sendable, CustomStringConvertible {
  let message: String
  var description: String { message }
}

/// What the expressions of a model are evaluated over.
///
/// One for each model, and handed on by reference: every step of every reconcile has it in hand.
final class Scope: Sendable {
  /// By name, its register.
  let registers: [String: Int]
  let names: [String]
  let environment: Environment
  /// Names that stand for texts; their slots follow those of `names`.
  let constants: [(name: String, text: String)]

  /// The names that expressions of a model may use.
  init(names: [String], constants: [(name: String, text: String)]) {
    self.names = names
    self.constants = constants
    var environment = Environment()
    var registers: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      environment.declare(name, .dyn)
      registers[name] = index
    }
    for constant in constants { environment.declare(constant.name, .string) }
    self.environment = environment
    self.registers = registers
  }
}

extension Expression {
  func value(
    _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> Value {
    switch form {
    case .constant(let value): return value
    case .program(let native, let program):
      if let value = native?.evaluate(registers).asValue { return value }
      return try value(of: program, registers, scope)
    }
  }

  private func value(
    of program: Program, _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> Value {
    let result = try run(program, registers, scope)
    guard let value = result.tree() else {
      throw failure("the value of \(program.expression) is too large")
    }
    return value
  }

  func holds(
    _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> Bool {
    if let holds = native?.holds(registers) { return holds }
    switch form {
    case .constant(let value):
      guard let bool = value.bool else { throw failure("\(value) is no condition") }
      return bool
    case .program(_, let program):
      let result = try run(program, registers, scope)
      guard case .bool(let bool) = result else {
        throw failure("\(program.expression) is no condition: its value is of type \(result.type)")
      }
      return bool
    }
  }

  func text(
    _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> String {
    let value: Value
    switch form {
    case .constant(let constant): value = constant
    case .program(let native, let program):
      switch native?.evaluate(registers) {
      case .text(let text): return text
      case .value(let known): value = known
      default: value = try self.value(of: program, registers, scope)
      }
    }
    if let text = value.string { return text }
    if value.isNull { return "" }
    throw failure("\(value) is no text")
  }

  func int(
    _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> Int {
    let value = try value(registers, scope)
    guard let int = value.int else { throw failure("\(value) is no integer") }
    return Int(clamping: int)
  }

  /// A duration: as Go writes it, as CEL computes it, or a number of seconds.
  func duration(
    _ registers: borrowing ContiguousArray<Register>, _ scope: Scope
  ) throws(ModelFailure) -> GoDuration {
    let value = try value(registers, scope)
    if let text = value.string, let duration = GoDuration(text), duration >= .zero {
      return duration
    }
    if let seconds = value.int, seconds >= 0 { return .seconds(seconds) }
    throw failure("\(value) is no duration")
  }

  private func run(
    _ program: Program, _ registers: borrowing ContiguousArray<Register>,
    _ scope: Scope
  ) throws(ModelFailure) -> CELValue {
    var bindings = Bindings(scope.environment)
    for register in reads { bindings[register] = registers[register].celValue }
    for (index, constant) in scope.constants.enumerated() {
      bindings[scope.names.count + index] = .string(constant.text)
    }
    var evaluator = Evaluator()
    do { return try evaluator.evaluate(program, bindings) } catch {
      let at = error.path.map { " (at \($0))" } ?? ""
      throw failure("\(error.message)\(at)")
    }
  }

  func failure(_ message: String) -> ModelFailure {
    let mark = place.document.mark(of: place.path)
    return ModelFailure(message: mark.map { "\($0): \(message)" } ?? message)
  }
}

// MARK: Compiling

extension Scope {
  /// Compiles what stands at a place.
  ///
  /// - Parameters:
  ///   - node: The expression's place.
  ///   - expected: What it must give, as far as that is known before it runs; nil for anything.
  /// - Returns: the expression.
  /// - Throws: a mistake in it, with its place.
  func compile(
    _ node: ModelNode, expecting expected: CELType? = nil
  ) throws(SourceDiagnostic) -> Expression {
    guard let text = node.value.string else {
      return Expression(form: .constant(node.value.detached()), reads: [], place: node)
    }
    let program: Program
    do { program = try environment.compile(text, expecting: expected) } catch {
      throw CELPlace(node, text).diagnostic(error, known: names + constants.map(\.name))
    }
    let native = NativeParser.parse(
      text, registers: registers,
      constants: Dictionary(uniqueKeysWithValues: constants.map { ($0.name, $0.text) }))
    // Behind the names there are constants, which nobody has to set.
    let reads = program.variableSlots.filter { $0 < names.count }
    return Expression(form: .program(native, program), reads: reads, place: node)
  }
}

/// Finds the place of a mistake in an expression within the document that holds it.
struct CELPlace {
  private let node: ModelNode
  private let text: String

  init(_ node: ModelNode, _ text: String) {
    self.node = node
    self.text = text
  }

  func diagnostic(_ error: CompilationError, known: [String]) -> SourceDiagnostic {
    guard let issue = error.issues.first else { return node.mistake("\(error)") }
    let word = word(at: issue.place.column)
    let isName =
      issue.message.contains("undeclared reference") && issue.place.line == 1 && !word.isCall
    let base = node.document.mark(of: node.path)
    let mark = base.flatMap { mark in
      issue.place.line == 1 ? shifted(mark, by: issue.place.column - 1) : nil
    }
    var message = issue.message.replacing(" (in container '')", with: "")
    if isName { message = "there is no name \"\(word.text)\"" }
    // A mark that cannot point into the expression is helped by the expression itself.
    if mark == nil { message += "\n\(issue.excerpt)\n" }
    return SourceDiagnostic(
      message, at: mark ?? base,
      expected: isName
        ? "a name that the model sets, or a text, which has quotes of its own: \"'\(word.text)'\""
        : nil,
      suggestion: isName ? suggestion(issue, known) : nil)
  }

  /// A field that cannot be there.
  func diagnostic(_ unknown: UnknownField) -> SourceDiagnostic {
    let record = unknown.record
    var message = "\(record.subject) has no field \"\(record.path(of: unknown.name))\""
    let base = node.document.mark(of: node.path)
    let mark = base.flatMap { mark in
      unknown.place.line == 1 ? shifted(mark, by: unknown.place.column - 1) : nil
    }
    if mark == nil { message += "\n\(unknown.excerpt)\n" }
    return SourceDiagnostic(
      message, at: mark ?? base,
      expected: record.names.isEmpty ? nil : "one of " + record.names.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: unknown.name, among: record.names))
  }

  /// The word at a column of the expression, and whether it calls a function.
  private func word(at column: Int) -> (text: String, isCall: Bool) {
    var word = ""
    var rest = text.unicodeScalars.dropFirst(column - 1)
    while let scalar = rest.first,
      scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
    {
      word.unicodeScalars.append(scalar)
      rest = rest.dropFirst()
    }
    return (word, rest.first == "(")
  }

  /// The mark of the expression's character at `offset`, where it stands as it is, or quoted, on the mark's line.
  private func shifted(_ mark: SourceMark, by offset: Int) -> SourceMark? {
    let line = Array(mark.lineText.unicodeScalars)
    let wanted = Array(text.unicodeScalars)
    var column = mark.column - 1
    guard column < line.count else { return nil }
    let quote: Unicode.Scalar? = line[column] == "'" || line[column] == "\"" ? line[column] : nil
    if quote != nil { column += 1 }
    for index in 0..<Swift.min(offset, wanted.count) {
      guard column < line.count else { return nil }
      if quote == "\"", line[column] == "\\" { column += 1 }
      guard column < line.count, line[column] == wanted[index] else { return nil }
      column += quote == "'" && wanted[index] == "'" ? 2 : 1
    }
    return SourceMark(
      file: mark.file, line: mark.line, column: column + 1, lineText: mark.lineText)
  }

  private func suggestion(_ issue: CompilationError.Issue, _ known: [String]) -> String? {
    guard issue.message.contains("undeclared reference") else { return nil }
    return SourceDiagnostic.suggestion(for: word(at: issue.place.column).text, among: known)
  }
}

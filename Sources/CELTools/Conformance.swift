import CEL
import ValueTree

/// Runs the public conformance cases of the language: one JSON line in, one JSON line out.
///
/// A case says an expression, its declarations and values; the answer is `{"value": …}`,
/// `{"type": …}` where only a type is asked for, `{"error": …}` or `{"unknown": …}`.
public struct Conformance: ~Copyable {
  private var reader = JSONReader()
  private var evaluator = Evaluator()
  private let writer = JSONWriter()

  /// A runner.
  public init() {}

  /// Answers every case; blank lines are passed over.
  ///
  /// - Parameter lines: The cases.
  /// - Returns: One answer for each case, in order.
  public mutating func run(_ lines: some Sequence<String>) -> [String] {
    var answers: [String] = []
    for line in lines where line.utf8.contains(where: { $0 > 0x20 }) {
      answers.append(answer(line))
    }
    return answers
  }

  /// Answers one case.
  ///
  /// - Parameter line: The case as JSON.
  /// - Returns: The answer as JSON.
  public mutating func answer(_ line: String) -> String {
    let answer: Value
    do {
      answer = try self.answer(try reader.read(line))
    } catch let error as JSONError {
      answer = Self.error("the case is no JSON: \(error)")
    } catch {
      answer = Self.error("\(error)")
    }
    return writer.string(answer)
  }

  private static func error(_ message: String) -> Value { ["error": Value(message)] }

  private mutating func answer(_ test: Value) throws -> Value {
    guard let expression = test["expr"]?.string else { return Self.error("the case has no expr") }
    let isUnchecked = test["disableCheck"]?.bool ?? false
    var environment = Environment()
    environment.container = test["container"]?.string ?? ""
    environment.expandsMacros = !(test["disableMacros"]?.bool ?? false)
    for declaration in test["typeEnv"]?.elements ?? Value.emptyList.elements {
      declare(declaration, in: &environment)
    }
    let bound: Value = test["bindings"] ?? Value.emptyMap
    if isUnchecked {
      for (name, _) in bound.members where environment.slot(name.text) == nil {
        environment.declare(name.text, .dyn)
      }
    }
    do throws(CompilationError) {
      if test["checkOnly"]?.bool ?? false {
        return ["type": CELEncoding.encode(try environment.check(expression))]
      }
      let program =
        isUnchecked
        ? try environment.compileUnchecked(expression) : try environment.compile(expression)
      var bindings = Bindings(environment)
      for (name, value) in bound.members {
        if let slot = environment.slot(name.text) {
          bindings[slot] = CELEncoding.decode(expression: value, name: name.text)
        }
      }
      return evaluate(program, bindings)
    } catch {
      return Self.error(error.description)
    }
  }

  private mutating func evaluate(_ program: Program, _ bindings: Bindings) -> Value {
    do throws(EvaluationError) {
      let value = try evaluator.evaluate(program, bindings)
      if case .unknown(let set) = value {
        return ["unknown": Value(set.names.map { Value($0) })]
      }
      return ["value": CELEncoding.encode(value)]
    } catch {
      return Self.error(error.description)
    }
  }

  private func declare(_ declaration: Value, in environment: inout Environment) {
    guard let name = declaration["name"]?.string else { return }
    if let type = declaration["ident"]?["type"] {
      environment.declare(name, CELEncoding.decode(type: type))
    }
    for overload in declaration["function"]?["overloads"]?.elements ?? Value.emptyList.elements {
      environment.declare(
        function: name,
        Overload(
          overload["overloadId"]?.string ?? name,
          isMethod: overload["isInstanceFunction"]?.bool ?? false,
          (overload["params"] ?? .emptyList).elements.map { CELEncoding.decode(type: $0) },
          CELEncoding.decode(type: overload["resultType"] ?? .null), .none))
    }
  }
}

import CEL
import Testing
import ValueTree

/// Compiles and evaluates; variables are declared `dyn`.
func evaluate(
  _ expression: String, _ variables: KeyValuePairs<String, CELValue> = [:], checked: Bool = true
) throws -> CELValue {
  var environment = Environment()
  for (name, _) in variables { environment.declare(name, .dyn) }
  let program =
    checked
    ? try environment.compile(expression) : try environment.compileUnchecked(expression)
  var bindings = Bindings(environment)
  for (name, value) in variables { bindings[name] = value }
  var evaluator = Evaluator()
  return try evaluator.evaluate(program, bindings)
}

/// That an expression is true.
func expectTrue(
  _ expression: String, _ variables: KeyValuePairs<String, CELValue> = [:], checked: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    let value = try evaluate(expression, variables, checked: checked)
    if case .bool(true) = value { return }
    Issue.record("\(expression) is \(value)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(expression): \(error)", sourceLocation: sourceLocation)
  }
}

/// That an expression compiles and fails in a certain way when it is evaluated.
func expectFailure(
  _ expression: String, _ kind: Failure.Kind,
  _ variables: KeyValuePairs<String, CELValue> = [:], checked: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    let value = try evaluate(expression, variables, checked: checked)
    Issue.record("\(expression) is \(value)", sourceLocation: sourceLocation)
  } catch let error as EvaluationError {
    #expect(error.kind == kind, "\(expression): \(error)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(expression): \(error)", sourceLocation: sourceLocation)
  }
}

/// That an expression does not compile, and that the first mistake says so.
func expectMistake(
  _ expression: String, _ part: String, in environment: Environment = Environment(),
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do throws(CompilationError) {
    _ = try environment.compile(expression)
    Issue.record("\(expression) compiles", sourceLocation: sourceLocation)
  } catch {
    #expect(
      error.issues.first?.message.contains(part) == true, "\(expression): \(error)",
      sourceLocation: sourceLocation)
  }
}

func json(_ text: String) throws -> Value {
  var reader = JSONReader()
  return try reader.read(text)
}

import ArgumentParser
import CEL
import CELTools
import ValueTree
import YAMLCoding

/// `drydock cel`: an expression over a document.
struct CELCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cel",
    abstract: "Evaluate an expression on YAML or JSON.",
    usage: """
      drydock cel <expression> [--input <input>] [<options>]
      drydock cel --conformance
      """,
    discussion: """
      The document is `self` (and `object`) in the expression. With --type-check the expression is checked \
      against the schema of a CustomResourceDefinition first, and what it may cost is estimated.

      EXAMPLES
        drydock cel 'self.spec.ports.all(p, p.port > 0)' --input service.yaml
        drydock cel 'self.spec.replicas > 0' --type-check crd.yaml
        drydock cel 'quantity("1Gi").compareTo(quantity("1G"))'
      """)

  @Argument(help: "The expression.")
  var expression: String?

  @Option(name: .shortAndLong, help: "The document, as YAML or JSON; - reads standard input.")
  var input: String?

  @Option(help: "A CustomResourceDefinition, or a schema as such, that gives `self` its type.")
  var typeCheck: String?

  @Option(name: .shortAndLong, help: "How to print the value.")
  var output = OutputForm.yaml

  @Flag(help: "Answer conformance cases: JSON lines on standard input, one JSON line each.")
  var conformance = false

  /// How a value is printed.
  enum OutputForm: String, ExpressibleByArgument, CaseIterable {
    case yaml, json, cel
  }

  func validate() throws {
    if conformance == (expression != nil) {
      throw ValidationError(
        "give an expression, or --conformance and the cases on standard input")
    }
  }

  func run() throws {
    guard let expression else { return answerCases() }
    try reportingMistakes {
      let command = ExpressionCommand(
        expression: expression, input: try input.map(document), schema: try typeCheck.map(document))
      do {
        Console.print(lines(try command.run()))
      } catch let error as CompilationError {
        throw mistake(error.description)
      } catch let error as EvaluationError {
        throw mistake(error.description)
      } catch let error as ExpressionCommand.Mistake {
        throw mistake(error.description)
      }
    }
  }

  private func mistake(_ message: String) -> SourceDiagnostic {
    SourceDiagnostic(message, at: nil)
  }

  private func lines(_ result: ExpressionCommand.Result) -> [String] {
    guard let text = result.text else {
      return ["type: \(result.type)", "cost: \(result.estimate.least) to \(result.estimate.most)"]
    }
    guard let value = result.value, output != .cel else { return [text] }
    if output == .json { return [JSONWriter(indent: 2).string(value)] }
    var lines = YAMLEmitter().string(value)
    if lines.hasSuffix("\n") { lines.removeLast() }
    return [lines]
  }

  private func document(at path: String) throws(SourceDiagnostic) -> Value {
    let source = YAMLSource(
      name: path == "-" ? "standard input" : path, bytes: try Files.read(path))
    do {
      let documents = try YAMLParser.documents(in: source)
      guard documents.count == 1, let document = documents.first else {
        throw mistake("\(path): expected one document, found \(documents.count)")
      }
      return document.value
    } catch let error as YAMLError {
      throw error.diagnostic
    } catch let error as SourceDiagnostic {
      throw error
    } catch {
      throw mistake("\(path): \(error)")
    }
  }

  private func answerCases() {
    var conformance = Conformance()
    while let line = readLine() {
      for answer in conformance.run([line]) { Console.print([answer]) }
    }
  }
}

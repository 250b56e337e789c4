import ArgumentParser
import ControllerModels
import Scenarios
import ValueTree

/// `drydock schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON schema of controller models or scenarios, for editors.",
    usage: "drydock schema [controller-model | scenario] [--tables]",
    discussion: """
      An editor that speaks the YAML language server's protocol takes it from the first line of a file:
          # yaml-language-server: $schema=controller-model.json

      EXAMPLES
        drydock schema > controller-model.json
        drydock schema scenario > scenario.json
        drydock schema --tables
      """)

  /// What there are schemas of.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case controllerModel = "controller-model"
    case scenario
  }

  @Argument(help: "What the schema is of.")
  var kind = Kind.controllerModel

  @Flag(help: "Print the fields as tables in Markdown, as the reference page has them.")
  var tables = false

  func run() {
    let text =
      switch kind {
      case .controllerModel:
        tables ? ModelTables.markdown : JSONWriter(indent: 2).string(ModelSchema.value)
      case .scenario:
        tables ? ScenarioSchema.markdown : JSONWriter(indent: 2).string(ScenarioSchema.value)
      }
    Console.print([text])
  }
}

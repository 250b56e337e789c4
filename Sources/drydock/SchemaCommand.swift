import ArgumentParser
import ControllerModels
import ValueTree

/// `drydock schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON schema of controller models, for editors.",
    discussion: """
      An editor that speaks the YAML language server's protocol takes it from the first line of a model:
          # yaml-language-server: $schema=controller-model.json

      EXAMPLES
        drydock schema > controller-model.json
        drydock schema --tables
      """)

  @Flag(help: "Print the fields as tables in Markdown, as the reference page has them.")
  var tables = false

  func run() {
    let text = tables ? ModelTables.markdown : JSONWriter(indent: 2).string(ModelSchema.value)
    Console.print([text])
  }
}

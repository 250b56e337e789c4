import ControllerModels
import Scalars
import Simulation
public import ValueTree

/// The JSON schema of scenarios and the tables of the reference page, made from the definitions by which scenarios are
/// read.
public enum ScenarioSchema {
  /// The schema.
  public static var value: Value {
    ModelSchema.object(ScenarioDefinition.root)
      .setting("$schema", to: "https://json-schema.org/draft/2020-12/schema")
      .setting("title", to: "Scenario")
  }

  /// The fields, and the kinds of faults, as tables in Markdown.
  public static var markdown: String {
    let maps = [
      ScenarioDefinition.spec, ScenarioDefinition.process, ScenarioDefinition.controller,
      ScenarioDefinition.upgrade, ScenarioDefinition.step, ScenarioDefinition.object,
      ScenarioDefinition.patch, ScenarioDefinition.deletion, ScenarioDefinition.scaling,
      ScenarioDefinition.stripping, ScenarioDefinition.item, ScenarioDefinition.processChoice,
      ScenarioDefinition.repetition, ScenarioDefinition.condition, ScenarioDefinition.faults,
      ScenarioDefinition.rule, ScenarioDefinition.scripted, ScenarioDefinition.limits,
      ScenarioDefinition.server, ScenarioDefinition.record,
    ]
    var text = ""
    for definition in maps {
      text += "### `\(definition.name)`\n\n\(definition.summary)\n\n"
      text += ModelTables.table(definition.fields)
    }
    return text + faultTable
  }

  private static var faultTable: String {
    var text =
      "## Kinds of faults\n\n| fault | | class | lasts | what happens |\n|---|---|---|---|---|\n"
    let settings = FaultSettings()
    for kind in FaultKind.allCases {
      let durations = settings.durations(of: kind).map(\.description).joined(separator: ", ")
      text +=
        "| `\(kind.rawValue)` | \(kind.id) | \(kind.faultClass.rawValue) | \(durations) | "
        + "\(kind.summary) |\n"
    }
    text += "\nGroups of kinds:\n\n| group | kinds |\n|---|---|\n"
    for group in FaultsDecoder.groups {
      text +=
        "| `\(group.name)` | \(group.value.map { "`\($0.rawValue)`" }.joined(separator: ", ")) |\n"
    }
    return text
  }

  /// The names of all fields, each once.
  public static var fieldNames: [String] {
    ModelTables.fieldNames(of: ScenarioDefinition.root)
  }
}

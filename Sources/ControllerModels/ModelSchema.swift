public import ValueTree

/// The JSON schema of controller models, for editors; made from the definitions by which models are read.
public enum ModelSchema {
  /// The schema.
  public static var value: Value {
    var schema = object(ModelDefinition.root)
    schema = schema.setting("$schema", to: "https://json-schema.org/draft/2020-12/schema")
    schema = schema.setting("title", to: "ControllerModel")
    schema = schema.setting("$defs", to: ["steps": steps])
    return schema
  }

  /// The schema of a map with known fields.
  package static func object(_ definition: ObjectDefinition) -> Value {
    var properties: [(Key, Value)] = []
    for field in definition.fields {
      properties.append((Key(field.name), described(field)))
    }
    let required = definition.fields.filter(\.isRequired).map { Value($0.name) }
    var members: [(Key, Value)] = [
      ("type", "object"), ("description", Value(definition.summary)),
      ("additionalProperties", false), ("properties", Value(members: properties)),
    ]
    if !required.isEmpty { members.append(("required", Value(required))) }
    return Value(members: members)
  }

  private static func described(_ field: FieldDefinition) -> Value {
    var text = field.summary
    if let initial = field.initial { text += " Left out: \(initial)." }
    return value(of: field.shape).setting("description", to: Value(text))
  }

  private static func value(of shape: FieldShape) -> Value {
    switch shape {
    case .text: ["type": "string"]
    case .name: ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"]
    case .expression: ["type": ["string", "number", "boolean", "null"]]
    case .duration:
      ["type": "string", "pattern": "^([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$|^0$"]
    case .integer(let range):
      range.upperBound == Int.max
        ? ["type": "integer", "minimum": Value(range.lowerBound)]
        : [
          "type": "integer", "minimum": Value(range.lowerBound),
          "maximum": Value(range.upperBound),
        ]
    case .boolean: ["type": "boolean"]
    case .choice(let choices): ["enum": Value(choices.map { Value($0) })]
    case .object(let definition): object(definition)
    case .list(let element): ["type": "array", "items": value(of: element)]
    case .map(let member): ["type": "object", "additionalProperties": value(of: member)]
    case .literal: .emptyMap
    case .steps: ["$ref": "#/$defs/steps"]
    case .nothing: ["type": ["object", "null"], "maxProperties": 0]
    case .either(let shapes): ["anyOf": Value(shapes.map(value(of:)))]
    }
  }

  /// A step is a map with one action among its members.
  private static var steps: Value {
    var properties: [(Key, Value)] = []
    var seen: Set<String> = []
    func add(_ name: String, _ value: Value) {
      if seen.insert(name).inserted { properties.append((Key(name), value)) }
    }
    for step in StepDefinition.all {
      var value = value(of: step.shape)
      if case .object(let definition) = step.shape,
        !definition.fields.contains(where: \.isRequired)
      {
        value = value.setting("type", to: ["object", "null"])
      }
      add(step.name, value.setting("description", to: Value(step.summary)))
      for sibling in step.siblings { add(sibling.name, described(sibling)) }
    }
    for modifier in StepDefinition.modifiers { add(modifier.name, described(modifier)) }
    let actions = StepDefinition.all.filter { $0.name != "label" }.map(\.name)
    let choices = actions.map { Value(members: [("required", [Value($0)])]) }
    return [
      "type": "array",
      "items": [
        "type": "object", "additionalProperties": false, "properties": Value(members: properties),
        "anyOf": Value(choices + [["required": ["label"]]]),
      ],
    ]
  }
}

/// The fields of controller models as tables for the reference page, from the same definitions.
public enum ModelTables {
  /// One table for each map outside of steps, then one for each step, in Markdown.
  public static var markdown: String {
    var text = ""
    let maps = [
      ModelDefinition.spec, ModelDefinition.own, ModelDefinition.owned, ModelDefinition.watched,
      ModelDefinition.mapping, ModelDefinition.handlers, ModelDefinition.variable,
      ModelDefinition.records, ModelDefinition.election,
    ]
    for definition in maps {
      text += "### `\(definition.name)`\n\n\(definition.summary)\n\n" + table(definition.fields)
    }
    text += "## Steps, one by one\n\nWhat any step may have besides its action:\n\n"
    text += table(StepDefinition.modifiers)
    text += "A `reaction` with a target is a map with one of these:\n\n"
    text += table(StepDefinition.reaction.fields)
    for step in StepDefinition.all {
      text +=
        "### `\(step.name)`\n\n\(step.summary)\(step.isLocal ? " *Handlers may do it, too.*" : "")\n\n"
      if case .object(let definition) = step.shape {
        text += table(definition.fields)
      } else {
        text += "`\(step.name):` \(ModelNode.description(of: step.shape)).\n\n"
        if case .either(let shapes) = step.shape {
          for case .object(let definition) in shapes { text += table(definition.fields) }
        }
      }
      if !step.siblings.isEmpty { text += table(step.siblings) }
    }
    return text
  }

  /// Fields as a table.
  package static func table(_ fields: [FieldDefinition]) -> String {
    var text = "| field | holds | left out | |\n|---|---|---|---|\n"
    for field in fields {
      let initial = field.isRequired ? "*required*" : field.initial ?? ""
      text +=
        "| `\(field.name)` | \(holds(field.shape)) | \(initial) | \(field.summary) |\n"
    }
    return text + "\n"
  }

  private static func holds(_ shape: FieldShape) -> String {
    switch shape {
    case .text: "text"
    case .name: "name"
    case .expression: "CEL"
    case .duration: "duration"
    case .integer: "integer"
    case .boolean: "boolean"
    case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
    case .object(let definition): "`\(definition.name)`"
    case .list(let element): "list of \(holds(element))"
    case .map(let member): "map to \(holds(member))"
    case .literal: "any value"
    case .steps: "steps"
    case .nothing: "`{}`"
    case .either(let shapes): shapes.map(holds).joined(separator: " or ")
    }
  }
}

extension ModelTables {
  /// The names of all fields and steps, each once.
  public static var fieldNames: [String] {
    var names = fieldNames(of: ModelDefinition.root)
    func add(_ name: String) { if !names.contains(name) { names.append(name) } }
    for field in StepDefinition.modifiers { add(field.name) }
    for step in StepDefinition.all {
      add(step.name)
      let definition = ObjectDefinition(
        name: step.name, summary: "",
        fields: [FieldDefinition(step.name, step.shape, "")] + step.siblings)
      fieldNames(of: definition).forEach(add)
    }
    return names
  }

  /// The names of all fields of a map and of what is in it, each once.
  package static func fieldNames(of definition: ObjectDefinition) -> [String] {
    var names: [String] = []
    func add(_ fields: [FieldDefinition]) {
      for field in fields {
        if !names.contains(field.name) { names.append(field.name) }
        add(field.shape)
      }
    }
    func add(_ shape: FieldShape) {
      switch shape {
      case .object(let definition): add(definition.fields)
      case .list(let inner), .map(let inner): add(inner)
      case .either(let shapes): shapes.forEach(add)
      default: break
      }
    }
    add(definition.fields)
    return names
  }
}

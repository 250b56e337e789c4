import APIAllocation
import ControllerModels
import ControllerRuntime
import ValueTree
import YAMLCoding

/// The controller models of a scenario: those that its files hold, by name, and those that its processes name by file.
struct ModelLibrary {
  private var named: [ControllerModel] = []
  private var files: [(place: FieldPath, model: ControllerModel)] = []

  /// Adds a model that a file of the scenario holds; processes use it by its name.
  mutating func add(
    _ model: ControllerModel, _ document: YAMLDocument
  ) throws(SourceDiagnostic) {
    guard !named.contains(where: { $0.name == model.name }) else {
      throw document.diagnostic(
        "there are two models \"\(model.name)\"", at: FieldPath("metadata", "name"))
    }
    named.append(model)
  }

  /// Adds a model that a process names by its file.
  mutating func add(_ model: ControllerModel, at field: FieldReader) {
    files.append((field.path, model))
  }

  /// The model of the file that the field names.
  func model(at field: FieldReader) -> ControllerModel? {
    files.first { $0.place == field.path }?.model
  }

  /// The models that can be used by name.
  var choices: [(name: String, value: @Sendable (Int?) -> Controller)] {
    named.map { model in (model.name, { model.controller(workers: $0) }) }
  }

  /// The rules by which objects tell what they hold, with those of the models before the others.
  func adding(to rules: RecordRules) -> RecordRules {
    var result = rules
    for model in named + files.map(\.model) {
      guard let rule = model.recordRule, !result.types.contains(model.type) else { continue }
      result.add(model.type, rule)
    }
    return result
  }
}

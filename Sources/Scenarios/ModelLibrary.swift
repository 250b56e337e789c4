import APIAllocation
import APIMachinery
import ControllerModels
import ControllerRuntime
import ValueTree
import YAMLCoding

/// The controller models of a scenario: those that its files hold, by name, and those that its processes name by file.
struct ModelLibrary {
  /// A model, and what it is read from once more where a scenario gives its variables other values.
  private struct Entry {
    let model: ControllerModel
    let document: YAMLDocument
  }

  private let registry: ResourceRegistry
  private var named: [Entry] = []
  private var files: [(place: FieldPath, entry: Entry)] = []

  /// Whether what objects of a kind may hold is known from the start.
  let knowsFields: @Sendable (ResourceType) -> Bool

  /// A library over the kinds that there are.
  ///
  /// - Parameters:
  ///   - registry: The kinds.
  ///   - redefinesKinds: Whether the workload may give kinds that are not built in other fields.
  init(_ registry: ResourceRegistry = .builtIn, redefinesKinds: Bool = false) {
    self.registry = registry
    knowsFields = { type in
      guard redefinesKinds else { return true }
      return ResourceRegistry.builtIn.type(apiVersion: type.apiVersion, kind: type.kind) != nil
    }
  }

  /// Adds a model that a file of the scenario holds; processes use it by its name.
  mutating func add(_ document: YAMLDocument) throws(SourceDiagnostic) {
    let model = try ControllerModel(
      reading: document, registry: registry, knowsFields: knowsFields)
    guard !named.contains(where: { $0.model.name == model.name }) else {
      throw document.diagnostic(
        "there are two models \"\(model.name)\"", at: FieldPath("metadata", "name"))
    }
    named.append(Entry(model: model, document: document))
  }

  /// Adds a model that a process names by its file.
  mutating func add(
    _ document: YAMLDocument, at field: FieldReader
  ) throws(SourceDiagnostic) {
    let model = try ControllerModel(
      reading: document, registry: registry, knowsFields: knowsFields)
    files.append((field.path, Entry(model: model, document: document)))
  }

  /// The names of the models that can be used by name.
  var names: [String] { named.map(\.model.name) }

  /// The model of this name; nil where no file of the scenario holds it.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - variables: What its variables begin with, by name; nil where the scenario says nothing about that.
  /// - Returns: the model.
  /// - Throws: `SourceDiagnostic` for a variable that the model does not have.
  func model(
    named name: String, _ variables: FieldReader?
  ) throws(SourceDiagnostic) -> ControllerModel? {
    guard let entry = named.first(where: { $0.model.name == name }) else { return nil }
    return try model(entry, variables)
  }

  /// The model of the file that the field names, with variables as above.
  ///
  /// - Parameters:
  ///   - field: The field.
  ///   - variables: What its variables begin with, by name; nil where the scenario says nothing about that.
  /// - Returns: the model.
  /// - Throws: `SourceDiagnostic` for a variable that the model does not have.
  func model(
    at field: FieldReader, _ variables: FieldReader?
  ) throws(SourceDiagnostic) -> ControllerModel? {
    guard let entry = files.first(where: { $0.place == field.path })?.entry else { return nil }
    return try model(entry, variables)
  }

  private func model(
    _ entry: Entry, _ variables: FieldReader?
  ) throws(SourceDiagnostic) -> ControllerModel {
    guard let variables else { return entry.model }
    try variables.allow(entry.model.variableNames)
    let initial = variables.value.members.map { (name: $0.key.text, value: $0.value) }
    return try ControllerModel(
      reading: entry.document, registry: registry, initial: initial, knowsFields: knowsFields)
  }

  /// The models that processes use, and the fields that name them.
  private func used(by spec: FieldReader) throws(SourceDiagnostic) -> [ControllerModel] {
    var result: [ControllerModel] = []
    for process in try spec.list("processes") {
      let upgraded = try process.field("upgrade").map { field throws(SourceDiagnostic) in
        try field.list("controllers")
      }
      for entry in try process.list("controllers") + (upgraded ?? []) {
        if let field = entry.field("model"), let model = try model(at: field, nil) {
          result.append(model)
        } else if let name = entry.field("use"),
          let model = try model(named: name.string(), nil)
        {
          result.append(model)
        }
      }
    }
    return result
  }

  /// Whether a model that processes use makes pools.
  func makesPools(_ spec: FieldReader) throws(SourceDiagnostic) -> Bool {
    try used(by: spec).contains(where: \.makesPools)
  }

  /// Refuses pools that steps of the workload or of models name and that nobody makes.
  func checkPools(of spec: FieldReader, among names: [String]) throws(SourceDiagnostic) {
    for model in try used(by: spec) {
      if let mistake = model.unknownPool(among: names) { throw mistake }
    }
    try Self.checkPools(of: try spec.list("workload"), among: names)
  }

  private static func checkPools(
    of steps: [FieldReader], among names: [String]
  ) throws(SourceDiagnostic) {
    for step in steps {
      if let turns = step.field("repeat") { try checkPools(of: turns.list("steps"), among: names) }
      for action in ["take", "release"] {
        guard let pool = step.field(action)?.field("pool"), !names.contains(try pool.string())
        else { continue }
        throw pool.mistake(
          "there is no pool \(pool.value)",
          expected: names.isEmpty
            ? "a Pool in the scenario" : "one of " + names.joined(separator: ", "),
          suggestion: SourceDiagnostic.suggestion(for: try pool.string(), among: names))
      }
    }
  }

  /// The rules by which objects tell what they hold, with those of the models before the others.
  func adding(to rules: RecordRules) -> RecordRules {
    var result = rules
    for model in named.map(\.model) + files.map(\.entry.model) {
      guard let rule = model.recordRule, !result.types.contains(model.type) else { continue }
      result.add(model.type, rule)
    }
    return result
  }
}

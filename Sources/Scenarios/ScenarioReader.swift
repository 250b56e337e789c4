public import APIAllocation
public import APIMachinery
public import Allocation
import ControllerModels
import Exploration
import Simulation
import ValueTree
public import YAMLCoding

/// Reads scenarios from YAML.
///
/// A file holds one `Scenario`; other documents beside it, and those of the files under `spec.include`, are
/// objects that are there from the start.
public struct ScenarioReader: Sendable {
  /// Reads a file whole.
  public typealias FileReader = (_ path: String) throws(SourceDiagnostic) -> [UInt8]

  /// The kinds that there are.
  public var registry: ResourceRegistry
  /// The controllers that can be named.
  public var controllers: ControllerRegistry
  /// The allocators that pools can select.
  public var allocators: AllocatorRegistry
  /// How objects tell what they hold.
  public var recordRules: RecordRules

  /// A reader that knows what Drydock ships.
  public init(
    registry: ResourceRegistry = .builtIn, controllers: ControllerRegistry = .builtIn,
    allocators: AllocatorRegistry = .builtIn, recordRules: RecordRules = .builtIn
  ) {
    self.registry = registry
    self.controllers = controllers
    self.allocators = allocators
    self.recordRules = recordRules
  }

  /// Reads the scenario in a file.
  ///
  /// - Throws: `SourceDiagnostic` with file, line and column of the first mistake.
  public func scenario(
    at path: String, reading read: FileReader
  ) throws(SourceDiagnostic) -> Scenario {
    var digest = StableHash()
    let documents = try parse(path, read, &digest)
    let scenarios = documents.filter(Self.isScenario)
    if scenarios.isEmpty, documents.contains(where: ControllerModel.isModel) {
      return try trial(documents, path, digest.value)
    }
    guard let document = scenarios.first else {
      for document in documents { try Self.refuseNearlyKnown(document) }
      throw SourceDiagnostic(
        "\(path) holds no Scenario", at: documents.first?.startMark,
        expected: "a document with kind: Scenario and apiVersion: drydock.dev/v1alpha1")
    }
    guard scenarios.count == 1 else {
      throw SourceDiagnostic(
        "\(path) holds \(scenarios.count) Scenarios", at: Self.kindMark(scenarios[1]),
        expected: "one Scenario a file")
    }
    let root = FieldReader(document)
    try root.allow(["apiVersion", "kind", "metadata", "spec"])
    try root.requireAPIVersion()
    let name = try Self.name(in: root)
    let spec = try root.required("spec", "what the scenario is made of")
    try spec.allow(ScenarioDefinition.spec.names)
    var parts: [YAMLDocument] = []
    for include in try spec.list("include") {
      let file = Self.resolve(try include.string(), beside: path)
      for document in try parse(file, read, &digest, from: include) {
        guard !Self.isScenario(document) else {
          throw SourceDiagnostic(
            "\(file) is included and holds a Scenario", at: document.startMark,
            expected: "objects and models only")
        }
        parts.append(document)
      }
    }
    parts += documents.filter { !Self.isScenario($0) }
    let registry = registry(with: parts)
    let redefines = Self.definesKinds(spec.value["workload"] ?? .null, registry)
    var models = ModelLibrary(registry, redefinesKinds: redefines)
    var manifests: [Manifest] = []
    var mistakes: [SourceDiagnostic] = []
    let manifestReader = self.manifestReader(registry)
    for part in parts {
      // Each document tells of its own mistake.
      do throws(SourceDiagnostic) {
        if ControllerModel.isModel(part) {
          try models.add(part)
        } else {
          manifests.append(try manifestReader.manifest(part))
        }
      } catch { mistakes.append(error) }
    }
    if var first = mistakes.first {
      first.others = Array(mistakes.dropFirst())
      throw first
    }
    for field in try ProcessDecoder.modelFields(in: spec) {
      let file = Self.resolve(try field.string(), beside: path)
      let documents = try parse(file, read, &digest, from: field)
      try models.add(try Self.model(in: documents, at: field, file), at: field)
    }
    var plan = WorldPlan(
      registry: registry, allocators: allocators,
      recordRules: try RecordsDecoder(registry: registry).adding(
        to: models.adding(to: recordRules), from: spec))
    plan.objects = manifests.map(\.object)
    plan.processes = try ProcessDecoder(controllers: controllers, models: models)
      .processes(in: spec)
    plan.adaptSettings()
    plan.workload = try WorkloadDecoder(
      registry: registry, allocators: allocators, processes: plan.processes
    ).steps(in: spec)
    try LimitsDecoder.decode(spec, into: &plan)
    try ServerDecoder.decode(spec, into: &plan)
    let faults = try FaultsDecoder(processes: plan.processes.map(\.name), registry: registry)
      .faults(in: spec)
    plan.prepare(for: faults.script, faults.budget, faults.settings)
    plan.oracles = try OraclesDecoder.settings(in: spec, plan.processes)
    plan.properties = try PropertiesDecoder(
      registry: registry, plan: plan, knowsFields: models.knowsFields
    ).properties(in: spec)
    let warnings = try poolWarnings(parts, spec, models, plan)
    try check(plan, manifests)
    return Scenario(
      name: name,
      summary: try spec.field("description").map { field throws(SourceDiagnostic) in
        try field.string()
      } ?? "",
      plan: plan, script: faults.script, budget: faults.budget, saysFaults: faults.saysBudget,
      path: path, digest: digest.value, warnings: warnings)
  }

  /// Refuses pools that nobody makes where they must be there, and tells of those that are waited for.
  private func poolWarnings(
    _ parts: [YAMLDocument], _ spec: FieldReader, _ models: ModelLibrary, _ plan: WorldPlan
  ) throws(SourceDiagnostic) -> [SourceDiagnostic] {
    // What a controller makes, and what it calls that, nobody knows before.
    if try models.makesPools(spec) { return [] }
    try models.checkPools(of: spec, among: plan.poolNames)
    return try UnknownPools(registry: plan.registry, names: plan.poolNames)
      .warnings(in: parts, try spec.list("workload"))
  }

  private func manifestReader(_ registry: ResourceRegistry) -> ManifestReader {
    var reader = ManifestReader(registry: registry, allocators: allocators)
    reader.findsOwners = true
    return reader
  }

  /// The kinds that there are, with those that the scenario defines.
  private func registry(with documents: [YAMLDocument]) -> ResourceRegistry {
    var registry = registry
    let reader = manifestReader(registry)
    var defined: [ResourceType] = []
    for document in documents
    where document.value[Fields.kind]?.string == CustomResourceDefinition.type.kind {
      // One that makes no sense is told of when it is read as an object.
      guard let manifest = try? reader.manifest(document),
        let resource = try? CustomResourceDefinition(manifest.object).resource()
      else { continue }
      defined.append(registry.register(resource.definition, schema: resource.schema))
    }
    // Who brings a kind along means that one; of two that it brings along, the first.
    for type in defined.reversed() { registry.prefer(type) }
    return registry
  }

  /// Refuses a document whose kind is nearly that of a scenario or model.
  private static func refuseNearlyKnown(
    _ document: YAMLDocument
  ) throws(SourceDiagnostic) {
    let known = ["Scenario", "ControllerModel"]
    guard let kind = FieldReader(document).field("kind"), let text = kind.value.string,
      let meant = SourceDiagnostic.suggestion(for: text, among: known)
    else { return }
    throw kind.mistake("there is no kind \"\(text)\"", suggestion: meant)
  }

  /// Whether a part of the workload is about definitions of kinds.
  private static func definesKinds(_ part: Value, _ registry: ResourceRegistry) -> Bool {
    if let kind = part[Fields.kind]?.string,
      registry.type(named: kind) == CustomResourceDefinition.type
    {
      return true
    }
    return part.elements.contains { definesKinds($0, registry) }
      || part.members.contains { definesKinds($0.value, registry) }
  }

  /// The scenario of a file that holds a model and none: the objects beside it are there from the start.
  private func trial(
    _ documents: [YAMLDocument], _ path: String, _ digest: UInt64
  ) throws(SourceDiagnostic) -> Scenario {
    let registry = registry(with: documents)
    let models = documents.filter(ControllerModel.isModel)
    guard models.count == 1 else {
      throw SourceDiagnostic(
        "\(path) holds \(models.count) controller models and no Scenario",
        at: Self.kindMark(models[1]),
        expected: "one model to try, or a Scenario")
    }
    let model = try ControllerModel(reading: models[0], registry: registry)
    let reader = manifestReader(registry)
    var manifests: [Manifest] = []
    for document in documents where !ControllerModel.isModel(document) {
      manifests.append(try reader.manifest(document))
    }
    var rules = recordRules
    if let rule = model.recordRule, !rules.types.contains(model.type) {
      rules.add(model.type, rule)
    }
    var plan = WorldPlan(registry: registry, allocators: allocators, recordRules: rules)
    plan.objects = manifests.map(\.object)
    try check(plan, manifests)
    return ModelTrial(model: model, path: path, digest: digest).scenario(plan)
  }

  private static func model(
    in documents: [YAMLDocument], at field: FieldReader, _ file: String
  ) throws(SourceDiagnostic) -> YAMLDocument {
    guard let document = documents.first, documents.count == 1, ControllerModel.isModel(document)
    else {
      throw field.mistake(
        "\(file) is no controller model",
        expected: "a file with one document of kind: ControllerModel")
    }
    return document
  }

  /// Where a document says what it is; it begins with the line that tells it from the one before.
  private static func kindMark(_ document: YAMLDocument) -> SourceMark? {
    document.mark(of: FieldPath(Fields.kind))
  }

  private static func isScenario(_ document: YAMLDocument) -> Bool {
    document.value[Fields.kind]?.string == "Scenario"
  }

  private func parse(
    _ path: String, _ read: FileReader, _ digest: inout StableHash, from include: FieldReader? = nil
  ) throws(SourceDiagnostic) -> [YAMLDocument] {
    let bytes: [UInt8]
    do { bytes = try read(path) } catch {
      // A file that another one names is missing at the place where it is named.
      throw include?.mistake(error.message) ?? error
    }
    digest.combine(String(decoding: bytes, as: UTF8.self))
    do {
      return try YAMLParser.documents(in: YAMLSource(name: path, bytes: bytes))
    } catch {
      throw error.diagnostic
    }
  }

  /// The world is tried out before it is run, so that what its server refuses is shown at its place.
  private func check(_ plan: WorldPlan, _ manifests: [Manifest]) throws(SourceDiagnostic) {
    do { _ = try World(plan) } catch {
      throw manifests[error.index].mistake(error.reason)
    }
  }

  /// The scenario's name, which names files too.
  private static func name(in root: FieldReader) throws(SourceDiagnostic) -> String {
    let metadata = try root.required("metadata", "{name: …}")
    try metadata.allow(["name", "labels", "annotations"])
    return try metadata.required("name", "the scenario's name").subdomain()
  }

  /// A path that is written in a file, seen from where the file is.
  static func resolve(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }
}

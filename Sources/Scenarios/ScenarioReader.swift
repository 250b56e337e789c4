public import APIAllocation
public import APIMachinery
public import Allocation
import Simulation
public import YAMLCoding
import Exploration
import ValueTree

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
    guard let document = scenarios.first else {
      throw SourceDiagnostic(
        "\(path) holds no Scenario", at: documents.first?.startMark,
        expected: "a document with kind: Scenario and apiVersion: drydock.dev/v1alpha1")
    }
    guard scenarios.count == 1 else {
      throw SourceDiagnostic(
        "\(path) holds \(scenarios.count) Scenarios", at: scenarios[1].startMark,
        expected: "one Scenario a file")
    }
    let root = FieldReader(document)
    try root.allow(["apiVersion", "kind", "metadata", "spec"])
    let spec = try root.required("spec", "what the scenario is made of")
    try spec.allow([
      "description", "include", "processes", "workload", "faults", "limits",
    ])
    var manifests: [Manifest] = []
    for include in try spec.list("include") {
      let file = Self.resolve(try include.string(), beside: path)
      for document in try parse(file, read, &digest) {
        manifests.append(try ManifestReader(registry: registry).manifest(document))
      }
    }
    for document in documents where !Self.isScenario(document) {
      manifests.append(try ManifestReader(registry: registry).manifest(document))
    }
    var plan = WorldPlan(registry: registry, allocators: allocators, recordRules: recordRules)
    plan.objects = try checked(manifests)
    plan.processes = try ProcessDecoder(controllers: controllers).processes(in: spec)
    plan.workload = try WorkloadDecoder(registry: registry).steps(in: spec)
    try LimitsDecoder.decode(spec, into: &plan)
    let faults = try FaultsDecoder(processes: plan.processes.map(\.name)).faults(in: spec)
    let metadata = try root.required("metadata", "{name: …}")
    return Scenario(
      name: try metadata.required("name", "the scenario's name").string(),
      summary: try spec.field("description").map { field throws(SourceDiagnostic) in
        try field.string()
      } ?? "",
      plan: plan, script: faults.script, budget: faults.budget, path: path,
      digest: digest.value)
  }

  private static func isScenario(_ document: YAMLDocument) -> Bool {
    document.value[Fields.kind]?.string == "Scenario"
  }

  private func parse(
    _ path: String, _ read: FileReader, _ digest: inout StableHash
  ) throws(SourceDiagnostic) -> [YAMLDocument] {
    let bytes = try read(path)
    digest.combine(String(decoding: bytes, as: UTF8.self))
    do {
      return try YAMLParser.documents(in: YAMLSource(name: path, bytes: bytes))
    } catch {
      throw error.diagnostic
    }
  }

  /// Pools are tried out before the world begins, so that a mistake is shown at its place.
  private func checked(_ manifests: [Manifest]) throws(SourceDiagnostic) -> [APIObject] {
    for manifest in manifests where manifest.object.type == Pool.type {
      do {
        let pool = Pool(manifest.object)
        _ = try pool.book(allocators)
        _ = try pool.backing()
      } catch {
        throw manifest.mistake(error)
      }
    }
    return manifests.map(\.object)
  }

  /// A path that is written in a file, seen from where the file is.
  static func resolve(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }
}

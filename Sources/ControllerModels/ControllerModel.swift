public import APIAllocation
public import APIMachinery
import Allocation
public import ControllerRuntime
import Scalars
public import ValueTree
public import YAMLCoding

/// `kind: ControllerModel`: a controller described in YAML.
///
/// - Guarantees: a model that was read has no step out of reach and no name that is used before it is set, and its
///   expressions are compiled. Its reconciles are step machines: quick to run, to copy and to hash.
public struct ControllerModel: Sendable {
  /// The controller's name.
  public let name: String
  /// What the model shows, in a sentence.
  public let summary: String
  /// The kind whose objects are reconciled.
  public let type: ResourceType
  /// How many keys are worked on at a time, where nothing else is said.
  public let workers: Int
  /// What the model remembers between reconciles.
  public let variableNames: [String]
  /// How objects of the kind tell what they hold, where the model says so.
  public let recordRule: RecordRules.Rule?
  let program: ModelProgram
  let watches: [Watch]
  let election: LeaderElection?

  /// Whether a document is a model.
  public static func isModel(_ document: YAMLDocument) -> Bool {
    document.value[Fields.kind]?.string == "ControllerModel"
  }

  /// Reads and compiles a model.
  ///
  /// - Parameters:
  ///   - document: The model.
  ///   - registry: The kinds that there are.
  ///   - initial: What variables of the model begin with, where that is not what it says.
  ///   - knowsFields: Whether objects of a kind have the fields of its schema and will not get others.
  /// - Throws: `SourceDiagnostic` with the place of the first mistake.
  public init(
    reading document: YAMLDocument, registry: ResourceRegistry = .builtIn,
    initial: [(name: String, value: Value)] = [],
    knowsFields: @escaping @Sendable (ResourceType) -> Bool = { _ in true }
  ) throws(SourceDiagnostic) {
    let root = ModelNode(document)
    try root.check(.object(ModelDefinition.root))
    guard let spec = root["spec"], let metadata = root["metadata"], let own = spec["for"] else {
      preconditionFailure("what is required has been checked")
    }
    let name = metadata["name"]?.text ?? ""
    if let problem = DNSNames.dns1123Subdomain(name), let node = metadata["name"] {
      throw node.mistake("\"\(name)\" is no name: \(problem)")
    }
    let type = try ModelCompiler.kind(own["kind"] ?? own, registry)
    let builder = try ModelBuilder(
      name: name, spec: spec, type: type, registry: registry, initial: initial,
      knowsFields: knowsFields)
    variableNames = builder.variables.map(\.name).filter { $0 != ModelCompiler.expectationsName }
    self.name = name
    self.type = type
    summary = spec["description"]?.text ?? ""
    workers = spec["workers"]?.int ?? 1
    program = try builder.program()
    watches = try builder.watches()
    election = try spec["leaderElection"].map { node throws(SourceDiagnostic) in
      try Self.election(node)
    }
    recordRule = try spec["records"].map { node throws(SourceDiagnostic) in
      try Self.recordRule(node)
    }
  }

  /// The controller.
  ///
  /// - Parameter workers: How many keys are worked on at a time; nil for what the model says.
  /// - Returns: a controller that runs the model.
  public func controller(workers: Int? = nil) -> Controller {
    let program = program
    let controller = Controller(
      name, watching: watches, workers: workers ?? self.workers,
      program: .steps { ModelReconcile(program, $0) })
    return election.map { controller.elected($0) } ?? controller
  }

  private static func election(_ node: ModelNode) throws(SourceDiagnostic) -> LeaderElection {
    func duration(_ name: String, _ initial: GoDuration) -> GoDuration {
      node[name]?.duration ?? initial
    }
    let lease = duration("leaseDuration", .seconds(15))
    let deadline = duration("renewDeadline", .seconds(10))
    let retry = duration("retryPeriod", .seconds(2))
    let problem = LeaderElection.problem(
      leaseDuration: lease, renewDeadline: deadline, retryPeriod: retry)
    if let problem { throw node.mistake(problem, expected: "15s, 10s and 2s, or times like these") }
    return LeaderElection(
      lease: node["lease"]?.text ?? "", namespace: node["namespace"]?.text ?? "default",
      leaseDuration: lease, renewDeadline: deadline, retryPeriod: retry,
      isFencing: node["fencing"]?.isTrue ?? true)
  }

  // MARK: Records

  private static func recordRule(
    _ node: ModelNode
  ) throws(SourceDiagnostic) -> RecordRules.Rule {
    let pool: RecordPlace.PoolName
    do { pool = try RecordPlace.PoolName(parsing: node["pool"]?.text ?? "") } catch {
      throw (node["pool"] ?? node).mistake("\(error)")
    }
    return RecordPlace(
      items: try path(node["items"]), name: node["name"].map { Key($0.text) },
      generation: node["generation"].map { Key($0.text) }, pool: pool,
      requestKey: node["key"]?.text ?? "default",
      owner: try node["owner"].map { node throws(SourceDiagnostic) in try path(node) }
    ).rule
  }

  private static func path(_ node: ModelNode?) throws(SourceDiagnostic) -> FieldPath {
    guard let node else { return .root }
    do { return try FieldPath(parsing: node.text) } catch { throw node.mistake("\(error)") }
  }
}

extension ControllerModel {
  /// The pools that the model names outright, sorted.
  public var poolNames: [String] {
    var names: Set<String> = []
    for instruction in program.code {
      guard case .pool(let step) = instruction else { continue }
      if case .program(.constant(.text(let name))?, _) = step.pool.form { names.insert(name) }
    }
    return names.sorted()
  }

  /// Whether steps of the model make pools.
  public var makesPools: Bool {
    program.code.contains { instruction in
      if case .create(let step) = instruction { return step.type == Pool.type }
      return false
    }
  }

  /// The first step that names a pool which is not there, unless it says what is done then.
  ///
  /// - Parameter names: The pools that there are, or may be.
  /// - Returns: the mistake, with its place in the model; nil without one.
  public func unknownPool(among names: [String]) -> SourceDiagnostic? {
    for instruction in program.code {
      guard case .pool(let step) = instruction,
        case .program(.constant(.text(let name))?, _) = step.pool.form,
        !names.contains(name),
        !step.reactions.byReason.contains(where: { $0.reason == "UnknownPool" })
      else { continue }
      return step.pool.place.unknown("pool", name, among: names)
    }
    return nil
  }
}

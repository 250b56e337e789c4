import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import CEL
import ControllerModels
import PersistentCollections
import Scalars
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.properties`: expressions over the world.
struct PropertiesDecoder {
  private let registry: ResourceRegistry
  private let environment: Environment
  /// By slot from 0: the kinds.
  private let kinds: [ResourceType]

  private enum Name {
    static let pools = "pools"
    static let grants = "grants"
    static let processes = "processes"
    static let workload = "workload"
    static let clock = "now"
    static let elapsed = "elapsed"
    static let all = [pools, grants, processes, workload, clock, elapsed]
  }

  /// What is known of the variables; the kinds' objects are made when they are asked for.
  private let outlines: [String: Outline]
  private let knowsFields: @Sendable (ResourceType) -> Bool

  /// A decoder for a world that begins with the plan's objects and gets those of the workload.
  ///
  /// - Parameters:
  ///   - registry: The kinds that there are.
  ///   - plan: The world's plan.
  ///   - knowsFields: Whether objects of a kind have the fields of its schema and will not get others.
  init(
    registry: ResourceRegistry, plan: WorldPlan,
    knowsFields: @escaping @Sendable (ResourceType) -> Bool
  ) {
    self.registry = registry
    self.knowsFields = knowsFields
    outlines = Self.outlines(of: plan)
    var environment = Environment()
    var kinds: [ResourceType] = []
    // Where two groups have a kind of this name, a property means the one that a step means.
    let meant = registry.types.filter { registry.type(named: $0.kind)?.index == $0.index }
    for type in meant + registry.types where environment.slot("objects.\(type.kind)") == nil {
      environment.declare("objects.\(type.kind)", .list(.dyn))
      kinds.append(type)
    }
    environment.declare(Name.pools, .map(.string, .dyn))
    environment.declare(Name.grants, .list(.dyn))
    environment.declare(Name.processes, .map(.string, .dyn))
    environment.declare(Name.workload, .map(.string, .dyn))
    environment.declare(Name.clock, .timestamp)
    environment.declare(Name.elapsed, .duration)
    self.environment = environment
    self.kinds = kinds
  }

  func properties(in spec: FieldReader) throws(SourceDiagnostic) -> [WorldProperty] {
    var properties: [WorldProperty] = []
    for entry in try spec.list("properties") {
      let modes = WorldProperty.Mode.allCases
      try entry.allow(["name"] + modes.map(\.rawValue))
      let nameField = try entry.required("name", "the property's name")
      let name = try nameField.string()
      guard !properties.contains(where: { $0.name == name }) else {
        throw nameField.mistake("there are two properties \"\(name)\"")
      }
      let given = modes.filter { entry.field($0.rawValue) != nil }
      guard given.count == 1, let mode = given.first, let field = entry.field(mode.rawValue) else {
        throw entry.mistake(
          given.isEmpty ? "the property says nothing" : "a property says one thing",
          expected: "one of \(modes.map(\.rawValue).joined(separator: ", ")) with an expression")
      }
      properties.append(try property(name, mode, field))
    }
    return properties
  }

  private func property(
    _ name: String, _ mode: WorldProperty.Mode, _ field: FieldReader
  ) throws(SourceDiagnostic) -> WorldProperty {
    let text = try field.string()
    let program: Program
    do { program = try environment.compile(text, expecting: .bool) } catch {
      throw mistake(error, text, field)
    }
    try refuseUnknown(in: program, field)
    let slots = program.variableSlots
    let read = slots.filter { $0 < kinds.count }.map { (slot: $0, type: kinds[$0]) }
    let names = slots.filter { $0 >= kinds.count }.map { environment.variables[$0].name }
    let reads = WorldProperty.Reads(
      kinds: read.map(\.type), pools: names.contains(Name.pools) || names.contains(Name.grants),
      processes: names.contains(Name.processes) || names.contains(Name.workload),
      time: names.contains(Name.clock) || names.contains(Name.elapsed))
    let scope = environment
    return WorldProperty(name: name, mode: mode, text: text, reads: reads) { world in
      var bindings = Bindings(scope)
      for (slot, type) in read { bindings[slot] = Self.objects(of: type, in: world) }
      for name in names { bindings[name] = Self.value(of: name, in: world) }
      var evaluator = Evaluator()
      do throws(EvaluationError) {
        return try evaluator.holds(program, bindings) ? .holds : .fails
      } catch { return .error(error.message) }
    }
  }

  // MARK: Names that nothing has

  private static func outlines(of plan: WorldPlan) -> [String: Outline] {
    [
      Name.pools: Outline(
        fieldsOf: "pools", plan.poolNames,
        values: Outline(fieldsOf: "a pool", ["closing", "free", "open", "total"])),
      Name.grants: .list(
        Outline(
          fieldsOf: "a grant",
          ["actor", "closing", "generation", "holder", "item", "owner", "pool", "recorded"])),
      Name.processes: Outline(
        fieldsOf: "processes", plan.processes.map(\.name),
        values: Outline(fieldsOf: "a process", ["keys", "leading", "restarts", "running"])),
      Name.workload: Outline(fieldsOf: "workload", ["done", "step"]),
    ]
  }

  private func outline(of name: String) -> Outline {
    if let outline = outlines[name] { return outline }
    guard let slot = environment.slot(name), slot < kinds.count else { return .open }
    let type = kinds[slot]
    return .list(Outline(objectsOf: type, knowsFields: knowsFields(type)))
  }

  /// Refuses what would be an error in every world, and look like a property that fails: a pool that nobody makes, a
  /// process that there is not, a field that no object has.
  private func refuseUnknown(
    in program: Program, _ field: FieldReader
  ) throws(SourceDiagnostic) {
    guard let unknown = program.unknownFields(given: outline).first else { return }
    let record = unknown.record
    let subjects = [Name.pools: "pool", Name.processes: "process"]
    let names = record.names.joined(separator: ", ")
    var message = "\(record.subject) has no field \"\(record.path(of: unknown.name))\""
    var expected = record.names.isEmpty ? nil : "one of \(names)"
    if record.path.isEmpty, let what = subjects[record.subject] {
      message = "there is no \(what) \"\(unknown.name)\""
      expected = record.names.isEmpty ? "a \(what) in the scenario" : names
    }
    throw SourceDiagnostic(
      message, at: mark(of: unknown.place, program.expression, field), expected: expected,
      suggestion: SourceDiagnostic.suggestion(for: unknown.name, among: record.names))
  }

  /// The mistake at its place in the file, where the expression stands there as it is.
  private func mistake(
    _ error: CompilationError, _ text: String, _ field: FieldReader
  ) -> SourceDiagnostic {
    guard let issue = error.issues.first else { return field.mistake("\(error)") }
    let mark = mark(of: issue.place, text, field)
    let isName = issue.message.contains("undeclared reference")
    let word = Self.word(of: text, at: issue.place.column)
    var known = Name.all
    if word.hasPrefix("objects") { known = kinds.map { "objects.\($0.kind)" } }
    return SourceDiagnostic(
      isName
        ? "there is no name \"\(word)\""
        : issue.message.replacing(" (in container '')", with: ""),
      at: mark,
      expected: isName
        ? "objects.KIND, \(Name.all.joined(separator: ", "))"
        : "a CEL expression that is true or false",
      suggestion: isName ? SourceDiagnostic.suggestion(for: word, among: known) : nil)
  }

  /// A place in an expression within the file, where the expression stands there as it is.
  private func mark(of place: SourcePlace, _ text: String, _ field: FieldReader) -> SourceMark? {
    guard let base = field.document.mark(of: field.path) else { return nil }
    guard place.line == 1, let start = base.lineText.range(ofText: text) else { return base }
    return SourceMark(
      file: base.file, line: base.line, column: start + place.column, lineText: base.lineText)
  }

  /// The name at a column, with the dots in it.
  private static func word(of text: String, at column: Int) -> String {
    var word = ""
    for scalar in text.unicodeScalars.dropFirst(max(0, column - 1)) {
      guard
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "_.".contains(Character(scalar))
      else { break }
      word.unicodeScalars.append(scalar)
    }
    let parts = word.split(separator: ".")
    return parts.prefix(parts.first == "objects" ? 2 : 1).joined(separator: ".")
  }

  // MARK: The world as values

  private static func objects(of type: ResourceType, in world: borrowing World) -> CELValue {
    .list(world.server.store.list(type).map { CELValue($0.value) })
  }

  private static func value(of name: String, in world: borrowing World) -> CELValue {
    switch name {
    case Name.pools: pools(world)
    case Name.grants: grants(world)
    case Name.processes: processes(world)
    case Name.workload:
      CELValue([
        "step": Value(world.userSteps),
        "done": Value(world.userSteps >= world.plan.workload.count),
      ])
    case Name.clock: .timestamp(world.now)
    default: .duration(world.now - world.plan.startTime)
    }
  }

  private static func pools(_ world: borrowing World) -> CELValue {
    var entries: [(String, CELValue)] = []
    for book in world.allBooks where !entries.contains(where: { $0.0 == book.name }) {
      let capacity = book.capacity
      entries.append(
        (
          book.name,
          CELValue([
            "total": Value(capacity.total), "free": Value(capacity.free),
            "open": Value(capacity.open), "closing": Value(capacity.closing),
          ])
        ))
    }
    return .map(CELMap(entries))
  }

  private static func grants(_ world: borrowing World) -> CELValue {
    var grants: [CELValue] = []
    for open in world.ledger.openGrants {
      grants.append(
        CELValue([
          "pool": Value(open.grant.pool), "item": Value(open.grant.item),
          "generation": Value(Int64(open.grant.generation)),
          "owner": Value(open.grant.owner.description), "holder": Value(open.holder),
          "actor": Value(open.actor), "closing": Value(open.isClosing),
          "recorded": Value(world.isRecorded(open.grant)),
        ]))
    }
    return .list(grants)
  }

  private static func processes(_ world: borrowing World) -> CELValue {
    .map(
      CELMap(
        world.processViews.map { process in
          (
            process.name,
            CELValue([
              "running": Value(process.isRunning), "restarts": Value(process.restarts),
              "leading": Value(process.isLeading), "keys": Value(process.keys),
            ])
          )
        }))
  }
}

extension WorldPlan {
  /// The pools that there are, or will be, by name.
  var poolNames: [String] {
    var objects = objects
    for step in workload {
      if case .apply(let object) = step.action { objects.append(object) }
    }
    return Set(objects.lazy.filter { $0.type == Pool.type }.map(\.name)).sorted()
  }
}

extension String {
  /// Where another text begins in this one, in scalars.
  fileprivate func range(ofText text: String) -> Int? {
    let here = Array(unicodeScalars)
    let wanted = Array(text.unicodeScalars)
    guard !wanted.isEmpty, here.count >= wanted.count else { return nil }
    for start in 0...(here.count - wanted.count)
    where here[start..<start + wanted.count].elementsEqual(wanted) {
      return start
    }
    return nil
  }
}

import APIMachinery
import CEL
import ControllerRuntime
import Scalars
import ValueTree
import YAMLCoding

/// Makes a model's program and watches from its spec, whose shape has been checked.
struct ModelBuilder {
  let name: String
  let spec: ModelNode
  let type: ResourceType
  let registry: ResourceRegistry
  let scope: Scope
  let variables: [Variable]
  private let procedures: [String: ModelNode]
  private let finalizer: String?
  let outlines: NameOutlines

  /// Names that there always are; most have to be set before they are used.
  private static let standardNames = [
    "object", "request", "error", "grants", "item", "old", "event",
    ModelCompiler.expectationsName,
  ]
  private static let startName = "process-is-ready"

  // `initial` is what variables begin with, where that is not what the model says.
  init(
    name: String, spec: ModelNode, type: ResourceType, registry: ResourceRegistry,
    initial: [(name: String, value: Value)] = [],
    knowsFields: @escaping @Sendable (ResourceType) -> Bool = { _ in true }
  ) throws(SourceDiagnostic) {
    self.name = name
    self.spec = spec
    self.type = type
    self.registry = registry
    finalizer = spec["finalizer"]?.text
    var procedures: [String: ModelNode] = [:]
    for (name, node) in spec["procedures"]?.members ?? [] { procedures[name] = node }
    self.procedures = procedures
    var names = Self.standardNames
    for (variable, node) in spec["variables"]?.members ?? [] {
      guard ModelNode.isIdentifier(variable), !names.contains(variable) else {
        throw node.mistakeAtKey(
          "\"\(variable)\" cannot name a variable",
          expected: "letters, digits and underscores, and none of "
            + Self.standardNames.joined(separator: ", "))
      }
      names.append(variable)
    }
    try Self.gather(spec, into: &names)
    guard names.count < 400 else { throw spec.mistake("a model has at most 400 names") }
    let constants = finalizer.map { [(name: "finalizer", text: $0)] } ?? []
    let scope = Scope(names: names, constants: constants)
    self.scope = scope
    variables = Self.variables(of: spec, model: name, scope, initial)
    outlines = NameOutlines(of: spec, type, registry, scope, knowsFields: knowsFields)
  }

  private static func variables(
    of spec: ModelNode, model: String, _ scope: Scope, _ initial: [(name: String, value: Value)]
  ) -> [Variable] {
    var result: [Variable] = []
    for (name, node) in spec["variables"]?.members ?? [] {
      let given = initial.first { $0.name == name }?.value
      result.append(
        Variable(
          name: name, register: scope.registers[name] ?? 0,
          isOfObject: node["scope"]?.text == "object",
          initial: (given ?? node["initial"]?.value ?? .null).detached(),
          memoryName: "\(model).\(name)"))
    }
    let name = ModelCompiler.expectationsName
    result.append(
      Variable(
        name: name, register: scope.registers[name] ?? 0, isOfObject: true,
        initial: ["creates": 0, "deletes": 0], memoryName: "\(model).\(name)"))
    return result
  }

  /// The names that steps set.
  private static func gather(
    _ node: ModelNode, into names: inout [String]
  ) throws(SourceDiagnostic) {
    for (key, member) in node.members {
      switch key {
      case "as", "changed": try gather(name: member, into: &names)
      case "clock": if !names.contains("now") { names.append("now") }
      case "set":
        for (name, _) in member.members where ModelNode.isIdentifier(name) && !names.contains(name)
        {
          names.append(name)
        }
      // What these set are fields of objects.
      case "update", "updateStatus", "create":
        for field in ["as", "changed"] {
          if let name = member[field] { try gather(name: name, into: &names) }
        }
        continue
      case "template", "initial": continue
      default: break
      }
      if member.value.isMap || member.value.isList { try gather(member, into: &names) }
    }
    if node.value.isList {
      for element in node.elements { try gather(element, into: &names) }
    }
  }

  private static func gather(
    name node: ModelNode, into names: inout [String]
  ) throws(SourceDiagnostic) {
    guard let name = node.value.string, !names.contains(name) else { return }
    guard ModelNode.isIdentifier(name) else {
      throw node.mistake(
        "\"\(name)\" is no name",
        expected: "letters, digits and underscores, and no word that CEL has")
    }
    names.append(name)
  }

  // MARK: Programs

  /// A compiler of reconciles, or of what is done about events that are about objects of a kind.
  private func compiler(handling events: ResourceType? = nil) -> ModelCompiler {
    ModelCompiler(
      registry: registry, type: type, finalizer: finalizer, procedures: procedures, scope: scope,
      variables: variables, isHandler: events != nil,
      outlines: events.map { outlines.with(["object", "old"], being: $0) } ?? outlines)
  }

  /// The program of the model's reconciles.
  func program() throws(SourceDiagnostic) -> ModelProgram {
    var compiler = compiler()
    var startRange = 0..<0
    var startVariable: Int?
    if let start = spec["start"] {
      let variable = compiler.variables.count
      startVariable = variable
      startRange = try compiler.start(start, named: "\(name).\(Self.startName)")
    }
    try compiler.body(spec["steps"])
    compiler.current = nil
    compiler.emit(.finish(.done))
    let error = compiler.register("error")
    let request = compiler.register("request")
    try FlowCheck.check(compiler, set: [request], errorRegister: error)
    try checkProcedures()
    return ModelProgram(
      name: name, type: type, registry: registry, code: compiler.code, scope: scope,
      registerCount: compiler.registerCount, variables: compiler.variables,
      requestRegister: request, errorRegister: error, startRange: startRange,
      startVariable: startVariable)
  }

  /// A procedure that nobody calls is a mistake, and may hold others.
  private func checkProcedures() throws(SourceDiagnostic) {
    var called: [String] = []
    Self.gatherCalls(spec, into: &called)
    for (name, node) in spec["procedures"]?.members ?? [] where !called.contains(name) {
      throw node.mistakeAtKey(
        "nothing calls the procedure \"\(name)\"", expected: "call: \(name), or no procedure")
    }
  }

  private static func gatherCalls(_ node: ModelNode, into names: inout [String]) {
    for (key, member) in node.members {
      if key == "call", let name = member.value.string { names.append(name) }
      gatherCalls(member, into: &names)
    }
    if node.value.isList { for element in node.elements { gatherCalls(element, into: &names) } }
  }

  /// The program of a handler of events about objects of a kind.
  func handler(
    _ steps: ModelNode, of watched: ResourceType
  ) throws(SourceDiagnostic) -> ModelProgram {
    var compiler = compiler(handling: watched)
    try compiler.body(steps)
    compiler.current = nil
    compiler.emit(.finish(.done))
    let error = compiler.register("error")
    let request = compiler.register("request")
    let set = [request] + ["object", "old", "event"].map { compiler.register($0) }
    try FlowCheck.check(compiler, set: set, errorRegister: error)
    return ModelProgram(
      name: name, type: type, registry: registry, code: compiler.code, scope: scope,
      registerCount: compiler.registerCount, variables: compiler.variables,
      requestRegister: request, errorRegister: error)
  }
}

extension ModelCompiler {
  /// How often a worker looks whether another one has rebuilt memory.
  private static let startPause = GoDuration.milliseconds(10)

  /// Compiles what a process does before its first key: one worker does it, others wait.
  ///
  /// - Returns: the instructions whose failure lets the next worker begin anew.
  mutating func start(
    _ node: ModelNode, named name: String
  ) throws(SourceDiagnostic) -> Range<Int> {
    let register = hiddenRegister()
    let variable = variables.count
    variables.append(
      Variable(
        name: name, register: register, isOfObject: false, initial: 0, memoryName: name))
    let state = Native.path(register, NativePath([]))
    let load = emit(.load(variable), isSynthetic: true)
    let isDone = branch(.equal(state, .constant(.int(2))), node)
    let over = emit(.jump(-1), isSynthetic: true)
    code[isDone.place] = .branch(isDone.condition, otherwise: code.count)
    let isRunning = branch(.equal(state, .constant(.int(1))), node)
    emit(.sleep(Self.startPause), isSynthetic: true)
    emit(.jump(load), isSynthetic: true)
    code[isRunning.place] = .branch(isRunning.condition, otherwise: code.count)
    set(register, 1, node, storing: variable)
    let first = code.count
    isInStart = true
    returns.append([])
    try body(node)
    for jump in returns.removeLast() { code[jump] = .jump(code.count) }
    isInStart = false
    let end = code.count
    set(register, 2, node, storing: variable)
    code[over] = .jump(code.count)
    return first..<end
  }

  private mutating func set(
    _ register: Int, _ value: Value, _ node: ModelNode, storing variable: Int
  ) {
    emit(
      .set([Assignment(register: register, expression: constant(value, node))]), isSynthetic: true)
    emit(.store(variable), isSynthetic: true)
  }

  private mutating func branch(
    _ native: Native, _ node: ModelNode
  ) -> (place: Int, condition: Expression) {
    guard let program = try? scope.environment.compile("false") else {
      preconditionFailure("false is an expression")
    }
    let condition = Expression(form: .program(native, program), reads: [], place: node)
    return (emit(.branch(condition, otherwise: -1), isSynthetic: true), condition)
  }
}

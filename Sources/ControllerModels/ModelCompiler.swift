import APIMachinery
import CEL
import ControllerRuntime
import Scalars
import ValueTree
import YAMLCoding

/// Turns steps into instructions.
struct ModelCompiler {
  let registry: ResourceRegistry
  /// The model's own kind.
  let type: ResourceType
  let finalizer: String?
  let procedures: [String: ModelNode]
  let scope: Scope
  /// Whether the steps are a handler's, which has no effects.
  let isHandler: Bool
  /// What names stand for.
  var outlines: NameOutlines

  var code: ContiguousArray<Instruction> = []
  /// By instruction: the step that it is of; nil for what no step says.
  var places: [ModelNode?] = []
  var variables: [Variable]
  var registerCount: Int
  var labels: [LabelTable] = []
  var calls: [String] = []
  /// By call that is open: jumps to behind it.
  var returns: [[Int]] = []
  /// The step whose instructions are being made.
  var current: ModelNode?
  /// Whether `done` only ends the steps that rebuild memory.
  var isInStart = false

  /// The labels of a run of steps, and the jumps that wait for them.
  struct LabelTable {
    var places: [String: Int] = [:]
    var names: [String] = []
    var jumps: [(instruction: Int, label: String, node: ModelNode)] = []
  }

  init(
    registry: ResourceRegistry, type: ResourceType, finalizer: String?,
    procedures: [String: ModelNode], scope: Scope, variables: [Variable], isHandler: Bool,
    outlines: NameOutlines
  ) {
    self.outlines = outlines
    self.registry = registry
    self.type = type
    self.finalizer = finalizer
    self.procedures = procedures
    self.scope = scope
    self.variables = variables
    self.isHandler = isHandler
    registerCount = scope.names.count
  }

  // MARK: Emitting

  @discardableResult
  mutating func emit(_ instruction: Instruction, isSynthetic: Bool = false) -> Int {
    code.append(instruction)
    places.append(isSynthetic ? nil : current)
    return code.count - 1
  }

  mutating func hiddenRegister() -> Int {
    registerCount += 1
    return registerCount - 1
  }

  func register(_ name: String) -> Int {
    guard let register = scope.registers[name] else {
      preconditionFailure("the names of a model are gathered before it is compiled: \(name)")
    }
    return register
  }

  /// The register that a name in a field means; one that nothing sets is told with those that something does.
  func register(_ node: ModelNode) throws(SourceDiagnostic) -> Int {
    guard let register = scope.registers[node.text] else {
      throw node.unknown("name", node.text, among: scope.names)
    }
    return register
  }

  /// Compiles an expression; what it reads of variables is read before the instruction that follows.
  ///
  /// - Parameters:
  ///   - node: The expression's place.
  ///   - expected: What it must give, as far as that is known before it runs; nil for anything.
  ///   - target: What its value is to become.
  /// - Returns: the expression.
  /// - Throws: a mistake in it, with its place.
  mutating func expression(
    _ node: ModelNode, expecting expected: CELType? = nil, for target: Outline = .open
  ) throws(SourceDiagnostic) -> Expression {
    let expression = try scope.compile(node, expecting: expected)
    try outlines.check(expression, for: target)
    load(expression.reads)
    return expression
  }

  mutating func expression(
    _ body: ModelNode?, _ field: String, expecting expected: CELType? = nil
  ) throws(SourceDiagnostic) -> Expression? {
    guard let node = body?[field] else { return nil }
    return try expression(node, expecting: expected)
  }

  private mutating func load(_ registers: [Int]) {
    for register in registers {
      guard let variable = variables.firstIndex(where: { $0.register == register }) else {
        continue
      }
      emit(.load(variable), isSynthetic: true)
    }
  }

  /// A duration that stands as it is, or an expression for one.
  mutating func duration(_ node: ModelNode) throws(SourceDiagnostic) -> Expression {
    if let text = node.value.string, GoDuration(text) != nil {
      return Expression(form: .constant(node.value.detached()), reads: [], place: node)
    }
    return try expression(node)
  }

  func constant(_ value: Value, _ place: ModelNode) -> Expression {
    Expression(form: .constant(value), reads: [], place: place)
  }

  func kind(_ node: ModelNode?) throws(SourceDiagnostic) -> ResourceType {
    guard let node else { return type }
    return try Self.kind(node, registry)
  }

  static func kind(
    _ node: ModelNode, _ registry: ResourceRegistry
  ) throws(SourceDiagnostic) -> ResourceType {
    guard let type = registry.type(named: node.text) else {
      throw node.mistake(
        "there is no kind \"\(node.text)\"",
        expected:
          "a kind, plural or short name that is built in or defined by a CustomResourceDefinition",
        suggestion: SourceDiagnostic.suggestion(
          for: node.text, among: registry.served.map(\.kind)))
    }
    return type
  }

  // MARK: Steps

  /// Compiles steps whose labels are their own.
  mutating func body(_ node: ModelNode?) throws(SourceDiagnostic) {
    labels.append(LabelTable())
    try steps(node)
    let table = labels.removeLast()
    for jump in table.jumps {
      guard let place = table.places[jump.label] else {
        throw jump.node.unknown("label", jump.label, among: table.names)
      }
      code[jump.instruction] = .jump(place)
    }
  }

  mutating func steps(_ node: ModelNode?) throws(SourceDiagnostic) {
    for step in node?.elements ?? [] { try self.step(step) }
  }

  private mutating func step(_ node: ModelNode) throws(SourceDiagnostic) {
    let outer = current
    current = node
    defer { current = outer }
    if let label = node["label"] {
      guard labels[labels.count - 1].places[label.text] == nil else {
        throw label.mistake("the label \"\(label.text)\" stands twice")
      }
      labels[labels.count - 1].places[label.text] = code.count
      labels[labels.count - 1].names.append(label.text)
    }
    let action = try node.action()
    if action.name == "label" { return }
    guard !isHandler || action.isLocal else {
      throw node[isThere: action.name, or: node].mistakeAtKey(
        "a handler cannot \(action.name): it has no effects",
        expected: "one of "
          + StepDefinition.all.filter(\.isLocal).map(\.name).joined(separator: ", "))
    }
    guard isHandler || !["enqueue", "drop"].contains(action.name) else {
      throw node[isThere: action.name, or: node].mistakeAtKey(
        "\(action.name) stands in handlers only",
        expected: "under handlers: added, updated or deleted")
    }
    var skip: Int?
    if let when = node["when"] {
      let condition = try expression(when, expecting: .bool)
      if let changed = node[action.name]?["changed"] {
        // What is left out has written nothing.
        let nothing = constant(false, changed)
        emit(
          .set([Assignment(register: register(changed.text), expression: nothing)]),
          isSynthetic: true)
      }
      skip = emit(.branch(condition, otherwise: -1), isSynthetic: true)
    }
    try self.action(action.name, node, node[action.name])
    if let skip, case .branch(let condition, _) = code[skip] {
      code[skip] = .branch(condition, otherwise: code.count)
    }
  }

  private mutating func action(
    _ name: String, _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    switch name {
    case "get": try get(step, body)
    case "list": try list(step, body)
    case "ensureFinalizer", "removeFinalizer": try changeFinalizer(name, step, body)
    case "update", "updateStatus": try write(name, step, body)
    case "create": try create(step, body)
    case "delete": try delete(step, body)
    case "allocate": try allocate(step, body)
    case "release": try release(step, body)
    case "beginRelease": try pool(.beginRelease, step, body)
    case "finishRelease": try pool(.finishRelease, step, body)
    case "held": try pool(.held, step, body, into: "grants")
    case "ledger": try pool(.outstanding, step, body, into: "grants")
    case "rebuild": try rebuild(step, body)
    default: try flow(name, step, body)
    }
  }

  private mutating func flow(
    _ name: String, _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    switch name {
    case "if": try choose(step, body)
    case "forEach": try loop(step, body)
    case "set": try set(body)
    case "goto":
      if let body { try jump(to: body) }
    case "call":
      if let body { try call(body) }
    case "done": end(.done)
    case "return": leave()
    case "requeue":
      if let after = body?.value.string == nil ? body?["after"] : body {
        emit(.requeue(after: try duration(after)))
      } else {
        emit(.finish(.requeueWithBackoff))
      }
    case "wait": emit(.sleep(body?.duration ?? .zero))
    case "fail": try fail(step, body)
    case "event": try event(step, body)
    case "random":
      if let body, let bound = body["below"], let into = body["as"] {
        emit(.draw(below: try expression(bound, expecting: .int), into: register(into.text)))
      }
    case "clock": emit(.clock(into: register(body?["as"]?.text ?? "now")))
    case "expect", "awaitExpectations": try expectations(name, body)
    case "enqueue": try enqueue(body)
    case "drop": emit(.drop)
    case "forget": try forget(body)
    default: preconditionFailure("every step that is defined is compiled: \(name)")
    }
  }

  // MARK: Control

  mutating func end(_ result: ReconcileResult) {
    if isInStart { return leave() }
    emit(.finish(result))
  }

  mutating func leave() {
    guard !returns.isEmpty else {
      emit(.finish(.done))
      return
    }
    returns[returns.count - 1].append(emit(.jump(-1)))
  }

  private mutating func choose(
    _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    guard let body else { return }
    guard step["then"] != nil || step["else"] != nil else {
      throw step.mistake("an if leads nowhere", expected: "then: or else: with steps beside it")
    }
    let condition = try expression(body, expecting: .bool)
    let branch = emit(.branch(condition, otherwise: -1))
    try steps(step["then"])
    var end: Int?
    if step["else"] != nil { end = emit(.jump(-1), isSynthetic: true) }
    code[branch] = .branch(condition, otherwise: code.count)
    try steps(step["else"])
    if let end { code[end] = .jump(code.count) }
  }

  private mutating func loop(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body else { return }
    guard let name = step["as"] else {
      throw step.mistake("\"forEach\" has no as", expected: "as: a name for each element")
    }
    let list = try expression(body)
    try loop(over: list, as: register(name.text)) { compiler throws(SourceDiagnostic) in
      try compiler.steps(step["do"])
    }
  }

  mutating func loop(
    over list: Expression, as item: Int,
    do body: (inout ModelCompiler) throws(SourceDiagnostic) -> Void
  ) throws(SourceDiagnostic) {
    let elements = hiddenRegister()
    let index = hiddenRegister()
    emit(
      .set([
        Assignment(register: elements, expression: list),
        Assignment(register: index, expression: constant(0, list.place)),
      ]))
    let start = emit(.jump(-1))
    try body(&self)
    emit(.jump(start), isSynthetic: true)
    code[start] = .next(Loop(list: elements, index: index, item: item, exit: code.count))
  }

  private mutating func set(_ body: ModelNode?) throws(SourceDiagnostic) {
    var assignments: [Assignment] = []
    for (name, node) in body?.members ?? [] {
      guard ModelNode.isIdentifier(name) else {
        throw node.mistakeAtKey(
          "\"\(name)\" is no name",
          expected: "letters, digits and underscores, and no word that CEL has")
      }
      assignments.append(Assignment(register: register(name), expression: try expression(node)))
    }
    guard !assignments.isEmpty else { return }
    emit(.set(assignments))
    for assignment in assignments {
      if let variable = variables.firstIndex(where: { $0.register == assignment.register }) {
        emit(.store(variable), isSynthetic: true)
      }
    }
  }

  mutating func jump(to node: ModelNode) throws(SourceDiagnostic) {
    let instruction = emit(.jump(-1))
    labels[labels.count - 1].jumps.append((instruction, node.text, node))
  }

  private mutating func call(_ node: ModelNode) throws(SourceDiagnostic) {
    guard let procedure = procedures[node.text] else {
      throw node.unknown("procedure", node.text, among: procedures.keys.sorted())
    }
    guard !calls.contains(node.text) else {
      throw node.mistake(
        "the procedure \"\(node.text)\" calls itself", expected: "goto or forEach for repeating")
    }
    calls.append(node.text)
    returns.append([])
    try body(procedure)
    for jump in returns.removeLast() { code[jump] = .jump(code.count) }
    calls.removeLast()
  }

  private mutating func fail(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body else { return }
    guard body.value.isMap, let message = body["message"] else {
      emit(.fail(FailStep(message: constant(body.value.detached(), body), kind: .error)))
      return
    }
    let kind = body["kind"].flatMap { FailStep.Kind(rawValue: $0.text) } ?? .error
    emit(.fail(FailStep(message: try expression(message, expecting: .string), kind: kind)))
  }

  private mutating func enqueue(_ body: ModelNode?) throws(SourceDiagnostic) {
    var after: Expression?
    if let node = body?["after"] { after = try duration(node) }
    emit(.enqueue(EnqueueStep(key: try key(body, type), after: after)))
  }

  private mutating func forget(_ body: ModelNode?) throws(SourceDiagnostic) {
    let named = body?.elements ?? []
    for node in named {
      guard let variable = variables.firstIndex(where: { $0.name == node.text }) else {
        throw node.unknown("variable", node.text, among: variables.map(\.name))
      }
      emit(.reset(variable))
    }
    guard named.isEmpty else { return }
    for (index, variable) in variables.enumerated() where variable.isOfObject {
      emit(.reset(index))
    }
  }
}

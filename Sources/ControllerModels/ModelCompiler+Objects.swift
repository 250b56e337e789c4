import APIMachinery
import CEL
import ControllerRuntime
import ValueTree
import YAMLCoding

extension ModelCompiler {
  // MARK: Reading

  /// The object that a step names, or the one of the key.
  mutating func key(
    _ body: ModelNode?, _ type: ResourceType
  ) throws(SourceDiagnostic) -> KeyExpression {
    KeyExpression(
      name: try expression(body, "name", expecting: .string),
      namespace: try expression(body, "namespace", expecting: .string),
      isNamespaced: type.definition.isNamespaced)
  }

  private static func source(_ body: ModelNode?) -> ReadSource {
    body?["from"]?.text == "server" ? .server : .cache
  }

  mutating func get(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    let start = code.count
    let type = try kind(body?["kind"])
    let key = try key(body, type)
    let reactions = try reactions(of: step, from: start)
    var missing = ReadStep.Missing.react(.finish(.done))
    if let node = body?["missing"] {
      switch node.text {
      case "continue": missing = .goOn
      case "fail": missing = .fail
      case "done": missing = isInStart ? .react(try reaction(node, from: start)) : missing
      default: missing = .react(try reaction(node, from: start))
      }
    } else if isInStart {
      missing = .goOn
    }
    emit(
      .read(
        ReadStep(
          type: type, key: key, source: Self.source(body),
          into: register(body?["as"]?.text ?? "object"), missing: missing,
          reactions: reactions.ignoring(to: code.count + 1), place: step)))
  }

  mutating func list(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body, let name = body["as"] else { return }
    let start = code.count
    let type = try kind(body["kind"])
    let namespace = try expression(body, "namespace", expecting: .string)
    let names = outlines
    outlines = names.with(["item"], being: type)
    let condition = try expression(body, "where", expecting: .bool)
    outlines = names
    let reactions = try reactions(of: step, from: start)
    emit(
      .list(
        ListStep(
          type: type, namespace: namespace, selector: try Self.selector(body["selector"]),
          condition: condition, item: register("item"), source: Self.source(body),
          into: register(name.text), reactions: reactions.ignoring(to: code.count + 1))))
  }

  static func selector(_ node: ModelNode?) throws(SourceDiagnostic) -> LabelSelector {
    guard let node else { return LabelSelector() }
    do { return try LabelSelector(parsing: node.text) } catch {
      throw node.mistake("\(error)", expected: "a label selector such as app=web,tier!=cache")
    }
  }

  // MARK: Writing

  /// The register of the object that a step changes, read again from the server where the step says so.
  private mutating func base(
    _ step: ModelNode, _ body: ModelNode?, _ reactions: Reactions
  ) throws(SourceDiagnostic) -> Int {
    let named = try body?["of"].map { node throws(SourceDiagnostic) in try register(node) }
    let base = named ?? register("object")
    guard body?["from"]?.text == "server" else { return base }
    let fresh = hiddenRegister()
    emit(
      .read(
        ReadStep(
          type: type, key: KeyExpression(isNamespaced: true), again: base, source: .server,
          into: fresh, missing: .fail, reactions: reactions.ignoring(to: code.count + 2),
          place: step)))
    return fresh
  }

  private func form(_ body: ModelNode?) throws(SourceDiagnostic) -> WriteStep.Form {
    guard let by = body?["by"] else { return .update }
    switch by.text {
    case "mergePatch": return .mergePatch
    case "jsonPatch": return .jsonPatch
    default: return .update
    }
  }

  private func finalizer(_ body: ModelNode?, _ step: ModelNode) throws(SourceDiagnostic) -> String {
    if let name = body?["name"]?.text ?? finalizer { return name }
    throw step.mistake(
      "the model has no finalizer", expected: "spec.finalizer: example.com/name, or name: here")
  }

  private func target(_ body: ModelNode?) -> Int {
    register(body?["as"]?.text ?? body?["of"]?.text ?? "object")
  }

  mutating func changeFinalizer(
    _ name: String, _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    let start = code.count
    let finalizer = try finalizer(body, step)
    let form = try form(body)
    let reactions = try reactions(of: step, from: start)
    let changed = flagIfEnding(body)
    let base = try base(step, body, reactions)
    emit(
      .write(
        WriteStep(
          base: base, into: target(body), changed: changed, subresource: nil, sets: [],
          removes: [],
          finalizer: name == "ensureFinalizer" ? .add(finalizer) : .remove(finalizer),
          form: form,
          hasResourceVersion: body?["resourceVersion"]?.isTrue ?? (form == .update),
          skipsUnchanged: true, reactions: reactions.ignoring(to: code.count + 1), place: step)))
    end(if: changed, body, step)
  }

  /// A register for whether something was written, where the reconcile ends after that.
  private mutating func flagIfEnding(_ body: ModelNode?) -> Int? {
    if let name = body?["changed"] { return register(name.text) }
    guard let then = body?["then"], then.text == "done" else { return nil }
    let changed = hiddenRegister()
    // An error that is ignored ends the reconcile too, as code that returns after the write does.
    emit(
      .set([Assignment(register: changed, expression: constant(true, then))]), isSynthetic: true)
    return changed
  }

  private mutating func end(if changed: Int?, _ body: ModelNode?, _ step: ModelNode) {
    guard let changed, body?["then"]?.text == "done" else { return }
    emit(.branch(flag(changed, step), otherwise: code.count + 2), isSynthetic: true)
    emit(.finish(.done), isSynthetic: true)
  }

  /// A condition that a hidden register holds.
  private func flag(_ register: Int, _ place: ModelNode) -> Expression {
    let native = Native.path(register, NativePath([]))
    guard let program = try? scope.environment.compile("false") else {
      preconditionFailure("false is an expression")
    }
    return Expression(form: .program(native, program), reads: [], place: place)
  }

  mutating func write(
    _ name: String, _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    let start = code.count
    let isStatus = name == "updateStatus"
    let form = try form(body)
    let prefix: [FieldPath.Step] = isStatus ? [.key(Fields.status)] : []
    let kind = outlines.type(of: body?["of"]?.text ?? "object")
    let sets = try sets(body, below: prefix, of: kind)
    var removes: [FieldPath] = []
    for node in body?["remove"]?.elements ?? [] {
      let path = try path(node.text, node, below: prefix)
      try check(path, of: kind, at: node)
      removes.append(path)
    }
    var change: WriteStep.FinalizerChange?
    if body?["addFinalizer"]?.isTrue == true { change = .add(try finalizer(body, step)) }
    if body?["removeFinalizer"]?.isTrue == true {
      change = .remove(try finalizer(body, step))
    }
    let reactions = try reactions(of: step, from: start)
    let changed = flagIfEnding(body)
    let base = try base(step, body, reactions)
    emit(
      .write(
        WriteStep(
          base: base, into: target(body), changed: changed,
          subresource: isStatus ? .status : nil, sets: sets, removes: removes, finalizer: change,
          form: form,
          hasResourceVersion: body?["resourceVersion"]?.isTrue ?? (form == .update),
          skipsUnchanged: body?["unchanged"]?.text != "write",
          reactions: reactions.ignoring(to: code.count + 1), place: step)))
    end(if: changed, body, step)
  }

  private mutating func sets(
    _ body: ModelNode?, below prefix: [FieldPath.Step] = [], of kind: ResourceType?
  ) throws(SourceDiagnostic) -> [(path: FieldPath, value: Expression)] {
    var result: [(path: FieldPath, value: Expression)] = []
    for (text, node) in body?["set"]?.members ?? [] {
      let path = try path(text, node, below: prefix)
      try check(path, of: kind, at: node)
      let target = outlines.outline(at: path, of: kind)
      result.append((path, try expression(node, for: target)))
    }
    return result
  }

  private static let serversOwn = [
    "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]

  private func path(
    _ text: String, _ node: ModelNode, below prefix: [FieldPath.Step]
  ) throws(SourceDiagnostic) -> FieldPath {
    let path: FieldPath
    do { path = try FieldPath(parsing: text) } catch { throw node.mistakeAtKey("\(error)") }
    let full = FieldPath(prefix + path.steps)
    if full.steps.count == 2, full.steps[0] == .key(Fields.metadata),
      case .key(let key) = full.steps[1], Self.serversOwn.contains(key.text)
    {
      throw node.mistakeAtKey("\(full) cannot be set: it is the server's", expected: "another path")
    }
    guard !full.isRoot else {
      throw node.mistakeAtKey("a path is empty", expected: "a path such as spec.replicas")
    }
    return full
  }

  // MARK: Children

  mutating func create(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body else { return }
    let start = code.count
    let type = try kind(body["kind"])
    guard (body["name"] == nil) != (body["generateName"] == nil) else {
      throw body.mistake(
        "an object has a name or a beginning of one", expected: "either name or generateName")
    }
    var template = Value.emptyMap
    if let node = body["template"] { template = try self.template(node, type) }
    let name = try expression(body, "name", expecting: .string)
    let generateName = try expression(body, "generateName", expecting: .string)
    let namespace = try expression(body, "namespace", expecting: .string)
    let sets = try sets(body, of: type)
    let owner: CreateStep.Owner =
      switch body["owner"]?.text {
      case "none": .none
      case "plain": .plain
      default: .controller
      }
    let reactions = try reactions(of: step, from: start)
    emit(
      .create(
        CreateStep(
          type: type, name: name, generateName: generateName, namespace: namespace,
          template: template, sets: sets,
          finalizer: body["addFinalizer"]?.isTrue == true ? try finalizer(nil, step) : nil,
          owner: owner, ownerRegister: register("object"),
          into: body["as"].map { register($0.text) },
          reactions: reactions.ignoring(to: code.count + 1), place: step)))
  }

  /// A template as an object's body.
  private func template(
    _ node: ModelNode, _ type: ResourceType
  ) throws(SourceDiagnostic) -> Value {
    guard node.value.isMap else {
      throw node.mistake("a template is no map", expected: "metadata, spec, …")
    }
    let body: Value
    do { body = try APIObject(decoding: node.value, as: type).body.detached() } catch {
      throw node.document.diagnostic(
        "\(error.path): \(error.message)", at: FieldPath(node.path.steps + error.path.steps))
    }
    try check(template: body, of: type, at: node)
    return body
  }

  mutating func delete(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    let start = code.count
    var register: Int?
    if let of = body?["of"] { register = try self.register(of) }
    if register == nil, body?["name"] == nil { register = self.register("object") }
    var type: ResourceType?
    if register == nil { type = try kind(body?["kind"]) }
    let key = try key(register == nil ? body : nil, type ?? self.type)
    let preconditions = body?["precondition"]?.elements.map(\.text) ?? []
    let reactions = try reactions(of: step, from: start)
    emit(
      .delete(
        DeleteStep(
          register: register, type: type, key: key, hasUID: preconditions.contains("uid"),
          hasResourceVersion: preconditions.contains("resourceVersion"),
          propagation: body?["propagation"].flatMap { PropagationPolicy(rawValue: $0.text) },
          reactions: reactions.ignoring(to: code.count + 1), place: step)))
  }

  // MARK: People

  mutating func event(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body, let message = body["message"] else { return }
    let named = try body["of"].map { node throws(SourceDiagnostic) in try register(node) }
    let text = try expression(message, expecting: .string)
    emit(
      .event(
        EventStep(
          register: named ?? register("object"), reason: body["reason"]?.text ?? "", message: text,
          isWarning: body["type"]?.text == "Warning", place: step)))
  }
}

import APIMachinery
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree
import YAMLCoding

/// Which events of a kind count, and what they change.
final class EventRules: Sendable {
  let selector: LabelSelector
  let predicates: [Predicate]
  let condition: Expression?
  let added: ModelProgram?
  let updated: ModelProgram?
  let deleted: ModelProgram?
  let dropsTombstones: Bool
  /// What evaluates the condition.
  let base: ModelProgram

  enum Predicate: String, Sendable {
    case generationChanged, resourceVersionChanged, labelsChanged, annotationsChanged
  }

  init(
    selector: LabelSelector, predicates: [Predicate], condition: Expression?, added: ModelProgram?,
    updated: ModelProgram?, deleted: ModelProgram?, dropsTombstones: Bool, base: ModelProgram
  ) {
    self.selector = selector
    self.predicates = predicates
    self.condition = condition
    self.added = added
    self.updated = updated
    self.deleted = deleted
    self.dropsTombstones = dropsTombstones
    self.base = base
  }

  var hasHandlers: Bool { added != nil || updated != nil || deleted != nil }

  /// Whether the event counts.
  func admits(_ event: InformerEvent) -> Bool {
    guard let object = event.object else { return false }
    if event.isTombstone, dropsTombstones { return false }
    // An object that leaves the selection is told of as its old state was in it.
    guard selector.matches(object) || event.old.map({ selector.matches($0) }) == true else {
      return false
    }
    if let old = event.old, let new = event.new, !predicates.isEmpty,
      !predicates.contains(where: { $0.holds(old, new) })
    {
      return false
    }
    guard let condition else { return true }
    var registers = base.registers
    Self.fill(&registers, event, base)
    // What cannot be decided is let through: a handler that throws would lose the event.
    return (try? condition.holds(registers, base.scope)) ?? true
  }

  /// Runs the handler for a key.
  ///
  /// - Returns: the keys that it queues besides, and whether the event queues the key itself.
  func run(
    _ event: InformerEvent, for key: ObjectKey, _ now: Timestamp, _ memory: inout ProcessMemory
  ) -> (orders: [QueueOrder], isDropped: Bool) {
    let program = event.new == nil ? deleted : event.old == nil ? added : updated
    guard let program else { return ([], false) }
    var machine = ModelReconcile(program, key)
    Self.fill(&machine.registers, event, program)
    return machine.handle(now, &memory)
  }

  private static func fill(
    _ registers: inout ContiguousArray<Register>, _ event: InformerEvent, _ program: ModelProgram
  ) {
    let names = program.scope.registers
    if let place = names["object"] { registers[place] = .object(event.object) }
    if let place = names["old"] { registers[place] = .object(event.old) }
    let kind = event.new == nil ? "deleted" : event.old == nil ? "added" : "updated"
    if let place = names["event"] { registers[place] = .value(Value(kind)) }
  }
}

extension EventRules.Predicate {
  func holds(_ old: APIObject, _ new: APIObject) -> Bool {
    switch self {
    case .generationChanged: old.header.generation != new.header.generation
    case .resourceVersionChanged: old.resourceVersion != new.resourceVersion
    case .labelsChanged: old.body[Fields.labelsPath] != new.body[Fields.labelsPath]
    case .annotationsChanged: old.body[Fields.annotationsPath] != new.body[Fields.annotationsPath]
    }
  }
}

extension ModelReconcile {
  /// Runs a handler to its end; a mistake in its expressions ends it, and the key is queued.
  mutating func handle(
    _ now: Timestamp, _ memory: inout ProcessMemory
  ) -> (orders: [QueueOrder], isDropped: Bool) {
    var orders: [QueueOrder] = []
    var reply: Reply?
    for _ in 0..<Self.instructionsMax {
      switch next(reply) {
      case .effect(.readMemory(let name)): reply = .memory(memory[name])
      case .effect(.writeMemory(let name, let value)):
        memory.updateValue(value, forKey: name)
        reply = .done
      case .effect(.clock): reply = .time(now)
      case .effect, .fail: return (orders, false)
      case .finish:
        // The machine stops at what is its runner's business.
        switch program.code[pc] {
        case .drop: return (orders, true)
        case .enqueue(let step):
          guard let key = try? key(step.key) else { return (orders, false) }
          let after = try? step.after?.duration(registers, program.scope)
          orders.append(QueueOrder(key, after: after ?? .zero))
          pc += 1
          reply = nil
        default: return (orders, false)
        }
      }
    }
    return (orders, false)
  }
}

// MARK: Making watches

extension ModelBuilder {
  /// The model's watches, its own kind first.
  func watches() throws(SourceDiagnostic) -> [Watch] {
    guard let own = spec["for"] else { return [.own(type)] }
    var watches = [try watch(own, type, .own(type))]
    for node in spec["owns"]?.elements ?? [] {
      let child = try ModelCompiler.kind(node["kind"] ?? node, registry)
      let plain =
        node["owner"]?.text == "any"
        ? Watch(child, map: Self.owners(of: type)) : .owned(child, by: type)
      watches.append(
        try watch(node, child, plain, counts: node["expectations"]?.isTrue == true))
    }
    for node in spec["watches"]?.elements ?? [] {
      let other = try ModelCompiler.kind(node["kind"] ?? node, registry)
      watches.append(try watch(node, other, Watch(other, map: try mapping(node, other))))
    }
    return watches
  }

  private func watch(
    _ node: ModelNode, _ type: ResourceType, _ plain: Watch, counts: Bool = false
  ) throws(SourceDiagnostic) -> Watch {
    let rules = try rules(node, type)
    let isPlain =
      rules.selector.requirements.isEmpty && rules.predicates.isEmpty && rules.condition == nil
      && !rules.hasHandlers && !rules.dropsTombstones && !counts
    if isPlain { return plain }
    let expectation = counts ? variables.first { $0.name == ModelCompiler.expectationsName } : nil
    return Watch(type) { event, now, memory in
      guard rules.admits(event) else { return [] }
      var orders: [QueueOrder] = []
      for key in plain.map(event) {
        if let expectation { Self.count(event, for: key, expectation, &memory) }
        let handled = rules.run(event, for: key, now, &memory)
        if !handled.isDropped { orders.append(QueueOrder(key)) }
        orders += handled.orders
      }
      return orders
    }
  }

  /// Counts a creation or deletion that was seen.
  private static func count(
    _ event: InformerEvent, for key: ObjectKey, _ variable: Variable, _ memory: inout ProcessMemory
  ) {
    guard event.old == nil || event.new == nil else { return }
    let name = variable.memoryName(for: key)
    guard let value = memory[name]?.value as? Value else { return }
    var expected = Expectations(value)
    if event.new == nil { expected.deletes -= 1 } else { expected.creates -= 1 }
    memory.updateValue(MemoryValue(expected.value), forKey: name)
  }

  private func rules(
    _ node: ModelNode, _ watched: ResourceType
  ) throws(SourceDiagnostic) -> EventRules {
    let on = node["handlers"]
    let condition = try node["when"].map { node throws(SourceDiagnostic) in try scope.compile(node)
    }
    if let condition {
      try outlines.with(["object", "old"], being: watched).check(condition)
      let allowed = ["object", "old", "event"].compactMap { scope.registers[$0] }
      for register in condition.reads where !allowed.contains(register) {
        throw condition.place.mistake(
          "\"\(scope.names[register])\" is not known when an event comes",
          expected: "object, old and event")
      }
    }
    return EventRules(
      selector: try ModelCompiler.selector(node["selector"]),
      predicates: node["predicates"]?.elements.compactMap { .init(rawValue: $0.text) } ?? [],
      condition: condition, added: try handler(in: on, "added", watched),
      updated: try handler(in: on, "updated", watched),
      deleted: try handler(in: on, "deleted", watched),
      dropsTombstones: on?["tombstones"]?.text == "drop", base: evaluator)
  }

  private func handler(
    in on: ModelNode?, _ name: String, _ watched: ResourceType
  ) throws(SourceDiagnostic) -> ModelProgram? {
    guard let steps = on?[name] else { return nil }
    return try handler(steps, of: watched)
  }

  /// A program without instructions, for evaluating what events are asked.
  private var evaluator: ModelProgram {
    ModelProgram(
      name: name, type: type, registry: registry, code: [.finish(.done)], scope: scope,
      registerCount: scope.names.count, variables: variables, requestRegister: 1,
      errorRegister: 2)
  }

  // MARK: Mappings

  /// Every owner of the kind, controlling or not, old and new.
  private static func owners(of owner: ResourceType) -> Watch.Mapping {
    { event in
      var keys: [ReconcileRequest] = []
      for object in [event.old, event.new].compactMap(\.self) {
        for reference in object.ownerReferences
        where reference.kind == owner.kind
          && reference.apiVersion.split(separator: "/").dropLast().joined()
            == owner.definition.group
        {
          let namespace = owner.definition.isNamespaced ? object.namespace : ""
          let key = ObjectKey(namespace: namespace, name: reference.name)
          if !keys.contains(key) { keys.append(key) }
        }
      }
      return keys
    }
  }

  private func mapping(
    _ node: ModelNode, _ watched: ResourceType
  ) throws(SourceDiagnostic) -> Watch.Mapping {
    guard let map = node["map"] else {
      preconditionFailure("a watch without a map is refused by its shape")
    }
    let given = map.members.map(\.name)
    guard given.count == 1 else {
      throw map.mistake(
        given.isEmpty ? "a map says nothing" : "a map says one thing",
        expected: "one of " + ModelDefinition.mapping.names.joined(separator: ", "))
    }
    let isNamespaced = type.definition.isNamespaced
    if map[isThere: "owner"] != nil { return Self.owners(of: type) }
    if map[isThere: "name"] != nil {
      return { event in
        event.object.map {
          [ObjectKey(namespace: isNamespaced ? $0.namespace : "", name: $0.name)]
        } ?? []
      }
    }
    if let cel = map["cel"] { return try mapping(cel: cel, watched) }
    let path: FieldPath
    if let label = map["label"] {
      path = FieldPath(Fields.metadata, Fields.labels, Key(label.text))
    } else {
      do { path = try FieldPath(parsing: map["field"]?.text ?? "") } catch {
        throw map.mistake("\(error)")
      }
    }
    return Self.both { object in
      object.body[path].map { value in
        (value.isList ? value.elements.compactMap(\.string) : [value.string].compactMap(\.self))
          .map { ObjectKey(namespace: isNamespaced ? object.namespace : "", name: $0) }
      } ?? []
    }
  }

  private func mapping(
    cel node: ModelNode, _ watched: ResourceType
  ) throws(SourceDiagnostic) -> Watch.Mapping {
    let expression = try scope.compile(node)
    try outlines.with(["object"], being: watched).check(expression)
    let object = scope.registers["object"] ?? 0
    for register in expression.reads where register != object {
      throw node.mistake(
        "\"\(scope.names[register])\" is not known when an event is mapped", expected: "object")
    }
    let base = evaluator
    let isNamespaced = type.definition.isNamespaced
    return Self.both { found in
      var registers = base.registers
      registers[object] = .object(found)
      guard let value = try? expression.value(registers, base.scope) else { return [] }
      let texts = value.isList ? value.elements.compactMap(\.string) : [value.string ?? ""]
      return texts.filter { !$0.isEmpty }.map { text in
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard isNamespaced else { return ObjectKey(name: text) }
        return parts.count == 2
          ? ObjectKey(namespace: parts[0], name: parts[1])
          : ObjectKey(namespace: found.namespace, name: text)
      }
    }
  }

  /// The keys of the old state and of the new one, each once: or whom an object has left is never told.
  private static func both(
    _ keys: @escaping @Sendable (APIObject) -> [ObjectKey]
  ) -> Watch.Mapping {
    { event in
      var result: [ReconcileRequest] = []
      for object in [event.old, event.new].compactMap(\.self) {
        for key in keys(object) where !result.contains(key) { result.append(key) }
      }
      return result
    }
  }
}

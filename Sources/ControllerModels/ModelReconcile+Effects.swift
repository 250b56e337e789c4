import APIMachinery
import CEL
import Allocation
import ControllerRuntime
import Scalars
import ValueTree
import YAMLCoding

extension ModelReconcile {
  // MARK: Names and objects

  func key(_ key: KeyExpression) throws(ModelFailure) -> ObjectKey {
    guard key.name != nil || key.namespace != nil || !key.isNamespaced else { return request }
    let name = try key.name?.text(registers, program.scope) ?? request.name
    guard key.isNamespaced else { return ObjectKey(name: name) }
    let namespace = try key.namespace?.text(registers, program.scope)
    return ObjectKey(namespace: namespace ?? request.namespace, name: name)
  }

  /// The object in a register; one that an expression made of it is read back.
  func object(_ register: Int, for place: ModelNode) throws(ModelFailure) -> APIObject {
    switch registers[register] {
    case .object(let object?): return object
    case .value(let value) where value.isMap:
      if let object = ModelObject.object(from: value, program.registry) { return object }
      fallthrough
    default:
      let mark = place.document.mark(of: place.path)
      let name = register < program.scope.names.count ? program.scope.names[register] : "object"
      throw ModelFailure(
        message:
          "\(mark.map { "\($0): " } ?? "")\"\(name)\" is \(registers[register].sort), no object")
    }
  }

  // MARK: Effects

  func effect(of step: ReadStep) throws(ModelFailure) -> Effect {
    if let again = step.again {
      let object = try object(again, for: step.place)
      return .api(.get(object.type, object.key))
    }
    let key = try key(step.key)
    return step.source == .cache ? .cachedGet(step.type, key) : .api(.get(step.type, key))
  }

  func effect(of step: ListStep) throws(ModelFailure) -> Effect {
    let namespace = try step.namespace?.text(registers, program.scope)
    guard step.source == .server else { return .cachedList(step.type, namespace: namespace) }
    return .api(.list(step.type, ListOptions(namespace: namespace, labels: step.selector)))
  }

  /// The write; nil, and on to the next step, where there is nothing to write.
  mutating func effect(of step: WriteStep) throws(ModelFailure) -> Effect? {
    let object = try object(step.base, for: step.place)
    if step.isOfFinalizer, let change = step.finalizer, Self.stands(change, on: object) {
      skip(step, object)
      return nil
    }
    var changes: [(path: FieldPath, value: Value?)] = []
    for (path, expression) in step.sets {
      let value = try expression.value(registers, program.scope)
      changes.append((path, value.isNull || value.isEmptyCollection ? nil : value))
    }
    for path in step.removes { changes.append((path, nil)) }
    if let change = finalizers(of: object, step.finalizer) { changes.append(change) }
    var body = object.body
    for (path, value) in changes {
      if let value {
        guard let changed = body.setting(path, to: value) else {
          throw ModelFailure(message: "\(object): there is no way to \(path)")
        }
        body = changed
      } else {
        body = body.removing(path)
      }
    }
    if step.skipsUnchanged, body == object.body {
      skip(step, object)
      return nil
    }
    switch step.form {
    case .update: break
    case .mergePatch: return patch(object, changes, step)
    case .jsonPatch: return jsonPatch(object, changes, step)
    }
    var header = object.header
    if !step.hasResourceVersion { header.resourceVersion = 0 }
    let changed = APIObject(type: object.type, header: header, body: body)
    return .api(.update(changed, subresource: step.subresource))
  }

  /// Goes on where there is nothing to write.
  private mutating func skip(_ step: WriteStep, _ object: APIObject) {
    registers[step.into] = .object(object)
    if let changed = step.changed { registers[changed] = .value(false) }
    pc += 1
  }

  /// Whether a finalizer is there, or gone, already, as it most often is.
  private static func stands(_ change: WriteStep.FinalizerChange, on object: APIObject) -> Bool {
    let list = object.body[Fields.finalizersPath]
    switch change {
    case .add(let name): return list?.containsText(name) ?? false
    case .remove(let name): return !(list?.containsText(name) ?? false)
    }
  }

  private func finalizers(
    of object: APIObject, _ change: WriteStep.FinalizerChange?
  ) -> (path: FieldPath, value: Value?)? {
    guard let change, !Self.stands(change, on: object) else { return nil }
    let old = object.body[Fields.finalizersPath]
    switch change {
    case .add(let name):
      return (Fields.finalizersPath, old.map { $0.appending(Value(name)) } ?? [Value(name)])
    case .remove(let name):
      let rest = (old ?? .emptyList).elements.filter { !$0.isText(name) }
      return (Fields.finalizersPath, rest.isEmpty ? nil : Value(rest))
    }
  }

  private func patch(
    _ object: APIObject, _ changes: [(path: FieldPath, value: Value?)], _ step: WriteStep
  ) -> Effect {
    var patch = Value.emptyMap
    for (path, value) in changes { patch = patch.setting(path, to: value ?? .null) ?? patch }
    if step.hasResourceVersion {
      let path = FieldPath(Fields.metadata, Fields.resourceVersion)
      patch = patch.setting(path, to: Value(String(object.resourceVersion))) ?? patch
    }
    return .api(.mergePatch(object.type, object.key, patch, subresource: step.subresource))
  }

  /// What was there is tested, so that the patch loses against whoever changed it.
  private func jsonPatch(
    _ object: APIObject, _ changes: [(path: FieldPath, value: Value?)], _ step: WriteStep
  ) -> Effect {
    var operations: [Value] = []
    func add(_ operation: String, _ path: FieldPath, _ value: Value?) {
      var members: [(Key, Value)] = [
        ("op", Value(operation)), ("path", Value(path.jsonPointer)),
      ]
      if let value { members.append(("value", value)) }
      operations.append(Value(members: members))
    }
    if step.hasResourceVersion {
      add(
        "test", FieldPath(Fields.metadata, Fields.resourceVersion),
        Value(String(object.resourceVersion)))
    }
    for (path, value) in changes {
      let old = object.body[path]
      if let old { add("test", path, old) }
      guard let value else {
        if old != nil { add("remove", path, nil) }
        continue
      }
      if old != nil {
        add("replace", path, value)
      } else {
        let (place, whole) = Self.missing(path, value, in: object)
        add("add", place, whole)
      }
    }
    return .api(
      .patch(
        object.type, object.key, .json(Value(operations)), subresource: step.subresource))
  }

  /// The nearest place whose parent is there, and what has to be added at it.
  private static func missing(
    _ path: FieldPath, _ value: Value, in object: APIObject
  ) -> (FieldPath, Value) {
    var place = path
    var whole = value
    while let parent = place.parent, !parent.isRoot, parent != FieldPath(Fields.metadata),
      object.body[parent] == nil, case .key(let key)? = place.steps.last
    {
      whole = Value(members: [(key, whole)])
      place = parent
    }
    return (place, whole)
  }

  func effect(of step: CreateStep) throws(ModelFailure) -> Effect {
    var body = step.template
    for (path, expression) in step.sets {
      let value = try expression.value(registers, program.scope)
      guard !value.isNull, !value.isEmptyCollection else { continue }
      body = body.setting(path, to: value) ?? body
    }
    if let prefix = try step.generateName?.text(registers, program.scope) {
      body = body.setting(Fields.generateNamePath, to: Value(prefix)) ?? body
    }
    if let finalizer = step.finalizer {
      body = body.setting(Fields.finalizersPath, to: [Value(finalizer)]) ?? body
    }
    var namespace = try step.namespace?.text(registers, program.scope) ?? request.namespace
    if !step.type.definition.isNamespaced { namespace = "" }
    if step.owner != .none {
      let owner = try object(step.ownerRegister, for: step.place)
      var reference = OwnerReference(controlledBy: owner)
      if step.owner == .plain {
        reference.controller = false
        reference.blockOwnerDeletion = false
      }
      body = body.setting(Fields.ownerReferencesPath, to: [reference.value]) ?? body
    }
    let name = try step.name?.text(registers, program.scope) ?? ""
    let header = ObjectHeader(namespace: namespace, name: name)
    return .api(.create(APIObject(type: step.type, header: header, body: body)))
  }

  func effect(of step: DeleteStep) throws(ModelFailure) -> Effect {
    var options = DeleteOptions.none
    options.propagationPolicy = step.propagation
    guard let register = step.register else {
      return .api(.delete(step.type ?? program.type, try key(step.key), options))
    }
    let object = try object(register, for: step.place)
    if step.hasUID { options.preconditions.uid = object.header.uid }
    if step.hasResourceVersion { options.preconditions.resourceVersion = object.resourceVersion }
    return .api(.delete(object.type, object.key, options))
  }

  func effect(of step: EventStep) throws(ModelFailure) -> Effect {
    let object = try object(step.register, for: step.place)
    return .event(
      EventNote(
        object.type, object.key, uid: object.header.uid, isWarning: step.isWarning,
        reason: step.reason, message: try step.message.text(registers, program.scope)))
  }

  func error(of step: FailStep) throws(ModelFailure) -> any Error {
    let message = try step.message.text(registers, program.scope)
    switch step.kind {
    case .error: return ModelFailure(message: message)
    case .panic: return ModelFailure(message: "panic: \(message) [recovered]")
    case .terminal: return TerminalError(message)
    case .exit: return ProcessExit(message)
    }
  }

  // MARK: Pools

  func effect(of step: PoolStep) throws(ModelFailure) -> Effect {
    let pool = try step.pool.text(registers, program.scope)
    switch step.call {
    case .ensure(let request):
      return .allocator(.ensure(try allocation(request, pool, step)))
    case .takeRaw(let request):
      return .allocator(.takeRaw(try allocation(request, pool, step)))
    case .beginRelease: return .allocator(.beginRelease(pool: pool, owner: try owner(step)))
    case .finishRelease: return .allocator(.finishRelease(pool: pool, owner: try owner(step)))
    case .held, .confirm: return .allocator(.held(pool: pool, owner: try owner(step)))
    case .outstanding: return .allocator(.outstanding(pool: pool))
    case .release(let item):
      guard let value = registers[item].celValue.tree(), let name = Self.itemName(value),
        let generation = value["generation"]?.int.flatMap(UInt32.init(exactly:))
      else { throw step.pool.failure("an item is no map with name (or item) and generation") }
      return .allocator(
        .release(pool: pool, item: name, generation: generation, owner: try owner(step)))
    case .free(let item):
      guard let value = registers[item].celValue.tree(), let name = Self.itemName(value) else {
        throw step.pool.failure("an item is neither a name nor a map with name or item")
      }
      return .allocator(.freeRaw(pool: pool, item: name))
    case .rebuild(let records, let isComplete):
      return .allocator(
        .rebuild(
          pool: pool, records: try self.records(records, pool), isComplete: isComplete))
    }
  }

  private static func itemName(_ value: Value) -> String? {
    value.string ?? value[Fields.name]?.string ?? value["item"]?.string
  }

  private func allocation(
    _ request: AllocationExpression, _ pool: String, _ step: PoolStep
  ) throws(ModelFailure) -> AllocationRequest {
    let object = try object(step.ownerRegister, for: step.place)
    var selector: [AttributeRequirement] = []
    if let expression = request.selector {
      let value = try expression.value(registers, program.scope)
      for (key, member) in value.members {
        selector.append(AttributeRequirement(key.text, member.string ?? member.description))
      }
    }
    var matchAttribute: String?
    if let expression = request.matchAttribute {
      matchAttribute = try expression.value(registers, program.scope).string
    }
    let owner = step.owner == nil ? object.uid : try owner(step)
    return AllocationRequest(
      pool: pool, for: object, owner: owner, key: request.key,
      count: try request.count?.int(registers, program.scope) ?? 1, selector: selector,
      matchAttribute: matchAttribute)
  }

  private func owner(_ step: PoolStep) throws(ModelFailure) -> UID {
    guard let expression = step.owner else {
      return try object(step.ownerRegister, for: step.place).uid
    }
    let text = try expression.text(registers, program.scope)
    guard let uid = UID(text) else { throw expression.failure("\"\(text)\" is no UID") }
    return uid
  }

  private func records(
    _ expression: Expression, _ pool: String
  ) throws(ModelFailure) -> [AllocationRecord] {
    let list = try expression.value(registers, program.scope)
    var records: [AllocationRecord] = []
    for value in list.elements {
      guard let item = Self.itemName(value), let owner = value["owner"]?.string.flatMap({ UID($0) })
      else { throw expression.failure("a record is no map with item and owner") }
      records.append(
        AllocationRecord(
          pool: pool, item: item,
          generation: value["generation"]?.int.flatMap(UInt32.init(exactly:)), owner: owner,
          holder: value["holder"]?.string ?? "", requestKey: value["key"]?.string ?? "default",
          isTerminating: value["terminating"]?.bool ?? false))
    }
    return records
  }

  // MARK: Expectations

  mutating func expect(_ step: ExpectStep) throws(ModelFailure) {
    guard case .time(let now) = registers[step.clock] else { return }
    let creates = try step.creates?.int(registers, program.scope) ?? 0
    let deletes = try step.deletes?.int(registers, program.scope) ?? 0
    let old = Expectations(registers[step.register])
    registers[step.register] = .value(
      old.adding(creates: creates, deletes: deletes, at: now).value)
  }

  func isMet(_ step: AwaitStep) -> Bool {
    let expected = Expectations(registers[step.register])
    guard !expected.isMet else { return true }
    guard case .time(let now) = registers[step.clock], let since = expected.since else {
      return true
    }
    return now - since >= step.expiry
  }
}

/// Which creations and deletions a key has not seen yet.
struct Expectations {
  var creates = 0
  var deletes = 0
  /// When something was last expected.
  var since: Timestamp?

  var isMet: Bool { creates <= 0 && deletes <= 0 }

  init(_ register: Register) {
    if case .value(let value) = register {
      self.init(value)
    } else {
      self.init(.null)
    }
  }

  init(_ value: Value) {
    creates = value["creates"]?.int.map { Int(clamping: $0) } ?? 0
    deletes = value["deletes"]?.int.map { Int(clamping: $0) } ?? 0
    since = value["since"]?.string.flatMap { try? Timestamp(parsing: $0) }
  }

  func adding(creates: Int, deletes: Int, at now: Timestamp) -> Expectations {
    var copy = self
    // What was seen too often before counts for nothing.
    if creates > 0 || deletes > 0 {
      copy.creates = max(0, copy.creates)
      copy.deletes = max(0, copy.deletes)
      copy.since = now
    }
    copy.creates += creates
    copy.deletes += deletes
    return copy
  }

  var value: Value {
    var members: [(Key, Value)] = [("creates", Value(creates)), ("deletes", Value(deletes))]
    if let since { members.append(("since", Value(since.text(.nanoseconds)))) }
    return Value(members: members)
  }
}

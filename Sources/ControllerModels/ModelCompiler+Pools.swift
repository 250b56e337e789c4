import APIMachinery
import CEL
import Scalars
import ValueTree
import YAMLCoding

extension ModelCompiler {
  private mutating func owner(
    _ body: ModelNode?
  ) throws(SourceDiagnostic) -> (expression: Expression?, register: Int) {
    let named = try body?["of"].map { node throws(SourceDiagnostic) in try register(node) }
    return (try expression(body, "owner", expecting: .string), named ?? register("object"))
  }

  /// The pool's name; the reader has seen that it is there.
  private mutating func pool(_ body: ModelNode?) throws(SourceDiagnostic) -> Expression {
    guard let body, let pool = body["pool"] else {
      preconditionFailure("a step without a pool is refused by its shape")
    }
    return try expression(pool, expecting: .string)
  }

  /// A call that needs nothing but pool and owner.
  mutating func pool(
    _ call: PoolStep.Call, _ step: ModelNode, _ body: ModelNode?, into name: String? = nil
  ) throws(SourceDiagnostic) {
    let start = code.count
    let pool = try pool(body)
    let owner = try owner(body)
    let reactions = try reactions(of: step, from: start)
    emit(
      .pool(
        PoolStep(
          call: call, pool: pool, owner: owner.expression, ownerRegister: owner.register,
          into: (body?["as"]?.text ?? name).map { register($0) },
          reactions: reactions.ignoring(to: code.count + 1), place: step)))
  }

  mutating func allocate(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    let count = try expression(body, "count", expecting: .int)
    if let count, let number = count.fixedInteger, number < 0 {
      throw count.place.mistake(
        "\"count\" is \(number)", expected: "an integer from 0, or CEL for one")
    }
    let request = AllocationExpression(
      count: count, key: body?["key"]?.text ?? "default",
      selector: try expression(body, "selector"),
      matchAttribute: try expression(body, "matchAttribute"))
    try pool(
      body?["by"]?.text == "raw" ? .takeRaw(request) : .ensure(request), step, body, into: "grants")
  }

  mutating func rebuild(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    guard let body, let records = body["records"] else { return }
    let expression = try expression(records)
    let isComplete = body["complete"]?.isTrue ?? true
    try pool(
      .rebuild(records: expression, isComplete: isComplete), step, body,
      into: body["as"]?.text)
  }

  mutating func release(_ step: ModelNode, _ body: ModelNode?) throws(SourceDiagnostic) {
    let start = code.count
    let by = body?["by"]?.text ?? "owner"
    guard by != "owner" else {
      if let items = body?["items"] {
        throw items.mistakeAtKey(
          "an owner gives all its items back", expected: "items with by: record or by: name only")
      }
      return try releaseAll(step, body)
    }
    guard let body, let items = body["items"] else {
      throw step.mistake(
        "\"release\" by \(by) has no items", expected: "items: CEL for a list of items or names")
    }
    let pool = try pool(body)
    let owner = try owner(body)
    let list = try expression(items)
    let reactions = try reactions(of: step, from: start)
    let item = hiddenRegister()
    try loop(over: list, as: item) { compiler throws(SourceDiagnostic) in
      compiler.emit(
        .pool(
          PoolStep(
            call: by == "record" ? .release(item: item) : .free(item: item), pool: pool,
            owner: owner.expression, ownerRegister: owner.register, into: nil,
            // What is ignored or tried again does not concern the other items.
            reactions: reactions.retrying(from: compiler.code.count)
              .ignoring(to: compiler.code.count + 1), place: step)))
    }
  }

  /// Closes, takes back and confirms.
  private mutating func releaseAll(
    _ step: ModelNode, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    let start = code.count
    let pool = try pool(body)
    let owner = try owner(body)
    let reactions = try reactions(of: step, from: start)
    let end = code.count + 3
    for call in [PoolStep.Call.beginRelease, .finishRelease, .confirm] {
      emit(
        .pool(
          PoolStep(
            call: call, pool: pool, owner: owner.expression, ownerRegister: owner.register,
            into: nil, reactions: reactions.ignoring(to: end), place: step)))
    }
  }

  // MARK: Expectations

  static let expectationsName = "expectations"

  mutating func expectations(
    _ name: String, _ body: ModelNode?
  ) throws(SourceDiagnostic) {
    let creates = try expression(body, "creates", expecting: .int)
    let deletes = try expression(body, "deletes", expecting: .int)
    let variable = expectations()
    let clock = hiddenRegister()
    emit(.load(variable), isSynthetic: true)
    emit(.clock(into: clock), isSynthetic: true)
    let register = variables[variable].register
    guard name == "expect" else {
      emit(
        .awaitExpectations(
          AwaitStep(
            register: register, clock: clock,
            expiry: body?["expiry"]?.duration ?? .minutes(5))))
      return
    }
    emit(
      .expect(ExpectStep(register: register, clock: clock, creates: creates, deletes: deletes)))
    emit(.store(variable), isSynthetic: true)
  }

  /// The variable that holds what is expected for a key.
  mutating func expectations() -> Int {
    if let known = variables.firstIndex(where: { $0.name == Self.expectationsName }) {
      return known
    }
    preconditionFailure("every model has the variable for expectations")
  }
}

import APIMachinery
import Allocation
import CEL
public import ControllerRuntime
import Scalars
import ValueTree

/// A reconcile of a controller model: a place in its program, and what its names stand for.
public struct ModelReconcile: StepReconcile {
  let program: ModelProgram
  let request: ReconcileRequest
  var pc: Int
  var registers: ContiguousArray<Register>
  /// How often the current step has been tried again.
  var attempts = 0
  /// The last instruction of that step which failed: a step is read, computed and written by several.
  var failedPlace = 0
  /// Whether the effect that is pending is the pause before another try.
  var isPausing = false
  /// The error that ends the reconcile once memory says that it was never rebuilt.
  var pendingError: (any Error)?

  init(_ program: ModelProgram, _ request: ReconcileRequest) {
    self.program = program
    self.request = request
    pc = 0
    registers = program.registers(for: request)
  }

  public var stateHash: UInt64 {
    var hash = StableHash(seed: UInt64(pc))
    hash.combine(attempts)
    hash.combine(failedPlace)
    for register in registers { register.combine(into: &hash) }
    return hash.value
  }

  public mutating func next(_ reply: Reply?) -> Step {
    if let reply {
      if let pendingError { return .fail(pendingError) }
      if isPausing {
        isPausing = false
      } else if let step = receive(reply) {
        return step
      }
    }
    do throws(ModelFailure) { return try run() } catch { return fail(error) }
  }

  /// How many instructions may follow one another without an effect: a loop that waits for nothing never ends.
  static let instructionsMax = 1_000_000

  /// Runs up to the next effect.
  private mutating func run() throws(ModelFailure) -> Step {
    for _ in 0..<Self.instructionsMax {
      switch program.code[pc] {
      case .branch(let condition, let otherwise):
        pc = try condition.holds(registers, program.scope) ? pc + 1 : otherwise
      case .jump(let target): pc = target
      case .set(let assignments):
        try set(assignments)
        pc += 1
      case .next(let loop): advance(loop)
      case .load(let variable):
        return .effect(.readMemory(program.variables[variable].memoryName(for: request)))
      case .store(let variable): return .effect(store(variable))
      case .reset(let variable):
        let variable = program.variables[variable]
        return .effect(
          .writeMemory(variable.memoryName(for: request), MemoryValue(variable.initial)))
      case .read(let step): return .effect(try effect(of: step))
      case .list(let step): return .effect(try effect(of: step))
      case .write(let step):
        if let effect = try effect(of: step) { return .effect(effect) }
      case .create(let step): return .effect(try effect(of: step))
      case .delete(let step): return .effect(try effect(of: step))
      case .pool(let step): return .effect(try effect(of: step))
      case .sleep(let duration): return .effect(.sleep(duration))
      case .draw: return .effect(.random)
      case .clock: return .effect(.clock)
      case .event(let step): return .effect(try effect(of: step))
      case .expect(let step):
        try expect(step)
        pc += 1
      case .awaitExpectations(let step):
        guard isMet(step) else { return .finish(.done) }
        pc += 1
      case .finish(let result): return .finish(result)
      case .requeue(let after):
        return .finish(.requeue(after: try after.duration(registers, program.scope)))
      case .fail(let step): return fail(try error(of: step))
      // Only handlers have these, and what runs a handler looks where it has stopped.
      case .enqueue, .drop: return .finish(.done)
      }
    }
    throw ModelFailure(
      message: "\(Self.instructionsMax) steps without an effect: a goto leads back for ever")
  }

  // MARK: Replies

  /// Takes a reply in; nil where the program goes on.
  private mutating func receive(_ reply: Reply) -> Step? {
    switch (program.code[pc], reply) {
    case (.load(let variable), .memory(let stored)):
      let variable = program.variables[variable]
      registers[variable.register] = .value(stored?.value as? Value ?? variable.initial)
    case (.draw(let bound, let into), .number(let number)):
      do throws(ModelFailure) {
        let bound = UInt64(max(1, try bound.int(registers, program.scope)))
        registers[into] = .value(Value(Int64(number % bound)))
      } catch { return fail(error) }
    case (.clock(let into), .time(let time)): registers[into] = .time(time)
    case (.read(let step), .cached(let object)): return take(object, step)
    case (.read(let step), .api(.success(let response))): return take(response.object, step)
    case (.read(let step), .api(.failure(let error))):
      if error.isNotFound, case .fail = step.missing {
      } else if error.isNotFound {
        return take(nil, step)
      }
      return react(to: error, step.reactions)
    case (.list(let step), .cachedList(let objects)): return take(objects, step)
    case (.list(let step), .api(.success(.list(let list)))): return take(list.objects, step)
    case (.list(let step), .api(.failure(let error))): return react(to: error, step.reactions)
    case (.write(let step), .api(.success(let response))):
      registers[step.into] = .object(response.object)
      if let changed = step.changed { registers[changed] = .value(true) }
    case (.write(let step), .api(.failure(let error))): return react(to: error, step.reactions)
    case (.create(let step), .api(.success(let response))):
      if let into = step.into { registers[into] = .object(response.object) }
    case (.create(let step), .api(.failure(let error))): return react(to: error, step.reactions)
    case (.delete(let step), .api(.failure(let error))): return react(to: error, step.reactions)
    case (.pool(let step), .allocator(let result)): return take(result, step)
    default: break
    }
    goOn()
    return nil
  }

  private mutating func goOn() {
    if pc >= failedPlace { forgetAttempts() }
    pc += 1
  }

  private mutating func forgetAttempts() {
    attempts = 0
    failedPlace = 0
  }

  private mutating func take(_ object: APIObject?, _ step: ReadStep) -> Step? {
    registers[step.into] = .object(object)
    guard object == nil else {
      goOn()
      return nil
    }
    switch step.missing {
    case .goOn:
      goOn()
      return nil
    case .fail:
      let key = (try? self.key(step.key)) ?? request
      return react(to: StatusError.notFound(step.type, key.name), step.reactions)
    case .react(let reaction): return follow(reaction) { StatusError.notFound(step.type, "") }
    }
  }

  private mutating func take(_ objects: [APIObject], _ step: ListStep) -> Step? {
    var chosen = objects
    if !step.selector.requirements.isEmpty { chosen = chosen.filter { step.selector.matches($0) } }
    if let condition = step.condition {
      let outer = registers[step.item]
      var kept: [APIObject] = []
      for object in chosen {
        registers[step.item] = .object(object)
        do throws(ModelFailure) {
          if try condition.holds(registers, program.scope) { kept.append(object) }
        } catch { return fail(error) }
      }
      registers[step.item] = outer
      chosen = kept
    }
    registers[step.into] = .objects(chosen)
    goOn()
    return nil
  }

  private mutating func take(
    _ result: Result<[Grant], AllocationError>, _ step: PoolStep
  ) -> Step? {
    switch result {
    case .success(let grants):
      if case .confirm = step.call, let first = grants.first {
        let error = StillHeld(pool: first.pool, count: grants.count)
        return react(to: error, reason: "StillHeld", message: "\(error)", step.reactions)
      }
      if let into = step.into { registers[into] = .grants(grants) }
      goOn()
      return nil
    case .failure(let error):
      return react(to: error, reason: error.reason, message: "\(error)", step.reactions)
    }
  }

  // MARK: Errors

  private mutating func react(to error: StatusError, _ reactions: Reactions) -> Step? {
    react(to: error, reason: error.reason.rawValue, message: error.message, reactions)
  }

  private mutating func react(
    to error: any Error, reason: String, message: String, _ reactions: Reactions
  ) -> Step? {
    let reaction = reactions.reaction(to: reason)
    if case .fail = reaction { return fail(error) }
    registers[program.errorRegister] = .value(
      Value(members: [("message", Value(message)), ("reason", Value(reason))]))
    return follow(reaction) { error }
  }

  /// client-go's DefaultRetry: so many tries, so far apart.
  private static let triesMax = 5
  private static let pause = GoDuration.milliseconds(10)

  private mutating func follow(_ reaction: Reaction, _ error: () -> any Error) -> Step? {
    switch reaction {
    case .fail: return fail(error())
    case .jump(let target):
      pc = target
      forgetAttempts()
      return nil
    case .finish(let result): return .finish(result)
    case .retry(let start):
      attempts += 1
      guard attempts < Self.triesMax else { return fail(error()) }
      failedPlace = max(failedPlace, pc)
      pc = start
      isPausing = true
      return .effect(.sleep(Self.pause))
    }
  }

  mutating func fail(_ error: any Error) -> Step {
    guard program.startRange.contains(pc), let place = program.startVariable else {
      return .fail(error)
    }
    // The next key begins anew.
    pendingError = error
    let variable = program.variables[place]
    return .effect(.writeMemory(variable.memoryName(for: request), MemoryValue(variable.initial)))
  }

  // MARK: Values

  private mutating func set(_ assignments: [Assignment]) throws(ModelFailure) {
    if assignments.count == 1 {
      registers[assignments[0].register] = try value(assignments[0].expression)
      return
    }
    var values: [Register] = []
    for assignment in assignments { values.append(try value(assignment.expression)) }
    for (assignment, value) in zip(assignments, values) { registers[assignment.register] = value }
  }

  /// A name for another name stands for the same thing, not for a copy of its content.
  private func value(_ expression: Expression) throws(ModelFailure) -> Register {
    if case .program(.path(let register, let path)?, _) = expression.form, path.steps.isRoot {
      return registers[register]
    }
    return .value(try expression.value(registers, program.scope))
  }

  private mutating func advance(_ loop: Loop) {
    guard case .value(let count) = registers[loop.index], let place = count.int else { return }
    let index = Int(place)
    let element: Register?
    switch registers[loop.list] {
    case .objects(let objects): element = index < objects.count ? .object(objects[index]) : nil
    case .grants(let grants):
      element = index < grants.count ? .value(ModelObject.value(of: grants[index])) : nil
    case .value(let list): element = list[index].map { .value($0) }
    default: element = nil
    }
    guard let element else {
      pc = loop.exit
      return
    }
    registers[loop.item] = element
    registers[loop.index] = .value(Value(place + 1))
    pc += 1
  }

  private func store(_ variable: Int) -> Effect {
    let variable = program.variables[variable]
    let value = registers[variable.register].celValue.tree() ?? .null
    return .writeMemory(variable.memoryName(for: request), MemoryValue(value.detached()))
  }
}

/// The books still count grants after everything was given back.
struct StillHeld: Error, Sendable, CustomStringConvertible {
  let pool: String
  let count: Int
  var description: String { "pool \"\(pool)\" still counts \(count) grants of the owner" }
}

extension AllocationError {
  /// The word by which `onError` knows the error.
  var reason: String {
    switch self {
    case .exhausted: "Exhausted"
    case .ownerSealed: "OwnerSealed"
    case .notOwner: "NotOwner"
    case .staleGeneration: "StaleGeneration"
    case .unknownPool: "UnknownPool"
    case .unknownItem: "UnknownItem"
    case .notReady: "NotReady"
    case .fenced: "Fenced"
    case .invalid: "Invalid"
    case .timeout: "Timeout"
    case .unavailable: "Unavailable"
    }
  }
}

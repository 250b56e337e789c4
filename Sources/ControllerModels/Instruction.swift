import APIMachinery
import ControllerRuntime
import Scalars
import ValueTree

/// One instruction of a model's program.
enum Instruction: Sendable {
  /// Reads a variable into its register.
  case load(Int)
  /// Writes a variable from its register.
  case store(Int)
  case set([Assignment])
  case branch(Expression, otherwise: Int)
  case jump(Int)
  /// Sets a register to the next element of a list, or goes on at `exit`.
  case next(Loop)
  case read(ReadStep)
  case list(ListStep)
  case write(WriteStep)
  case create(CreateStep)
  case delete(DeleteStep)
  case pool(PoolStep)
  case sleep(GoDuration)
  case draw(below: Expression, into: Int)
  case clock(into: Int)
  case event(EventStep)
  case expect(ExpectStep)
  case awaitExpectations(AwaitStep)
  case finish(ReconcileResult)
  case requeue(after: Expression)
  case fail(FailStep)
  // In handlers.
  case enqueue(EnqueueStep)
  case drop
  case reset(Int)
}

struct Assignment: Sendable {
  let register: Int
  let expression: Expression
}

final class Loop: Sendable {
  let list: Int
  let index: Int
  let item: Int
  let exit: Int

  init(list: Int, index: Int, item: Int, exit: Int) {
    self.list = list
    self.index = index
    self.item = item
    self.exit = exit
  }
}

/// What becomes of an error.
enum Reaction: Sendable {
  case fail
  /// The step again, from this instruction.
  case retry(Int)
  case jump(Int)
  case finish(ReconcileResult)
}

/// What becomes of a step's errors, by reason.
struct Reactions: Sendable {
  var byReason: [(reason: String, reaction: Reaction)] = []
  var others = Reaction.fail

  func reaction(to reason: String) -> Reaction {
    for entry in byReason where entry.reason == reason { return entry.reaction }
    return others
  }

  /// Where errors can lead.
  var targets: [Int] {
    (byReason.map(\.reaction) + [others]).compactMap {
      switch $0 {
      case .jump(let target), .retry(let target): target
      case .fail, .finish: nil
      }
    }
  }
}

/// The name of an object: that of the key, or computed.
struct KeyExpression: Sendable {
  var name: Expression?
  var namespace: Expression?
  var isNamespaced: Bool

  var reads: [Int] { (name?.reads ?? []) + (namespace?.reads ?? []) }
}

final class ReadStep: Sendable {
  enum Missing: Sendable { case goOn, fail, react(Reaction) }
  let type: ResourceType
  let key: KeyExpression
  /// The register of the object that is read again, instead of one by its key.
  let again: Int?
  let source: ReadSource
  let into: Int
  let missing: Missing
  let reactions: Reactions
  let place: ModelNode

  init(
    type: ResourceType, key: KeyExpression, again: Int? = nil, source: ReadSource, into: Int,
    missing: Missing, reactions: Reactions, place: ModelNode
  ) {
    self.type = type
    self.again = again
    self.key = key
    self.source = source
    self.into = into
    self.missing = missing
    self.reactions = reactions
    self.place = place
  }
}

final class ListStep: Sendable {
  let type: ResourceType
  let namespace: Expression?
  let selector: LabelSelector
  let condition: Expression?
  let item: Int
  let source: ReadSource
  let into: Int
  let reactions: Reactions

  init(
    type: ResourceType, namespace: Expression?, selector: LabelSelector, condition: Expression?,
    item: Int, source: ReadSource, into: Int, reactions: Reactions
  ) {
    self.type = type
    self.namespace = namespace
    self.selector = selector
    self.condition = condition
    self.item = item
    self.source = source
    self.into = into
    self.reactions = reactions
  }
}

final class WriteStep: Sendable {
  enum Form: Sendable { case update, mergePatch, jsonPatch }
  enum FinalizerChange: Sendable { case add(String), remove(String) }
  let base: Int
  let into: Int
  let changed: Int?
  let subresource: Subresource?
  let sets: [(path: FieldPath, value: Expression)]
  let removes: [FieldPath]
  let finalizer: FinalizerChange?
  let form: Form
  let hasResourceVersion: Bool
  let skipsUnchanged: Bool
  let reactions: Reactions
  let place: ModelNode

  /// Whether nothing but a finalizer is written, and only where it does not stand as it should.
  var isOfFinalizer: Bool {
    skipsUnchanged && finalizer != nil && sets.isEmpty && removes.isEmpty
  }

  init(
    base: Int, into: Int, changed: Int?, subresource: Subresource?,
    sets: [(path: FieldPath, value: Expression)], removes: [FieldPath],
    finalizer: FinalizerChange?, form: Form, hasResourceVersion: Bool, skipsUnchanged: Bool,
    reactions: Reactions, place: ModelNode
  ) {
    self.base = base
    self.into = into
    self.changed = changed
    self.subresource = subresource
    self.sets = sets
    self.removes = removes
    self.finalizer = finalizer
    self.form = form
    self.hasResourceVersion = hasResourceVersion
    self.skipsUnchanged = skipsUnchanged
    self.reactions = reactions
    self.place = place
  }
}

final class CreateStep: Sendable {
  enum Owner: Sendable { case controller, plain, none }
  let type: ResourceType
  let name: Expression?
  let generateName: Expression?
  let namespace: Expression?
  let template: Value
  let sets: [(path: FieldPath, value: Expression)]
  let finalizer: String?
  let owner: Owner
  let ownerRegister: Int
  let into: Int?
  let reactions: Reactions
  let place: ModelNode

  init(
    type: ResourceType, name: Expression?, generateName: Expression?, namespace: Expression?,
    template: Value, sets: [(path: FieldPath, value: Expression)], finalizer: String?,
    owner: Owner, ownerRegister: Int, into: Int?, reactions: Reactions, place: ModelNode
  ) {
    self.type = type
    self.name = name
    self.generateName = generateName
    self.namespace = namespace
    self.template = template
    self.sets = sets
    self.finalizer = finalizer
    self.owner = owner
    self.ownerRegister = ownerRegister
    self.into = into
    self.reactions = reactions
    self.place = place
  }
}

final class DeleteStep: Sendable {
  let register: Int?
  let type: ResourceType?
  let key: KeyExpression
  let hasUID: Bool
  let hasResourceVersion: Bool
  let propagation: PropagationPolicy?
  let reactions: Reactions
  let place: ModelNode

  init(
    register: Int?, type: ResourceType?, key: KeyExpression, hasUID: Bool,
    hasResourceVersion: Bool, propagation: PropagationPolicy?, reactions: Reactions,
    place: ModelNode
  ) {
    self.register = register
    self.type = type
    self.key = key
    self.hasUID = hasUID
    self.hasResourceVersion = hasResourceVersion
    self.propagation = propagation
    self.reactions = reactions
    self.place = place
  }
}

final class PoolStep: Sendable {
  enum Call: Sendable {
    case ensure(AllocationExpression)
    case takeRaw(AllocationExpression)
    case beginRelease
    case finishRelease
    case held
    case outstanding
    /// Fails where the owner holds anything.
    case confirm
    case release(item: Int)
    case free(item: Int)
    case rebuild(records: Expression, isComplete: Bool)
  }
  let call: Call
  let pool: Expression
  let owner: Expression?
  /// The object whose UID is the owner where no expression says it.
  let ownerRegister: Int
  let into: Int?
  let reactions: Reactions
  let place: ModelNode

  init(
    call: Call, pool: Expression, owner: Expression?, ownerRegister: Int, into: Int?,
    reactions: Reactions, place: ModelNode
  ) {
    self.call = call
    self.pool = pool
    self.owner = owner
    self.ownerRegister = ownerRegister
    self.into = into
    self.reactions = reactions
    self.place = place
  }
}

struct AllocationExpression: Sendable {
  let count: Expression?
  let key: String
  let selector: Expression?
  let matchAttribute: Expression?
}

final class EventStep: Sendable {
  let register: Int
  let reason: String
  let message: Expression
  let isWarning: Bool
  let place: ModelNode

  init(register: Int, reason: String, message: Expression, isWarning: Bool, place: ModelNode) {
    self.register = register
    self.reason = reason
    self.message = message
    self.isWarning = isWarning
    self.place = place
  }
}

final class ExpectStep: Sendable {
  let register: Int
  let clock: Int
  let creates: Expression?
  let deletes: Expression?

  init(register: Int, clock: Int, creates: Expression?, deletes: Expression?) {
    self.register = register
    self.clock = clock
    self.creates = creates
    self.deletes = deletes
  }
}

final class AwaitStep: Sendable {
  let register: Int
  let clock: Int
  let expiry: GoDuration

  init(register: Int, clock: Int, expiry: GoDuration) {
    self.register = register
    self.clock = clock
    self.expiry = expiry
  }
}

final class FailStep: Sendable {
  enum Kind: String, Sendable { case error, terminal, panic, exit }
  let message: Expression
  let kind: Kind

  init(message: Expression, kind: Kind) {
    self.message = message
    self.kind = kind
  }
}

final class EnqueueStep: Sendable {
  let key: KeyExpression
  let after: Expression?

  init(key: KeyExpression, after: Expression?) {
    self.key = key
    self.after = after
  }
}

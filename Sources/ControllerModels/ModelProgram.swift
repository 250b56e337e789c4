import APIMachinery
import ControllerRuntime
import Scalars
import ValueTree

/// Something that a process remembers for a model.
struct Variable: Sendable {
  let name: String
  let register: Int
  let isOfObject: Bool
  let initial: Value
  /// The beginning of its name in process memory.
  let memoryName: String

  func memoryName(for key: ObjectKey) -> String {
    isOfObject ? "\(memoryName) \(key.path)" : memoryName
  }
}

/// A model compiled to instructions: immutable, shared by all workers.
final class ModelProgram: Sendable {
  let name: String
  let type: ResourceType
  let registry: ResourceRegistry
  let code: ContiguousArray<Instruction>
  let scope: Scope
  /// One more than there are names for each hidden one.
  private let registerCount: Int
  let variables: [Variable]
  private let requestRegister: Int
  /// Whether any instruction reads the key by its name; most models do not.
  private let readsRequest: Bool
  let errorRegister: Int
  /// The instructions that rebuild memory; a failure among them lets the next worker begin anew.
  let startRange: Range<Int>
  /// The place among the variables of what says that memory has been rebuilt.
  let startVariable: Int?

  /// The registers at the start: made and not copied, which costs less.
  var registers: ContiguousArray<Register> {
    ContiguousArray(repeating: .unset, count: registerCount)
  }

  /// The registers at the start of a reconcile.
  func registers(for request: ReconcileRequest) -> ContiguousArray<Register> {
    var registers = registers
    if readsRequest { registers[requestRegister] = .key(request) }
    return registers
  }

  init(
    name: String, type: ResourceType, registry: ResourceRegistry,
    code: ContiguousArray<Instruction>, scope: Scope,
    registerCount: Int, variables: [Variable], requestRegister: Int, errorRegister: Int,
    startRange: Range<Int> = 0..<0, startVariable: Int? = nil
  ) {
    self.name = name
    self.type = type
    self.registry = registry
    self.code = code
    self.scope = scope
    self.registerCount = registerCount
    self.variables = variables
    self.requestRegister = requestRegister
    readsRequest = code.contains { $0.reads.contains(requestRegister) }
    self.errorRegister = errorRegister
    self.startRange = startRange
    self.startVariable = startVariable
  }

  /// The key as expressions see it.
  static func value(of key: ObjectKey) -> Value {
    Value(members: [(Fields.name, Value(key.name)), (Fields.namespace, Value(key.namespace))])
  }
}

import ValueTree

/// One step of a program.
///
/// Operands name a register, a constant or a variable (see `Operand`); `target` is the place to jump to,
/// or the number of a name, a call or a loop.
struct Instruction: Sendable {
  enum Code: UInt8, Sendable {
    case move
    case select, selectOptional, test
    case index, indexOptional
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case add, subtract, multiply, divide, modulo, negate, not
    case `in`
    case call0, call1, call2, callMany
    case jump, jumpIfFalse
    /// To `target` with the value as the result unless it is a boolean.
    case checkBool
    case andFirst, and, orFirst, or
    case listBegin, listAppend, listAppendOptional, listEnd
    case mapBegin, mapAdd, mapAddOptional, mapJoin, mapEnd
    case loopBegin, loopNext
    case allStep, existsStep, countStep, filterStep
    case isOne
    case coerce
    case unwrapOptional, wrapOptional, checkOptional
    case stop
  }

  var code: Code
  /// What the step costs at least.
  var cost: UInt8 = 0
  /// The register that takes the result.
  var result: UInt16 = 0
  var a: UInt16 = 0
  var b: UInt16 = 0
  var target: Int32 = 0
}

/// Where an instruction finds a value: two bits of space, fourteen of number.
enum Operand {
  static let numberMask: UInt16 = 0x3FFF
  static let constant: UInt16 = 0x4000
  static let variable: UInt16 = 0x8000

  static func isConstant(_ operand: UInt16) -> Bool { operand & ~numberMask == constant }
}

/// A call in a program.
struct CallSite: Sendable {
  let name: String
  let overloads: [Overload]
  /// The only overload there can be, with constants already looked at.
  let implementation: Overload.Implementation?
  /// What a call costs beyond the one unit of every step; nil for nothing.
  let cost: CostRule?
  let count: Int
}

/// A field that a program reads.
struct FieldName: Sendable {
  let text: String
  let key: Key
}

/// What a value that comes from data must become, since JSON has fewer types.
enum Coercion: Int32, Sendable {
  case double, timestamp, duration, bytes, uint

  init?(_ type: CELType) {
    switch type {
    case .double: self = .double
    case .timestamp: self = .timestamp
    case .duration: self = .duration
    case .bytes: self = .bytes
    case .uint: self = .uint
    default: return nil
    }
  }
}

extension Library {
  static func declareOperators(_ table: inout FunctionTable) {
    let numbers: [CELType] = [.int, .uint, .double]
    for name in ["_+_", "_-_", "_*_", "_/_"] {
      for type in numbers { table.operation(name, [type, type], type) }
    }
    for type in [CELType.int, .uint] { table.operation("_%_", [type, type], type) }
    table.operation("_+_", [.string, .string], .string)
    table.operation("_+_", [.bytes, .bytes], .bytes)
    table.operation("_+_", [.list(a), .list(a)], .list(a))
    table.operation("_+_", [.timestamp, .duration], .timestamp)
    table.operation("_+_", [.duration, .timestamp], .timestamp)
    table.operation("_+_", [.duration, .duration], .duration)
    table.operation("_-_", [.timestamp, .timestamp], .duration)
    table.operation("_-_", [.timestamp, .duration], .timestamp)
    table.operation("_-_", [.duration, .duration], .duration)
    table.operation(Operator.negate, [.int], .int)
    table.operation(Operator.negate, [.double], .double)
    table.operation(Operator.not, [.bool], .bool)
    table.operation("_==_", [a, a], .bool)
    table.operation("_!=_", [a, a], .bool)
    for name in ["_<_", "_<=_", "_>_", "_>=_"] {
      for type in [CELType.bool, .string, .bytes, .timestamp, .duration] {
        table.operation(name, [type, type], .bool)
      }
      for first in numbers {
        for second in numbers { table.operation(name, [first, second], .bool) }
      }
    }
    table.operation(Operator.in, [a, .list(a)], .bool)
    table.operation(Operator.in, [a, .map(a, b)], .bool)
    table.operation(Operator.index, [.list(a), .int], a)
    table.operation(Operator.index, [.map(a, b), a], b)
    table.operation(Operator.index, [.optional(.list(a)), .int], .optional(a))
    table.operation(Operator.index, [.optional(.map(a, b)), a], .optional(b))
    table.operation(Operator.optionalIndex, [.list(a), .int], .optional(a))
    table.operation(Operator.optionalIndex, [.map(a, b), a], .optional(b))
    table.operation(Operator.optionalIndex, [.optional(.list(a)), .int], .optional(a))
    table.operation(Operator.optionalIndex, [.optional(.map(a, b)), a], .optional(b))
  }
}

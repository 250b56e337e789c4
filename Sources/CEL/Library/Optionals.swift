import Scalars

extension Library {
  static func declareOptionals(_ table: inout FunctionTable) {
    let optional = CELType.optional(a)
    table.add("optional.none", Overload("optional.none()", [], optional, .nullary { .none }))
    table.unary("optional.of", a, optional) { .some($0) }
    table.unary("optional.ofNonZeroValue", a, optional) { isZero($0) ? .none : .some($0) }
    table.unary("hasValue", optional, .bool, isMethod: true) { value in
      guard case .optional(let optional) = value else { return .noOverload("hasValue", [value]) }
      return .bool(optional.value != nil)
    }
    table.unary("value", optional, a, isMethod: true) { value in
      guard case .optional(let optional) = value else { return .noOverload("value", [value]) }
      return optional.value ?? .invalid("optional.none() dereference: there is no value")
    }
    table.binary("or", optional, optional, optional, isMethod: true) { first, second in
      guard case .optional(let a) = first, case .optional = second else {
        return .noOverload("or", [first, second])
      }
      return a.value == nil ? second : first
    }
    table.binary("orValue", optional, a, a, isMethod: true) { first, second in
      guard case .optional(let a) = first else { return .noOverload("orValue", [first, second]) }
      return a.value ?? second
    }
    table.unary("unwrapOpt", .list(optional), .list(a), isMethod: true, cost: .elements(0), unwrap)
    table.unary("optional.unwrap", .list(optional), .list(a), cost: .elements(0), unwrap)
    table.unary("first", .list(a), optional, isMethod: true) { end($0, "first") { $0.first } }
    table.unary("last", .list(a), optional, isMethod: true) { end($0, "last") { $0.last } }
  }

  private static func end(
    _ value: CELValue, _ name: String, _ get: ([CELValue]) -> CELValue?
  ) -> CELValue {
    guard let list = value.listElements else { return .noOverload(name, [value]) }
    return get(list).map { .some($0) } ?? .none
  }

  @Sendable private static func unwrap(_ value: CELValue) -> CELValue {
    guard let list = value.listElements else { return .noOverload("unwrapOpt", [value]) }
    var result: [CELValue] = []
    for element in list {
      guard case .optional(let optional) = element else {
        return .noOverload("unwrapOpt", [value])
      }
      if let value = optional.value { result.append(value) }
    }
    return .list(result)
  }

  static func isZero(_ value: CELValue) -> Bool {
    switch value {
    case .null: true
    case .bool(let bool): !bool
    case .int(let int): int == 0
    case .uint(let uint): uint == 0
    case .double(let double): double == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .duration(let duration): duration.nanoseconds == 0
    case .optional(let optional): optional.value == nil
    default: value.collectionCount == 0
    }
  }
}

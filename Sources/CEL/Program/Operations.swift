import Scalars
import ValueTree

/// What the operators do once their operands are known not to be errors.
enum Operations {
  static func add(_ left: CELValue, _ right: CELValue) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? .overflow("integer overflow: \(a) + \(b)") : .int(sum)
    case (.uint(let a), .uint(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? .overflow("unsigned integer overflow: \(a)u + \(b)u") : .uint(sum)
    case (.double(let a), .double(let b)): return .double(a + b)
    case (.string(let a), .string(let b)):
      return Text.tooLong(a.utf8.count, b.utf8.count) ?? .string(a + b)
    case (.bytes(let a), .bytes(let b)):
      return Text.tooLong(a.count, b.count) ?? .bytes(a + b)
    case (.timestamp(let a), .duration(let b)), (.duration(let b), .timestamp(let a)):
      return Times.add(a, b.nanoseconds)
    case (.duration(let a), .duration(let b)):
      let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
      return overflow ? Times.durationOverflow : .duration(GoDuration(nanoseconds: sum))
    default:
      if left.isList, right.isList, let a = left.listElements, let b = right.listElements {
        if a.isEmpty { return right }
        if b.isEmpty { return left }
        guard a.count + b.count <= 1_000_000 else { return .invalid("the list becomes too long") }
        return .list(a + b)
      }
      return .noOverload("_+_", [left, right])
    }
  }

  static func subtract(_ left: CELValue, _ right: CELValue) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      let (result, overflow) = a.subtractingReportingOverflow(b)
      return overflow ? .overflow("integer overflow: \(a) - \(b)") : .int(result)
    case (.uint(let a), .uint(let b)):
      let (result, overflow) = a.subtractingReportingOverflow(b)
      return overflow ? .overflow("unsigned integer overflow: \(a)u - \(b)u") : .uint(result)
    case (.double(let a), .double(let b)): return .double(a - b)
    case (.timestamp(let a), .duration(let b)): return Times.subtract(a, b.nanoseconds)
    case (.timestamp(let a), .timestamp(let b)): return Times.difference(a, b)
    case (.duration(let a), .duration(let b)):
      let (result, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
      return overflow ? Times.durationOverflow : .duration(GoDuration(nanoseconds: result))
    default: return .noOverload("_-_", [left, right])
    }
  }

  static func multiply(_ left: CELValue, _ right: CELValue) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? .overflow("integer overflow: \(a) * \(b)") : .int(product)
    case (.uint(let a), .uint(let b)):
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? .overflow("unsigned integer overflow: \(a)u * \(b)u") : .uint(product)
    case (.double(let a), .double(let b)): return .double(a * b)
    default: return .noOverload("_*_", [left, right])
    }
  }

  static func divide(_ left: CELValue, _ right: CELValue) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      if b == 0 { return .failure(.divisionByZero, "division by zero: \(a) / 0") }
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      return overflow ? .overflow("integer overflow: \(a) / \(b)") : .int(quotient)
    case (.uint(let a), .uint(let b)):
      if b == 0 { return .failure(.divisionByZero, "division by zero: \(a)u / 0u") }
      return .uint(a / b)
    case (.double(let a), .double(let b)): return .double(a / b)
    default: return .noOverload("_/_", [left, right])
    }
  }

  static func modulo(_ left: CELValue, _ right: CELValue) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      if b == 0 { return .failure(.divisionByZero, "modulus by zero: \(a) % 0") }
      let (rest, overflow) = a.remainderReportingOverflow(dividingBy: b)
      return overflow ? .overflow("integer overflow: \(a) % \(b)") : .int(rest)
    case (.uint(let a), .uint(let b)):
      if b == 0 { return .failure(.divisionByZero, "modulus by zero: \(a)u % 0u") }
      return .uint(a % b)
    default: return .noOverload("_%_", [left, right])
    }
  }

  static func negate(_ value: CELValue) -> CELValue {
    switch value {
    case .int(let a): a == .min ? .overflow("integer overflow: -(\(a))") : .int(-a)
    case .double(let a): .double(-a)
    default: .noOverload(Operator.negate, [value])
    }
  }

  static func not(_ value: CELValue) -> CELValue {
    if case .bool(let a) = value { return .bool(!a) }
    return .noOverload(Operator.not, [value])
  }

  private static let tooLarge = CELValue.invalid("the values are too large to be compared")

  static func equal(
    _ left: CELValue, _ right: CELValue, _ expected: Bool, _ budget: inout ComparisonBudget
  ) -> CELValue {
    let same = left.equals(right, &budget)
    return budget.isExhausted ? tooLarge : .bool(same == expected)
  }

  static func order(
    _ left: CELValue, _ right: CELValue, _ code: Instruction.Code
  ) -> CELValue {
    guard let order = left.compare(right) else {
      if left.isOrdered(with: right) { return .bool(false) }
      return .noOverload(spelling(code), [left, right])
    }
    switch code {
    case .less: return .bool(order < 0)
    case .lessOrEqual: return .bool(order <= 0)
    case .greater: return .bool(order > 0)
    default: return .bool(order >= 0)
    }
  }

  private static func spelling(_ code: Instruction.Code) -> String {
    switch code {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    default: ">="
    }
  }

  static func contains(
    _ value: CELValue, in collection: CELValue, _ budget: inout ComparisonBudget
  ) -> CELValue {
    if case .map(let map) = collection { return .bool(map.hasKey(value)) }
    if collection.isMap { return .bool(collection.element(value) != nil) }
    switch collection {
    case .list(let list):
      for element in list where value.equals(element, &budget) { return .bool(true) }
    case .tree(let tree):
      for element in tree.elements where value.equals(CELValue(element), &budget) {
        return .bool(true)
      }
    default: return .noOverload(Operator.in, [value, collection])
    }
    return budget.isExhausted ? tooLarge : .bool(false)
  }

  // MARK: Access

  static func select(_ operand: CELValue, _ field: FieldName) -> CELValue {
    switch operand {
    case .tree(let tree) where tree.isMap:
      if let value = tree[field.key] { return CELValue(value) }
      return noKey(field.text)
    case .map(let map):
      return map[text: field.text] ?? noKey(field.text)
    case .optional(let optional):
      guard let value = optional.value else { return .none }
      return selectOptional(value, field)
    default:
      return .failure(
        .noSuchOverload,
        "type '\(operand.type)' does not support field selection: no '\(field.text)' in "
          + operand.summary)
    }
  }

  static func selectOptional(_ operand: CELValue, _ field: FieldName) -> CELValue {
    switch operand {
    case .tree(let tree) where tree.isMap:
      return tree[field.key].map { .some(CELValue($0)) } ?? .none
    case .map(let map): return map[text: field.text].map { .some($0) } ?? .none
    case .optional(let optional):
      guard let value = optional.value else { return .none }
      return selectOptional(value, field)
    default: return select(operand, field)
    }
  }

  static func test(_ operand: CELValue, _ field: FieldName) -> CELValue {
    switch operand {
    case .tree(let tree) where tree.isMap: return .bool(tree[field.key] != nil)
    case .map(let map): return .bool(map[text: field.text] != nil)
    case .optional(let optional):
      guard let value = optional.value else { return .bool(false) }
      return test(value, field)
    default: return select(operand, field)
    }
  }

  static func index(_ operand: CELValue, _ key: CELValue) -> CELValue {
    if case .optional(let optional) = operand {
      guard let value = optional.value else { return .none }
      return indexOptional(value, key)
    }
    if let value = operand.element(key) { return value }
    return missing(operand, key)
  }

  static func indexOptional(_ operand: CELValue, _ key: CELValue) -> CELValue {
    if case .optional(let optional) = operand {
      guard let value = optional.value else { return .none }
      return indexOptional(value, key)
    }
    if let value = operand.element(key) { return .some(value) }
    if operand.isMap || operand.isList && key.listIndex != nil { return .none }
    return missing(operand, key)
  }

  private static func missing(_ operand: CELValue, _ key: CELValue) -> CELValue {
    if operand.isMap { return .failure(.noSuchKey, "no such key: \(key.summary)") }
    guard operand.isList else { return .noOverload(Operator.index, [operand, key]) }
    guard key.isNumber else { return .noOverload(Operator.index, [operand, key]) }
    return .failure(
      .indexOutOfRange,
      "index out of bounds: \(key.summary) in a list of \(operand.collectionCount ?? 0)")
  }

  static func noKey(_ field: String) -> CELValue {
    .failure(.noSuchKey, "no such key: '\(field)'")
  }

  // MARK: Data

  static func coerce(_ value: CELValue, _ coercion: Coercion) -> CELValue {
    switch (coercion, value) {
    case (.double, .int(let int)): return .double(Double(int))
    case (.uint, .int(let int)) where int >= 0: return .uint(UInt64(int))
    case (.timestamp, .string(let text)): return Times.timestamp(parsing: text)
    case (.duration, .string(let text)): return Times.duration(parsing: text)
    case (.bytes, .string(let text)): return Base64.decode(text)
    default: return value
    }
  }
}

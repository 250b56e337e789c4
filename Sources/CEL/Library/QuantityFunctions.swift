import Scalars

extension Library {
  static func declareQuantity(_ table: inout FunctionTable) {
    table.unary("quantity", .string, .quantity, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("quantity", [value]) }
      do throws(ScalarError) {
        return .quantity(try Quantity(parsing: text))
      } catch {
        return .invalid(
          "\(Quoting.quote(String(text.prefix(60)))) is no quantity: \(error.message)")
      }
    }
    table.unary("isQuantity", .string, .bool, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("isQuantity", [value]) }
      return .bool(Quantity(text) != nil)
    }
    quantity(&table, "sign", .int) { .int(Int64($0.sign)) }
    quantity(&table, "isInteger", .bool) { .bool($0.isInteger) }
    quantity(&table, "asInteger", .int) { quantity in
      quantity.asInt64.map { .int($0) }
        ?? .overflow("the quantity \(quantity) is no integer of 64 bits")
    }
    quantity(&table, "asApproximateFloat", .double) { .double($0.asDouble) }
    comparison(&table, "isGreaterThan", .bool) { .bool($0 > $1) }
    comparison(&table, "isLessThan", .bool) { .bool($0 < $1) }
    comparison(&table, "compareTo", .int) { .int($0 == $1 ? 0 : $0 < $1 ? -1 : 1) }
    for (name, isSum) in [("add", true), ("sub", false)] {
      for type in [CELType.quantity, .int] {
        table.binary(name, .quantity, type, .quantity, isMethod: true, group: name) {
          first, second in
          guard case .quantity(let a) = first else { return .noOverload(name, [first, second]) }
          let b: Quantity
          switch second {
          case .quantity(let quantity): b = quantity
          case .int(let int): b = Quantity(int)
          default: return .noOverload(name, [first, second])
          }
          do throws(ScalarError) {
            return .quantity(isSum ? try a.adding(b) : try a.subtracting(b))
          } catch {
            return .overflow(error.message)
          }
        }
      }
    }
  }

  private static func quantity(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ get: @escaping @Sendable (Quantity) -> CELValue
  ) {
    table.unary(name, .quantity, result, isMethod: true) { value in
      guard case .quantity(let quantity) = value else { return .noOverload(name, [value]) }
      return get(quantity)
    }
  }

  /// Quantities and versions have these methods in common.
  private static func comparison(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ compare: @escaping @Sendable (Quantity, Quantity) -> CELValue
  ) {
    table.binary(name, .quantity, .quantity, result, isMethod: true) { first, second in
      guard case .quantity(let a) = first, case .quantity(let b) = second else {
        return .noOverload(name, [first, second])
      }
      return compare(a, b)
    }
  }
}

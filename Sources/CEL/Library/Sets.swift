extension Library {
  static func declareSets(_ table: inout FunctionTable) {
    set(&table, "sets.contains") { $1.allIn($0, &$2) }
    set(&table, "sets.equivalent") { $0.allIn($1, &$2) && $1.allIn($0, &$2) }
    set(&table, "sets.intersects") { $0.anyIn($1, &$2) }
  }

  private static func set(
    _ table: inout FunctionTable, _ name: String,
    _ test: @escaping @Sendable (ValueSet, ValueSet, inout ComparisonBudget) -> Bool
  ) {
    table.binary(name, .list(a), .list(a), .bool, cost: .elementProduct) { first, second in
      guard let a = first.listElements, let b = second.listElements else {
        return .noOverload(name, [first, second])
      }
      var budget = ComparisonBudget(1_000 + 100 * (a.count + b.count))
      let holds = test(ValueSet(a), ValueSet(b), &budget)
      return budget.isExhausted
        ? .invalid("\(name)(): the values are too large to be compared") : .bool(holds)
    }
  }
}

/// The elements of a list, for looking them up.
private struct ValueSet {
  let elements: [CELValue]
  private var keys: Set<CELMap.Key> = []
  private var others: [CELValue] = []

  init(_ elements: [CELValue]) {
    self.elements = elements
    for element in elements {
      if let key = CELMap.Key(element) {
        keys.insert(key)
      } else {
        others.append(element)
      }
    }
  }

  private func contains(_ value: CELValue, _ budget: inout ComparisonBudget) -> Bool {
    if let key = CELMap.Key(value) { return keys.contains(key) }
    for other in others where other.equals(value, &budget) { return true }
    return false
  }

  func allIn(_ other: ValueSet, _ budget: inout ComparisonBudget) -> Bool {
    for element in elements where !other.contains(element, &budget) { return false }
    return true
  }

  func anyIn(_ other: ValueSet, _ budget: inout ComparisonBudget) -> Bool {
    for element in elements where other.contains(element, &budget) { return true }
    return false
  }
}

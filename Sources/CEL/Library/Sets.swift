extension Library {
  static func declareSets(_ table: inout FunctionTable) {
    set(&table, "sets.contains") { $1.allIn($0) }
    set(&table, "sets.equivalent") { $0.allIn($1) && $1.allIn($0) }
    set(&table, "sets.intersects") { $0.anyIn($1) }
  }

  private static func set(
    _ table: inout FunctionTable, _ name: String,
    _ test: @escaping @Sendable (ValueSet, ValueSet) -> Bool
  ) {
    table.binary(name, .list(a), .list(a), .bool, cost: .elementProduct) { first, second in
      guard let a = first.listElements, let b = second.listElements else {
        return .noOverload(name, [first, second])
      }
      return .bool(test(ValueSet(a), ValueSet(b)))
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

  private func contains(_ value: CELValue) -> Bool {
    if let key = CELMap.Key(value) { return keys.contains(key) }
    return others.contains { $0.equals(value) == true }
  }

  func allIn(_ other: ValueSet) -> Bool { elements.allSatisfy { other.contains($0) } }

  func anyIn(_ other: ValueSet) -> Bool { elements.contains { other.contains($0) } }
}

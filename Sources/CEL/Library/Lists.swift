import Scalars

extension Library {
  static func declareLists(_ table: inout FunctionTable) {
    let ordered: [CELType] = [.int, .uint, .double, .bool, .string, .bytes, .timestamp, .duration]
    for type in ordered {
      table.unary(
        "isSorted", .list(type), .bool, isMethod: true, cost: .elements(0), group: "isSorted",
        isSorted)
      for (name, sign) in [("min", -1), ("max", 1)] {
        table.unary(name, .list(type), type, isMethod: true, cost: .elements(0), group: name) {
          extreme($0, name, sign)
        }
      }
      table.unary(
        "sort", .list(type), .list(type), isMethod: true, cost: .elements(0), group: "sort", sort)
    }
    for type in [CELType.int, .uint, .double, .duration] {
      table.unary(
        "sum", .list(type), type, isMethod: true, cost: .elements(0), group: "sum", sum)
    }
    table.binary("indexOf", .list(a), a, .int, isMethod: true, cost: .elements(0)) {
      place($0, $1, "indexOf") { list, isMatch in list.firstIndex(where: isMatch) }
    }
    table.binary("lastIndexOf", .list(a), a, .int, isMethod: true, cost: .elements(0)) {
      place($0, $1, "lastIndexOf") { list, isMatch in list.lastIndex(where: isMatch) }
    }
    table.unary("distinct", .list(a), .list(a), isMethod: true, cost: .elements(0), distinct)
    table.unary("reverse", .list(a), .list(a), isMethod: true, cost: .elements(0)) { value in
      value.listElements.map { .list($0.reversed()) } ?? .noOverload("reverse", [value])
    }
    table.unary("flatten", .list(.list(a)), .list(a), isMethod: true, cost: .elements(0)) {
      flatten($0, 1)
    }
    table.binary("flatten", .list(.dyn), .int, .list(.dyn), isMethod: true, cost: .elements(0)) {
      guard case .int(let depth) = $1 else { return .noOverload("flatten", [$0, $1]) }
      return depth < 0 ? .invalid("flatten(): the level must be non-negative") : flatten($0, depth)
    }
    table.ternary("slice", [.list(a), .int, .int], .list(a), cost: .elements(0), slice)
    table.unary("lists.range", .int, .list(.int)) { value in
      guard case .int(let count) = value else { return .noOverload("lists.range", [value]) }
      guard count <= 1_000_000 else { return .invalid("lists.range(): over 1000000 elements") }
      return .list((0..<Swift.max(0, count)).map { .int($0) })
    }
  }

  @Sendable private static func isSorted(_ value: CELValue) -> CELValue {
    guard let list = value.listElements else { return .noOverload("isSorted", [value]) }
    for (first, second) in zip(list, list.dropFirst()) {
      guard first.isOrdered(with: second) else { return .noOverload("isSorted", [first, second]) }
      if let order = first.compare(second), order > 0 { return .bool(false) }
    }
    return .bool(true)
  }

  private static func extreme(_ value: CELValue, _ name: String, _ sign: Int) -> CELValue {
    guard let list = value.listElements else { return .noOverload(name, [value]) }
    guard var best = list.first else { return .invalid("\(name)() of an empty list") }
    for element in list.dropFirst() {
      guard best.isOrdered(with: element) else { return .noOverload(name, [best, element]) }
      if let order = element.compare(best), order * sign > 0 { best = element }
    }
    return best
  }

  @Sendable private static func sort(_ value: CELValue) -> CELValue {
    guard let list = value.listElements else { return .noOverload("sort", [value]) }
    for element in list.dropFirst() where !list[0].isOrdered(with: element) {
      return .noOverload("sort", [list[0], element])
    }
    // The position decides between equals, so that the result is one whatever the algorithm.
    let sorted = list.enumerated().sorted { first, second in
      let order = first.element.compare(second.element) ?? 0
      return order != 0 ? order < 0 : first.offset < second.offset
    }
    return .list(sorted.map(\.element))
  }

  @Sendable private static func sum(_ value: CELValue) -> CELValue {
    guard let list = value.listElements else { return .noOverload("sum", [value]) }
    guard var total = list.first else { return .int(0) }
    guard total.isNumber || total.type == .duration else { return .noOverload("sum", [total]) }
    for element in list.dropFirst() {
      total = Operations.add(total, element)
      if total.isAbnormal { return total }
    }
    return total
  }

  private static func place(
    _ list: CELValue, _ value: CELValue, _ name: String,
    _ find: ([CELValue], (CELValue) -> Bool) -> Int?
  ) -> CELValue {
    guard let elements = list.listElements else { return .noOverload(name, [list, value]) }
    var budget = ComparisonBudget(1_000 + 100 * elements.count)
    let found = find(elements) { $0.equals(value, &budget) }
    return budget.isExhausted
      ? .invalid("\(name)(): the values are too large to be compared") : .int(Int64(found ?? -1))
  }

  @Sendable private static func distinct(_ value: CELValue) -> CELValue {
    guard let list = value.listElements else { return .noOverload("distinct", [value]) }
    var budget = ComparisonBudget(1_000 + 100 * list.count)
    var seen: Set<CELMap.Key> = []
    var result: [CELValue] = []
    for element in list {
      if let key = CELMap.Key(element) {
        if seen.insert(key).inserted { result.append(element) }
      } else if !result.contains(where: { $0.equals(element, &budget) }) {
        result.append(element)
      }
    }
    return budget.isExhausted
      ? .invalid("distinct(): the values are too large to be compared") : .list(result)
  }

  private static func flatten(_ value: CELValue, _ depth: Int64) -> CELValue {
    guard let list = value.listElements else { return .noOverload("flatten", [value]) }
    var result: [CELValue] = []
    var budget = 1_000_000
    func add(_ elements: [CELValue], _ depth: Int64) {
      for element in elements where budget > 0 {
        budget -= 1
        if depth > 0, let inner = element.listElements {
          add(inner, depth - 1)
        } else {
          result.append(element)
        }
      }
    }
    add(list, Swift.min(depth, 64))
    return budget > 0 ? .list(result) : .invalid("flatten(): over 1000000 elements")
  }

  @Sendable private static func slice(
    _ value: CELValue, _ from: CELValue, _ to: CELValue
  ) -> CELValue {
    guard let list = value.listElements, case .int(let start) = from, case .int(let end) = to
    else { return .noOverload("slice", [value, from, to]) }
    guard start >= 0, start <= end, end <= list.count else {
      return .failure(
        .indexOutOfRange, "cannot slice(\(start), \(end)), the list has \(list.count) elements")
    }
    return .list(Array(list[Int(start)..<Int(end)]))
  }
}

extension Library {
  static func declareMath(_ table: inout FunctionTable) {
    for (name, sign) in [("math.@max", 1), ("math.@min", -1)] { extreme(&table, name, sign) }
    rounding(&table, "math.ceil") { $0.rounded(.up) }
    rounding(&table, "math.floor") { $0.rounded(.down) }
    rounding(&table, "math.round") { $0.rounded(.toNearestOrAwayFromZero) }
    rounding(&table, "math.trunc") { $0.rounded(.towardZero) }
    property(&table, "math.isNaN") { $0.isNaN }
    property(&table, "math.isInf") { $0.isInfinite }
    property(&table, "math.isFinite") { $0.isFinite }
    for type in [CELType.int, .uint, .double] {
      table.unary("math.abs", type, type, group: "math.abs", abs)
      table.unary("math.sign", type, type, group: "math.sign", sign)
      table.unary("math.sqrt", type, .double, group: "math.sqrt") { value in
        guard case .double(let number) = double(value) else {
          return .noOverload("math.sqrt", [value])
        }
        return .double(number.squareRoot())
      }
    }
    bits(&table, "math.bitAnd", { $0 & $1 }, { $0 & $1 })
    bits(&table, "math.bitOr", { $0 | $1 }, { $0 | $1 })
    bits(&table, "math.bitXor", { $0 ^ $1 }, { $0 ^ $1 })
    for type in [CELType.int, .uint] {
      table.unary("math.bitNot", type, type, group: "math.bitNot") { value in
        switch value {
        case .int(let int): .int(~int)
        case .uint(let uint): .uint(~uint)
        default: .noOverload("math.bitNot", [value])
        }
      }
    }
    shift(&table, "math.bitShiftLeft") { $1 > 63 ? 0 : $0 << $1 }
    // The sign bit is not drawn in, as in the reference implementation.
    shift(&table, "math.bitShiftRight") { $1 > 63 ? 0 : $0 >> $1 }
  }

  /// `math.greatest` and `math.least`, which the parser gives one, two or a list of arguments.
  private static func extreme(_ table: inout FunctionTable, _ name: String, _ sign: Int) {
    let spelled = sign > 0 ? "math.greatest" : "math.least"
    let pick: @Sendable (CELValue, CELValue) -> CELValue = { first, second in
      guard first.isNumber, second.isNumber else { return .noOverload(spelled, [first, second]) }
      let order = CELValue.compareNumbers(first, second) ?? 0
      return order * sign >= 0 ? first : second
    }
    let numbers: [CELType] = [.int, .uint, .double]
    for type in numbers {
      table.unary(name, type, type, group: name) { value in
        if let elements = value.listElements { return list(elements, spelled, pick) }
        return value.isNumber ? value : .noOverload(spelled, [value])
      }
      for other in numbers {
        table.binary(name, type, other, type == other ? type : .dyn, group: name, pick)
      }
    }
    for type in numbers {
      table.unary(name, .list(type), type, cost: .elements(0), group: name) { value in
        list(value.listElements ?? [], spelled, pick)
      }
    }
    table.unary(name, .list(.dyn), .dyn, cost: .elements(0), group: name) { value in
      list(value.listElements ?? [], spelled, pick)
    }
  }

  private static func list(
    _ elements: [CELValue], _ name: String, _ pick: (CELValue, CELValue) -> CELValue
  ) -> CELValue {
    guard var best = elements.first else { return .invalid("\(name)(): the list is empty") }
    guard best.isNumber else { return .noOverload(name, [best]) }
    for element in elements.dropFirst() {
      best = pick(best, element)
      if best.isAbnormal { return best }
    }
    return best
  }

  private static func rounding(
    _ table: inout FunctionTable, _ name: String, _ round: @escaping @Sendable (Double) -> Double
  ) {
    table.unary(name, .double, .double) { value in
      guard case .double(let number) = value else { return .noOverload(name, [value]) }
      return .double(round(number))
    }
  }

  private static func property(
    _ table: inout FunctionTable, _ name: String, _ test: @escaping @Sendable (Double) -> Bool
  ) {
    table.unary(name, .double, .bool) { value in
      guard case .double(let number) = value else { return .noOverload(name, [value]) }
      return .bool(test(number))
    }
  }

  @Sendable private static func abs(_ value: CELValue) -> CELValue {
    switch value {
    case .int(let int):
      int == .min ? .overflow("integer overflow: abs(\(int))") : .int(Swift.abs(int))
    case .uint: value
    case .double(let double): .double(double.magnitude)
    default: .noOverload("math.abs", [value])
    }
  }

  @Sendable private static func sign(_ value: CELValue) -> CELValue {
    switch value {
    case .int(let int): .int(int.signum())
    case .uint(let uint): .uint(uint == 0 ? 0 : 1)
    case .double(let double):
      double.isNaN || double == 0 ? value : .double(double < 0 ? -1 : 1)
    default: .noOverload("math.sign", [value])
    }
  }

  private static func bits(
    _ table: inout FunctionTable, _ name: String,
    _ ints: @escaping @Sendable (Int64, Int64) -> Int64,
    _ uints: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) {
    for type in [CELType.int, .uint] {
      table.binary(name, type, type, type, group: name) { first, second in
        switch (first, second) {
        case (.int(let a), .int(let b)): .int(ints(a, b))
        case (.uint(let a), .uint(let b)): .uint(uints(a, b))
        default: .noOverload(name, [first, second])
        }
      }
    }
  }

  private static func shift(
    _ table: inout FunctionTable, _ name: String,
    _ shift: @escaping @Sendable (UInt64, Int64) -> UInt64
  ) {
    for type in [CELType.int, .uint] {
      table.binary(name, type, .int, type, group: name) { value, count in
        guard case .int(let count) = count else { return .noOverload(name, [value, count]) }
        if count < 0 { return .invalid("\(name)() negative offset: \(count)") }
        switch value {
        case .int(let int): return .int(Int64(bitPattern: shift(UInt64(bitPattern: int), count)))
        case .uint(let uint): return .uint(shift(uint, count))
        default: return .noOverload(name, [value, .int(count)])
        }
      }
    }
  }
}

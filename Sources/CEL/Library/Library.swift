/// The functions and types that every environment has.
enum Library {
  static let all: FunctionTable = {
    var table = FunctionTable()
    declareOperators(&table)
    declareConversions(&table)
    declareStandard(&table)
    declareTimes(&table)
    declareOptionals(&table)
    declareStrings(&table)
    declareMath(&table)
    declareLists(&table)
    declareSets(&table)
    declareEncoders(&table)
    declareNetwork(&table)
    declareQuantity(&table)
    declareSemver(&table)
    declareURL(&table)
    declareRegex(&table)
    declareFormats(&table)
    declareAuthorizer(&table)
    return table
  }()

  static let types: [String: CELType] = {
    var types: [String: CELType] = [:]
    let known: [CELType] = [
      .bool, .int, .uint, .double, .string, .bytes, .list(.dyn), .map(.dyn, .dyn), .null,
      .type(.dyn), .timestamp, .duration, .optional(.dyn), .ip, .cidr, .quantity, .semver, .url,
      .format,
    ]
    for type in known { types[type.runtimeName] = type }
    return types
  }()

  static let a = CELType.parameter("A")
  static let b = CELType.parameter("B")
}

extension FunctionTable {
  typealias Unary = @Sendable (CELValue) -> CELValue
  typealias Binary = @Sendable (CELValue, CELValue) -> CELValue

  mutating func unary(
    _ name: String, _ parameter: CELType, _ result: CELType, isMethod: Bool = false,
    cost: CostRule = .one, group: String? = nil, _ function: @escaping Unary
  ) {
    add(
      name,
      Overload(
        Self.id(name, [parameter], isMethod), isMethod: isMethod, [parameter], result, cost: cost,
        group: group, specialize: nil, .unary(function)))
  }

  mutating func binary(
    _ name: String, _ first: CELType, _ second: CELType, _ result: CELType, isMethod: Bool = false,
    cost: CostRule = .one, group: String? = nil,
    specialize: (@Sendable ([CELValue?]) -> Overload.Implementation?)? = nil,
    _ function: @escaping Binary
  ) {
    add(
      name,
      Overload(
        Self.id(name, [first, second], isMethod), isMethod: isMethod, [first, second], result,
        cost: cost, group: group, specialize: specialize, .binary(function)))
  }

  mutating func ternary(
    _ name: String, _ parameters: [CELType], _ result: CELType, isMethod: Bool = true,
    cost: CostRule = .one,
    specialize: (@Sendable ([CELValue?]) -> Overload.Implementation?)? = nil,
    _ function: @escaping @Sendable (CELValue, CELValue, CELValue) -> CELValue
  ) {
    add(
      name,
      Overload(
        Self.id(name, parameters, isMethod), isMethod: isMethod, parameters, result, cost: cost,
        group: nil, specialize: specialize, .ternary(function)))
  }

  /// Declares an operator: the machine does it, so only its types are needed.
  mutating func operation(_ name: String, _ parameters: [CELType], _ result: CELType) {
    add(name, Overload(Self.id(name, parameters, false), parameters, result, .none))
  }

  private static func id(_ name: String, _ parameters: [CELType], _ isMethod: Bool) -> String {
    let types = parameters.map(\.description).joined(separator: ",")
    return "\(isMethod ? "." : "")\(name)(\(types))"
  }
}

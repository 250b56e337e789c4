/// One signature of a function, and what it does.
public struct Overload: Sendable {
  /// What a function does with its arguments, none of which is an error or unknown.
  public enum Implementation: Sendable {
    /// Declared for type checking only.
    case none
    /// No argument.
    case nullary(@Sendable () -> CELValue)
    /// One argument.
    case unary(@Sendable (CELValue) -> CELValue)
    /// Two arguments, the target of a method first.
    case binary(@Sendable (CELValue, CELValue) -> CELValue)
    /// Three arguments.
    case ternary(@Sendable (CELValue, CELValue, CELValue) -> CELValue)
    /// Any number of arguments.
    case variadic(@Sendable ([CELValue]) -> CELValue)
  }

  /// What tells overloads of one function apart.
  public let id: String
  /// Whether it is called as a method.
  public let isMethod: Bool
  /// The types of the arguments, the target of a method first.
  public let parameters: [CELType]
  /// The type of the result.
  public let result: CELType
  /// What a call costs.
  public let cost: CostRule
  let implementation: Implementation
  /// Makes an implementation for arguments that are constants, such as a compiled pattern.
  let specialize: (@Sendable ([CELValue?]) -> Implementation?)?
  /// Whether equal arguments give equal results, so that a call on constants can be made once.
  let isPure: Bool
  /// The name of an implementation that several overloads have in common, so that no choice is needed.
  let group: String?

  /// An overload.
  ///
  /// - Parameters:
  ///   - id: What tells overloads of one function apart.
  ///   - isMethod: Whether it is called as a method.
  ///   - parameters: The types of the arguments, the target of a method first.
  ///   - result: The type of the result.
  ///   - cost: What a call costs.
  ///   - isPure: Whether equal arguments give equal results.
  ///   - implementation: What it does.
  public init(
    _ id: String, isMethod: Bool = false, _ parameters: [CELType], _ result: CELType,
    cost: CostRule = .one, isPure: Bool = true, _ implementation: Implementation
  ) {
    self.init(
      id, isMethod: isMethod, parameters, result, cost: cost, isPure: isPure,
      group: nil, specialize: nil, implementation)
  }

  init(
    _ id: String, isMethod: Bool = false, _ parameters: [CELType], _ result: CELType,
    cost: CostRule = .one, isPure: Bool = true, group: String?,
    specialize: (@Sendable ([CELValue?]) -> Implementation?)?, _ implementation: Implementation
  ) {
    self.id = id
    self.isMethod = isMethod
    self.parameters = parameters
    self.result = result
    self.cost = cost
    self.isPure = isPure
    self.group = group
    self.specialize = specialize
    self.implementation = implementation
  }

  /// The signature as messages write it.
  func signature(_ name: String) -> String {
    var types = parameters.map(\.description)
    let name = Operator.spelling(name)
    guard isMethod, !types.isEmpty else {
      return "\(name)(\(types.joined(separator: ", "))) -> \(result)"
    }
    let target = types.removeFirst()
    return "\(target).\(name)(\(types.joined(separator: ", "))) -> \(result)"
  }

  /// Whether arguments of these kinds may be given to the overload when it runs.
  func fits(_ arguments: [CELValue]) -> Bool {
    guard arguments.count == parameters.count else { return false }
    for (argument, parameter) in zip(arguments, parameters)
    where !parameter.fits(argument) { return false }
    return true
  }
}

extension CELType {
  /// Whether a value may stand where this type is expected; what lists and maps hold is not looked at.
  func fits(_ value: CELValue) -> Bool {
    switch self {
    case .dyn, .parameter, .variable, .error: return true
    case .null: if case .null = value { return true }
    case .bool: if case .bool = value { return true }
    case .int: if case .int = value { return true }
    case .uint: if case .uint = value { return true }
    case .double: if case .double = value { return true }
    case .string: if case .string = value { return true }
    case .bytes: if case .bytes = value { return true }
    case .timestamp: if case .timestamp = value { return true }
    case .duration: if case .duration = value { return true }
    case .type: if case .type = value { return true }
    case .list: return value.isList
    case .map, .object: return value.isMap
    case .opaque(let name, _): return value.type.runtimeName == name
    }
    return false
  }
}

/// What a call costs, in Kubernetes' units.
public enum CostRule: Sendable, Hashable {
  /// One unit.
  case one
  /// A tenth of the length of these arguments, rounded up.
  case scan([Int])
  /// The number of elements of an argument.
  case elements(Int)
  /// The product of the numbers of elements of both arguments.
  case elementProduct
  /// A tenth of the shorter of both arguments.
  case shorter
  /// Length of the text by length of the part, a tenth each.
  case search
  /// Length of the text by length of the pattern, a tenth by a quarter.
  case match
}

/// The overloads of functions by name.
public struct FunctionTable: Sendable {
  private(set) var overloads: [String: [Overload]] = [:]

  /// An empty table.
  public init() {}

  /// Adds an overload; one with the same id is replaced.
  ///
  /// - Parameters:
  ///   - name: The name of the function.
  ///   - overload: The overload.
  public mutating func add(_ name: String, _ overload: Overload) {
    overloads[name, default: []].removeAll { $0.id == overload.id }
    overloads[name, default: []].append(overload)
  }

  /// The overloads of a function, empty where there is none.
  ///
  /// - Parameter name: The name of the function.
  /// - Returns: The overloads in the order in which they were added.
  public subscript(name: String) -> [Overload] { overloads[name] ?? [] }
}

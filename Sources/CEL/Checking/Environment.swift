public import ValueTree

/// What an expression may use: variables, functions, types and limits.
///
/// An environment is made once and compiles any number of expressions. A variable has a slot, by which
/// `Bindings` give it its value.
public struct Environment: Sendable {
  /// A variable and its type.
  public struct Variable: Sendable {
    /// The name, perhaps with dots.
    public let name: String
    /// The type.
    public let type: CELType
  }

  /// The variables in the order of their slots.
  public private(set) var variables: [Variable] = []
  private var slots: [String: Int] = [:]
  private(set) var types: [String: CELType]
  private(set) var functions: FunctionTable
  /// The namespace in which names are looked up first, such as `com.example`.
  public var container = ""
  /// How large an expression may be.
  public var limits = ExpressionLimits()
  /// Whether macros are expanded.
  public var expandsMacros = true
  /// The cost after which an evaluation stops.
  public var costLimit: UInt64 = 1_000_000

  /// An environment with all libraries and no variables.
  public init() {
    functions = Library.all
    types = Library.types
  }

  /// An environment with all libraries and these variables.
  ///
  /// - Parameter variables: The variables with their types, in the order of their slots.
  public init(_ variables: KeyValuePairs<String, CELType>) {
    self.init()
    for (name, type) in variables { declare(name, type) }
  }

  /// Declares a variable, or changes its type.
  ///
  /// - Parameters:
  ///   - name: The name, perhaps with dots.
  ///   - type: The type.
  public mutating func declare(_ name: String, _ type: CELType) {
    if let slot = slots[name] {
      variables[slot] = Variable(name: name, type: type)
    } else {
      slots[name] = variables.count
      variables.append(Variable(name: name, type: type))
    }
  }

  /// Declares a function.
  ///
  /// - Parameters:
  ///   - name: The name, perhaps with dots.
  ///   - overload: Its signature and what it does.
  public mutating func declare(function name: String, _ overload: Overload) {
    functions.add(name, overload)
  }

  /// Declares a type name that expressions can compare with `type(x)`.
  ///
  /// - Parameter type: The type.
  public mutating func declare(type: CELType) { types[type.runtimeName] = type }

  /// The slot of a variable, or nil where there is none of the name.
  ///
  /// - Parameter name: The name of the variable.
  /// - Returns: Its place in `Bindings`.
  public func slot(_ name: String) -> Int? { slots[name] }

  /// The full names that a name may mean, the longest container first.
  func candidates(_ name: String, isAbsolute: Bool) -> [String] {
    if isAbsolute || name.hasPrefix(".") {
      return [name.hasPrefix(".") ? String(name.dropFirst()) : name]
    }
    var result: [String] = []
    var prefix = container[...]
    while !prefix.isEmpty {
      result.append("\(prefix).\(name)")
      prefix = prefix.lastIndex(of: ".").map { prefix[..<$0] } ?? ""
    }
    result.append(name)
    return result
  }
}

/// The values of an environment's variables for one evaluation.
///
/// Keep bindings and change values in them: nothing is allocated then.
public struct Bindings: Sendable {
  var values: ContiguousArray<CELValue>
  private let names: [String]

  /// Bindings for an environment, with every variable unknown.
  ///
  /// - Parameter environment: The environment.
  public init(_ environment: Environment) {
    names = environment.variables.map(\.name)
    values = ContiguousArray(names.map { .unknown(UnknownSet([$0])) })
  }

  /// The value in a slot.
  ///
  /// - Parameter slot: The slot, as the environment gives it.
  @inlinable
  public subscript(slot: Int) -> CELValue {
    get { value(slot) }
    set { setValue(slot, newValue) }
  }

  @usableFromInline func value(_ slot: Int) -> CELValue { values[slot] }

  @usableFromInline mutating func setValue(_ slot: Int, _ value: CELValue) { values[slot] = value }

  /// The value of a variable; setting one that the environment does not have traps.
  ///
  /// - Parameter name: The name of the variable.
  /// - Complexity: O(variables); loops use the slot.
  public subscript(name: String) -> CELValue? {
    get { names.firstIndex(of: name).map { values[$0] } }
    set {
      guard let slot = names.firstIndex(of: name) else {
        preconditionFailure("declare the variable \(name) in the environment first")
      }
      values[slot] = newValue ?? .unknown(UnknownSet([name]))
    }
  }

  /// Binds a variable to data.
  ///
  /// - Parameters:
  ///   - name: The name of the variable.
  ///   - tree: The data.
  public mutating func bind(_ name: String, to tree: Value) { self[name] = CELValue(tree) }
}

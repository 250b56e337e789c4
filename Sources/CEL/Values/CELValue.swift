public import Scalars
public import ValueTree

/// A value of the expression language.
///
/// Lists and maps of data stay in their flat tree (`tree`) and are read where an expression asks; what
/// an expression makes itself is a native list or map. A `tree` case holds lists and maps only:
/// `init(_:)` turns scalars into native values.
public enum CELValue: Sendable {
  /// Null.
  case null
  /// A boolean.
  case bool(Bool)
  /// A signed integer of 64 bits.
  case int(Int64)
  /// An unsigned integer of 64 bits.
  case uint(UInt64)
  /// A double.
  case double(Double)
  /// A text.
  case string(String)
  /// Bytes.
  case bytes([UInt8])
  /// A list that an expression or a caller made.
  case list([CELValue])
  /// A map that an expression or a caller made.
  case map(CELMap)
  /// A list or map of data.
  case tree(Value)
  /// A moment.
  case timestamp(Timestamp)
  /// A span of time.
  case duration(GoDuration)
  /// A type, as `type(x)` gives it.
  case type(CELType)
  /// A Kubernetes quantity.
  indirect case quantity(Quantity)
  /// An IP address.
  indirect case ip(IPAddress)
  /// A network prefix.
  indirect case cidr(CIDR)
  /// A semantic version.
  indirect case semver(SemanticVersion)
  /// A value that may be missing.
  case optional(CELOptional)
  /// A value of a type that a library or a caller added.
  case opaque(any OpaqueValue)
  /// Why there is no value. An error is a value because `&&` and `||` may absorb it.
  case error(Failure)
  /// Parts of the input that the value depends on and that are not known.
  case unknown(UnknownSet)
}

/// A value that may be missing, as `a.?b` gives it.
public final class CELOptional: Sendable {
  /// The value, or nil where there is none.
  public let value: CELValue?

  init(_ value: CELValue?) { self.value = value }

  static let none = CELOptional(nil)
}

/// A value of a type that the language does not know: it can be passed around, compared and given to
/// functions that take it.
public protocol OpaqueValue: AnyObject, Sendable {
  /// The type of the value.
  var type: CELType { get }
  /// How a message shows the value.
  var text: String { get }
  /// Whether another value is the same.
  ///
  /// - Parameter other: The other value.
  /// - Returns: Whether the two are equal.
  func equals(_ other: any OpaqueValue) -> Bool
}

/// The unknown parts of the input that a value depends on.
public struct UnknownSet: Sendable, Hashable {
  /// Their names, sorted, each once.
  public let names: [String]

  /// The unknown parts with these names.
  ///
  /// - Parameter names: The names, in any order.
  public init(_ names: [String]) {
    var sorted: [String] = []
    for name in names.sorted() where sorted.last != name { sorted.append(name) }
    self.names = sorted
  }

  func union(_ other: UnknownSet) -> UnknownSet { UnknownSet(names + other.names) }
}

extension CELValue {
  /// The value of a tree: scalars become native, lists and maps stay where they are.
  ///
  /// - Parameter tree: The value of a tree.
  @inline(__always)
  public init(_ tree: Value) {
    if let int = tree.int {
      self = .int(int)
    } else if tree.isMap || tree.isList {
      self = .tree(tree)
    } else {
      self = Self.scalar(tree)
    }
  }

  private static func scalar(_ tree: Value) -> CELValue {
    switch tree.kind {
    case .null: .null
    case .bool: .bool(tree.bool ?? false)
    case .int: .int(tree.int ?? 0)
    case .double: .double(tree.double ?? 0)
    case .string: .string(tree.string ?? "")
    case .list, .map: .tree(tree)
    }
  }

  /// An optional that holds a value.
  static func some(_ value: CELValue) -> CELValue { .optional(CELOptional(value)) }

  /// An optional without a value.
  static let none = CELValue.optional(.none)

  /// Whether this is an error or unknown, which a strict function hands through.
  @inline(__always)
  var isAbnormal: Bool {
    switch self {
    case .error, .unknown: true
    default: false
    }
  }

  /// The type of the value at run time; what a list or map holds is not told.
  public var type: CELType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .list: .list(.dyn)
    case .map: .map(.dyn, .dyn)
    case .tree(let tree): tree.isList ? .list(.dyn) : .map(.dyn, .dyn)
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type(.dyn)
    case .quantity: .quantity
    case .ip: .ip
    case .cidr: .cidr
    case .semver: .semver
    case .optional: .optional(.dyn)
    case .opaque(let value): value.type
    case .error, .unknown: .error
    }
  }
}

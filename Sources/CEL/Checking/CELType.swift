/// A type of the expression language.
public indirect enum CELType: Sendable, Hashable {
  /// Anything; checked when the expression runs.
  case dyn
  /// The type of an error.
  case error
  /// The type of `null`.
  case null
  /// Booleans.
  case bool
  /// Signed integers of 64 bits.
  case int
  /// Unsigned integers of 64 bits.
  case uint
  /// Doubles.
  case double
  /// Texts.
  case string
  /// Bytes.
  case bytes
  /// Moments.
  case timestamp
  /// Spans of time.
  case duration
  /// Lists of one type.
  case list(CELType)
  /// Maps from one type to another.
  case map(CELType, CELType)
  /// The type of a type.
  case type(CELType)
  /// A type parameter of a function.
  case parameter(String)
  /// A parameter in one use of a function, while checking.
  case variable(Int)
  /// A type that is known by its name, perhaps with parameters.
  case opaque(String, [CELType])
  /// An object with fields, known by its name.
  case object(ObjectType)

  /// A Kubernetes quantity.
  public static let quantity = CELType.opaque("kubernetes.Quantity", [])
  /// An IP address.
  public static let ip = CELType.opaque("net.IP", [])
  /// A network prefix.
  public static let cidr = CELType.opaque("net.CIDR", [])
  /// A semantic version.
  public static let semver = CELType.opaque("kubernetes.Semver", [])
  /// A URL.
  public static let url = CELType.opaque("kubernetes.URL", [])
  /// A named format.
  public static let format = CELType.opaque("kubernetes.NamedFormat", [])

  /// A value that may be missing.
  ///
  /// - Parameter wrapped: The type of the value.
  /// - Returns: The optional's type.
  public static func optional(_ wrapped: CELType) -> CELType { .opaque("optional_type", [wrapped]) }

  /// The name a type has as a value: parameters are not part of it.
  public var runtimeName: String {
    switch self {
    case .dyn: "dyn"
    case .error: "error"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .parameter(let name): name
    case .variable(let number): "_var\(number)"
    case .opaque(let name, _): name
    case .object(let type): type.name
    }
  }

  /// The type that an optional wraps, or nil for another type.
  var wrapped: CELType? {
    if case .opaque("optional_type", let parameters) = self { return parameters.first ?? .dyn }
    return nil
  }

  var isDynamic: Bool {
    switch self {
    case .dyn, .error: true
    default: false
    }
  }
}

extension CELType: CustomStringConvertible {
  /// The type as messages write it: `map(string, list(int))`.
  public var description: String {
    switch self {
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .type(let type): type == .dyn ? "type" : "type(\(type))"
    case .opaque(let name, let parameters) where !parameters.isEmpty:
      "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    default: runtimeName
    }
  }
}

/// The type of an object whose fields are declared, as a structural schema does.
public final class ObjectType: Sendable, Hashable {
  /// The name, which tells types apart.
  public let name: String
  /// The fields by the names that expressions use.
  public let fields: [String: Field]

  /// A field of an object.
  public struct Field: Sendable {
    /// The type of its value.
    public let type: CELType
    /// The name in the data, where expressions use another.
    public let key: String?

    /// A field.
    ///
    /// - Parameters:
    ///   - type: The type of its value.
    ///   - key: The name in the data, where expressions use another.
    public init(_ type: CELType, key: String? = nil) {
      self.type = type
      self.key = key
    }
  }

  /// An object type.
  ///
  /// - Parameters:
  ///   - name: The name, which tells types apart.
  ///   - fields: The fields by the names that expressions use.
  public init(_ name: String, fields: [String: Field]) {
    self.name = name
    self.fields = fields
  }

  /// Whether the two are the same type: types of one name are.
  public static func == (left: ObjectType, right: ObjectType) -> Bool {
    left === right || left.name == right.name
  }

  /// Feeds the name.
  ///
  /// - Parameter hasher: The hasher to feed.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

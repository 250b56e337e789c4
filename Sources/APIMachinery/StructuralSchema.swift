public import ValueTree

/// The structural schema of a kind, as a CustomResourceDefinition gives it.
///
/// It knows types, required fields, enumerations, bounds, defaults and pruning. `pattern`, `format`, `oneOf`,
/// `anyOf`, `allOf`, `not` and CEL rules are read over: they come later.
public indirect enum StructuralSchema: Sendable, Hashable {
  /// Any value (`x-kubernetes-preserve-unknown-fields`, or no type).
  case anything(Common)
  case object(Common, ObjectRules)
  case array(Common, ArrayRules)
  case string(Common, StringRules)
  case number(Common, NumberRules)
  case boolean(Common)
  /// `x-kubernetes-int-or-string`.
  case intOrString(Common)
  /// What a built-in kind's types say.
  case builtIn(KubernetesType)

  /// What any schema can say.
  public struct Common: Sendable, Hashable {
    /// Whether null is a value.
    public var isNullable = false
    /// What stands where nothing was said.
    public var defaultValue: Value?
    /// The only values there may be; empty for all.
    public var allowed: [Value] = []
  }

  /// What is said of maps.
  public struct ObjectRules: Sendable, Hashable {
    /// The fields, in the order of their names.
    public var properties: [Property] = []
    /// Fields that must be there.
    public var required: [Key] = []
    /// The schema of all other fields; nil where they are pruned.
    public var additional: StructuralSchema?
    /// Whether fields that are not known stay.
    public var keepsUnknown = false
    /// The fewest fields.
    public var minCount: Int?
    /// The most fields.
    public var maxCount: Int?
  }

  /// A field of a map.
  public struct Property: Sendable, Hashable {
    /// The name.
    public var key: Key
    /// What it may hold.
    public var schema: StructuralSchema
  }

  /// What is said of lists.
  public struct ArrayRules: Sendable, Hashable {
    /// The schema of the elements.
    public var items: StructuralSchema = .anything(Common())
    /// The fewest elements.
    public var minCount: Int?
    /// The most elements.
    public var maxCount: Int?
    /// Whether no element may stand twice.
    public var isUnique = false
  }

  /// What is said of strings; lengths are in Unicode scalars.
  public struct StringRules: Sendable, Hashable {
    /// The shortest length.
    public var minLength: Int?
    /// The longest length.
    public var maxLength: Int?
  }

  /// What is said of numbers.
  public struct NumberRules: Sendable, Hashable {
    /// Whether it must be an integer.
    public var isInteger = false
    /// The least value.
    public var minimum: Double?
    /// The largest value.
    public var maximum: Double?
    /// Whether the least value itself is too small.
    public var isMinimumExclusive = false
    /// Whether the largest value itself is too large.
    public var isMaximumExclusive = false
    /// What it must be a multiple of.
    public var multipleOf: Double?
  }

  var common: Common {
    switch self {
    case .builtIn: Common()
    case .anything(let common), .object(let common, _), .array(let common, _),
      .string(let common, _), .number(let common, _), .boolean(let common),
      .intOrString(let common):
      common
    }
  }
}

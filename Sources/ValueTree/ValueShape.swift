/// What a value may look like, made for being asked often: one walk over a value's words that makes nothing.
///
/// A schema says what is wrong and what to do about it; nearly every value is right, and this finds that out.
///
/// - Flow: put together once with a `Builder`; then asked any number of times, from any thread.
/// - Guarantees: a shape never changes. Shapes may contain themselves, as JSON schemas do.
public final class ValueShape: Sendable {
  /// A part of a shape, by its number.
  public struct Part: Sendable, Hashable {
    let number: Int32
  }

  /// A condition that is no matter of form; it sees values of the right form only.
  public typealias Condition = @Sendable (Value) -> Bool

  /// What a part takes.
  public enum Form: Sendable, Hashable, BitwiseCopyable {
    /// Any value but null.
    case anything
    case string
    case bool
    /// Any number.
    case number
    /// An integer of 64 bits.
    case int
    /// An integer of 32 bits.
    case int32
    /// A string or an integer.
    case intOrString
    /// A string or an integer of 32 bits.
    case int32OrString
    /// A list of the inner part.
    case list
    /// A map of fields, and of the inner part under other keys.
    case map
  }

  struct Node: BitwiseCopyable {
    var form: Form
    var takesNull = false
    var takesEmpty = true
    /// Whether keys that are no fields are right whatever stands under them.
    var takesOthers = false
    /// The part of elements or of members that are no fields; -1 for none.
    var inner: Int32 = -1
    var firstField: Int32 = 0
    var fieldCount: Int32 = 0
    var firstAllowed: Int32 = 0
    var allowedCount: Int32 = 0
    var condition: Int32 = -1
  }

  struct Field {
    let key: Key
    /// Nil where it is as members are that are no fields.
    let part: Part?
    let isNeeded: Bool
  }

  private let nodes: ContiguousArray<Node>
  private let fields: ContiguousArray<Field>
  private let allowed: ContiguousArray<Value>
  private let conditions: ContiguousArray<Condition>
  private let root: Part

  init(_ builder: consuming Builder, root: Part) {
    nodes = builder.nodes
    fields = builder.fields
    allowed = builder.allowed
    conditions = builder.conditions
    self.root = root
  }

  /// Whether the value is as the shape says.
  ///
  /// - Complexity: O(size), besides the conditions.
  public func accepts(_ value: Value) -> Bool {
    accepts(value.words.span, value.node, root.number, of: value)
  }

  private func accepts(
    _ words: Span<UInt64>, _ place: Int, _ part: Int32, of whole: borrowing Value
  ) -> Bool {
    let node = nodes[Int(part)]
    let header = words[place]
    let tag = Header.tag(header)
    if tag == Tag.null { return node.takesNull }
    switch node.form {
    case .anything: break
    case .string: if tag != Tag.string { return false }
    case .bool: if tag != Tag.true, tag != Tag.false { return false }
    case .number: if tag < Tag.smallInt || tag > Tag.double { return false }
    case .int: if tag != Tag.smallInt, tag != Tag.int { return false }
    // An integer that fits into 32 bits has no other form.
    case .int32: if tag != Tag.smallInt { return false }
    case .intOrString: if tag != Tag.smallInt, tag != Tag.int, tag != Tag.string { return false }
    case .int32OrString: if tag != Tag.smallInt, tag != Tag.string { return false }
    case .list:
      guard tag == Tag.list, acceptsElements(words, place, node.inner, of: whole) else {
        return false
      }
    case .map:
      guard tag == Tag.map, acceptsMembers(words, place, node, of: whole) else { return false }
    }
    if !node.takesEmpty, tag == Tag.string || tag == Tag.list, Header.length(header) == 0 {
      return false
    }
    if node.allowedCount > 0 {
      let value = Value(words: whole.words, node: place)
      let last = Int(node.firstAllowed + node.allowedCount)
      guard allowed[Int(node.firstAllowed)..<last].contains(value) else { return false }
    }
    if node.condition < 0 { return true }
    return conditions[Int(node.condition)](Value(words: whole.words, node: place))
  }

  private func acceptsElements(
    _ words: Span<UInt64>, _ list: Int, _ part: Int32, of whole: borrowing Value
  ) -> Bool {
    var (next, end) = words.children(list)
    while next < end {
      if part >= 0, !accepts(words, next, part, of: whole) { return false }
      next = words.end(next)
    }
    return true
  }

  /// Members and fields are both in the order of their keys.
  private func acceptsMembers(
    _ words: Span<UInt64>, _ map: Int, _ node: Node, of whole: borrowing Value
  ) -> Bool {
    var field = Int(node.firstField)
    let lastField = field + Int(node.fieldCount)
    var (next, end) = words.children(map)
    while next < end {
      var order = 1
      while field < lastField {
        order = words.compareKey(at: next, to: fields[field].key)
        if order <= 0 { break }
        if fields[field].isNeeded { return false }
        field += 1
      }
      var part = node.inner
      var isKnown = node.takesOthers
      if order == 0, field < lastField {
        if let own = fields[field].part {
          part = own.number
          isKnown = true
        }
        field += 1
      }
      if part >= 0 {
        if !accepts(words, next, part, of: whole) { return false }
      } else if !isKnown {
        return false
      }
      next = words.end(next)
    }
    while field < lastField {
      if fields[field].isNeeded { return false }
      field += 1
    }
    return true
  }
}

extension ValueShape {
  /// Puts a shape together, part by part.
  public struct Builder {
    var nodes: ContiguousArray<Node> = []
    var fields: ContiguousArray<Field> = []
    var allowed: ContiguousArray<Value> = []
    var conditions: ContiguousArray<Condition> = []

    /// A builder of an empty shape.
    public init() {}

    /// What a part of a form asks besides.
    public struct Rules {
      /// Whether null is right as well.
      public var takesNull = false
      /// Whether an empty text or list is right.
      public var takesEmpty = true
      /// The only values there may be; empty for all.
      public var allowed: [Value] = []
      /// What else must hold.
      public var condition: Condition?

      /// No rules.
      public init(
        takesNull: Bool = false, takesEmpty: Bool = true, allowed: [Value] = [],
        condition: Condition? = nil
      ) {
        self.takesNull = takesNull
        self.takesEmpty = takesEmpty
        self.allowed = allowed
        self.condition = condition
      }
    }

    /// Takes a number for a part that is described later, since parts of it may contain it.
    public mutating func reserve() -> Part {
      nodes.append(Node(form: .anything))
      return Part(number: Int32(nodes.count - 1))
    }

    /// Describes a part that is no map.
    ///
    /// - Parameters:
    ///   - part: Its number.
    ///   - form: What it takes.
    ///   - inner: What a list's elements are; nil for anything, null included.
    ///   - rules: What it asks besides.
    public mutating func describe(
      _ part: Part, _ form: Form, inner: Part? = nil, _ rules: Rules = Rules()
    ) {
      var node = Node(form: form)
      node.inner = inner?.number ?? -1
      set(node, part, rules)
    }

    /// A member that a map may have.
    public struct Member {
      /// Its key.
      public var key: Key
      /// What it is; nil where it is as members are that are no fields.
      public var part: Part?
      /// Whether a map without it is wrong.
      public var isNeeded: Bool

      /// A member.
      public init(_ key: Key, _ part: Part?, isNeeded: Bool = false) {
        self.key = key
        self.part = part
        self.isNeeded = isNeeded
      }
    }

    /// Describes a map.
    ///
    /// - Parameters:
    ///   - part: Its number.
    ///   - members: Its fields, each key once.
    ///   - others: What stands under other keys; nil for nothing, or for anything.
    ///   - takesOthers: Whether, without `others`, there may be anything.
    ///   - rules: What it asks besides.
    public mutating func describeMap(
      _ part: Part, _ members: [Member], others: Part? = nil, takesOthers: Bool = false,
      _ rules: Rules = Rules()
    ) {
      var node = Node(form: .map)
      node.inner = others?.number ?? -1
      node.takesOthers = takesOthers
      node.firstField = Int32(fields.count)
      node.fieldCount = Int32(members.count)
      for member in members.sorted(by: { $0.key < $1.key }) {
        fields.append(Field(key: member.key, part: member.part, isNeeded: member.isNeeded))
      }
      set(node, part, rules)
    }

    private mutating func set(_ node: Node, _ part: Part, _ rules: Rules) {
      var node = node
      node.takesNull = rules.takesNull
      node.takesEmpty = rules.takesEmpty
      node.firstAllowed = Int32(allowed.count)
      node.allowedCount = Int32(rules.allowed.count)
      allowed += rules.allowed
      if let condition = rules.condition {
        node.condition = Int32(conditions.count)
        conditions.append(condition)
      }
      nodes[Int(part.number)] = node
    }

    /// The shape, which is as `root` says.
    public consuming func finish(_ root: Part) -> ValueShape { ValueShape(self, root: root) }
  }
}

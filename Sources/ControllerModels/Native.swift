import APIMachinery
import Allocation
import ValueTree

/// A simple expression that is evaluated where the data lies, without the machine of the expression language.
///
/// It gives the same answers as the machine or none: whatever is not plain is `unsure`, and the machine decides.
indirect enum Native: Sendable {
  case constant(Operand)
  case path(Int, NativePath)
  case has(Int, FieldPath)
  case not(Native)
  case and(Native, Native)
  case or(Native, Native)
  case equal(Native, Native)
  case less(Native, Native, orEqual: Bool)
  case isIn(Native, Native)
  /// `'example.com/x' in object.metadata.finalizers`, which nearly every reconcile asks
  case textIn(TextConstant, Native)
  case size(Native)
  case conditional(Native, Native, Native)
  /// `grants.map(g, {'name': g.item, 'generation': g.generation})`
  case project(Int, [GrantColumn])
}

/// A text of the model, as it is looked for in lists and in maps.
struct TextConstant: Sendable {
  let value: Value
  let key: Key

  init(_ text: String) {
    value = Value(text)
    key = Key(text)
  }
}

/// A member of a projected grant.
struct GrantColumn: Sendable {
  let key: Key
  let field: String
}

/// Where in a register a value is.
struct NativePath: Sendable {
  /// What an object's header says of itself.
  enum HeaderField: String, Sendable {
    case name, namespace, uid, resourceVersion, generation, deletionTimestamp
  }

  let steps: FieldPath
  /// Set for `metadata.name` and the like, which an object keeps in its header.
  let header: HeaderField?
  /// Whether the path is `name` or `namespace` alone, of a key.
  let isName: Bool
  let isNamespace: Bool
  /// What stands for a missing member that objects always show.
  let whenMissing: Operand?

  init(_ names: [String]) {
    isName = names == ["name"]
    isNamespace = names == ["namespace"]
    steps = FieldPath(names.map { .key(Key($0)) })
    header =
      names.count == 2 && names[0] == "metadata" ? HeaderField(rawValue: names[1]) : nil
    switch names {
    case ["metadata", "labels"], ["metadata", "annotations"], ["spec"], ["status"]:
      whenMissing = .value(.emptyMap)
    case ["metadata", "finalizers"], ["metadata", "ownerReferences"]:
      whenMissing = .value(.emptyList)
    default: whenMissing = nil
    }
  }
}

/// What a native expression gives.
enum Operand: Sendable {
  /// Only the machine can tell.
  case unsure
  case null
  case bool(Bool)
  case int(Int64)
  case text(String)
  case value(Value)
  /// An object or a list of grants as a whole: no null, and of a size.
  case whole(count: Int?)

  var bool: Bool? {
    switch self {
    case .bool(let bool): bool
    case .value(let value): value.bool
    default: nil
    }
  }

  var int: Int64? {
    switch self {
    case .int(let int): int
    case .value(let value): value.int
    default: nil
    }
  }

  var isNull: Bool {
    switch self {
    case .null: true
    case .value(let value): value.isNull
    default: false
    }
  }

  var asValue: Value? {
    switch self {
    case .null: .null
    case .bool(let bool): Value(bool)
    case .int(let int): Value(int)
    case .text(let text): Value(text)
    case .value(let value): value
    case .unsure, .whole: nil
    }
  }
}

extension Native {
  func evaluate(_ registers: borrowing ContiguousArray<Register>) -> Operand {
    switch self {
    case .constant(let operand): return operand
    case .path(let register, let path): return Self.read(registers[register], path)
    case .has(let register, let path): return Self.has(registers[register], path)
    case .not(let operand):
      return operand.evaluate(registers).bool.map { .bool(!$0) } ?? .unsure
    case .and(let left, let right):
      // Who says no decides, whatever the other is.
      let first = left.evaluate(registers).bool
      if first == false { return .bool(false) }
      let second = right.evaluate(registers).bool
      if second == false { return .bool(false) }
      return first == true && second == true ? .bool(true) : .unsure
    case .or(let left, let right):
      let first = left.evaluate(registers).bool
      if first == true { return .bool(true) }
      let second = right.evaluate(registers).bool
      if second == true { return .bool(true) }
      return first == false && second == false ? .bool(false) : .unsure
    case .equal(let left, let right):
      return Self.areEqual(left.evaluate(registers), right.evaluate(registers))
        .map { .bool($0) } ?? .unsure
    case .less(let left, let right, let orEqual):
      guard let a = left.evaluate(registers).int, let b = right.evaluate(registers).int else {
        return .unsure
      }
      return .bool(orEqual ? a <= b : a < b)
    case .isIn(let item, let list):
      return Self.contains(list.evaluate(registers), item.evaluate(registers))
    case .textIn(let text, let list):
      guard case .value(let list) = list.evaluate(registers) else { return .unsure }
      if list.isMap { return .bool(list[text.key] != nil) }
      guard list.isList else { return .unsure }
      for element in list.elements {
        if element.kind == .double { return .unsure }
        if element == text.value { return .bool(true) }
      }
      return .bool(false)
    case .size(let operand): return Self.size(operand.evaluate(registers))
    case .conditional(let condition, let yes, let no):
      guard let holds = condition.evaluate(registers).bool else { return .unsure }
      return (holds ? yes : no).evaluate(registers)
    case .project(let register, let columns):
      guard case .grants(let grants) = registers[register] else { return .unsure }
      return .value(Self.project(grants, columns))
    }
  }

  // MARK: Reading

  private static func read(_ register: borrowing Register, _ path: NativePath) -> Operand {
    switch register {
    case .object(nil): return path.steps.isRoot ? .null : .unsure
    case .object(let object?):
      if path.steps.isRoot { return .whole(count: nil) }
      if let field = path.header { return header(object.header, field) }
      return object.body[path.steps].map { .value($0) } ?? path.whenMissing ?? .unsure
    case .value(let value):
      if path.steps.isRoot { return .value(value) }
      return value[path.steps].map { .value($0) } ?? .unsure
    case .grants(let grants) where path.steps.isRoot: return .whole(count: grants.count)
    case .objects(let objects) where path.steps.isRoot: return .whole(count: objects.count)
    case .key(let key):
      if path.isName { return .text(key.name) }
      return path.isNamespace ? .text(key.namespace) : .unsure
    default: return .unsure
    }
  }

  private static func header(
    _ header: ObjectHeader, _ field: NativePath.HeaderField
  ) -> Operand {
    switch field {
    case .name: .text(header.name)
    case .namespace: .text(header.namespace)
    case .uid: .text((header.uid ?? UID(high: 0, low: 0)).description)
    case .resourceVersion: .text(String(header.resourceVersion))
    case .generation: .int(header.generation)
    // The moment itself is the machine's business; whether there is one is asked all the time.
    case .deletionTimestamp: header.deletionTimestamp == nil ? .null : .whole(count: nil)
    }
  }

  private static func has(_ register: borrowing Register, _ path: FieldPath) -> Operand {
    let steps = path.steps
    switch register {
    case .object(let object?):
      if object.body[path] != nil { return .bool(true) }
      // What a header says is always there, and nothing else under metadata but the four is.
      guard steps.count > 1, let parent = path.parent,
        steps.count > 2 || steps[0] != .key(Fields.metadata)
      else { return .unsure }
      if let holder = object.body[parent] { return holder.isMap ? .bool(false) : .unsure }
      let names = parent.steps.compactMap { step in
        if case .key(let key) = step { key.text } else { nil }
      }
      return NativePath(names).whenMissing == nil ? .unsure : .bool(false)
    case .value(let value):
      if value[path] != nil { return .bool(true) }
      guard let parent = path.parent, value[parent]?.isMap == true else { return .unsure }
      return .bool(false)
    default: return .unsure
    }
  }

  // MARK: Comparing

  private static func areEqual(_ left: Operand, _ right: Operand) -> Bool? {
    switch (left, right) {
    case (.unsure, _), (_, .unsure): return nil
    case (.whole, let other), (let other, .whole): return other.isNull ? false : nil
    case (.text(let a), .text(let b)): return a == b
    case (.text(let text), .value(let value)), (.value(let value), .text(let text)):
      guard value.kind != .double else { return nil }
      return value.string == text
    default:
      guard let a = left.asValue, let b = right.asValue, a.kind != .double, b.kind != .double
      else { return nil }
      return a == b
    }
  }

  private static func contains(_ list: Operand, _ item: Operand) -> Operand {
    guard case .value(let list) = list else { return .unsure }
    if list.isMap {
      guard case .text(let key) = item else { return .unsure }
      return .bool(list[Key(key)] != nil)
    }
    guard list.isList else { return .unsure }
    for element in list.elements {
      guard let isEqual = areEqual(.value(element), item) else { return .unsure }
      if isEqual { return .bool(true) }
    }
    return .bool(false)
  }

  private static func size(_ operand: Operand) -> Operand {
    switch operand {
    case .whole(let count?): .int(Int64(count))
    case .value(let value) where value.isList || value.isMap: .int(Int64(value.count))
    default: .unsure
    }
  }

  private static func project(_ grants: [Grant], _ columns: [GrantColumn]) -> Value {
    var builder = ValueBuilder()
    builder.beginList()
    do {
      for grant in grants {
        builder.beginMap()
        for column in columns {
          builder.key(column.key)
          switch column.field {
          case "generation": builder.int(Int64(grant.generation))
          case "item": builder.string(grant.item)
          case "pool": builder.string(grant.pool)
          case "key": builder.string(grant.requestKey)
          case "state": builder.string(grant.state.rawValue)
          default: builder.string(grant.owner.description)
          }
        }
        try builder.end()
      }
      try builder.end()
    } catch {
      preconditionFailure("the parser has seen that keys are unique")
    }
    return builder.finish()
  }
}

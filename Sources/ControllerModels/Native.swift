import APIMachinery
import Allocation
import ValueTree

/// A simple expression that is evaluated where the data lies, without the machine of the expression language.
///
/// It gives the same answers as the machine or none: whatever is not plain is `unsure`, and the machine decides.
indirect enum Native: Sendable {
  case constant(Operand)
  case path(Int, NativePath)
  case has(Int, MemberPath)
  /// `object.metadata.deletionTimestamp == null`, which nearly every reconcile asks
  case isKept(Int)
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
  let text: String
  let key: Key

  init(_ text: String) {
    self.text = text
    key = Key(text)
  }
}

/// A path that `has` asks for, and what is known of it beforehand.
final class MemberPath: Sendable {
  let path: FieldPath
  let parent: FieldPath
  /// Whether the content of an object tells: what a header says is always there, and nothing else under `metadata` but
  /// the four is.
  let isOfContent: Bool
  /// Whether objects always show the parent.
  let isParentShown: Bool

  init(_ names: [String]) {
    path = FieldPath(names.map { .key(Key($0)) })
    parent = path.parent ?? .root
    isOfContent = names.count > 2 || names.count == 2 && names[0] != "metadata"
    isParentShown = NativePath(Array(names.dropLast())).whenMissing != nil
  }
}

/// A member of a projected grant.
struct GrantColumn: Sendable {
  /// What a grant says.
  enum Field: String, Sendable { case generation, item, pool, key, state, owner }

  let key: Key
  let field: Field
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
  /// Whether a condition holds; nil where only the machine can tell.
  func holds(_ registers: borrowing ContiguousArray<Register>) -> Bool? {
    switch self {
    case .has(let register, let path): return Self.has(registers[register], path)
    case .isKept(let register):
      guard case .object(let object?) = registers[register] else { return nil }
      return object.header.deletionTimestamp == nil
    case .not(let operand): return operand.holds(registers).map { !$0 }
    case .and(let left, let right):
      // Who says no decides, whatever the other is.
      let first = left.holds(registers)
      if first == false { return false }
      let second = right.holds(registers)
      if second == false { return false }
      return first == true && second == true ? true : nil
    case .or(let left, let right):
      let first = left.holds(registers)
      if first == true { return true }
      let second = right.holds(registers)
      if second == true { return true }
      return first == false && second == false ? false : nil
    case .equal(let left, let right):
      return Self.areEqual(left.evaluate(registers), right.evaluate(registers))
    case .less(let left, let right, let orEqual):
      guard let a = left.evaluate(registers).int, let b = right.evaluate(registers).int else {
        return nil
      }
      return orEqual ? a <= b : a < b
    case .isIn(let item, let list):
      return Self.contains(list.evaluate(registers), item.evaluate(registers))
    case .textIn(let text, let list):
      return Self.contains(list.evaluate(registers), text)
    case .constant, .path, .size, .conditional, .project: return evaluate(registers).bool
    }
  }

  func evaluate(_ registers: borrowing ContiguousArray<Register>) -> Operand {
    switch self {
    case .constant(let operand): return operand
    case .path(let register, let path): return Self.read(registers[register], path)
    case .has, .isKept, .not, .and, .or, .equal, .less, .isIn, .textIn:
      return holds(registers).map { .bool($0) } ?? .unsure
    case .size(let operand): return Self.size(operand.evaluate(registers))
    case .conditional(let condition, let yes, let no):
      guard let holds = condition.holds(registers) else { return .unsure }
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

  private static func has(_ register: borrowing Register, _ member: MemberPath) -> Bool? {
    switch register {
    case .object(let object?):
      if object.body[member.path] != nil { return true }
      guard member.isOfContent else { return nil }
      if let holder = object.body[member.parent] { return holder.isMap ? false : nil }
      return member.isParentShown ? false : nil
    case .value(let value):
      if value[member.path] != nil { return true }
      return value[member.parent]?.isMap == true ? false : nil
    default: return nil
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

  private static func contains(_ list: Operand, _ item: Operand) -> Bool? {
    guard case .value(let list) = list else { return nil }
    if list.isMap {
      guard case .text(let key) = item else { return nil }
      return list[Key(key)] != nil
    }
    guard list.isList else { return nil }
    for element in list.elements {
      guard let isEqual = areEqual(.value(element), item) else { return nil }
      if isEqual { return true }
    }
    return false
  }

  private static func contains(_ list: Operand, _ text: TextConstant) -> Bool? {
    guard case .value(let list) = list else { return nil }
    if list.isMap { return list[text.key] != nil }
    guard list.isList else { return nil }
    // A text is no number, however a number is compared.
    return list.containsText(text.text)
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
          case .generation: builder.int(Int64(grant.generation))
          case .item: builder.string(grant.item)
          case .pool: builder.string(grant.pool)
          case .key: builder.string(grant.requestKey)
          case .state: builder.string(grant.state.rawValue)
          case .owner: builder.string(grant.owner.description)
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

import Scalars
import ValueTree

extension KubernetesType {
  /// What values look like in which nothing would be changed and nothing is wrong.
  var shape: ValueShape {
    var builder = ShapeBuilder()
    let root = builder.part(of: self, isLenient: false)
    return builder.shape.finish(root)
  }
}

/// Puts the shape of a built-in kind together; records that contain themselves are described once.
private struct ShapeBuilder {
  var shape = ValueShape.Builder()
  private var known: [Record: ValueShape.Part] = [:]

  private struct Record: Hashable {
    let place: Int
    let isRoot: Bool
    let isLenient: Bool
  }

  /// The part for a type where nothing is said about it besides.
  mutating func part(of type: KubernetesType, isLenient: Bool) -> ValueShape.Part {
    switch type {
    case .record(let place): return record(place, isRoot: false, isLenient: isLenient)
    case .kind(let place): return record(place, isRoot: true, isLenient: isLenient)
    case .anything:
      let part = shape.reserve()
      shape.describe(part, .anything, ValueShape.Builder.Rules(takesNull: true))
      return part
    default:
      let part = shape.reserve()
      describe(part, type, isLenient: isLenient, ValueShape.Builder.Rules())
      return part
    }
  }

  private mutating func record(
    _ place: Int, isRoot: Bool, isLenient: Bool
  ) -> ValueShape.Part {
    let name = Record(place: place, isRoot: isRoot, isLenient: isLenient)
    if let part = known[name] { return part }
    let part = shape.reserve()
    known[name] = part
    var members: [ValueShape.Builder.Member] = []
    for field in KubernetesTypes.shared.records[place].fields {
      let isFree = isLenient || field.isLenient
      // Metadata is checked elsewhere, and by the same rules for all kinds.
      let inner =
        isRoot && field.isMetadata
        ? self.part(of: .anything, isLenient: true) : self.part(of: field, isLenient: isFree)
      members.append(
        ValueShape.Builder.Member(
          field.key, inner,
          isNeeded: field.defaultValue != nil
            || !isFree && (field.isRequired || field.isEmbedded)))
    }
    shape.describeMap(part, members)
    return part
  }

  private mutating func part(
    of field: KubernetesRecord.Field, isLenient: Bool
  ) -> ValueShape.Part {
    switch field.type {
    case .record, .kind: return part(of: field.type, isLenient: isLenient)
    default: break
    }
    let part = shape.reserve()
    var rules = ValueShape.Builder.Rules()
    if !isLenient {
      rules.takesEmpty = !field.isRequired
      rules.allowed = field.allowed ?? []
    }
    describe(part, field.type, isLenient: isLenient, rules)
    return part
  }

  private mutating func describe(
    _ part: ValueShape.Part, _ type: KubernetesType, isLenient: Bool,
    _ rules: ValueShape.Builder.Rules
  ) {
    var rules = rules
    switch type {
    case .anything: shape.describe(part, .anything, rules)
    case .string: shape.describe(part, .string, rules)
    case .bool: shape.describe(part, .bool, rules)
    case .int32: shape.describe(part, .int32, rules)
    case .int64: shape.describe(part, .int, rules)
    case .number: shape.describe(part, .number, rules)
    case .intOrString: shape.describe(part, .int32OrString, rules)
    case .bytes, .time, .quantity:
      rules.condition = { type.mismatch($0) == nil }
      shape.describe(part, .anything, rules)
    case .list(let element):
      shape.describe(part, .list, inner: self.part(of: element, isLenient: isLenient), rules)
    case .map(let member):
      shape.describeMap(
        part, [], others: self.part(of: member, isLenient: isLenient), rules)
    case .record, .kind: preconditionFailure("records are described once")
    }
  }
}

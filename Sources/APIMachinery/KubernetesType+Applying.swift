import Scalars
import ValueTree

/// What a server does with content: whether it is as it must be, what it becomes, what is wrong with it.
extension KubernetesType {
  /// The value with defaults where nothing was said, without nulls and, where fields are known, without others.
  func normalized(_ value: Value, withDefaults: Bool = true) -> Value {
    switch self {
    case .list(let element) where value.isList:
      return Value(value.elements.map { element.normalized($0, withDefaults: withDefaults) })
    case .map(let member) where value.isMap:
      return Value(
        members: value.members.map {
          ($0.key, member.normalized($0.value, withDefaults: withDefaults))
        })
    case .record, .kind:
      guard let record, value.isMap else { return value }
      var members: [(Key, Value)] = []
      if case .kind = self, let metadata = value[Fields.metadata] {
        members.append((Fields.metadata, metadata))
      }
      for field in record.fields where !(isKind && field.key == Fields.metadata) {
        if let member = value[field.key], !member.isNull {
          members.append((field.key, field.type.normalized(member, withDefaults: withDefaults)))
        } else if withDefaults, let fallback = field.defaultValue {
          members.append((field.key, fallback))
        }
      }
      return Value(members: members)
    default: return value
    }
  }

  private var isKind: Bool { if case .kind = self { true } else { false } }

  /// What Go says of a plain value that this type cannot hold; nil where it can.
  func mismatch(_ value: Value) -> String? {
    func unmarshal(_ found: String = value.goKind) -> String { "json: cannot unmarshal \(found)" }
    switch self {
    case .string: return value.kind == .string ? nil : unmarshal()
    case .bool: return value.kind == .bool ? nil : unmarshal()
    case .number: return value.double == nil ? unmarshal() : nil
    case .int32, .int64:
      guard value.double != nil else { return unmarshal() }
      guard let number = value.int, self == .int64 || Int32(exactly: number) != nil else {
        return unmarshal("number \(value)")
      }
      return nil
    case .bytes:
      guard let text = value.string else { return unmarshal() }
      return Self.base64Problem(text).map { "illegal base64 data at input byte \($0)" }
    case .time:
      guard let text = value.string else { return "\(unmarshal()) into Go value of type string" }
      if (try? Timestamp(parsing: text)) != nil { return nil }
      return "parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it"
    case .quantity:
      if value.kind == .int || value.kind == .double { return nil }
      if let text = value.string, (try? Quantity(parsing: text)) != nil { return nil }
      return
        "quantities must match the regular expression "
        + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    case .intOrString:
      if value.kind == .string { return nil }
      guard let number = value.int else { return "\(unmarshal()) into Go value of type string" }
      return Int32(exactly: number) == nil
        ? "\(unmarshal("number \(number)")) into Go value of type int32" : nil
    case .list: return value.isList ? nil : unmarshal()
    case .map, .record, .kind: return value.isMap ? nil : unmarshal()
    case .anything: return nil
    }
  }

  /// The first byte at which a text is no base64.
  private static func base64Problem(_ text: String) -> Int? {
    let bytes = Array(text.utf8).filter { $0 != 10 && $0 != 13 }
    let body = bytes.prefix { $0 != UInt8(ascii: "=") }
    for (index, byte) in body.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
        continue
      default: return index
      }
    }
    let padding = bytes.count - body.count
    let isPadded = bytes.dropFirst(body.count).allSatisfy { $0 == UInt8(ascii: "=") }
    return isPadded && bytes.count % 4 == 0 && padding <= 2 ? nil : body.count
  }

  // MARK: Problems

  /// The place of a value: its path, and the record and fields that Go names.
  struct Place {
    var path: FieldPath
    var record = ""
    var fields: [String] = []
  }

  /// All that is wrong with a value; what Go could not decode is of the kind `typeInvalid`.
  func problems(of value: Value, at path: FieldPath) -> [FieldError] {
    var problems: [FieldError] = []
    check(value, Place(path: path), isLenient: false, &problems)
    return problems
  }

  fileprivate func check(
    _ value: Value, _ place: Place, isLenient: Bool, _ problems: inout [FieldError]
  ) {
    if let mismatch = mismatch(value) {
      let isWhole = mismatch.contains(" into ") || !mismatch.hasPrefix("json:")
      let field = "\(place.record).\(place.fields.joined(separator: "."))"
      problems.append(
        FieldError(
          .typeInvalid, place.path,
          isWhole ? mismatch : "\(mismatch) into Go struct field \(field) of type \(goName)"))
      return
    }
    switch self {
    case .list(let element):
      for (index, member) in value.elements.enumerated() {
        var inner = place
        inner.path = place.path.appending(index)
        element.check(member, inner, isLenient: isLenient, &problems)
      }
    case .map(let type):
      for (key, member) in value.members {
        var inner = place
        inner.path = place.path.appending(key)
        type.check(member, inner, isLenient: isLenient, &problems)
      }
    case .record, .kind:
      guard let record else { return }
      for field in record.fields where !(isKind && field.key == Fields.metadata) {
        let inner = Place(
          path: place.path.appending(field.key), record: record.name,
          fields: place.fields + [field.key.text])
        field.check(value[field.key], inner, isLenient: isLenient || field.isLenient, &problems)
      }
    default: return
    }
  }

  /// The fields that nobody knows.
  func unknownFields(in value: Value, at path: FieldPath) -> [FieldError] {
    switch self {
    case .list(let element):
      return value.elements.enumerated().flatMap { index, member in
        element.unknownFields(in: member, at: path.appending(index))
      }
    case .map(let type):
      return value.members.flatMap { type.unknownFields(in: $0.value, at: path.appending($0.key)) }
    case .record, .kind:
      guard let record else { return [] }
      return value.members.flatMap { key, member -> [FieldError] in
        if isKind, key == Fields.metadata { return [] }
        guard let field = record.field(key) else {
          return [
            .unknownField(path.appending(key), known: record.fields.map(\.key.text))
          ]
        }
        return field.type.unknownFields(in: member, at: path.appending(key))
      }
    default: return []
    }
  }
}

extension KubernetesRecord.Field {
  fileprivate func check(
    _ value: Value?, _ place: KubernetesType.Place, isLenient: Bool,
    _ problems: inout [FieldError]
  ) {
    guard let value, !value.isNull else {
      guard !isLenient, isRequired || isEmbedded else { return }
      // What is missing counts as empty, and is told by what it lacks.
      let before = problems.count
      if type.record != nil {
        type.check(.emptyMap, place, isLenient: false, &problems)
      }
      if isRequired, problems.count == before { problems.append(.required(place.path)) }
      return
    }
    type.check(value, place, isLenient: isLenient, &problems)
    if isLenient { return }
    if isRequired, value.isZero {
      problems.append(.required(place.path))
    } else if let allowed, !allowed.contains(value), value.string?.isEmpty == false {
      problems.append(.notSupported(place.path, value, allowed.compactMap(\.string)))
    }
  }
}

extension Value {
  /// Whether this is an empty text or list, which Go cannot tell from nothing.
  fileprivate var isZero: Bool {
    isList && isEmptyCollection || kind == .string && self == Value("")
  }
}

public import ValueTree

/// Kubernetes' strategic merge patch: a merge patch that knows which lists are sets of things with keys.
///
/// A patch may carry directives: `$patch` (replace, delete, merge), `$retainKeys`, `$setElementOrder/FIELD` and
/// `$deleteFromPrimitiveList/FIELD`.
public struct StrategicMergePatch: Sendable {
  /// What a patch says that cannot be carried out.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  private let types: WireTypes

  /// A patcher of built-in kinds.
  public init() { types = .shared }

  /// A value of a built-in kind after a patch.
  ///
  /// - Throws: `Failure` for a directive that makes no sense.
  public func patched(
    _ value: Value, by patch: Value, apiVersion: String, kind: String
  ) throws(Failure) -> Value {
    let place = types.place(apiVersion: apiVersion, kind: kind)
    return try map(value, patch, place)
  }

  // MARK: Maps

  private func map(_ old: Value, _ patch: Value, _ record: Int?) throws(Failure) -> Value {
    var result = old.isMap ? old.members.map { ($0.key, $0.value) } : []
    if let directive = patch[Self.patchKey]?.string {
      switch directive {
      case "delete": return .emptyMap
      case "replace": result = []
      case "merge": break
      default: throw Failure(description: "Unknown patch type: \(directive) in map")
      }
    }
    if let retained = patch[Self.retainKey] {
      let names = retained.elements.compactMap(\.string)
      for (key, member) in patch.members
      where !key.text.hasPrefix("$") && !member.isNull && !names.contains(key.text) {
        throw Failure(
          description: "failed to apply retainKeys: \(key.text) is not among the keys to be kept")
      }
      result.removeAll { !names.contains($0.0.text) }
    }
    for (key, change) in patch.members {
      let text = key.text
      if text.hasPrefix("$") {
        try deleteScalars(text, change, &result)
        continue
      }
      let place = result.firstIndex { $0.0 == key }
      if change.isNull {
        if let place { result.remove(at: place) }
        continue
      }
      let field = record.flatMap { self.field(key, in: $0) }
      let order = patch["$setElementOrder/\(text)"]
      let merged = try member(place.map { result[$0].1 }, change, field, order)
      if let place { result[place].1 = merged } else { result.append((key, merged)) }
    }
    try reorder(patch, record, &result)
    return Value(members: result)
  }

  /// The field of this name, also where it stands in its parent's place.
  private func field(_ name: Key, in record: Int) -> WireTypes.Field? {
    for field in types.records[record].fields {
      if field.name == name { return field }
      if field.name.text.isEmpty, let inner = field.content.record,
        let found = self.field(name, in: inner)
      {
        return found
      }
    }
    return nil
  }

  private func member(
    _ old: Value?, _ change: Value, _ field: WireTypes.Field?, _ order: Value?
  ) throws(Failure) -> Value {
    if change.isMap {
      let base = field?.isReplaced == true ? .emptyMap : old ?? .emptyMap
      return try map(base, change, field?.content.record)
    }
    guard change.isList, let field, field.isMerged, case .list(let content) = field.content else {
      return change
    }
    let elements = old?.isList == true ? Array(old?.elements ?? Value.emptyList.elements) : []
    guard let key = field.mergeKey else { return Value(scalars(elements, change, order)) }
    return Value(try list(elements, change, key, content.record, order))
  }

  // MARK: Lists

  private func scalars(_ old: [Value], _ change: Value, _ order: Value?) -> [Value] {
    let added = change.elements.filter { !old.contains($0) }
    guard let order else { return old + added }
    let wanted = Array(order.elements)
    let named = wanted.filter { old.contains($0) || added.contains($0) }
    return interleave(old.filter { !wanted.contains($0) }, named, as: old, by: { $0 })
  }

  private func list(
    _ old: [Value], _ change: Value, _ key: Key, _ record: Int?, _ order: Value?
  ) throws(Failure) -> [Value] {
    var result = old
    let changes = Array(change.elements)
    if changes.contains(where: { $0[Self.patchKey]?.string == "replace" && $0.count == 1 }) {
      result = []
    }
    for element in changes {
      guard element.isMap else {
        throw Failure(description: "a list that is merged by \(key.text) holds \(element)")
      }
      let directive = element[Self.patchKey]?.string
      if directive == "replace", element.count == 1 { continue }
      guard let name = element[key] else {
        throw Failure(
          description: "map: \(element) does not contain declared merge key: \(key.text)")
      }
      let place = result.firstIndex { $0[key] == name }
      if directive == "delete" {
        result.removeAll { $0[key] == name }
      } else if let place {
        result[place] = try map(result[place], element, record)
      } else {
        result.append(try map(.emptyMap, element, record))
      }
    }
    guard let order else { return result }
    let wanted = order.elements.compactMap { $0[key] }
    let named = wanted.compactMap { name in result.first { $0[key] == name } }
    let others = result.filter { element in !wanted.contains { $0 == element[key] } }
    return interleave(others, named, as: old, by: { $0[key] ?? .null })
  }

  /// Puts what the patch orders and what it does not know into one order: that of the patch, with the others where
  /// they stood among those that were there before.
  private func interleave(
    _ others: [Value], _ named: [Value], as old: [Value], by name: (Value) -> Value
  ) -> [Value] {
    let places = old.map(name)
    var result: [Value] = []
    var rest = others[...]
    for element in named {
      let place = places.firstIndex(of: name(element))
      while let place, let other = rest.first, let before = places.firstIndex(of: name(other)),
        before < place
      {
        result.append(other)
        rest.removeFirst()
      }
      result.append(element)
    }
    return result + rest
  }

  // MARK: Directives

  private static let patchKey = Key("$patch")
  private static let retainKey = Key("$retainKeys")

  private func deleteScalars(
    _ directive: String, _ values: Value, _ result: inout [(Key, Value)]
  ) throws(Failure) {
    let prefix = "$deleteFromPrimitiveList/"
    guard directive.hasPrefix(prefix) else {
      if directive == "$patch" || directive == "$retainKeys" { return }
      if directive.hasPrefix("$setElementOrder/") { return }
      throw Failure(description: "\(directive) is no directive of a strategic merge patch")
    }
    let key = Key(String(directive.dropFirst(prefix.count)))
    guard let place = result.firstIndex(where: { $0.0 == key }) else { return }
    let gone = Array(values.elements)
    result[place].1 = Value(result[place].1.elements.filter { !gone.contains($0) })
  }

  /// Orders lists of which the patch says the order and nothing else.
  private func reorder(
    _ patch: Value, _ record: Int?, _ result: inout [(Key, Value)]
  ) throws(Failure) {
    let prefix = "$setElementOrder/"
    for (directive, order) in patch.members where directive.text.hasPrefix(prefix) {
      let key = Key(String(directive.text.dropFirst(prefix.count)))
      guard patch[key] == nil, let place = result.firstIndex(where: { $0.0 == key }) else {
        continue
      }
      let field = record.flatMap { self.field(key, in: $0) }
      result[place].1 = try member(result[place].1, .emptyList, field, order)
    }
  }
}

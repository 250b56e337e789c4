public import APIMachinery
public import Allocation
public import Scalars
import ValueTree

/// One object in full, as `kubectl describe` shows it, with what it holds and what it waits for.
public struct Description: Sendable {
  /// The object.
  public let object: APIObject
  /// Objects that the object owns.
  public let dependents: [APIObject]
  /// Grants that are out to the object.
  public let grants: [Grant]
  /// The time at which ages are told.
  public let now: Timestamp

  /// A description.
  public init(_ object: APIObject, dependents: [APIObject], grants: [Grant], at now: Timestamp) {
    self.object = object
    self.dependents = dependents
    self.grants = grants
    self.now = now
  }

  /// The lines.
  public var lines: [String] {
    var rows: [(String, [String])] = []
    rows.append(("Name:", [object.name]))
    if !object.namespace.isEmpty { rows.append(("Namespace:", [object.namespace])) }
    rows.append(("Kind:", ["\(object.type.kind) (\(object.type.apiVersion))"]))
    rows.append(("UID:", [object.uid.description]))
    rows.append(("Revision:", ["\(object.resourceVersion)"]))
    if object.header.generation > 0 {
      rows.append(("Generation:", ["\(object.header.generation)"]))
    }
    rows.append(("Labels:", pairs(object.body[FieldPath("metadata", "labels")])))
    rows.append(("Annotations:", pairs(object.body[FieldPath("metadata", "annotations")])))
    let created = object.header.creationTimestamp
    rows.append(
      (
        "Created:",
        ["\(created?.text(.seconds) ?? "<unknown>") (\(Age.text(of: created, at: now)) ago)"]
      ))
    if let deleted = object.header.deletionTimestamp {
      rows.append(
        ("Deleting since:", ["\(deleted.text(.seconds)) (\(Age.text(now - deleted)) ago)"]))
      rows.append(("Waits for:", waits))
    }
    rows.append(("Finalizers:", orNone(object.finalizers)))
    rows.append(
      ("Owned by:", orNone(object.ownerReferences.map { "\($0.kind) \($0.name)" })))
    rows.append(("Owns:", orNone(dependents.map { "\($0.type.kind) \($0.key)" })))
    rows.append(
      (
        "Holds:",
        orNone(
          grants.map {
            "\($0.item) of pool \($0.pool), grant #\($0.generation), \($0.state.rawValue)"
          })
      ))
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    var lines: [String] = []
    for (name, values) in rows {
      for (index, value) in values.enumerated() {
        let label = index == 0 ? name : ""
        lines.append(label + String(repeating: " ", count: width - label.count) + value)
      }
    }
    for (key, value) in object.body.members where key != Fields.metadata {
      lines.append(capitalized(key.text) + ":")
      lines += tree(value, indent: 2)
    }
    return lines
  }

  private var waits: [String] {
    object.finalizers.map { finalizer in
      grants.isEmpty
        ? "finalizer \(finalizer), to be taken off by its controller"
        : "finalizer \(finalizer), until \(grants.count == 1 ? "its grant is" : "its grants are") given back"
    }
  }

  private func orNone(_ values: [String]) -> [String] { values.isEmpty ? ["<none>"] : values }

  private func pairs(_ map: Value?) -> [String] {
    orNone(
      map?.members.filter { $0.key.text != "kubectl.kubernetes.io/last-applied-configuration" }
        .map { "\($0.key)=\($0.value.string ?? "")" } ?? [])
  }

  private func tree(_ value: Value, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    if value.isMap {
      if value.isEmptyCollection { return [space + "<none>"] }
      return value.members.flatMap { key, member -> [String] in
        let name = space + capitalized(key.text) + ":"
        if member.isMap || member.isList, !member.isEmptyCollection {
          return [name] + tree(member, indent: indent + 2)
        }
        return [name + "  " + leaf(member)]
      }
    }
    if value.isList {
      return value.elements.flatMap { element -> [String] in
        guard element.isMap, !element.isEmptyCollection else {
          return [space + "- " + leaf(element)]
        }
        let inner = tree(element, indent: 0)
        return inner.enumerated().map { index, line in
          space + (index == 0 ? "- " : "  ") + line
        }
      }
    }
    return [space + leaf(value)]
  }

  private func leaf(_ value: Value) -> String {
    value.isEmptyCollection ? "<none>" : value.string ?? value.description
  }

  /// `matchAttribute` as `Match Attribute`, as kubectl writes field names.
  private func capitalized(_ name: String) -> String {
    var text = ""
    for (index, character) in name.enumerated() {
      if index == 0 {
        text += character.uppercased()
      } else if character.isUppercase, text.last?.isLowercase ?? false {
        text += " \(character)"
      } else {
        text.append(character)
      }
    }
    return text
  }
}

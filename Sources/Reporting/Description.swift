public import APIMachinery
public import Allocation
import Printing
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
  /// What controllers said of the object; nil where that is not to be shown.
  public let events: [APIObject]?
  /// The time at which ages are told.
  public let now: Timestamp

  /// A description.
  public init(
    _ object: APIObject, dependents: [APIObject], grants: [Grant], events: [APIObject]?,
    at now: Timestamp
  ) {
    self.object = object
    self.dependents = dependents
    self.grants = grants
    self.events = events
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
    var lines: [Line] = []
    for (name, values) in rows {
      for (index, value) in values.enumerated() {
        lines.append(Line(index == 0 ? name : "", value))
      }
    }
    for (key, value) in object.body.members where key != Fields.metadata {
      if value.isMap || value.isList, !value.isEmptyCollection {
        lines.append(Line(capitalized(key.text) + ":"))
        lines += tree(value, indent: 2)
      } else {
        lines.append(Line(capitalized(key.text) + ":", leaf(value)))
      }
    }
    // Events have no events.
    let isEvent = object.type.kind == "Event" && object.type.definition.group.isEmpty
    guard let events, !isEvent else { return Line.aligned(lines) }
    if events.isEmpty { lines.append(Line("Events:", "<none>")) }
    return Line.aligned(lines) + (events.isEmpty ? [] : EventTable.lines(events, at: now))
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

  /// A label and what stands behind it, or a line as it is.
  private struct Line {
    let label: String
    let value: String?

    init(_ label: String, _ value: String? = nil) {
      self.label = label
      self.value = value
    }

    /// How far to the right the label begins.
    private var indent: Int { label.prefix { $0 == " " || $0 == "-" }.count }

    /// The lines as text; values of one level that follow each other begin in one column.
    static func aligned(_ lines: [Line]) -> [String] {
      var result: [String] = []
      var place = 0
      while place < lines.count {
        let first = lines[place]
        guard first.value != nil else {
          result.append(first.label)
          place += 1
          continue
        }
        let end =
          lines[place...].firstIndex {
            $0.value == nil || !$0.label.isEmpty && $0.indent != first.indent
          } ?? lines.count
        let width = (lines[place..<end].map(\.label.count).max() ?? 0) + 2
        for line in lines[place..<end] {
          let space = String(repeating: " ", count: width - line.label.count)
          result.append(line.label + space + (line.value ?? ""))
        }
        place = end
      }
      return result
    }

    /// The line further to the right, with `prefix` before it.
    func indented(_ prefix: String) -> Line { Line(prefix + label, value) }
  }

  private func tree(_ value: Value, indent: Int) -> [Line] {
    let space = String(repeating: " ", count: indent)
    if value.isMap {
      return value.members.flatMap { key, member -> [Line] in
        let name = space + capitalized(key.text) + ":"
        if member.isMap || member.isList, !member.isEmptyCollection {
          return [Line(name)] + tree(member, indent: indent + 2)
        }
        return [Line(name, leaf(member))]
      }
    }
    return value.elements.flatMap { element -> [Line] in
      guard element.isMap || element.isList, !element.isEmptyCollection else {
        return [Line(space + "- " + leaf(element))]
      }
      return tree(element, indent: 0).enumerated().map { index, line in
        line.indented(space + (index == 0 ? "- " : "  "))
      }
    }
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

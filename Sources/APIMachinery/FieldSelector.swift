public import ValueTree

/// Chooses objects by fields: `metadata.name=a,metadata.namespace!=b,status.phase=Bound`.
public struct FieldSelector: Sendable, Hashable {
  /// What one field must be.
  public struct Requirement: Sendable, Hashable {
    /// The field, from the object's root.
    public var path: FieldPath
    /// The value as text.
    public var value: String
    /// Whether the field must have the value, or must not.
    public var isEqual: Bool
  }

  /// All of these must hold.
  public var requirements: [Requirement]

  /// A selector; without requirements it chooses everything.
  public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

  /// Reads kubectl's text form.
  public init(parsing text: String) throws(LabelSelector.ParseError) {
    requirements = []
    for term in text.split(separator: ",", omittingEmptySubsequences: true) {
      let isEqual: Bool
      let parts: [Substring]
      if let range = term.firstIndex(of: "!"), term[range...].hasPrefix("!=") {
        isEqual = false
        parts = [term[..<range], term[range...].dropFirst(2)]
      } else if let equals = term.firstIndex(of: "=") {
        isEqual = true
        let value = term[equals...].dropFirst(term[equals...].hasPrefix("==") ? 2 : 1)
        parts = [term[..<equals], value]
      } else {
        throw LabelSelector.ParseError(
          text: text, reason: "'\(term)' has no operator, expected: =, == or !=")
      }
      let path: FieldPath
      do { path = try FieldPath(parsing: Self.trimmed(parts[0])) } catch {
        throw LabelSelector.ParseError(text: text, reason: "\(error)")
      }
      guard !path.isRoot else {
        throw LabelSelector.ParseError(text: text, reason: "'\(term)' names no field")
      }
      requirements.append(
        Requirement(path: path, value: Self.trimmed(parts[1]), isEqual: isEqual))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.hasPrefix(" ") { text = text.dropFirst() }
    while text.hasSuffix(" ") { text = text.dropLast() }
    return String(text)
  }

  /// Whether the object is chosen; a field that is missing counts as empty.
  public func matches(_ object: APIObject) -> Bool {
    requirements.allSatisfy { requirement in
      (text(of: requirement.path, in: object) == requirement.value) == requirement.isEqual
    }
  }

  private static let source = FieldPath("source")

  private func text(of path: FieldPath, in object: APIObject) -> String {
    if path == Self.namePath { return object.name }
    if path == Self.namespacePath { return object.namespace }
    if path == Self.source, object.type.kind == "Event" {
      return object.body[FieldPath("source", "component")]?.string
        ?? object.body["reportingComponent"]?.string ?? ""
    }
    var value = object.body[path]
    if value == nil, isOutsideBody(path) { value = object.value[path] }
    guard let value else { return FieldLabels.missing(path) }
    return value.string ?? value.description
  }

  /// Whether the field may be one that the body does not have, so that the whole object must be built.
  private func isOutsideBody(_ path: FieldPath) -> Bool {
    guard case .key(let key)? = path.steps.first else { return true }
    return key == Fields.metadata || key == Fields.apiVersion || key == Fields.kind
  }
}

extension FieldSelector: CustomStringConvertible {
  /// The selector in kubectl's text form.
  public var description: String {
    requirements.map { "\($0.path)\($0.isEqual ? "=" : "!=")\($0.value)" }.joined(separator: ",")
  }
}

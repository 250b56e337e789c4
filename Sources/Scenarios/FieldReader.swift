import Scalars
import ValueTree
import YAMLCoding

/// A part of a document that is being decoded, with its place for error messages.
struct FieldReader {
  let document: YAMLDocument
  let path: FieldPath
  let value: Value

  init(_ document: YAMLDocument, _ path: FieldPath = .root) {
    self.document = document
    self.path = path
    value = document.value[path] ?? .null
  }

  private init(_ document: YAMLDocument, _ path: FieldPath, _ value: Value) {
    self.document = document
    self.path = path
    self.value = value
  }

  /// A mistake at this place.
  func mistake(
    _ message: String, expected: String? = nil, suggestion: String? = nil
  ) -> SourceDiagnostic {
    document.diagnostic(message, at: path, expected: expected, suggestion: suggestion)
  }

  /// Refuses members that are not known, with the one that was probably meant.
  func allow(_ names: [String]) throws(SourceDiagnostic) {
    guard value.isMap else { throw mistake("\(what) is no map", expected: "a map") }
    for (key, _) in value.members where !names.contains(key.text) {
      throw SourceDiagnostic(
        "unknown field \"\(path.appending(key))\"",
        at: document.keyMark(of: path.appending(key)),
        expected: "one of " + names.joined(separator: ", "),
        suggestion: SourceDiagnostic.suggestion(for: key.text, among: names))
    }
  }

  /// The member of this name; nil where it is missing or null.
  func field(_ name: String) -> FieldReader? {
    let key = Key(name)
    guard let member = value[key], !member.isNull else { return nil }
    return FieldReader(document, path.appending(key), member)
  }

  /// The member of this name, which must be there.
  func required(_ name: String, _ expected: String) throws(SourceDiagnostic) -> FieldReader {
    guard value.isMap else { throw mistake("\(what) is no map", expected: "a map") }
    guard let member = field(name) else {
      throw mistake("\(what) has no \(name)", expected: "\(name): \(expected)")
    }
    return member
  }

  /// The elements of a list; none where the member is missing.
  func list(_ name: String) throws(SourceDiagnostic) -> [FieldReader] {
    guard let member = field(name) else { return [] }
    guard member.value.isList else {
      throw member.mistake("\(member.what) is no list", expected: "a list")
    }
    return member.value.elements.enumerated().map { index, element in
      FieldReader(document, member.path.appending(index), element)
    }
  }

  func string() throws(SourceDiagnostic) -> String {
    guard let text = value.string else {
      throw mistake("\(what) is \(article) \(value.kind.rawValue)", expected: "a string")
    }
    return text
  }

  /// A name as objects have it, and processes and files.
  func subdomain() throws(SourceDiagnostic) -> String {
    let text = try string()
    guard DNSNames.dns1123Subdomain(text) == nil else {
      throw mistake(
        "\(what) is \"\(text)\"",
        expected: "lower case letters, digits, '-' and '.', with a letter or digit at both ends")
    }
    return text
  }

  /// Refuses a document of another API group or version than Drydock's.
  func requireAPIVersion() throws(SourceDiagnostic) {
    let version = "drydock.dev/v1alpha1"
    let field = try required("apiVersion", version)
    guard try field.string() == version else {
      throw field.mistake("\(field.what) is \(field.value)", expected: version)
    }
  }

  func integer(in range: ClosedRange<Int>) throws(SourceDiagnostic) -> Int {
    guard let number = value.int, let exact = Int(exactly: number), range.contains(exact) else {
      throw mistake(
        "\(what) is \(value)",
        expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return exact
  }

  /// A duration as Go writes it.
  func duration() throws(SourceDiagnostic) -> GoDuration {
    let text = try string()
    do {
      let duration = try GoDuration(parsing: text)
      if duration >= .zero { return duration }
    } catch {}
    throw mistake("\(what) is \"\(text)\"", expected: "a duration such as 500ms, 30s or 1h30m")
  }

  /// One of the choices by its name.
  func choice<T>(_ choices: [(name: String, value: T)]) throws(SourceDiagnostic) -> T {
    let text = try string()
    if let found = choices.first(where: { $0.name == text }) { return found.value }
    let names = choices.map(\.name)
    throw mistake(
      "\(what) is \"\(text)\"", expected: "one of " + names.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: text, among: names))
  }

  private var what: String { path.isRoot ? "the document" : "\"\(path)\"" }

  private var article: String { value.kind == .int ? "an" : "a" }
}

public import ValueTree

/// Chooses objects by their labels.
///
/// The text form is kubectl's: `app=web,tier!=cache,env in (a, b),zone notin (c),gpu,!spot`.
public struct LabelSelector: Sendable, Hashable {
  /// What one label must be.
  public enum Requirement: Sendable, Hashable {
    case isIn(key: String, values: [String])
    case isNotIn(key: String, values: [String])
    case exists(key: String)
    case doesNotExist(key: String)
  }

  /// What is wrong with a text that should be a selector.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// What was expected, and where.
    public let reason: String
    public var description: String { "unable to parse selector \"\(text)\": \(reason)" }
  }

  /// All of these must hold.
  public var requirements: [Requirement]

  /// A selector; without requirements it chooses everything.
  public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

  /// Reads kubectl's text form.
  public init(parsing text: String) throws(ParseError) {
    var parser = SelectorParser(text)
    requirements = try parser.requirements()
  }

  /// Whether an object with these labels is chosen.
  public func matches(_ labels: Value?) -> Bool {
    requirements.allSatisfy { requirement in
      switch requirement {
      case .isIn(let key, let values):
        labels?[Key(key)]?.string.map { values.contains($0) } ?? false
      case .isNotIn(let key, let values):
        // An object without the label is chosen, as Kubernetes chooses it.
        labels?[Key(key)]?.string.map { !values.contains($0) } ?? true
      case .exists(let key): labels?[Key(key)] != nil
      case .doesNotExist(let key): labels?[Key(key)] == nil
      }
    }
  }

  /// Whether the object is chosen.
  public func matches(_ object: APIObject) -> Bool {
    requirements.isEmpty || matches(object.body[LabelSelector.labelsPath])
  }

  private static let labelsPath = FieldPath(Fields.metadata, Fields.labels)
}

/// Reads the text form of a label selector.
private struct SelectorParser {
  private let text: String
  private var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  mutating func requirements() throws(LabelSelector.ParseError) -> [LabelSelector.Requirement] {
    var result: [LabelSelector.Requirement] = []
    skipSpace()
    if rest.isEmpty { return [] }
    while true {
      result.append(try requirement())
      skipSpace()
      if rest.isEmpty { return result }
      guard take(",") else {
        throw failure("found '\(rest.prefix(8))', expected: ',' or 'end of string'")
      }
    }
  }

  private mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement
  {
    skipSpace()
    if take("!") { return .doesNotExist(key: try key()) }
    let key = try key()
    skipSpace()
    if take("!=") { return .isNotIn(key: key, values: [value()]) }
    if take("==") || take("=") { return .isIn(key: key, values: [value()]) }
    if rest.isEmpty || rest.hasPrefix(",") { return .exists(key: key) }
    let word = word()
    switch word {
    case "in": return .isIn(key: key, values: try values())
    case "notin": return .isNotIn(key: key, values: try values())
    default:
      throw failure("found '\(word)', expected: in, notin, =, ==, !=, ',' or 'end of string'")
    }
  }

  private mutating func key() throws(LabelSelector.ParseError) -> String {
    skipSpace()
    let name = word()
    guard !name.isEmpty else { throw failure("found '\(rest.prefix(1))', expected: identifier") }
    return name
  }

  private mutating func value() -> String {
    skipSpace()
    return word()
  }

  private mutating func values() throws(LabelSelector.ParseError) -> [String] {
    skipSpace()
    guard take("(") else { throw failure("found '\(rest.prefix(1))', expected: '('") }
    var values: [String] = []
    while true {
      values.append(value())
      skipSpace()
      if take(")") { return values }
      guard take(",") else { throw failure("found '\(rest.prefix(1))', expected: ',' or ')'") }
    }
  }

  private mutating func word() -> String {
    let end = rest.firstIndex { " \t,=!()".contains($0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }

  private mutating func take(_ token: String) -> Bool {
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipSpace() {
    while rest.hasPrefix(" ") || rest.hasPrefix("\t") { rest = rest.dropFirst() }
  }

  private func failure(_ reason: String) -> LabelSelector.ParseError {
    LabelSelector.ParseError(text: text, reason: reason)
  }
}

extension LabelSelector: CustomStringConvertible {
  /// The selector in kubectl's text form.
  public var description: String {
    requirements.map { requirement in
      switch requirement {
      case .isIn(let key, let values):
        values.count == 1 ? "\(key)=\(values[0])" : "\(key) in (\(values.joined(separator: ",")))"
      case .isNotIn(let key, let values):
        values.count == 1
          ? "\(key)!=\(values[0])" : "\(key) notin (\(values.joined(separator: ",")))"
      case .exists(let key): key
      case .doesNotExist(let key): "!\(key)"
      }
    }.joined(separator: ",")
  }
}

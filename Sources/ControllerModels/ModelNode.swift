import Scalars
import ValueTree
import YAMLCoding

/// A part of a model's document, with its place for error messages.
struct ModelNode: Sendable {
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

  /// The member of this name; nil where it is missing or null.
  subscript(_ name: String) -> ModelNode? {
    guard let member = self[isThere: name], !member.value.isNull else { return nil }
    return member
  }

  /// The member of this name, also where it is null.
  subscript(isThere name: String) -> ModelNode? {
    let key = Key(name)
    return value[key].map { ModelNode(document, path.appending(key), $0) }
  }

  var elements: [ModelNode] {
    value.elements.enumerated().map { ModelNode(document, path.appending($0), $1) }
  }

  var members: [(name: String, node: ModelNode)] {
    value.members.map { ($0.key.text, ModelNode(document, path.appending($0.key), $0.value)) }
  }

  // MARK: Values that were checked by their shapes

  var text: String { value.string ?? "" }
  var isTrue: Bool { value.bool ?? false }
  var int: Int { value.int.map { Int(clamping: $0) } ?? 0 }
  var duration: GoDuration { (try? GoDuration(parsing: text)) ?? .zero }

  // MARK: Mistakes

  /// A mistake at this place.
  func mistake(
    _ message: String, expected: String? = nil, suggestion: String? = nil
  ) -> SourceDiagnostic {
    document.diagnostic(message, at: path, expected: expected, suggestion: suggestion)
  }

  /// A mistake at this place's key.
  func mistakeAtKey(
    _ message: String, expected: String? = nil, suggestion: String? = nil
  ) -> SourceDiagnostic {
    SourceDiagnostic(
      message, at: document.keyMark(of: path), expected: expected, suggestion: suggestion)
  }

  /// A word that is none of those known, with the one that was probably meant.
  func unknown(_ what: String, _ word: String, among names: [String]) -> SourceDiagnostic {
    mistake(
      "there is no \(what) \"\(word)\"",
      expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
      suggestion: SourceDiagnostic.suggestion(for: word, among: names))
  }

  var name: String {
    if case .key(let key) = path.steps.last { return key.text }
    return path.isRoot ? "the document" : "\(path)"
  }

  /// Whether a text can name something in an expression.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == UInt8(ascii: "_") || isLetter(first) else {
      return false
    }
    guard !reserved.contains(text) else { return false }
    return text.utf8.allSatisfy {
      isLetter($0) || $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0
    }
  }

  /// What means something else in expressions, or may one day.
  private static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in",
    "let", "loop", "namespace", "null", "package", "return", "true", "var", "void", "while",
  ]

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= byte | 0x20
  }
}

// MARK: Shapes

extension ModelNode {
  /// Checks that the part has a shape.
  func check(_ shape: FieldShape) throws(SourceDiagnostic) {
    switch shape {
    case .text, .name, .duration, .choice: try checkText(shape)
    case .expression:
      guard !value.isMap, !value.isList else {
        throw wrong("a CEL expression as a text, or a number or boolean")
      }
    case .integer(let range):
      guard let number = value.int, range.contains(Int(clamping: number)) else {
        throw wrong(
          range.upperBound == Int.max
            ? "an integer from \(range.lowerBound)"
            : "an integer from \(range.lowerBound) to \(range.upperBound)")
      }
    case .boolean:
      guard value.bool != nil else { throw wrong("true or false") }
    case .object(let definition): try check(definition)
    case .list(let element):
      guard value.isList else { throw wrong("a list") }
      for node in elements { try node.check(element) }
    case .map(let member):
      guard value.isMap else { throw wrong("a map") }
      for (_, node) in members { try node.check(member) }
    case .literal: break
    case .steps: try checkSteps()
    case .nothing:
      guard value.isNull || value.isMap && value.isEmptyCollection else {
        throw wrong("nothing behind it, or {}")
      }
    case .either(let shapes): try check(either: shapes)
    }
  }

  private func checkText(_ shape: FieldShape) throws(SourceDiagnostic) {
    guard let text = value.string else { throw wrong(Self.description(of: shape)) }
    switch shape {
    case .name where !Self.isIdentifier(text): throw wrong(Self.description(of: shape))
    case .duration:
      guard let duration = try? GoDuration(parsing: text), duration >= .zero else {
        throw wrong(Self.description(of: shape))
      }
    case .choice(let choices) where !choices.contains(text):
      throw mistake(
        "\"\(name)\" is \"\(text)\"", expected: Self.description(of: shape),
        suggestion: SourceDiagnostic.suggestion(for: text, among: choices))
    default: break
    }
  }

  /// The first shape whose YAML kind fits decides what is told, but a map with none of an object's fields, and none
  /// that could be meant for one, is not that object where it can be something else.
  private func check(either shapes: [FieldShape]) throws(SourceDiagnostic) {
    var problem: SourceDiagnostic?
    let fitting = shapes.filter(fitsKind)
    let likely = fitting.filter { shape in
      guard case .object(let definition) = shape else { return true }
      return members.contains { name, _ in
        definition.names.contains(name)
          || SourceDiagnostic.suggestion(for: name, among: definition.names) != nil
      }
    }
    for shape in likely.isEmpty ? fitting : likely {
      do {
        try check(shape)
        return
      } catch { problem = problem ?? error }
    }
    throw problem ?? wrong(shapes.map(Self.description(of:)).joined(separator: ", or "))
  }

  private func fitsKind(of shape: FieldShape) -> Bool {
    switch shape {
    case .text, .name, .duration, .choice: value.string != nil
    case .expression: !value.isMap && !value.isList && !value.isNull
    case .integer: value.int != nil
    case .boolean: value.bool != nil
    case .object, .map: value.isMap
    case .list, .steps: value.isList
    case .nothing: value.isNull || value.isMap && value.isEmptyCollection
    case .literal: true
    case .either(let shapes): shapes.contains { fitsKind(of: $0) }
    }
  }

  private func check(_ definition: ObjectDefinition) throws(SourceDiagnostic) {
    guard value.isMap else {
      throw wrong("a map with " + definition.names.joined(separator: ", "))
    }
    try allow(definition.names)
    for field in definition.fields {
      guard let member = self[isThere: field.name], takes(null: field.shape, member) else {
        guard !field.isRequired else {
          throw mistake(
            "\"\(name)\" has no \(field.name)",
            expected: "\(field.name): \(Self.description(of: field.shape))")
        }
        continue
      }
      try member.check(field.shape)
    }
  }

  /// Null is a member that is missing, except where nothing is what is asked for.
  private func takes(null shape: FieldShape, _ member: ModelNode) -> Bool {
    !member.value.isNull || member.fitsKind(of: shape)
  }

  /// Refuses members that are not known, with the one that was probably meant.
  func allow(_ names: [String]) throws(SourceDiagnostic) {
    for (name, node) in members where !names.contains(name) {
      throw node.mistakeAtKey(
        "unknown field \"\(name)\"", expected: "one of " + names.joined(separator: ", "),
        suggestion: SourceDiagnostic.suggestion(for: name, among: names))
    }
  }

  private func checkSteps() throws(SourceDiagnostic) {
    guard value.isList else { throw wrong("a list of steps") }
    for step in elements {
      guard step.value.isMap else {
        let names = StepDefinition.all.map(\.name)
        throw step.mistake(
          "a step is no map", expected: "- get: {}, - done: {}, …",
          suggestion: (names.contains(step.text)
            ? step.text : SourceDiagnostic.suggestion(for: step.text, among: names))
            .map { "- \($0):" })
      }
      let action = try step.action()
      try step.allow([action.name] + StepDefinition.modifierNames + action.siblings.map(\.name))
      for field in StepDefinition.modifiers + action.siblings {
        if let member = step[field.name] { try member.check(field.shape) }
      }
      if let body = step[isThere: action.name] {
        guard !body.value.isNull || body.fitsKind(of: action.shape) else {
          throw body.mistake(
            "\"\(action.name)\" has nothing behind it",
            expected: Self.description(of: action.shape))
        }
        try body.check(action.shape)
      }
    }
  }

  /// What a step does.
  func action() throws(SourceDiagnostic) -> StepDefinition {
    let named = StepDefinition.all.filter { self[isThere: $0.name] != nil }
    // A label may stand alone or before what it names.
    let acting = named.filter { $0.name != "label" }
    if acting.count > 1 {
      throw mistake(
        "a step does one thing, not \(acting.map(\.name).joined(separator: " and "))",
        expected: "one step each")
    }
    if let one = acting.first ?? named.first { return one }
    let names = StepDefinition.all.map(\.name)
    let odd = members.first { !StepDefinition.modifierNames.contains($0.name) }
    if let odd {
      throw odd.node.mistakeAtKey(
        "there is no step \"\(odd.name)\"", expected: "one of " + names.joined(separator: ", "),
        suggestion: SourceDiagnostic.suggestion(for: odd.name, among: names))
    }
    throw mistake("a step does nothing", expected: "one of " + names.joined(separator: ", "))
  }

  private func wrong(_ expected: String) -> SourceDiagnostic {
    let text = value.isMap || value.isList ? "a \(value.kind.rawValue)" : "\(value)"
    return mistake("\"\(name)\" is \(text)", expected: expected)
  }

  /// What a shape asks for, in words.
  static func description(of shape: FieldShape) -> String {
    switch shape {
    case .text: "a text"
    case .name: "a name of letters, digits and underscores that is no word of CEL"
    case .expression: "a CEL expression"
    case .duration: "a duration such as 500ms, 30s or 1h30m"
    case .integer: "an integer"
    case .boolean: "true or false"
    case .choice(let choices): "one of " + choices.joined(separator: ", ")
    case .object(let definition):
      "a map with " + definition.names.joined(separator: ", ")
    case .list(let element): "a list, each element \(description(of: element))"
    case .map: "a map"
    case .literal: "a value"
    case .steps: "a list of steps"
    case .nothing: "{}"
    case .either(let shapes): shapes.map(description(of:)).joined(separator: ", or ")
    }
  }
}

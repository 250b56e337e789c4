extension FieldPath: CustomStringConvertible {
  /// The path as Kubernetes' messages write it, `spec.ports[0].name`.
  ///
  /// A key that holds a dot or a bracket stands in brackets, `labels[a.b/c]`; one that would still be
  /// misread is quoted as well, `labels["80"]`. `init(parsing:)` reads every such text back.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key):
        let name = key.text
        if FieldPath.isPlain(name) {
          text += text.isEmpty ? name : ".\(name)"
        } else if FieldPath.needsQuotes(name) {
          text += "[\(JSONWriter().string(Value(name)))]"
        } else {
          text += "[\(name)]"
        }
      }
    }
    return text
  }

  private static func isPlain(_ name: String) -> Bool {
    !needsQuotes(name)
      && !name.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") }
  }

  private static func needsQuotes(_ name: String) -> Bool {
    name.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      || name.utf8.first == UInt8(ascii: "\"")
      || name.utf8.contains { $0 == UInt8(ascii: "]") || $0 < 0x20 }
  }
}

extension FieldPath {
  /// What is wrong with a text that should be a path.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// Where in it, counted in bytes.
    public let offset: Int
    /// What was expected there.
    public let expected: String

    public var description: String { "path \"\(text)\", at \(offset): expected \(expected)" }
  }

  /// Reads `spec.ports[0].name`; a bracket holds an index, a key as it is (`labels[a.b/c]`), or a key in
  /// quotes with JSON's escapes (`data["80"]`).
  public init(parsing text: String) throws(ParseError) {
    var parser = FieldPathParser(text: text)
    self.init(try parser.parse())
  }
}

private struct FieldPathParser {
  let text: String
  let bytes: [UInt8]
  var position = 0

  init(text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  private func failure(_ expected: String) -> FieldPath.ParseError {
    FieldPath.ParseError(text: text, offset: position, expected: expected)
  }

  mutating func parse() throws(FieldPath.ParseError) -> [FieldPath.Step] {
    var steps: [FieldPath.Step] = []
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "["):
        steps.append(try bracket())
      case UInt8(ascii: "."):
        position += 1
        steps.append(try name())
      default:
        guard position == 0 else { throw failure("\".\" or \"[\"") }
        steps.append(try name())
      }
    }
    return steps
  }

  private mutating func name() throws(FieldPath.ParseError) -> FieldPath.Step {
    let rest = bytes[position...]
    let end =
      rest.firstIndex {
        $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
      } ?? rest.endIndex
    guard end > position else { throw failure("a field name") }
    defer { position = end }
    return .key(Key(String(decoding: bytes[position..<end], as: UTF8.self)))
  }

  private mutating func bracket() throws(FieldPath.ParseError) -> FieldPath.Step {
    let start = position + 1
    if start < bytes.count, bytes[start] == UInt8(ascii: "\"") { return try quoted(start) }
    guard let close = bytes[start...].firstIndex(of: UInt8(ascii: "]")), close > start else {
      throw failure("an index or key and \"]\"")
    }
    let inner = bytes[start..<close]
    let text = String(decoding: inner, as: UTF8.self)
    position = close + 1
    let isNumber = inner.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    if isNumber, let index = Int(text) { return .index(index) }
    return .key(Key(text))
  }

  /// Reads a key whose opening quote stands at `start`.
  private mutating func quoted(_ start: Int) throws(FieldPath.ParseError) -> FieldPath.Step {
    var end = start + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "]") else {
      throw failure("a key in quotes and \"]\"")
    }
    var reader = JSONReader()
    guard let key = (try? reader.read(Array(bytes[start...end])))?.string else {
      throw failure("a key in quotes with JSON's escapes")
    }
    position = end + 2
    return .key(Key(key))
  }
}

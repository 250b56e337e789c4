/// The way from a value to a part of it: `spec.ports[0].name`.
public struct FieldPath: Sendable, Hashable {
  /// One step: into a map or into a list.
  public enum Step: Sendable, Hashable {
    case key(Key)
    case index(Int)
  }

  /// The steps from the root on.
  public var steps: [Step]

  /// The path with these steps.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// The path through these keys.
  public init(_ keys: Key...) { self.steps = keys.map { .key($0) } }

  /// The root's own path.
  public static let root = FieldPath([])

  /// Whether this is the root's path.
  public var isRoot: Bool { steps.isEmpty }

  /// This path and one key more.
  public func appending(_ key: Key) -> FieldPath { FieldPath(steps + [.key(key)]) }

  /// This path and one index more.
  public func appending(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

  /// The path without its last step; nil for the root's.
  public var parent: FieldPath? {
    steps.isEmpty ? nil : FieldPath(Array(steps.dropLast()))
  }
}

extension FieldPath: CustomStringConvertible {
  /// The path as Kubernetes' messages write it; a key that would be misread stands in brackets.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key):
        let name = key.text
        if FieldPath.isPlain(name) {
          text += text.isEmpty ? name : ".\(name)"
        } else {
          text += "[\(name)]"
        }
      }
    }
    return text
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        byte != UInt8(ascii: ".") && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "]")
      } && !name.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
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

  /// Reads `spec.ports[0].name`; a bracket holds an index, or a key as it is (`labels[a.b/c]`).
  public init(parsing text: String) throws(ParseError) {
    var steps: [Step] = []
    let bytes = Array(text.utf8)
    var position = 0
    var mayStartKey = true
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "."):
        guard !mayStartKey || steps.isEmpty && position == 0, position + 1 < bytes.count else {
          throw ParseError(text: text, offset: position, expected: "a field name")
        }
        position += 1
        mayStartKey = true
        if bytes[position] == UInt8(ascii: ".") {
          throw ParseError(text: text, offset: position, expected: "a field name")
        }
      case UInt8(ascii: "["):
        guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "]")),
          close > position + 1
        else {
          throw ParseError(text: text, offset: position, expected: "an index or key and \"]\"")
        }
        let inner = String(decoding: bytes[position + 1..<close], as: UTF8.self)
        if let index = Int(inner), index >= 0 {
          steps.append(.index(index))
        } else {
          steps.append(.key(Key(inner)))
        }
        position = close + 1
        mayStartKey = false
      default:
        guard mayStartKey else {
          throw ParseError(text: text, offset: position, expected: "\".\" or \"[\"")
        }
        let end =
          bytes[position...].firstIndex {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[")
          } ?? bytes.count
        steps.append(.key(Key(String(decoding: bytes[position..<end], as: UTF8.self))))
        position = end
        mayStartKey = false
      }
    }
    self.steps = steps
  }

  /// The path as a JSON pointer (RFC 6901).
  public var jsonPointer: String {
    steps.map { step in
      switch step {
      case .index(let index): return "/\(index)"
      case .key(let key):
        var token = "/"
        for character in key.text.unicodeScalars {
          switch character {
          case "~": token += "~0"
          case "/": token += "~1"
          default: token.unicodeScalars.append(character)
          }
        }
        return token
      }
    }.joined()
  }
}

/// The way from a value to a part of it: `spec.ports[0].name`.
public struct FieldPath: Sendable, Hashable {
  /// One step: into a map or into a list.
  public enum Step: Sendable, Hashable {
    case key(Key)
    case index(Int)

    /// The number of the key in the table, 0 for another key or an index; asking costs no reference count.
    var fieldID: UInt64 {
      if case .key(let key) = self { return key.id }
      return 0
    }
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

extension FieldPath {
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

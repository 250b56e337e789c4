/// The way to a part of a JSON document (RFC 6901): `/spec/containers/0/image`.
public struct JSONPointer: Sendable, Hashable {
  /// The steps from the document's root on, with `~0` and `~1` replaced by what they stand for.
  public var tokens: [String]

  /// The pointer with these steps.
  public init(_ tokens: [String] = []) { self.tokens = tokens }

  /// Reads a pointer's text; nil where it does not begin with a slash or has a tilde that escapes nothing.
  public init?(parsing text: String) {
    tokens = []
    if text.isEmpty { return }
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    for part in text.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard let token = Self.unescaped(part) else { return nil }
      tokens.append(token)
    }
  }

  private static func unescaped(_ part: Substring.UTF8View) -> String? {
    guard part.contains(UInt8(ascii: "~")) else { return String(Substring(part)) }
    var bytes: [UInt8] = []
    var rest = part.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the other pointer leads to something within what this one leads to.
  func isProperPrefix(of other: JSONPointer) -> Bool {
    tokens.count < other.tokens.count && other.tokens.starts(with: tokens)
  }
}

extension JSONPointer: CustomStringConvertible {
  /// The pointer's text.
  public var description: String {
    tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }
}

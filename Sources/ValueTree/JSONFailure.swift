/// A mistake as the reader finds it, before its line is counted.
struct JSONFailure: Error {
  let kind: JSONError.Kind
  let offset: Int
  let message: String

  /// Something else than what was expected stands at `offset`.
  static func unexpected(_ bytes: RawSpan, _ offset: Int, _ expected: String) -> JSONFailure {
    let byte = bytes.byte(offset)
    let found =
      switch byte {
      case UInt8(ascii: "\""): "a quote"
      case 0x21..<0x7F: "\"\(Character(UnicodeScalar(byte)))\""
      default: "byte 0x\(hex(byte))"
      }
    return JSONFailure(
      kind: .unexpected, offset: offset, message: "expected \(expected), found \(found)")
  }

  /// The text ends too early.
  static func truncated(_ offset: Int, _ place: String) -> JSONFailure {
    JSONFailure(kind: .truncated, offset: offset, message: "the text ends \(place)")
  }

  func error(in bytes: RawSpan) -> JSONError {
    var line = 1
    var start = 0
    for index in 0..<Swift.min(offset, bytes.byteCount) where bytes.byte(index) == 0x0A {
      line += 1
      start = index + 1
    }
    return JSONError(
      kind: kind, offset: offset, line: line, column: offset - start + 1, message: message)
  }
}

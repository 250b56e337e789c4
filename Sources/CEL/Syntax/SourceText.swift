/// A place in the text of an expression.
public struct SourcePlace: Sendable, Hashable {
  /// Bytes from the start of the text.
  public let offset: Int
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, counted in code points.
  public let column: Int
}

/// The text of an expression, for naming places in it.
struct SourceText: Sendable {
  let text: String
  let bytes: [UInt8]

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  func place(_ offset: Int) -> SourcePlace {
    let offset = Swift.min(Swift.max(0, offset), bytes.count)
    var line = 1
    var column = 1
    for byte in bytes[..<offset] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return SourcePlace(offset: offset, line: line, column: column)
  }

  /// The line that holds `place`, and below it a caret under the place.
  func excerpt(_ place: SourcePlace) -> String {
    let newline = UInt8(ascii: "\n")
    let before = bytes[..<place.offset]
    let start = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[place.offset...].firstIndex(of: newline) ?? bytes.count
    let line = String(decoding: bytes[start..<end], as: UTF8.self)
    var pad = ""
    for scalar in line.unicodeScalars.prefix(place.column - 1) {
      // A tab stays a tab, so that the caret stands right whatever its width.
      pad.unicodeScalars.append(scalar == "\t" ? "\t" : " ")
    }
    return " | \(line)\n | \(pad)^"
  }
}

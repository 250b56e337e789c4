/// What is wrong in a source, where, and what would be right.
///
/// Every stage that reads what a user wrote reports in this form, from the YAML parser to the API
/// server's field errors.
public struct SourceDiagnostic: Error, Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable {
    case error, warning, note
  }

  /// How bad it is.
  public var severity: Severity
  /// What is wrong, in one sentence without a full stop.
  public var message: String
  /// Where; nil for what has no place in a source.
  public var mark: SourceMark?
  /// What would have been right: `a number from 1 to 65535`.
  public var expected: String?
  /// A name that the writer may have meant.
  public var suggestion: String?
  /// What is wrong besides, at other places.
  public var others: [SourceDiagnostic] = []

  /// A diagnostic.
  public init(
    _ message: String, at mark: SourceMark? = nil, expected: String? = nil,
    suggestion: String? = nil, severity: Severity = .error
  ) {
    self.severity = severity
    self.message = message
    self.mark = mark
    self.expected = expected
    self.suggestion = suggestion
  }

  /// The message with what was expected and suggested, without the place.
  public var summary: String {
    var text = message
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; did you mean \"\(suggestion)\"?" }
    return text
  }
}

extension SourceDiagnostic: CustomStringConvertible {
  /// The place, the message, and the line with a caret under the column; then those of the others.
  public var description: String {
    let text = "\(severity.rawValue): \(summary)"
    let whole = mark.map { "\($0): \(text)\n\($0.excerpt())" } ?? text
    return ([whole] + others.map(\.description)).joined(separator: "\n")
  }
}

extension SourceMark {
  /// The line with its number in the margin, and a caret under the column.
  ///
  /// A line wider than `width` terminal columns is cut around the caret. Tabs are shown as arrows
  /// and control characters as their pictures, so that what confused the parser can be seen and
  /// cannot confuse a terminal.
  public func excerpt(width: Int = 96) -> String {
    let number = String(line)
    let margin = String(repeating: " ", count: Swift.max(5, number.count))
    let padded = String(margin.dropFirst(number.count)) + number
    let window = LineWindow(lineText, column: column, width: Swift.max(16, width))
    var text = "\(padded) | \(window.text)"
    while text.last == " " { text.removeLast() }
    return "\(text)\n\(margin) | \(String(repeating: " ", count: window.caret))^"
  }
}

/// The part of a line that is shown, and where the caret goes under it.
private struct LineWindow {
  /// What one scalar is shown as, and how many terminal columns that takes.
  private struct Cell {
    let text: String
    let width: Int
  }

  private(set) var text = ""
  private(set) var caret = 0

  init(_ line: String, column: Int, width: Int) {
    // Cells far from the caret are never shown; a line of a megabyte need not be laid out.
    let scalars = line.unicodeScalars
    let target = Swift.min(Swift.max(0, column - 1), scalars.count)
    let skipped = Swift.max(0, target - width)
    var cells: [Cell] = []
    var tabStop = 0
    for scalar in scalars.dropFirst(skipped).prefix(2 * width + 1) {
      let cell = LineWindow.cell(scalar, at: tabStop)
      cells.append(cell)
      tabStop += cell.width
    }
    let caretCell = Swift.min(target - skipped, cells.count)
    var first = 0
    var before = cells[..<caretCell].reduce(0) { $0 + $1.width }
    let total = cells.reduce(0) { $0 + $1.width }
    let cutsFront = skipped > 0 || before >= width * 3 / 4 && total > width
    if cutsFront {
      while first < caretCell, before > width / 2 {
        before -= cells[first].width
        first += 1
      }
      // A mark without a base to sit on would join the ellipsis.
      while first < caretCell, cells[first].width == 0 { first += 1 }
      text = "…"
    }
    caret = (cutsFront ? 1 : 0) + before
    var used = text.isEmpty ? 0 : 1
    for cell in cells[first...] {
      if used + cell.width > width {
        text += "…"
        break
      }
      text += cell.text
      used += cell.width
    }
  }

  private static func cell(_ scalar: UnicodeScalar, at column: Int) -> Cell {
    switch scalar.value {
    case 0x09:
      let width = 4 - column % 4
      return Cell(text: "→" + String(repeating: " ", count: width - 1), width: width)
    case 0..<0x20:
      return Cell(
        text: UnicodeScalar(0x2400 + scalar.value).map { String($0) } ?? "\u{FFFD}", width: 1)
    case 0x20..<0x7F: return Cell(text: String(scalar), width: 1)
    case 0x7F: return Cell(text: "\u{2421}", width: 1)
    // Control characters, and those that turn the writing direction: a terminal must not obey them.
    case 0x80..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
      return Cell(text: "\u{FFFD}", width: 1)
    default: return Cell(text: String(scalar), width: displayWidth(scalar))
    }
  }

  private static func displayWidth(_ scalar: UnicodeScalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}

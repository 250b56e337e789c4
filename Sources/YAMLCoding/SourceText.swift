/// A source made ready for libyaml: checked UTF-8 without byte order marks.
///
/// Offsets are bytes of `clean` unless said otherwise. `original` is what users see; it differs
/// from `clean` only where something had to be taken out, which `shifts` tells.
final class SourceText: Sendable {
  /// Bytes that `original` has and `clean` has not.
  struct Shift: Sendable {
    /// From this offset in `clean` on they count.
    let offset: Int
    /// The number of bytes by which `original` is ahead from there on.
    let ahead: Int
  }

  let name: String
  let clean: [UInt8]
  let original: [UInt8]
  let shifts: [Shift]
  let isASCII: Bool
  /// Whether kubectl would take the source for JSON: its first character is a brace.
  let looksLikeJSON: Bool

  init(
    name: String, clean: [UInt8], original: [UInt8], shifts: [Shift], isASCII: Bool
  ) {
    self.name = name
    self.clean = clean
    self.original = original
    self.shifts = shifts
    self.isASCII = isASCII
    let first = clean.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    looksLikeJSON = first == UInt8(ascii: "{")
  }

  /// Where a byte of `clean` stands in `original`.
  func originalOffset(_ offset: Int) -> Int {
    var low = 0
    var high = shifts.count
    while low < high {
      let middle = (low + high) / 2
      if shifts[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return offset + (low == 0 ? 0 : shifts[low - 1].ahead)
  }

  /// The offset `count` characters behind `start`.
  func offset(after count: Int, from start: Int) -> Int {
    if isASCII { return Swift.min(start + count, clean.count) }
    var left = count
    var at = start
    while left > 0, at < clean.count {
      at += 1
      while at < clean.count, clean[at] & 0xC0 == 0x80 { at += 1 }
      left -= 1
    }
    return at
  }

  /// The beginning of the line that holds `offset`.
  func lineStart(_ offset: Int) -> Int {
    var at = Swift.min(offset, clean.count)
    while at > 0, clean[at - 1] != 0x0A, clean[at - 1] != 0x0D { at -= 1 }
    return at
  }

  /// The number of line breaks between two offsets; the second one is the beginning of a line.
  func breaks(from start: Int, to end: Int) -> Int {
    SourceText.breaks(clean, from: start, to: end)
  }

  /// The mark of `offset`; the end of the text is shown at the end of its last line.
  ///
  /// `start` is the beginning of a line at or before it, and `line` the number of that line.
  func mark(at offset: Int, from start: Int = 0, line: Int = 1) -> SourceMark {
    var place = Swift.min(originalOffset(Swift.max(offset, start)), original.count)
    let from = start == 0 ? 0 : originalOffset(start)
    // An end of file behind the last break is a line that no editor shows.
    if place == original.count, place > from, SourceText.isBreak(original[place - 1]) {
      place -= 1
      if place > from, original[place] == 0x0A, original[place - 1] == 0x0D { place -= 1 }
    }
    var begin = place
    while begin > from, !SourceText.isBreak(original[begin - 1]) { begin -= 1 }
    var end = place
    while end < original.count, !SourceText.isBreak(original[end]) { end += 1 }
    let line = line + SourceText.breaks(original, from: from, to: begin)
    if original[begin..<end].starts(with: [0xEF, 0xBB, 0xBF]) { begin += 3 }
    let column = String(decoding: original[begin..<Swift.max(begin, place)], as: UTF8.self)
      .unicodeScalars.count
    return SourceMark(
      file: name, line: line, column: column + 1,
      lineText: String(decoding: original[begin..<end], as: UTF8.self))
  }

  /// The error for a problem; `start` and `line` are as for `mark(at:from:line:)`.
  func error(_ problem: TextProblem, from start: Int = 0, line: Int = 1) -> YAMLError {
    let mark = mark(at: problem.offset ?? start, from: start, line: line)
    var message = problem.message
    if let origin = problem.origin, origin >= start {
      let opened = self.mark(at: origin, from: start, line: line)
      if opened.line != mark.line { message += " (it begins in line \(opened.line))" }
    }
    return YAMLError(
      kind: problem.kind,
      diagnostic: SourceDiagnostic(message, at: mark, expected: problem.expected))
  }

  private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private static func breaks(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    guard start < end else { return 0 }
    let span = bytes.span.extracting(start..<end)
    var count = 0
    var returns = false
    for at in 0..<span.count {
      let byte = span[at]
      if byte == 0x0A { count += 1 }
      if byte == 0x0D { returns = true }
    }
    guard returns else { return count }
    for at in 0..<span.count
    where span[at] == 0x0D && !(at + 1 < span.count && span[at + 1] == 0x0A) {
      count += 1
    }
    return count
  }
}

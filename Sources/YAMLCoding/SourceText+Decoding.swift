extension SourceText {
  /// The text of a source.
  ///
  /// - Throws: `YAMLError` at the first byte that is no text, or no character that YAML allows.
  static func decode(_ source: YAMLSource, limits: YAMLLimits) throws(YAMLError) -> SourceText {
    let name = source.displayName
    guard source.bytes.count <= limits.bytes else {
      let problem = TextProblem(
        .tooLarge, "the file has \(source.bytes.count) bytes",
        expected: "at most \(limits.bytes)", offset: 0)
      throw unchecked(name, []).error(problem)
    }
    let bytes: [UInt8]
    do { bytes = try utf8(source.bytes) } catch { throw unchecked(name, []).error(error) }
    let isASCII: Bool
    do { isASCII = try check(bytes) } catch { throw unchecked(name, bytes).error(error) }
    guard !isASCII else {
      return SourceText(name: name, clean: bytes, original: bytes, shifts: [], isASCII: true)
    }
    return withoutByteOrderMarks(name, bytes)
  }

  /// A text that is only there to show where an error is.
  private static func unchecked(_ name: String, _ bytes: [UInt8]) -> SourceText {
    SourceText(name: name, clean: bytes, original: bytes, shifts: [], isASCII: false)
  }

  /// Takes byte order marks away where documents may begin with one: at the start of lines.
  private static func withoutByteOrderMarks(_ name: String, _ bytes: [UInt8]) -> SourceText {
    var clean: [UInt8] = []
    var shifts: [Shift] = []
    var from = 0
    var at = 0
    while let next = bytes[at...].firstIndex(of: 0xEF) {
      at = next + 1
      guard next == 0 || bytes[next - 1] == 0x0A || bytes[next - 1] == 0x0D,
        bytes[next...].starts(with: [0xEF, 0xBB, 0xBF])
      else { continue }
      clean.append(contentsOf: bytes[from..<next])
      from = next + 3
      at = from
      shifts.append(Shift(offset: clean.count, ahead: from - clean.count))
    }
    guard !shifts.isEmpty else {
      return SourceText(name: name, clean: bytes, original: bytes, shifts: [], isASCII: false)
    }
    clean.append(contentsOf: bytes[from...])
    return SourceText(
      name: name, clean: clean, original: bytes, shifts: shifts, isASCII: false)
  }

  // MARK: Encodings

  /// The bytes as UTF-8, by their byte order mark or by where their zero bytes stand.
  private static func utf8(_ bytes: [UInt8]) throws(TextProblem) -> [UInt8] {
    let start = Array(bytes.prefix(4))
    func starts(_ prefix: UInt8...) -> Bool { start.starts(with: prefix) }
    if starts(0xFF, 0xFE, 0, 0) || starts(0, 0, 0xFE, 0xFF) {
      throw TextProblem(.encoding, "the file is UTF-32", expected: "UTF-8 or UTF-16", offset: 0)
    }
    if starts(0xFF, 0xFE) { return try utf16(bytes, from: 2, high: 1) }
    if starts(0xFE, 0xFF) { return try utf16(bytes, from: 2, high: 0) }
    guard start.count >= 2, (start[0] == 0) != (start[1] == 0) else { return bytes }
    // Without a mark: YAML begins with ASCII, whose other half is zero. A stray NUL in UTF-8 text
    // has no such company, so the next character must look the same.
    let high = start[0] == 0 ? 0 : 1
    if start.count == 4, start[2 + high] != 0 || start[3 - high] == 0 { return bytes }
    guard bytes.count % 2 == 0 else { return bytes }
    return try utf16(bytes, from: 0, high: high)
  }

  private static func utf16(
    _ bytes: [UInt8], from start: Int, high: Int
  ) throws(TextProblem) -> [UInt8] {
    guard (bytes.count - start) % 2 == 0 else {
      throw TextProblem(
        .truncated, "the file is UTF-16 and ends inside a character",
        expected: "an even number of bytes", offset: 0)
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2 + 16)
    var at = start
    func unit(_ at: Int) -> UInt32 {
      UInt32(bytes[at + high]) << 8 | UInt32(bytes[at + 1 - high])
    }
    while at < bytes.count {
      var code = unit(at)
      at += 2
      if code & 0xFC00 == 0xD800, at < bytes.count, unit(at) & 0xFC00 == 0xDC00 {
        code = 0x10000 + (code & 0x3FF) << 10 + (unit(at) & 0x3FF)
        at += 2
      }
      guard let scalar = UnicodeScalar(code) else {
        throw TextProblem(
          .encoding, "byte \(at - 1) of the UTF-16 file begins half a character",
          expected: "surrogates in pairs", offset: 0)
      }
      result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return result
  }

  // MARK: Characters

  /// Checks that every character is one YAML allows; whether all are ASCII.
  private static func check(_ bytes: [UInt8]) throws(TextProblem) -> Bool {
    let span = bytes.span
    let raw = unsafe span.bytes
    let count = raw.byteCount
    let high: UInt64 = 0x8080_8080_8080_8080
    var isASCII = true
    var at = 0
    while at < count {
      // Eight bytes at once, while all are printable ASCII.
      if at + 8 <= count {
        let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
        let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
        let special =
          word | (word &- 0x2020_2020_2020_2020) & ~word
          | (delete &- 0x0101_0101_0101_0101) & ~delete
        if special & high == 0 {
          at += 8
          continue
        }
      }
      let byte = span[at]
      if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        at += 1
      } else if byte < 0x80 {
        throw control(UInt32(byte), at)
      } else {
        isASCII = false
        let (length, code) = decode(span, at)
        guard length > 0 else {
          throw TextProblem(
            .encoding, "byte 0x\(hex(UInt32(byte))) is not valid UTF-8 here",
            expected: "a file in UTF-8 or UTF-16", offset: at)
        }
        if code < 0xA0 && code != 0x85 || code == 0xFFFE || code == 0xFFFF {
          throw control(code, at)
        }
        at += length
      }
    }
    return isASCII
  }

  /// The length and code of the sequence at `at`, by table 3-7 of the Unicode standard; 0 where
  /// there is none.
  private static func decode(_ span: Span<UInt8>, _ at: Int) -> (length: Int, code: UInt32) {
    func next(_ index: Int) -> UInt32 {
      guard at + index < span.count, span[at + index] & 0xC0 == 0x80 else { return 0xFFFF_FFFF }
      return UInt32(span[at + index] & 0x3F)
    }
    let first = UInt32(span[at])
    let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
    guard length > 0 else { return (0, 0) }
    var code = first & (0x7F >> UInt32(length))
    for index in 1..<length {
      let bits = next(index)
      if bits == 0xFFFF_FFFF { return (0, 0) }
      code = code << 6 | bits
    }
    if length == 3, code < 0x800 || code & 0xF800 == 0xD800 { return (0, 0) }
    if length == 4, code < 0x10000 || code > 0x10FFFF { return (0, 0) }
    return (length, code)
  }

  private static func control(_ code: UInt32, _ at: Int) -> TextProblem {
    if code == 0 {
      return TextProblem(
        .controlCharacter, "a NUL byte is not allowed in YAML", expected: "text", offset: at)
    }
    return TextProblem(
      .controlCharacter, "the control character U+\(hex(code, digits: 4)) is not allowed in YAML",
      expected: "an escape in double quotes, \"\\\(code < 0x100 ? "x" : "u")\(hex(code))\"",
      offset: at)
  }

  private static func hex(_ code: UInt32, digits: Int = 2) -> String {
    let text = String(code, radix: 16, uppercase: true)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }

  // MARK: JSON

  /// The text with JSON's surrogate pairs (`\ud83d\ude00`) as the one escape that YAML has for
  /// them.
  ///
  /// libyaml refuses them, and kubectl reads what begins with a brace as JSON. Nil where there is
  /// none, or where the text has quotes or comments that JSON has not, which would make the pairs
  /// mean something else.
  func joiningSurrogates() -> SourceText? {
    guard looksLikeJSON, shifts.allSatisfy({ $0.offset == 0 }) else { return nil }
    var result: [UInt8] = []
    var shifts = shifts
    var isInString = false
    var from = 0
    var at = 0
    while at < clean.count {
      switch clean[at] {
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "'") where !isInString, UInt8(ascii: "#") where !isInString: return nil
      case UInt8(ascii: "\\") where isInString:
        if let high = escapedUnit(at), high & 0xFC00 == 0xD800,
          let low = escapedUnit(at + 6), low & 0xFC00 == 0xDC00
        {
          let code = 0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF)
          result.append(contentsOf: clean[from..<at])
          result.append(contentsOf: "\\U\(SourceText.hex(code, digits: 8))".utf8)
          from = at + 12
          at = from
          shifts.append(
            Shift(
              offset: result.count,
              ahead: originalOffset(from) - result.count))
          continue
        }
        at += 1
      default: break
      }
      at += 1
    }
    guard from > 0 else { return nil }
    result.append(contentsOf: clean[from...])
    return SourceText(
      name: name, clean: result, original: original, shifts: shifts, isASCII: isASCII)
  }

  /// The code unit of the escape `\uXXXX` at `at`.
  private func escapedUnit(_ at: Int) -> UInt32? {
    guard at + 6 <= clean.count, clean[at] == UInt8(ascii: "\\"), clean[at + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt32(String(decoding: clean[at + 2..<at + 6], as: UTF8.self), radix: 16)
  }
}

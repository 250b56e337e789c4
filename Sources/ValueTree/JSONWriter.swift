/// Prints values as JSON.
public struct JSONWriter: Sendable {
  /// Spaces a level of nesting; nil prints everything on one line without white space.
  public var indent: Int?
  /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, as Go's encoder does unless told otherwise.
  public var escapesHTML: Bool

  /// A writer.
  public init(indent: Int? = nil, escapesHTML: Bool = false) {
    self.indent = indent
    self.escapesHTML = escapesHTML
  }

  /// The JSON text of a value.
  public func string(_ value: Value) -> String {
    let output = printed(value)
    return output.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The JSON text of a value as UTF-8.
  public func bytes(_ value: Value) -> [UInt8] { printed(value).array() }

  /// Appends the JSON text of a value.
  ///
  /// - Complexity: O(size).
  public func write(_ value: Value, to output: inout [UInt8]) {
    let text = printed(value)
    text.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
    }
  }

  private func printed(_ value: Value) -> ByteBuffer {
    let size = Header.contentCount(value.header)
    var output = ByteBuffer(minimumCapacity: 64 + size * 12)
    write(value.words.span, value.node, level: 0, to: &output)
    return output
  }

  private func write(
    _ words: Span<UInt64>, _ node: Int, level: Int, to output: inout ByteBuffer
  ) {
    let header = words[node]
    let content = words.contentStart(node, header)
    switch Header.tag(header) {
    case Tag.null: output.append("null")
    case Tag.false: output.append("false")
    case Tag.true: output.append("true")
    case Tag.smallInt:
      output.appendDigits(of: Int64(Int32(truncatingIfNeeded: Header.length(header))))
    case Tag.int: output.appendDigits(of: Int64(bitPattern: words[content]))
    case Tag.double:
      output.append(utf8: Value.jsonText(of: Double(bitPattern: words[content])))
    case Tag.string: writeText(words, content, Header.length(header), to: &output)
    default:
      writeCollection(
        words, content..<content + Header.length(header), isMap: Header.tag(header) == Tag.map,
        level: level, to: &output)
    }
  }

  private func writeCollection(
    _ words: Span<UInt64>, _ content: Range<Int>, isMap: Bool, level: Int,
    to output: inout ByteBuffer
  ) {
    output.append(isMap ? UInt8(ascii: "{") : UInt8(ascii: "["))
    var next = content.lowerBound
    while next < content.upperBound {
      if next > content.lowerBound { output.append(UInt8(ascii: ",")) }
      if let indent { newLine(indent * (level + 1), to: &output) }
      if isMap {
        writeKey(words, next, to: &output)
        output.append(UInt8(ascii: ":"))
        if indent != nil { output.append(0x20) }
      }
      write(words, next, level: level + 1, to: &output)
      next = words.end(next)
    }
    if let indent, !content.isEmpty { newLine(indent * level, to: &output) }
    output.append(isMap ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  private func newLine(_ spaces: Int, to output: inout ByteBuffer) {
    output.append(0x0A)
    output.append(repeating: 0x20, count: spaces)
  }

  private func writeKey(_ words: Span<UInt64>, _ node: Int, to output: inout ByteBuffer) {
    let field = Header.key(words[node])
    if field == Header.inlineKey {
      writeText(words, node + 2, Int(words[node + 1]), to: &output)
    } else {
      // Interned names need no escapes.
      output.append(UInt8(ascii: "\""))
      KeyTable.shared.append(field, to: &output)
      output.append(UInt8(ascii: "\""))
    }
  }

  private func writeText(
    _ words: Span<UInt64>, _ start: Int, _ count: Int, to output: inout ByteBuffer
  ) {
    output.append(UInt8(ascii: "\""))
    if words.needsEscapes(start, count, html: escapesHTML) {
      writeEscaped(words, start, count, to: &output)
    } else {
      output.append(words, from: start, count: count)
    }
    output.append(UInt8(ascii: "\""))
  }

  private func writeEscaped(
    _ words: Span<UInt64>, _ start: Int, _ count: Int, to output: inout ByteBuffer
  ) {
    func byte(_ index: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: words[start + (index >> 3)] >> UInt64((index & 7) * 8))
    }
    var index = 0
    while index < count {
      let current = byte(index)
      index += 1
      if current < 0x20 || current == UInt8(ascii: "\"") || current == UInt8(ascii: "\\") {
        writeEscape(current, to: &output)
      } else if !escapesHTML {
        output.append(current)
      } else if current == 0xE2, index + 1 < count, byte(index) == 0x80,
        byte(index + 1) & 0xFE == 0xA8
      {
        // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        output.append(byte(index + 1) == 0xA8 ? "\\u2028" : "\\u2029")
        index += 2
      } else if current == UInt8(ascii: "<") || current == UInt8(ascii: ">")
        || current == UInt8(ascii: "&")
      {
        writeEscape(current, to: &output)
      } else {
        output.append(current)
      }
    }
  }

  private func writeEscape(_ byte: UInt8, to output: inout ByteBuffer) {
    switch byte {
    case UInt8(ascii: "\""): output.append("\\\"")
    case UInt8(ascii: "\\"): output.append("\\\\")
    case 0x08: output.append("\\b")
    case 0x09: output.append("\\t")
    case 0x0A: output.append("\\n")
    case 0x0C: output.append("\\f")
    case 0x0D: output.append("\\r")
    default: output.append(utf8: "\\u00\(hex(byte))")
    }
  }
}

extension Span where Element == UInt64 {
  /// Whether a packed text has bytes that JSON writes as an escape, or may have.
  @inline(__always)
  fileprivate func needsEscapes(_ start: Int, _ count: Int, html: Bool) -> Bool {
    let packed = packedWords(count)
    guard packed > 0 else { return false }
    var found: UInt64 = 0
    for offset in 0..<packed - 1 {
      found |= specialBytes(self[start + offset], html: html)
    }
    // The padding of the last word must not look like control characters.
    let used = UInt64(count - (packed - 1) * 8) * 8
    let padding: UInt64 = used == 64 ? 0 : 0x2020_2020_2020_2020 << used
    found |= specialBytes(self[start + packed - 1] | padding, html: html)
    return found != 0
  }
}

extension Value: CustomStringConvertible {
  /// The value as JSON on one line.
  public var description: String { JSONWriter().string(self) }
}

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
    String(decoding: bytes(value), as: UTF8.self)
  }

  /// The JSON text of a value as UTF-8.
  public func bytes(_ value: Value) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(256)
    write(value, to: &output)
    return output
  }

  /// Appends the JSON text of a value.
  ///
  /// - Complexity: O(size).
  public func write(_ value: Value, to output: inout [UInt8]) {
    write(value.words, value.node, level: 0, to: &output)
  }

  private func write(_ words: Words, _ node: Int, level: Int, to output: inout [UInt8]) {
    let header = words[node]
    switch Header.tag(header) {
    case Tag.null: output.append(contentsOf: "null".utf8)
    case Tag.false: output.append(contentsOf: "false".utf8)
    case Tag.true: output.append(contentsOf: "true".utf8)
    case Tag.smallInt:
      writeInt(Int64(Int32(truncatingIfNeeded: Header.length(header))), to: &output)
    case Tag.int:
      writeInt(Int64(bitPattern: words[words.contentStart(node)]), to: &output)
    case Tag.double:
      let double = Double(bitPattern: words[words.contentStart(node)])
      output.append(contentsOf: Value.jsonText(of: double).utf8)
    case Tag.string:
      writeText(words, words.contentStart(node), Header.length(header), to: &output)
    default:
      writeCollection(words, node, level: level, to: &output)
    }
  }

  private func writeCollection(
    _ words: Words, _ node: Int, level: Int, to output: inout [UInt8]
  ) {
    let header = words[node]
    let isMap = Header.tag(header) == Tag.map
    var next = words.contentStart(node)
    let end = next + Header.length(header)
    output.append(isMap ? UInt8(ascii: "{") : UInt8(ascii: "["))
    let isEmpty = next == end
    while next < end {
      if let indent { newLine(indent * (level + 1), to: &output) }
      if isMap {
        writeKey(words, next, to: &output)
        output.append(UInt8(ascii: ":"))
        if indent != nil { output.append(0x20) }
      }
      write(words, next, level: level + 1, to: &output)
      next = words.end(next)
      if next < end { output.append(UInt8(ascii: ",")) }
    }
    if let indent, !isEmpty { newLine(indent * level, to: &output) }
    output.append(isMap ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  private func newLine(_ spaces: Int, to output: inout [UInt8]) {
    output.append(0x0A)
    for _ in 0..<spaces { output.append(0x20) }
  }

  private func writeKey(_ words: Words, _ node: Int, to output: inout [UInt8]) {
    let field = Header.key(words[node])
    if field == Header.inlineKey {
      writeText(words, node + 2, Int(words[node + 1]), to: &output)
    } else {
      // Interned names need no escapes.
      output.append(UInt8(ascii: "\""))
      output.append(contentsOf: KeyTable.shared.name(field).utf8)
      output.append(UInt8(ascii: "\""))
    }
  }

  private func writeInt(_ value: Int64, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    var magnitude = value.magnitude
    let start = output.count
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    output[start...].reverse()
  }

  private func writeText(
    _ words: Words, _ start: Int, _ count: Int, to output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "\""))
    unsafe words.withUnsafeBytes { raw in
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: raw[start * 8..<start * 8 + count])
      var from = 0
      for index in 0..<count {
        let byte = unsafe bytes[index]
        guard needsEscape(byte) else { continue }
        if byte == 0xE2 {
          // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
          guard escapesHTML, index + 2 < count, unsafe bytes[index + 1] == 0x80,
            unsafe bytes[index + 2] & 0xFE == 0xA8
          else { continue }
          unsafe output.append(contentsOf: bytes[from..<index])
          output.append(contentsOf: "\\u202".utf8)
          output.append(unsafe bytes[index + 2] == 0xA8 ? UInt8(ascii: "8") : UInt8(ascii: "9"))
          from = index + 3
          continue
        }
        unsafe output.append(contentsOf: bytes[from..<index])
        writeEscape(byte, to: &output)
        from = index + 1
      }
      unsafe output.append(contentsOf: bytes[from..<count])
    }
    output.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private func needsEscape(_ byte: UInt8) -> Bool {
    if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
    guard escapesHTML else { return false }
    return byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
      || byte == 0xE2
  }

  private func writeEscape(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default: output.append(contentsOf: "u00\(hex(byte))".utf8)
    }
  }
}

extension Value: CustomStringConvertible {
  /// The value as JSON on one line.
  public var description: String { JSONWriter().string(self) }
}

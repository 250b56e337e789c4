extension JSONReader {
  /// Reads the string whose opening quote stands at `at`; returns the place behind the closing one.
  mutating func string(
    _ bytes: RawSpan, _ at: Int, asKey: Bool
  ) throws(JSONFailure) -> Int {
    let start = at + 1
    let end = try plainEnd(bytes, start)
    if bytes.byte(end) == UInt8(ascii: "\"") {
      if asKey {
        builder.key(bytes, from: start, count: end - start)
      } else {
        builder.string(bytes, from: start, count: end - start)
      }
      return end + 1
    }
    return try escapedString(bytes, start, end, asKey: asKey)
  }

  /// The place of the first quote or backslash from `start` on; everything before it has been checked.
  private func plainEnd(_ bytes: RawSpan, _ start: Int) throws(JSONFailure) -> Int {
    let count = bytes.byteCount
    var at = start
    while true {
      // Eight bytes at once, while all are printable ASCII without quote and backslash.
      while at + 8 <= count {
        let word = bytes.word(at)
        let hit = specialBytes(word) | word & 0x8080_8080_8080_8080
        if hit != 0 {
          at += hit.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      guard at < count else {
        throw .truncated(at, "inside a string")
      }
      let byte = bytes.byte(at)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
      if byte < 0x20 {
        throw JSONFailure(
          kind: .unexpected, offset: at,
          message: "byte 0x\(hex(byte)) must be escaped inside a string")
      }
      if byte < 0x80 {
        at += 1
      } else {
        let length = bytes.utf8Length(at)
        guard length > 0 else {
          throw JSONFailure(
            kind: .invalidUTF8, offset: at, message: "byte 0x\(hex(byte)) is not valid UTF-8 here")
        }
        at += length
      }
    }
  }

  private mutating func escapedString(
    _ bytes: RawSpan, _ start: Int, _ firstEscape: Int, asKey: Bool
  ) throws(JSONFailure) -> Int {
    scratch.removeAll()
    var from = start
    var at = firstEscape
    while true {
      scratch.append(bytes, from..<at)
      if bytes.byte(at) == UInt8(ascii: "\"") { break }
      at = try escape(bytes, at)
      from = at
      at = try plainEnd(bytes, at)
    }
    Self.add(scratch, to: &builder, asKey: asKey)
    return at + 1
  }

  private static func add(
    _ text: borrowing ByteBuffer, to builder: inout ValueBuilder, asKey: Bool
  ) {
    text.withBytes { bytes in
      if asKey {
        builder.key(bytes, from: 0, count: bytes.byteCount)
      } else {
        builder.string(bytes, from: 0, count: bytes.byteCount)
      }
    }
  }

  /// Decodes the escape whose backslash stands at `at`; returns the place behind it.
  private mutating func escape(_ bytes: RawSpan, _ at: Int) throws(JSONFailure) -> Int {
    guard at + 1 < bytes.byteCount else {
      throw .truncated(at, "inside an escape")
    }
    let kind = bytes.byte(at + 1)
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(kind)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal(bytes, at + 2)
      var next = at + 6
      if code >= 0xD800, code < 0xE000 {
        guard code < 0xDC00, next + 1 < bytes.byteCount,
          bytes.byte(next) == UInt8(ascii: "\\"), bytes.byte(next + 1) == UInt8(ascii: "u")
        else { throw loneSurrogate(at) }
        let low = try hexadecimal(bytes, next + 2)
        guard low >= 0xDC00, low < 0xE000 else { throw loneSurrogate(at) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        next += 6
      }
      guard let scalar = UnicodeScalar(code) else { throw loneSurrogate(at) }
      for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { scratch.append(unit) }
      return next
    default:
      throw JSONFailure(
        kind: .unexpected, offset: at,
        message: "a backslash must be followed by one of \" \\ / b f n r t u")
    }
    return at + 2
  }

  private func loneSurrogate(_ at: Int) -> JSONFailure {
    JSONFailure(
      kind: .unexpected, offset: at,
      message: "a \\u escape of a surrogate must be one of a pair")
  }

  private func hexadecimal(_ bytes: RawSpan, _ at: Int) throws(JSONFailure) -> UInt32 {
    var value: UInt32 = 0
    for index in at..<at + 4 {
      guard index < bytes.byteCount else {
        throw .truncated(index, "inside an escape")
      }
      guard let digit = hexDigit(bytes.byte(index)) else {
        throw .unexpected(bytes, index, "a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

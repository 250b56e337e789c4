/// Reads JSON (RFC 8259) strictly into values.
///
/// Stricter than Go's `encoding/json`: a key may stand only once in a map, bytes that are not UTF-8 and lone
/// surrogates are errors rather than replaced. Numbers are read as Kubernetes reads them: an integer where the text is one and
/// fits 64 bits, a double otherwise.
///
/// Keep a reader to read many texts: its memory is used again.
public struct JSONReader: ~Copyable {
  private let limits: JSONLimits
  private var builder = ValueBuilder(expectedWords: 512)
  /// The text of a string with escapes, decoded.
  private var scratch: [UInt8] = []
  /// Only when an error is to be located: the keys seen in each open map.
  private var seenKeys: [Set<String>]?

  /// A reader with these limits.
  public init(limits: JSONLimits = JSONLimits()) { self.limits = limits }

  /// Reads one value that fills the whole text.
  ///
  /// - Throws: `JSONError`, with the place of the first mistake.
  /// - Complexity: O(length).
  public mutating func read(_ bytes: Span<UInt8>) throws(JSONError) -> Value {
    try unsafe read(bytes.bytes)
  }

  /// Reads one value that fills the whole text.
  public mutating func read(_ bytes: [UInt8]) throws(JSONError) -> Value {
    try unsafe read(bytes.span.bytes)
  }

  /// Reads one value that fills the whole text.
  public mutating func read(_ text: String) throws(JSONError) -> Value {
    try read(Array(text.utf8))
  }

  private mutating func read(_ bytes: RawSpan) throws(JSONError) -> Value {
    guard bytes.byteCount <= limits.bytes else {
      throw JSONError(
        kind: .tooLarge, offset: 0, line: 1, column: 1,
        message: "the text has \(bytes.byteCount) bytes; at most \(limits.bytes) are read")
    }
    do {
      return try parse(bytes)
    } catch let failure {
      if failure.kind == .duplicateKey {
        // Maps find a second key when they close; read again, noting keys, to tell where it stands.
        seenKeys = []
        defer { seenKeys = nil }
        do { return try parse(bytes) } catch let located { throw located.error(in: bytes) }
      }
      throw failure.error(in: bytes)
    }
  }

  private struct Failure: Error {
    let kind: JSONError.Kind
    let offset: Int
    let message: String

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

  /// What may stand at the reader's place.
  private enum Expectation {
    case value, firstElement, firstKey, key, separator
  }

  private mutating func parse(_ bytes: RawSpan) throws(Failure) -> Value {
    builder.reset()
    seenKeys?.removeAll()
    let count = bytes.byteCount
    var at = 0
    var expect = Expectation.value
    while true {
      while at < count {
        let byte = bytes.byte(at)
        if byte > 0x20 || !(byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09) { break }
        at += 1
      }
      if expect == .separator, builder.depth == 0 {
        guard at == count else { throw unexpected(bytes, at, "the end of the text") }
        return builder.finish()
      }
      guard at < count else { throw truncated(at, expect) }
      let byte = bytes.byte(at)
      switch expect {
      case .separator:
        if byte == UInt8(ascii: ",") {
          at += 1
          expect = builder.isInMap ? .key : .value
        } else if byte == (builder.isInMap ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          at += 1
          try close(at)
        } else {
          throw unexpected(
            bytes, at, builder.isInMap ? "\",\" or \"}\"" : "\",\" or \"]\"")
        }
      case .firstKey, .key:
        if byte == UInt8(ascii: "}"), expect == .firstKey {
          at += 1
          try close(at)
          expect = .separator
          continue
        }
        guard byte == UInt8(ascii: "\"") else {
          throw unexpected(
            bytes, at, expect == .key ? "a key in quotes" : "a key in quotes or \"}\"")
        }
        let start = at
        at = try string(bytes, at, asKey: true)
        if seenKeys != nil { try noteKey(bytes, start, at) }
        while at < count {
          let byte = bytes.byte(at)
          if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { break }
          at += 1
        }
        guard at < count else { throw truncated(at, .separator) }
        guard bytes.byte(at) == UInt8(ascii: ":") else {
          throw unexpected(bytes, at, "\":\" after the key")
        }
        at += 1
        expect = .value
      case .value, .firstElement:
        let isFirst = expect == .firstElement
        expect = .separator
        switch byte {
        case UInt8(ascii: "\""):
          at = try string(bytes, at, asKey: false)
        case UInt8(ascii: "{"):
          try checkDepth(at)
          builder.beginMap()
          seenKeys?.append([])
          at += 1
          expect = .firstKey
        case UInt8(ascii: "["):
          try checkDepth(at)
          builder.beginList()
          seenKeys?.append([])
          at += 1
          expect = .firstElement
        case UInt8(ascii: "]") where isFirst:
          at += 1
          try close(at)
        case UInt8(ascii: "t"):
          at = try literal(bytes, at, "true")
          builder.bool(true)
        case UInt8(ascii: "f"):
          at = try literal(bytes, at, "false")
          builder.bool(false)
        case UInt8(ascii: "n"):
          at = try literal(bytes, at, "null")
          builder.null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
          at = try number(bytes, at)
        default:
          throw unexpected(bytes, at, "a value")
        }
      }
    }
  }

  private mutating func close(_ at: Int) throws(Failure) {
    do { try builder.end() } catch {
      throw Failure(kind: .duplicateKey, offset: at, message: "\(error)")
    }
    if seenKeys != nil { seenKeys?.removeLast() }
  }

  private func checkDepth(_ at: Int) throws(Failure) {
    guard builder.depth < limits.depth else {
      throw Failure(
        kind: .tooDeep, offset: at,
        message: "lists and maps are nested more than \(limits.depth) deep")
    }
  }

  private mutating func noteKey(_ bytes: RawSpan, _ start: Int, _ end: Int) throws(Failure) {
    // The decoded text: escapes can spell one key in two ways.
    var decoded = scratch
    if !bytes.contains(UInt8(ascii: "\\"), in: start..<end) {
      decoded = (start + 1..<end - 1).map { bytes.byte($0) }
    }
    let key = String(decoding: decoded, as: UTF8.self)
    guard var last = seenKeys?.popLast() else { return }
    let isNew = last.insert(key).inserted
    seenKeys?.append(last)
    if !isNew {
      throw Failure(
        kind: .duplicateKey, offset: start, message: "the key \"\(key)\" stands twice in one map")
    }
  }

  private func unexpected(_ bytes: RawSpan, _ at: Int, _ expected: String) -> Failure {
    let byte = bytes.byte(at)
    let found =
      byte > 0x20 && byte < 0x7F
      ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte 0x\(hex(byte))"
    return Failure(
      kind: .unexpected, offset: at, message: "expected \(expected), found \(found)")
  }

  private func truncated(_ at: Int, _ expect: Expectation) -> Failure {
    let expected =
      switch expect {
      case .value, .firstElement: "a value"
      case .firstKey, .key: "a key"
      case .separator: builder.isInMap ? "\",\" or \"}\"" : "\",\" or \"]\""
      }
    return Failure(
      kind: .truncated, offset: at, message: "the text ends where \(expected) is expected")
  }

  private func literal(
    _ bytes: RawSpan, _ at: Int, _ text: StaticString
  ) throws(Failure) -> Int {
    let size = text.utf8CodeUnitCount
    let name = text.description
    guard at + size <= bytes.byteCount else { throw unexpected(bytes, at, name) }
    for (offset, byte) in name.utf8.enumerated() where bytes.byte(at + offset) != byte {
      throw unexpected(bytes, at, name)
    }
    return at + size
  }

  // MARK: Strings

  /// Reads the string whose opening quote stands at `at`; returns the place behind the closing one.
  private mutating func string(
    _ bytes: RawSpan, _ at: Int, asKey: Bool
  ) throws(Failure) -> Int {
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
  private func plainEnd(_ bytes: RawSpan, _ start: Int) throws(Failure) -> Int {
    let count = bytes.byteCount
    var at = start
    while true {
      // Eight bytes at once, while all are printable ASCII without quote and backslash.
      while at + 8 <= count {
        let word = bytes.word(at)
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ 0x2222_2222_2222_2222
        let slash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let special =
          (quote &- ones) & ~quote | (slash &- ones) & ~slash
          | (word &- 0x2020_2020_2020_2020) & ~word | word
        let hit = special & high
        if hit != 0 {
          at += hit.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      guard at < count else {
        throw Failure(
          kind: .truncated, offset: at, message: "the text ends inside a string")
      }
      let byte = bytes.byte(at)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
      if byte < 0x20 {
        throw Failure(
          kind: .unexpected, offset: at,
          message: "byte 0x\(hex(byte)) must be escaped inside a string")
      }
      if byte < 0x80 {
        at += 1
      } else {
        let length = bytes.utf8Length(at)
        guard length > 0 else {
          throw Failure(
            kind: .invalidUTF8, offset: at, message: "byte 0x\(hex(byte)) is not valid UTF-8 here")
        }
        at += length
      }
    }
  }

  private mutating func escapedString(
    _ bytes: RawSpan, _ start: Int, _ firstEscape: Int, asKey: Bool
  ) throws(Failure) -> Int {
    scratch.removeAll(keepingCapacity: true)
    var from = start
    var at = firstEscape
    while true {
      for index in from..<at { scratch.append(bytes.byte(index)) }
      if bytes.byte(at) == UInt8(ascii: "\"") { break }
      at = try escape(bytes, at)
      from = at
      at = try plainEnd(bytes, at)
    }
    let decoded = scratch
    if asKey {
      unsafe builder.key(decoded.span.bytes, from: 0, count: decoded.count)
    } else {
      unsafe builder.string(decoded.span.bytes, from: 0, count: decoded.count)
    }
    return at + 1
  }

  /// Decodes the escape whose backslash stands at `at`; returns the place behind it.
  private mutating func escape(_ bytes: RawSpan, _ at: Int) throws(Failure) -> Int {
    guard at + 1 < bytes.byteCount else {
      throw Failure(kind: .truncated, offset: at, message: "the text ends inside an escape")
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
      scratch.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
      return next
    default:
      throw Failure(
        kind: .unexpected, offset: at,
        message: "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found another escape")
    }
    return at + 2
  }

  private func loneSurrogate(_ at: Int) -> Failure {
    Failure(
      kind: .unexpected, offset: at,
      message: "a \\u escape of a surrogate must be one of a pair")
  }

  private func hexadecimal(_ bytes: RawSpan, _ at: Int) throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for index in at..<at + 4 {
      guard index < bytes.byteCount else {
        throw Failure(
          kind: .truncated, offset: bytes.byteCount, message: "the text ends inside an escape")
      }
      guard let digit = hexDigit(bytes.byte(index)) else {
        throw unexpected(bytes, index, "a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  // MARK: Numbers

  private mutating func number(_ bytes: RawSpan, _ start: Int) throws(Failure) -> Int {
    var at = start
    let count = bytes.byteCount
    let isNegative = bytes.byte(at) == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard at < count, let first = digit(bytes, at) else {
      if at < count { throw unexpected(bytes, at, "a digit") }
      throw Failure(kind: .truncated, offset: at, message: "the text ends inside a number")
    }
    var magnitude = UInt64(first)
    var overflow = false
    at += 1
    if first == 0, at < count, digit(bytes, at) != nil {
      throw unexpected(bytes, at, "no digit after a leading zero")
    }
    while at < count, let next = digit(bytes, at) {
      let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(next))
      overflow = overflow || high || carry
      magnitude = sum
      at += 1
    }
    var isInteger = true
    if at < count, bytes.byte(at) == UInt8(ascii: ".") {
      isInteger = false
      at += 1
      try requireDigit(bytes, at, "a digit after the decimal point")
      while at < count, digit(bytes, at) != nil { at += 1 }
    }
    if at < count, bytes.byte(at) | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if at < count, bytes.byte(at) == UInt8(ascii: "+") || bytes.byte(at) == UInt8(ascii: "-") {
        at += 1
      }
      try requireDigit(bytes, at, "a digit in the exponent")
      while at < count, digit(bytes, at) != nil { at += 1 }
    }
    if isInteger && !overflow {
      if isNegative, magnitude <= UInt64(Int64.max) + 1 {
        builder.int(Int64(truncatingIfNeeded: 0 &- magnitude))
        return at
      }
      if !isNegative, magnitude <= UInt64(Int64.max) {
        builder.int(Int64(magnitude))
        return at
      }
    }
    let text = String(decoding: (start..<at).map { bytes.byte($0) }, as: UTF8.self)
    guard let double = Double(text), double.isFinite else {
      throw Failure(
        kind: .numberOutOfRange, offset: start, message: "the number \(text) is out of range")
    }
    builder.double(double)
    return at
  }

  private func digit(_ bytes: RawSpan, _ at: Int) -> UInt8? {
    let value = bytes.byte(at) &- UInt8(ascii: "0")
    return value < 10 ? value : nil
  }

  private func requireDigit(
    _ bytes: RawSpan, _ at: Int, _ expected: String
  ) throws(Failure) {
    guard at < bytes.byteCount else {
      throw Failure(kind: .truncated, offset: at, message: "the text ends inside a number")
    }
    if digit(bytes, at) == nil { throw unexpected(bytes, at, expected) }
  }
}

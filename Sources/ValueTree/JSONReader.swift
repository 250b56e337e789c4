/// Reads JSON (RFC 8259) strictly into values.
///
/// Stricter than Go's `encoding/json`: a key may stand only once in a map, bytes that are not UTF-8 and
/// lone surrogates are errors rather than replaced. Numbers are read as Kubernetes reads them: an integer
/// where the text is one and fits 64 bits, a double otherwise.
///
/// Keep a reader to read many texts: its memory is used again.
public struct JSONReader: ~Copyable {
  private let limits: JSONLimits
  var builder = ValueBuilder(expectedWords: 512)
  /// The text of a string with escapes, decoded.
  var scratch = ByteBuffer(minimumCapacity: 64)
  /// Only when an error is to be located: the keys seen in each open map, as bytes, for strings would take
  /// two spellings of one character for the same.
  private var seenKeys: [Set<[UInt8]>]?

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
    do { return try parse(bytes) } catch {
      // Maps find a second key only when they close. Read again, noting keys, for the first mistake.
      seenKeys = []
      defer { seenKeys = nil }
      do { return try parse(bytes) } catch let first { throw first.error(in: bytes) }
    }
  }

  /// What may stand at the reader's place.
  private enum Expectation {
    case value, firstElement, firstKey, key, colon, separator
  }

  private mutating func parse(_ bytes: RawSpan) throws(JSONFailure) -> Value {
    builder.reset()
    seenKeys?.removeAll()
    let count = bytes.byteCount
    var at = 0
    var expect = Expectation.value
    while true {
      at = bytes.skippingSpace(at)
      if expect == .separator, builder.depth == 0 {
        guard at == count else { throw .unexpected(bytes, at, "the end of the text") }
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
          throw .unexpected(bytes, at, builder.isInMap ? "\",\" or \"}\"" : "\",\" or \"]\"")
        }
      case .firstKey, .key:
        if byte == UInt8(ascii: "\"") {
          let start = at
          at = try string(bytes, at, asKey: true)
          if seenKeys != nil { try noteKey(bytes, start, at) }
          at = bytes.skippingSpace(at)
          guard at < count else { throw truncated(at, .colon) }
          guard bytes.byte(at) == UInt8(ascii: ":") else {
            throw .unexpected(bytes, at, "\":\" after the key")
          }
          at += 1
          expect = .value
        } else if byte == UInt8(ascii: "}"), expect == .firstKey {
          at += 1
          try close(at)
          expect = .separator
        } else {
          throw .unexpected(
            bytes, at, expect == .key ? "a key in quotes" : "a key in quotes or \"}\"")
        }
      case .colon: preconditionFailure("a colon is read with its key")
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
          throw .unexpected(bytes, at, isFirst ? "a value or \"]\"" : "a value")
        }
      }
    }
  }

  private mutating func close(_ at: Int) throws(JSONFailure) {
    do { try builder.end() } catch {
      throw JSONFailure(kind: .duplicateKey, offset: at, message: "\(error)")
    }
    if seenKeys != nil { seenKeys?.removeLast() }
  }

  private func checkDepth(_ at: Int) throws(JSONFailure) {
    guard builder.depth < limits.depth else {
      throw JSONFailure(
        kind: .tooDeep, offset: at,
        message: "lists and maps are nested more than \(limits.depth) deep")
    }
  }

  /// Notes the key whose quotes stand at `start` and before `end`.
  private mutating func noteKey(
    _ bytes: RawSpan, _ start: Int, _ end: Int
  ) throws(JSONFailure) {
    // The decoded text: escapes can spell one key in two ways.
    let key =
      bytes.contains(UInt8(ascii: "\\"), in: start..<end)
      ? scratch.array() : (start + 1..<end - 1).map { bytes.byte($0) }
    guard var last = seenKeys?.popLast() else { return }
    let isNew = last.insert(key).inserted
    seenKeys?.append(last)
    if !isNew {
      let name = ValueBuilder.DuplicateKey(key: String(decoding: key, as: UTF8.self))
      throw JSONFailure(kind: .duplicateKey, offset: start, message: "\(name)")
    }
  }

  private func truncated(_ at: Int, _ expect: Expectation) -> JSONFailure {
    let expected =
      switch expect {
      case .value: "a value"
      case .firstElement: "a value or \"]\""
      case .firstKey: "a key in quotes or \"}\""
      case .key: "a key in quotes"
      case .colon: "\":\" after the key"
      case .separator: builder.isInMap ? "\",\" or \"}\"" : "\",\" or \"]\""
      }
    return .truncated(at, "where \(expected) is expected")
  }

  private func literal(
    _ bytes: RawSpan, _ start: Int, _ text: StaticString
  ) throws(JSONFailure) -> Int {
    var at = start
    for byte in text.description.utf8 {
      guard at < bytes.byteCount else { throw .truncated(at, "inside \(text)") }
      guard bytes.byte(at) == byte else { throw .unexpected(bytes, at, "\(text)") }
      at += 1
    }
    return at
  }
}

extension RawSpan {
  /// The place of the first byte from `start` on that is no white space.
  @inline(__always)
  fileprivate func skippingSpace(_ start: Int) -> Int {
    var at = start
    while at < byteCount {
      let byte = byte(at)
      if byte > 0x20 || !(byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09) { break }
      at += 1
    }
    return at
  }
}

/// What is wrong with a body that should be protobuf.
struct ProtobufError: Error, Sendable, Hashable, CustomStringConvertible {
  let description: String

  static let truncated = ProtobufError(description: "unexpected EOF")
}

/// Reads the fields of one message, in the order in which they stand.
struct ProtobufReader {
  /// A field as it stands on the wire.
  enum Content {
    case number(UInt64)
    case bytes(Range<Int>)
    /// Eight bytes, low byte first.
    case fixed64(UInt64)
    case fixed32(UInt32)
  }

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field; nil behind the last.
  mutating func next() throws(ProtobufError) -> (number: Int, content: Content)? {
    guard position < end else { return nil }
    let tag = try varint()
    let number = Int(truncatingIfNeeded: tag >> 3)
    guard number > 0 else { throw ProtobufError(description: "illegal tag \(tag)") }
    switch tag & 7 {
    case 0: return (number, .number(try varint()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 2:
      let count = try varint()
      guard count <= UInt64(end - position) else { throw .truncated }
      let range = position..<position + Int(count)
      position = range.upperBound
      return (number, .bytes(range))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    default: throw ProtobufError(description: "illegal wire type \(tag & 7)")
    }
  }

  private mutating func varint() throws(ProtobufError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position += 1
      guard shift < 64 else { throw ProtobufError(description: "a number is too long") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .truncated
  }

  private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
    guard end - position >= count else { throw .truncated }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }
}

import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Turns the protobuf form of a built-in kind into the value that its JSON form is.
///
/// One decoder for all kinds: `WireTypes` says what the numbers mean. Numbers that it does not know are passed over.
struct ProtobufDecoder {
  private let bytes: [UInt8]
  private let types = WireTypes.shared
  /// Messages nest as deep as JSON may.
  private static let depthMax = 100

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What every body begins with: "k8s" and a zero.
  static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

  /// The object in a body, with its `apiVersion` and `kind`.
  ///
  /// - Throws: `StatusError` of a body that is cut off or of no kind that is known.
  static func object(in bytes: [UInt8]) throws(StatusError) -> Value {
    guard bytes.starts(with: magic) else {
      throw StatusError(
        .badRequest,
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    }
    do { return try ProtobufDecoder(bytes).envelope() } catch {
      throw StatusError(.badRequest, "\(error)")
    }
  }

  private func envelope() throws(ProtobufError) -> Value {
    var reader = ProtobufReader(bytes, in: Self.magic.count..<bytes.count)
    var apiVersion = ""
    var kind = ""
    var raw = 0..<0
    while let (number, content) = try reader.next() {
      guard case .bytes(let range) = content else { continue }
      switch number {
      case 1:
        var names = ProtobufReader(bytes, in: range)
        while let (number, content) = try names.next() {
          if number == 1 { apiVersion = try text(content) }
          if number == 2 { kind = try text(content) }
        }
      case 2: raw = range
      default: continue
      }
    }
    guard let place = types.place(apiVersion: apiVersion, kind: kind) else {
      throw ProtobufError(
        description: "no kind \"\(kind)\" is registered for version \"\(apiVersion)\" in protobuf")
    }
    var members: [(Key, Value)] = [
      (Fields.apiVersion, Value(apiVersion)), (Fields.kind, Value(kind)),
    ]
    try record(place, raw, into: &members, depth: 0)
    return Value(members: members)
  }

  // MARK: Messages

  private func record(
    _ place: Int, _ range: Range<Int>, into members: inout [(Key, Value)], depth: Int
  ) throws(ProtobufError) {
    guard depth < Self.depthMax else {
      throw ProtobufError(description: "messages nest too deeply")
    }
    let record = types.records[place]
    var reader = ProtobufReader(bytes, in: range)
    var lists: [(field: WireTypes.Field, elements: [Value])] = []
    var maps: [(field: WireTypes.Field, entries: [(Key, Value)])] = []
    while let (number, wire) = try reader.next() {
      guard let field = record.field(number: number) else { continue }
      switch field.content {
      case .list(let element):
        let value = try value(element, wire, depth) ?? zero(of: element)
        if let index = lists.firstIndex(where: { $0.field.number == number }) {
          lists[index].elements.append(value)
        } else {
          lists.append((field, [value]))
        }
      case .map(let member):
        let (key, value) = try entry(member, wire, depth)
        let index = maps.firstIndex { $0.field.number == number } ?? maps.count
        if index == maps.count { maps.append((field, [])) }
        // The last of two entries with one key counts.
        maps[index].entries.removeAll { $0.0 == key }
        maps[index].entries.append((key, value))
      case .record(let inner) where field.name.text.isEmpty:
        guard case .bytes(let range) = wire else { continue }
        try self.record(inner, range, into: &members, depth: depth + 1)
      default:
        guard let value = try value(field.content, wire, depth) else { continue }
        if !field.keepsZero, isZero(value) { continue }
        members.removeAll { $0.0 == field.name }
        members.append((field.name, value))
      }
    }
    for (field, elements) in lists { members.append((field.name, Value(elements))) }
    for (field, entries) in maps { members.append((field.name, Value(members: entries))) }
  }

  /// Whether Go's JSON leaves the value out where it is no pointer.
  private func isZero(_ value: Value) -> Bool {
    value.int == 0 || value.bool == false || value.isText("") || value.isNull
      || value.double == 0
  }

  private func zero(of content: WireTypes.Content) -> Value {
    switch content {
    case .record: .emptyMap
    case .int32, .int64: 0
    case .bool: false
    case .anything: .null
    default: ""
    }
  }

  private func entry(
    _ member: WireTypes.Content, _ wire: ProtobufReader.Content, _ depth: Int
  ) throws(ProtobufError) -> (Key, Value) {
    guard case .bytes(let range) = wire else {
      throw ProtobufError(description: "an entry of a map is no message")
    }
    var reader = ProtobufReader(bytes, in: range)
    var key = ""
    var found: Value?
    while let (number, content) = try reader.next() {
      if number == 1 { key = try text(content) }
      if number == 2 {
        // A list in a map stands in a message of its own.
        found =
          if case .list(let element) = member {
            try listMessage(element, content, depth)
          } else { try value(member, content, depth) }
      }
    }
    return (Key(key), found ?? zero(of: member))
  }

  private func listMessage(
    _ element: WireTypes.Content, _ wire: ProtobufReader.Content, _ depth: Int
  ) throws(ProtobufError) -> Value {
    guard case .bytes(let range) = wire else { return .emptyList }
    var reader = ProtobufReader(bytes, in: range)
    var elements: [Value] = []
    while let (number, content) = try reader.next() {
      if number == 1, let value = try value(element, content, depth) { elements.append(value) }
    }
    return Value(elements)
  }

  // MARK: Values

  /// The value of a field; nil where it says nothing.
  private func value(
    _ content: WireTypes.Content, _ wire: ProtobufReader.Content, _ depth: Int
  ) throws(ProtobufError) -> Value? {
    switch (content, wire) {
    case (.bool, .number(let number)): return Value(number != 0)
    case (.int32, .number(let number)): return Value(Int64(Int32(truncatingIfNeeded: number)))
    case (.int64, .number(let number)): return Value(Int64(bitPattern: number))
    case (.double, .fixed64(let bits)): return Value(Double(bitPattern: bits))
    case (.string, _): return Value(try text(wire))
    case (.bytes, .bytes(let range)): return Value(Base64.text(bytes[range]))
    case (.record(let place), .bytes(let range)):
      var members: [(Key, Value)] = []
      try record(place, range, into: &members, depth: depth + 1)
      return Value(members: members)
    case (.time, .bytes(let range)): return try time(range, precision: .seconds)
    case (.microTime, .bytes(let range)): return try time(range, precision: .microseconds)
    case (.quantity, .bytes(let range)):
      guard let wire = try only(1, in: range) else { return nil }
      return Value(try text(wire))
    case (.intOrString, .bytes(let range)): return try intOrString(range)
    case (.anything, .bytes(let range)):
      guard let wire = try only(1, in: range) else { return nil }
      return try json(wire)
    case (.schemaOrBool, .bytes(let range)), (.schemaOrList, .bytes(let range)),
      (.schemaOrNames, .bytes(let range)):
      return try schema(content, range, depth)
    default: throw ProtobufError(description: "a field has another wire type than its kind says")
    }
  }

  private func text(_ wire: ProtobufReader.Content) throws(ProtobufError) -> String {
    guard case .bytes(let range) = wire else {
      throw ProtobufError(description: "a text has another wire type")
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw ProtobufError(description: "a text is not UTF-8")
    }
    return text
  }

  private func only(
    _ number: Int, in range: Range<Int>
  ) throws(ProtobufError) -> ProtobufReader.Content? {
    var reader = ProtobufReader(bytes, in: range)
    var found: ProtobufReader.Content?
    while let (next, content) = try reader.next() { if next == number { found = content } }
    return found
  }

  private func json(_ wire: ProtobufReader.Content) throws(ProtobufError) -> Value {
    guard case .bytes(let range) = wire else { return .null }
    var reader = JSONReader()
    do { return try reader.read(Array(bytes[range])) } catch {
      throw ProtobufError(description: "\(error)")
    }
  }

  /// A time; one that was never set has no fields.
  private func time(
    _ range: Range<Int>, precision: Timestamp.Precision
  ) throws(ProtobufError) -> Value? {
    var reader = ProtobufReader(bytes, in: range)
    var seconds: Int64?
    var nanoseconds: Int64 = 0
    while let (number, content) = try reader.next() {
      guard case .number(let value) = content else { continue }
      if number == 1 { seconds = Int64(bitPattern: value) }
      if number == 2 { nanoseconds = Int64(Int32(truncatingIfNeeded: value)) }
    }
    guard let seconds, (0..<1_000_000_000).contains(nanoseconds),
      (-62_135_596_800...253_402_300_799).contains(seconds)
    else { return nil }
    return Value(Timestamp(seconds: seconds, nanoseconds: nanoseconds).text(precision))
  }

  private func intOrString(_ range: Range<Int>) throws(ProtobufError) -> Value {
    if case .number(1)? = try only(1, in: range) {
      guard let wire = try only(3, in: range) else { return "" }
      return Value(try text(wire))
    }
    guard case .number(let number)? = try only(2, in: range) else { return 0 }
    return Value(Int64(Int32(truncatingIfNeeded: number)))
  }

  /// A JSON schema where something else may stand as well.
  private func schema(
    _ content: WireTypes.Content, _ range: Range<Int>, _ depth: Int
  ) throws(ProtobufError) -> Value? {
    guard
      let place = types.records.firstIndex(where: { $0.name == "JSONSchemaProps" })
    else { return nil }
    let schema = WireTypes.Content.record(place)
    if content == .schemaOrBool {
      if let inner = try only(2, in: range) { return try value(schema, inner, depth + 1) }
      guard case .number(let allows)? = try only(1, in: range) else { return false }
      return Value(allows != 0)
    }
    if let inner = try only(1, in: range) { return try value(schema, inner, depth + 1) }
    var reader = ProtobufReader(bytes, in: range)
    var elements: [Value] = []
    let element = content == .schemaOrList ? schema : .string
    while let (number, wire) = try reader.next() {
      if number == 2, let value = try value(element, wire, depth + 1) { elements.append(value) }
    }
    return Value(elements)
  }
}

/// Base64 as Go writes bytes in JSON.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: some Collection<UInt8>) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var word: UInt32 = 0
    var held = 0
    func digit(_ shift: UInt32) -> UInt8 { alphabet[Int(word >> shift & 63)] }
    for byte in bytes {
      word = word << 8 | UInt32(byte)
      held += 1
      if held == 3 {
        output += [digit(18), digit(12), digit(6), digit(0)]
        word = 0
        held = 0
      }
    }
    if held == 1 {
      word <<= 16
      output += [digit(18), digit(12), UInt8(ascii: "="), UInt8(ascii: "=")]
    } else if held == 2 {
      word <<= 8
      output += [digit(18), digit(12), digit(6), UInt8(ascii: "=")]
    }
    return String(decoding: output, as: UTF8.self)
  }
}

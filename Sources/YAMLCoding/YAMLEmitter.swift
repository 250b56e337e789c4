public import ValueTree

/// Prints values as YAML that kubectl reads back unchanged, in the form in which kubectl prints it.
///
/// Members stand in key order, lists are not indented inside maps, texts of several lines are block
/// literals where that is exact, and texts that would be read as something else are in double
/// quotes. The output depends on the value alone.
public struct YAMLEmitter: Sendable {
  /// An emitter.
  public init() {}

  /// The YAML text of a value.
  public func string(_ value: Value) -> String {
    String(decoding: bytes(value), as: UTF8.self)
  }

  /// The YAML text of a value as UTF-8.
  public func bytes(_ value: Value) -> [UInt8] { bytes(documents: [value]) }

  /// The YAML text of several documents, with `---` between them.
  public func string(documents: some Sequence<Value>) -> String {
    String(decoding: bytes(documents: documents), as: UTF8.self)
  }

  /// The YAML text of several documents as UTF-8, with `---` between them.
  ///
  /// - Complexity: O(size).
  public func bytes(documents: some Sequence<Value>) -> [UInt8] {
    var emitter = EventEmitter()
    var isFirst = true
    for value in documents {
      emitter.beginDocument(isFirst: isFirst)
      emit(value, to: &emitter)
      emitter.endDocument()
      isFirst = false
    }
    return emitter.finish()
  }

  private func emit(_ value: Value, to emitter: inout EventEmitter) {
    switch value.kind {
    case .null: emitter.scalar("null", style: .plain)
    case .bool: emitter.scalar(value.bool == true ? "true" : "false", style: .plain)
    case .int: emitter.scalar(String(value.int ?? 0), style: .plain)
    case .double: emitter.scalar(Value.jsonText(of: value.double ?? 0), style: .plain)
    case .string: emit(value.string ?? "", isKey: false, to: &emitter)
    case .list:
      emitter.beginList(isEmpty: value.isEmptyCollection)
      for element in value.elements { emit(element, to: &emitter) }
      emitter.endList()
    case .map:
      emitter.beginMap(isEmpty: value.isEmptyCollection)
      for (key, member) in value.members {
        emit(key.text, isKey: true, to: &emitter)
        emit(member, to: &emitter)
      }
      emitter.endMap()
    }
  }

  private func emit(_ text: String, isKey: Bool, to emitter: inout EventEmitter) {
    emitter.scalar(text, style: YAMLEmitter.style(of: text, isKey: isKey))
  }

  // MARK: Styles

  /// The style in which a text reads back as itself.
  static func style(of text: String, isKey: Bool) -> ScalarStyle {
    var hasBreak = false
    for byte in text.utf8 {
      if byte == 0x0A { hasBreak = true }
    }
    if hasBreak { return !isKey && isLiteral(text) ? .literal : .doubleQuoted }
    if case .text = Resolution(text), !readsOtherwise(text) { return .plain }
    return .doubleQuoted
  }

  /// Whether a plain text, which kubectl's library takes for text, would be something else to
  /// another reader of YAML.
  private static func readsOtherwise(_ text: String) -> Bool {
    if text == "<<" || text == "=" || text.hasPrefix("---") || text.hasPrefix("...") { return true }
    for byte in text.utf8 where byte >= 0x80 || byte == 0x0D || byte == 0x09 {
      if needsEscapes(text) { return true }
      break
    }
    guard let first = text.utf8.first, first &- 0x30 < 10 || first == 0x2B || first == 0x2D else {
      return false
    }
    return isBase60(text) || Timestamp.isTimestamp(text)
  }

  /// YAML 1.1 reads `12:30` as 750.
  private static func isBase60(_ text: String) -> Bool {
    var body = text.utf8[...]
    if body.first == 0x2B || body.first == 0x2D { body = body.dropFirst() }
    return body.contains(UInt8(ascii: ":"))
      && body.allSatisfy {
        $0 &- 0x30 < 10 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: ".")
      }
  }

  /// Whether a block literal gives this text back exactly.
  private static func isLiteral(_ text: String) -> Bool {
    if needsEscapes(text) { return false }
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    // The first line with content tells the indentation, and a tab there tells nothing.
    guard let first = lines.first(where: { !$0.isEmpty }), first.first != 0x09 else { return false }
    return lines.allSatisfy { $0.last != 0x20 && $0.last != 0x09 }
  }

  /// Whether a text has characters that only double quotes can hold: controls, and breaks other
  /// than a newline.
  private static func needsEscapes(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x0A, 0x20..<0x7F: false
      case 0x09: false
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0x10000...: true
      default: false
      }
    }
  }
}

import ValueTree

extension EventParser {
  /// What the scalar at hand stands for.
  ///
  /// - Throws: `TextProblem`, without its place.
  @inline(__always)
  func scalar() throws(TextProblem) -> Scalar {
    if hasTag { return try taggedScalar() }
    guard isPlain else { return .text }
    switch withText({ Resolution($0) }) {
    case .text: return .text
    case .null: return .null
    case .bool(let bool): return .bool(bool)
    case .int(let int): return .int(int)
    case .unsigned(let unsigned): return .double(Double(unsigned))
    case .double(let double): return .double(double)
    case .notFinite: throw notFinite()
    case .outOfRange: throw outOfRange()
    }
  }

  /// The text of the scalar at hand as a map's key, or nil where it is the text itself.
  ///
  /// kubectl turns the booleans and numbers that its YAML library finds into the text that Go
  /// prints for them.
  @inline(__always)
  func key() throws(TextProblem) -> String? {
    if hasTag {
      switch try taggedScalar() {
      case .text: return nil
      case .other(let text): return text
      case .null: throw nullKey()
      case .bool(let bool): return bool ? "true" : "false"
      case .int(let int): return String(int)
      case .double(let double): return Value.keyText(of: double)
      }
    }
    guard isPlain else { return nil }
    switch withText({ Resolution($0) }) {
    case .text: return nil
    case .bool(let bool): return bool ? "true" : "false"
    case .int(let int): return String(int)
    case .double(let double): return Value.keyText(of: double)
    case .notFinite(let text): return text
    case .null: throw nullKey()
    case .outOfRange: throw outOfRange()
    case .unsigned:
      throw TextProblem(
        .invalidKey, "the key \(text) is a number that kubectl cannot make a key of",
        expected: "quotes around it")
    }
  }

  /// Whether the scalar at hand is `<<`, written so that it merges maps.
  @inline(__always)
  var isMergeKey: Bool {
    let isArrows = withText { span in
      span.count == 2 && span[0] == UInt8(ascii: "<") && span[1] == UInt8(ascii: "<")
    }
    return isArrows && (isPlain || tag == "tag:yaml.org,2002:merge")
  }

  /// Checks the tag of the list or map at hand.
  func checkCollectionTag(isMap: Bool) throws(TextProblem) {
    guard let tag, tag != "!" else { return }
    if tag == (isMap ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq") { return }
    throw TextProblem(
      .unknownTag,
      "the tag \(EventParser.shortTag(tag)) is not for a \(isMap ? "map" : "list")"
        + "; kubectl would pass over it",
      expected: isMap ? "!!map or no tag" : "!!seq or no tag")
  }

  private func nullKey() -> TextProblem {
    TextProblem(.invalidKey, "a key cannot be null", expected: "text, or quotes around it")
  }

  private func notFinite() -> TextProblem {
    TextProblem(
      .outOfRange, "JSON has no number \(text)",
      expected: "a finite number, or quotes around the text")
  }

  private func outOfRange() -> TextProblem {
    TextProblem(
      .outOfRange,
      "the number \(text) is out of range; kubectl would take it for text without a word",
      expected: "a number of 64 bits, or quotes around the text")
  }

  // MARK: Tags

  private static func shortTag(_ tag: String) -> String {
    let standard = "tag:yaml.org,2002:"
    return tag.hasPrefix(standard) ? "!!" + tag.dropFirst(standard.count) : tag
  }

  private func taggedScalar() throws(TextProblem) -> Scalar {
    let tag = tag.map(EventParser.shortTag) ?? ""
    let text = text
    let resolution = Resolution(text)
    switch (tag, resolution) {
    case ("!!str", _), ("!", _): return .text
    case ("!!null", .null): return .null
    case ("!!bool", .bool(let bool)): return .bool(bool)
    case ("!!int", .int(let int)): return .int(int)
    case ("!!int", .unsigned(let unsigned)): return .double(Double(unsigned))
    case ("!!float", .int(let int)): return .double(Double(int))
    case ("!!float", .double(let double)): return .double(double)
    case ("!!float", .notFinite): throw notFinite()
    case ("!!int", .outOfRange), ("!!float", .outOfRange): throw outOfRange()
    case ("!!timestamp", _):
      if Timestamp.isTimestamp(text) { return .text }
    case ("!!binary", _):
      guard let decoded = Base64.decode(text) else {
        throw TextProblem(
          .invalidScalar, "the !!binary text is not base64",
          expected: "letters, digits, + and /, filled up with = to a multiple of four")
      }
      guard let string = String(validating: decoded, as: UTF8.self) else {
        throw TextProblem(
          .invalidScalar, "the !!binary text decodes to bytes that are not UTF-8",
          expected: "base64 without the tag, in a field that holds base64")
      }
      return .other(string)
    case ("!!null", _), ("!!bool", _), ("!!int", _), ("!!float", _): break
    default:
      throw TextProblem(
        .unknownTag, "the tag \(tag) is unknown; kubectl would pass over it",
        expected: "no tag, or one of !!str !!int !!float !!bool !!null !!binary !!timestamp")
    }
    let names = [
      "!!null": "null", "!!bool": "true or false", "!!int": "an integer", "!!float": "a number",
      "!!timestamp": "a date such as 2001-12-31",
    ]
    throw TextProblem(
      .invalidScalar, "the value is not what its tag \(tag) says", expected: names[tag])
  }
}

/// Base64 as a `!!binary` scalar holds it: the standard alphabet with padding, line breaks passed
/// over.
private enum Base64 {
  static func decode(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 where byte != 0x0A && byte != 0x0D {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count % 4 == 0 {
        result.append(UInt8(truncatingIfNeeded: bits >> 16))
        result.append(UInt8(truncatingIfNeeded: bits >> 8))
        result.append(UInt8(truncatingIfNeeded: bits))
      }
    }
    switch (count % 4, padding) {
    case (0, 0): break
    case (2, 2): result.append(UInt8(truncatingIfNeeded: bits >> 4))
    case (3, 1):
      result.append(UInt8(truncatingIfNeeded: bits >> 10))
      result.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: return nil
    }
    return result
  }
}

/// The dates and times that YAML 1.1 tells from text.
///
/// Values hold them as text, so all that matters is which texts must be quoted to stay text
/// elsewhere.
enum Timestamp {
  /// Whether a text is a date, or a date and time, as kubectl's YAML library knows them.
  static func isTimestamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var at = 0
    func number(_ digits: ClosedRange<Int>, _ allowed: ClosedRange<Int>) -> Bool {
      var value = 0
      let start = at
      while at < bytes.count, at - start < digits.upperBound, bytes[at] &- 0x30 < 10 {
        value = value * 10 + Int(bytes[at] - 0x30)
        at += 1
      }
      return digits.contains(at - start) && allowed.contains(value)
    }
    func skip(_ allowed: UInt8...) -> Bool {
      guard at < bytes.count, allowed.contains(bytes[at]) else { return false }
      at += 1
      return true
    }
    let dash = UInt8(ascii: "-")
    let colon = UInt8(ascii: ":")
    guard number(4...4, 0...9999), skip(dash), number(1...2, 1...12), skip(dash),
      number(1...2, 1...31)
    else { return false }
    if at == bytes.count { return true }
    let isBlank = bytes[at] == 0x20
    guard skip(UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20), number(1...2, 0...23), skip(colon),
      number(1...2, 0...59), skip(colon), number(1...2, 0...59)
    else { return false }
    if skip(UInt8(ascii: ".")), !number(1...9, 0...999_999_999) { return false }
    if at == bytes.count { return isBlank }
    if skip(UInt8(ascii: "Z")) { return at == bytes.count }
    return skip(UInt8(ascii: "+"), dash) && number(2...2, 0...24) && skip(colon)
      && number(2...2, 0...59) && at == bytes.count
  }
}

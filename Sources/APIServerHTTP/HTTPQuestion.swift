import NIOHTTP1

/// What a client asks, as it came: a method, a path, a query, a few headers and a body.
struct HTTPQuestion {
  /// The methods that mean something here.
  enum Method: String {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case other

    init(_ method: HTTPMethod) {
      self =
        switch method {
        case .GET: .get
        case .HEAD: .head
        case .POST: .post
        case .PUT: .put
        case .PATCH: .patch
        case .DELETE: .delete
        case .OPTIONS: .options
        default: .other
        }
    }
  }

  var method: Method
  /// The path without its query, as it was sent.
  var path: Substring
  var query: QueryItems
  /// `Accept`; empty for none.
  var accept = ""
  /// `Content-Type`; empty for none.
  var contentType = ""
  /// The ETag that the client has; empty for none.
  var knownTag = ""
  /// Whether the client takes an answer that is compressed.
  var takesGzip = false
  var body: [UInt8] = []

  init(_ method: Method, _ uri: String) {
    self.method = method
    let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? uri.endIndex
    path = uri[..<mark]
    query = QueryItems(mark == uri.endIndex ? "" : uri[uri.index(after: mark)...])
  }

  /// The parts of the path, decoded; a slash at the end makes none.
  var segments: [String] {
    var segments: [String] = []
    segments.reserveCapacity(8)
    for part in path.parts(between: UInt8(ascii: "/")) {
      segments.append(PercentCoding.decoded(part, plusIsSpace: false))
    }
    return segments
  }
}

/// The items of a query, in the order in which they stand.
struct QueryItems {
  private var items: [(name: String, value: String)] = []
  /// The query as it was sent.
  let text: Substring

  /// Whether nothing was sent.
  var isEmpty: Bool { text.isEmpty }

  init(_ text: Substring) {
    self.text = text
    guard !text.isEmpty else { return }
    for item in text.parts(between: UInt8(ascii: "&")) {
      let mark = item.utf8.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
      let value = mark == item.endIndex ? item[mark...] : item[item.utf8.index(after: mark)...]
      items.append(
        (
          PercentCoding.decoded(item[..<mark], plusIsSpace: true),
          PercentCoding.decoded(value, plusIsSpace: true)
        ))
    }
  }

  /// The first value of this name; empty for none.
  subscript(_ name: String) -> String { items.first { $0.name == name }?.value ?? "" }

  /// Gives an item another value, or adds it.
  mutating func set(_ name: String, _ value: String) {
    items.removeAll { $0.name == name }
    items.append((name, value))
  }

  /// Whether there is an item of this name.
  func has(_ name: String) -> Bool { items.contains { $0.name == name } }

  /// All values of this name.
  func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

  /// Whether the item says yes, as Go reads it: there, and neither `0` nor `false`.
  func flag(_ name: String) -> Bool {
    has(name) && self[name] != "false" && self[name] != "0"
  }
}

extension Substring {
  /// The parts that are not empty, by bytes: characters cost a hundred times as much, and every request is asked.
  fileprivate func parts(between separator: UInt8) -> [Substring] {
    var parts: [Substring] = []
    let bytes = utf8
    var start = bytes.startIndex
    while start != bytes.endIndex {
      let end = bytes[start...].firstIndex(of: separator) ?? bytes.endIndex
      if end != start { parts.append(self[start..<end]) }
      start = end == bytes.endIndex ? end : bytes.index(after: end)
    }
    return parts
  }
}

/// The coding of paths and queries.
enum PercentCoding {
  static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
    let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") }
    if isPlain { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(digit),
        let low = rest.dropFirst().first.flatMap(digit)
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

import ValueTree

/// Where the next page of a list begins, as clients hand it back: base64url of a small JSON object.
public struct ContinueToken: Sendable, Hashable {
  /// The revision of the list; −1 for whatever is newest, of a list that is consistent no longer.
  public var revision: Int64
  /// Where the page begins, behind the part of the key that the request's path says.
  public var start: String
  /// How many objects are left, where that was known; it spares counting them.
  public var remainingItemCount: Int?

  /// A token.
  public init(revision: Int64, start: String, remainingItemCount: Int? = nil) {
    self.revision = revision
    self.start = start
    self.remainingItemCount = remainingItemCount
  }

  private static let version = "meta.k8s.io/v1"

  /// Reads what a client hands back.
  ///
  /// - Throws: BadRequest for what no server has made.
  public init(reading text: String) throws(StatusError) {
    func invalid(_ detail: String) -> StatusError {
      StatusError(.badRequest, "invalid continue token: continue key is not valid\(detail)")
    }
    let json: [UInt8]
    switch Base64URL.decode(text) {
    case .success(let bytes): json = bytes
    case .failure(let error):
      throw invalid(": illegal base64 data at input byte \(error.offset)")
    }
    var reader = JSONReader()
    let value: Value
    do { value = try reader.read(json) } catch { throw invalid(": \(error)") }
    guard value.isMap else {
      throw invalid(": json: cannot unmarshal \(value.kind.rawValue) into a continue token")
    }
    func wrongType(_ key: String) -> StatusError {
      invalid(": json: cannot unmarshal the value of \(key)")
    }
    let version = value["v"] ?? ""
    guard let name = version.string else { throw wrongType("v") }
    guard let revision = (value["rv"] ?? 0).int else { throw wrongType("rv") }
    guard let start = (value["start"] ?? "").string else { throw wrongType("start") }
    guard name == Self.version else {
      throw invalid(": server does not recognize this encoded version \(name)")
    }
    guard revision != 0 else {
      throw invalid(": incorrect encoded start resourceVersion (version \(Self.version))")
    }
    guard !start.isEmpty else {
      throw invalid(": encoded start key empty (version \(Self.version))")
    }
    guard Self.isClean(start) else { throw invalid(": \(start)") }
    let remaining = value["remaining"]?.int.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    self.init(revision: revision, start: start, remainingItemCount: remaining)
  }

  /// Whether a start stays below the prefix to which it is appended.
  private static func isClean(_ start: String) -> Bool {
    let path = start.hasPrefix("/") ? start.dropFirst() : start[...]
    return path.split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// What a client is given.
  public var text: String {
    var members: [(Key, Value)] = [
      ("v", Value(Self.version)), ("rv", Value(revision)), ("start", Value(start)),
    ]
    if let remainingItemCount { members.append(("remaining", Value(remainingItemCount))) }
    return Base64URL.encode(JSONWriter().bytes(Value(members: members)))
  }
}

/// RFC 4648's alphabet for names and addresses, without padding.
enum Base64URL {
  /// Where a text stops to be base64.
  struct Failure: Error { let offset: Int }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(alphabet[Int(bits >> UInt32(bitCount) & 63)])
      }
    }
    if bitCount > 0 { text.append(alphabet[Int(bits << UInt32(6 - bitCount) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: String) -> Result<[UInt8], Failure> {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for (offset, letter) in text.utf8.enumerated() {
      guard let digit = digit(letter) else { return .failure(Failure(offset: offset)) }
      bits = bits << 6 | digit
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    // One letter alone says less than a byte.
    return bitCount == 6 ? .failure(Failure(offset: text.utf8.count)) : .success(bytes)
  }

  private static func digit(_ letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

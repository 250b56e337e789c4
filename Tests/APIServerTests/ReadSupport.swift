import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

extension Bench {
  /// A list as its names, revision, and what it says of its end.
  struct Listed: Equatable, CustomStringConvertible {
    var names: String
    var revision: UInt64
    var remaining: Int?
    var hasToken: Bool

    init(_ list: ObjectList) {
      names = list.objects.map(\.key.path).joined(separator: " ")
      revision = list.revision
      remaining = list.remainingItemCount
      hasToken = !list.continueToken.isEmpty
    }

    init(_ names: String, _ revision: UInt64, remaining: Int? = nil, hasToken: Bool = false) {
      self.names = names
      self.revision = revision
      self.remaining = remaining
      self.hasToken = hasToken
    }

    var description: String {
      "[\(names)] at \(revision), \(remaining.map(String.init) ?? "?") remaining, token \(hasToken)"
    }
  }

  /// A request through the front door, as clients send it.
  mutating func list(_ kind: String, _ options: ListOptions) throws -> ObjectList {
    guard case .list(let list) = try server.handle(.list(self.kind(kind), options), at: now) else {
      preconditionFailure("a list is answered with a list")
    }
    return list
  }

  /// All pages of a list from its first one on.
  mutating func pages(_ kind: String, _ options: ListOptions) throws -> [ObjectList] {
    var pages = [try list(kind, options)]
    while let token = pages.last?.continueToken, !token.isEmpty {
      var next = options
      (next.continueToken, next.resourceVersion, next.resourceVersionMatch) = (token, "", "")
      pages.append(try list(kind, next))
    }
    return pages
  }

  func watch(_ kind: String, _ options: WatchOptions = WatchOptions()) throws -> WatchStream {
    try server.watch(self.kind(kind), options, at: now)
  }

  /// Everything that a stream has to tell now, as `ADDED default/a 7`.
  func drain(_ stream: inout WatchStream, at time: Timestamp? = nil) -> [String] {
    var told: [String] = []
    while true {
      let step = stream.next(in: server, at: time ?? now)
      if step == .upToDate { return told }
      told.append(step.text)
      if step == .ended { return told }
    }
  }
}

extension WatchStream.Step {
  var text: String {
    switch self {
    case .event(let event):
      "\(event.kind.rawValue) \(event.object.key) \(event.object.resourceVersion)"
    case .bookmark(let mark):
      "BOOKMARK \(mark.revision)\(mark.isInitialEventsEnd ? " end of initial events" : "")"
    case .error(let error): "ERROR \(error.code) \(error.message)"
    case .upToDate: "up to date"
    case .ended: "ended"
    }
  }
}

extension ListOptions {
  /// Options as a query says them.
  static func of(
    _ version: String = "", match: String = "", limit: Int = 0, labels: String = "",
    fields: String = "", namespace: String? = nil, token: String = ""
  ) throws -> ListOptions {
    ListOptions(
      namespace: namespace, labels: try LabelSelector(parsing: labels),
      fields: try FieldSelector(parsing: fields), limit: limit, continueToken: token,
      resourceVersion: version, resourceVersionMatch: match)
  }
}

/// Tokens from text, by other code than the server's.
enum TokenText {
  static func encode(_ json: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var bits = json.utf8.map { byte in
      let digits = String(byte, radix: 2)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
    while bits.count % 6 != 0 { bits += "0" }
    var text = ""
    var rest = bits[...]
    while !rest.isEmpty {
      text.append(alphabet[Int(rest.prefix(6), radix: 2) ?? 0])
      rest = rest.dropFirst(6)
    }
    return text
  }

  static func decode(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let bits = text.map { letter in
      let digits = String(alphabet.firstIndex(of: letter) ?? 0, radix: 2)
      return String(repeating: "0", count: 6 - digits.count) + digits
    }.joined()
    var bytes: [UInt8] = []
    var rest = bits[...]
    while rest.count >= 8 {
      bytes.append(UInt8(rest.prefix(8), radix: 2) ?? 0)
      rest = rest.dropFirst(8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

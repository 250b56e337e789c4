import Scalars

/// A URL, taken apart.
final class URLValue: OpaqueValue {
  let text: String
  let scheme: String
  let host: String
  let path: String
  let query: String

  var type: CELType { .url }

  private init(text: String, scheme: String, host: String, path: String, query: String) {
    self.text = text
    self.scheme = scheme
    self.host = host
    self.path = path
    self.query = query
  }

  func equals(_ other: any OpaqueValue) -> Bool {
    (other as? URLValue).map { sameText($0.text, text) } ?? false
  }

  /// Reads an absolute URL or an absolute path, as Kubernetes does; the answer is what is wrong otherwise.
  static func parse(_ text: String) -> Result<URLValue, URLProblem> {
    guard !text.isEmpty else { return .failure(URLProblem(message: "empty url")) }
    for byte in text.utf8 where byte < 0x20 || byte == 0x7F || byte == 0x20 {
      return .failure(URLProblem(message: "invalid control character or space in URL"))
    }
    var rest = text[...]
    var scheme = ""
    if let colon = rest.firstIndex(of: ":"), isScheme(rest[..<colon]) {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
    var query = ""
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    guard rest.hasPrefix("/") || !scheme.isEmpty else {
      return .failure(URLProblem(message: "invalid URI for request"))
    }
    var host = ""
    if !scheme.isEmpty, rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      let authority = rest[..<end]
      host = String(
        authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
      rest = rest[end...]
      if let problem = hostProblem(host) { return .failure(problem) }
    }
    guard isEscaped(rest) else {
      return .failure(URLProblem(message: "invalid URL escape in the path"))
    }
    return .success(
      URLValue(
        text: text, scheme: scheme, host: host, path: escaped(rest), query: query))
  }

  private static func isScheme(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else {
      return false
    }
    return text.utf8.allSatisfy {
      Lexer.isIdentifierPart($0) && $0 != UInt8(ascii: "_") || $0 == UInt8(ascii: "+")
        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
  }

  private static func hostProblem(_ host: String) -> URLProblem? {
    var port = host[...]
    if host.hasPrefix("[") {
      guard let close = host.lastIndex(of: "]") else {
        return URLProblem(message: "missing ']' in host")
      }
      port = host[host.index(after: close)...]
    } else {
      port = host.firstIndex(of: ":").map { host[$0...] } ?? ""
    }
    let isPort =
      port.isEmpty || port.hasPrefix(":") && port.utf8.dropFirst().allSatisfy(Lexer.isDigit)
    return isPort
      ? nil : URLProblem(message: "invalid port \(Quoting.quote(String(port))) after host")
  }

  private static func isEscaped(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "%") {
      guard index + 2 < bytes.count, Lexer.hexValue(bytes[index + 1]) != nil,
        Lexer.hexValue(bytes[index + 2]) != nil
      else { return false }
    }
    return true
  }

  /// The path with every byte escaped that may not stand in one.
  private static func escaped(_ text: Substring) -> String {
    var result = ""
    for byte in text.utf8 {
      if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}".utf8.contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  /// The host without port and brackets.
  var hostname: String {
    if host.hasPrefix("["), let close = host.lastIndex(of: "]") {
      return String(host[host.index(after: host.startIndex)..<close])
    }
    return String(host.firstIndex(of: ":").map { host[..<$0] } ?? host[...])
  }

  var port: String {
    let rest = host.hasPrefix("[") ? host.lastIndex(of: "]").map { host[$0...] } ?? "" : host[...]
    return rest.firstIndex(of: ":").map { String(rest[rest.index(after: $0)...]) } ?? ""
  }

  /// The parameters, each with its values in order.
  var parameters: CELValue {
    var names: [String] = []
    var values: [[CELValue]] = []
    for pair in query.split(separator: "&") {
      let equals = pair.firstIndex(of: "=") ?? pair.endIndex
      guard !pair.contains(";"), let name = Self.unescaped(pair[..<equals]),
        let value = Self.unescaped(pair[equals...].dropFirst())
      else { continue }
      if let place = names.firstIndex(of: name) {
        values[place].append(.string(value))
      } else {
        names.append(name)
        values.append([.string(value)])
      }
    }
    return .map(CELMap(zip(names, values).map { ($0, .list($1)) }))
  }

  private static func unescaped(_ text: Substring) -> String? {
    guard isEscaped(text) else { return nil }
    var result: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "%"), let high = bytes.popFirst().flatMap(Lexer.hexValue),
        let low = bytes.popFirst().flatMap(Lexer.hexValue)
      {
        result.append(UInt8(high * 16 + low))
      } else {
        result.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// What is wrong with a text that should be a URL.
struct URLProblem: Error {
  let message: String
}

extension Library {
  static func declareURL(_ table: inout FunctionTable) {
    table.unary("url", .string, .url, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("url", [value]) }
      switch URLValue.parse(text) {
      case .success(let url): return .opaque(url)
      case .failure(let problem):
        return .invalid(
          "URL parse error: parse \(Quoting.quote(String(text.prefix(80)))): \(problem.message)")
      }
    }
    table.unary("isURL", .string, .bool, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("isURL", [value]) }
      if case .success = URLValue.parse(text) { return .bool(true) }
      return .bool(false)
    }
    part(&table, "getScheme", .string) { .string($0.scheme) }
    part(&table, "getHost", .string) { .string($0.host) }
    part(&table, "getHostname", .string) { .string($0.hostname) }
    part(&table, "getPort", .string) { .string($0.port) }
    part(&table, "getEscapedPath", .string) { .string($0.path) }
    part(&table, "getQuery", .map(.string, .list(.string))) { $0.parameters }
  }

  private static func part(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ get: @escaping @Sendable (URLValue) -> CELValue
  ) {
    table.unary(name, .url, result, isMethod: true) { value in
      guard case .opaque(let opaque) = value, let url = opaque as? URLValue else {
        return .noOverload(name, [value])
      }
      return get(url)
    }
  }
}
